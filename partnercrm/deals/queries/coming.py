"""Reading which leads of partners a deal may come from."""

from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select, text

from partnercrm.deals.models import Registration
from partnercrm.deals.queries import registrations_seen_by
from partnercrm.deals.registering import OPEN
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.lifecycle import WORKED_ON
from partnercrm.leads.models import Offer
from partnercrm.leads.queries.exchange import details_seen_by, offers_seen_by

_MOST: Final = 200
_LOCK: Final = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


class LeadWorkedOn(NamedTuple):
    """A lead of a partner's that the own side works on: what is needed, and which company it is."""

    id: UUID
    partnership_id: UUID
    need: str
    called: str | None


def leads_worked_on(actor: Actor) -> Sequence[LeadWorkedOn]:
    """Return the leads that partners gave and the actor's side works on, the newest."""
    told = details_seen_by(actor).subquery()
    called = select(told.c.company_name).where(told.c.offer_id == Offer.id).scalar_subquery()
    columns = _worked_on(actor).with_only_columns(Offer.id, Offer.partnership_id, Offer.need, called)
    return [LeadWorkedOn(*row) for row in db.session().execute(columns.order_by(Offer.offered_at.desc()).limit(_MOST))]


def is_worked_on(actor: Actor, partnership_id: UUID, offer_id: UUID) -> bool:
    """Tell whether this is a lead that this partner gave and the actor's side works on."""
    rows = _worked_on(actor).where(Offer.partnership_id == partnership_id, Offer.id == offer_id)
    return db.session().scalars(rows.with_only_columns(Offer.id)).one_or_none() is not None


def _worked_on(actor: Actor) -> Select[Offer]:
    return offers_seen_by(actor).where(Offer.receiver_id == actor.organization_id, Offer.status.in_(WORKED_ON))


def is_registered(actor: Actor, partnership_id: UUID, offer_id: UUID) -> bool:
    """Tell whether an open registration names a lead; who registers another one from it waits for this transaction."""
    db.rows(_LOCK, {"name": f"registered-lead/{offer_id}"})
    rows = registrations_seen_by(actor).where(
        Registration.partnership_id == partnership_id, Registration.offer_id == offer_id, Registration.status.in_(OPEN)
    )
    return bool(db.session().execute(rows.with_only_columns(func.count())).scalar_one())
