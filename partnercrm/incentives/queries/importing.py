"""Reading what was brought in from other systems, and whose addresses it names."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import Select, select

from partnercrm.identity import queries as identity
from partnercrm.identity.models import User
from partnercrm.incentives.models.ledgers import ImportedEarning
from partnercrm.incentives.queries.books import PAY
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor


def imported_earnings_seen_by(actor: Actor) -> Select[ImportedEarning]:
    """Return what was brought in: one's own, and to who pays everybody's of the organization."""
    rows = select(ImportedEarning).where(ImportedEarning.organization_id == actor.organization_id)
    return rows if actor.has(PAY) else rows.where(ImportedEarning.user_id == actor.user_id)


def imported_earnings(actor: Actor, connector: str, external_ids: Collection[str]) -> Mapping[str, ImportedEarning]:
    """Return what stands under these keys of another system, by key."""
    rows = imported_earnings_seen_by(actor).where(
        ImportedEarning.connector == connector, ImportedEarning.external_id.in_(external_ids)
    )
    return {one.external_id: one for one in db.session().scalars(rows.order_by(ImportedEarning.revision))}


def people_called(actor: Actor, emails: Collection[str]) -> Mapping[str, UUID]:
    """Return the organization's people of these addresses in lower case, also who left: their pay may come later."""
    rows = identity.users_seen_by(actor).where(User.email.in_(emails))
    return {one.email.lower(): one.id for one in db.session().scalars(rows)}
