"""Reading which fields of its accounts a side withholds from which partner."""

from uuid import UUID

from sqlalchemy import Select, func, select

from partnercrm.accounts.models.withheld import WithheldField
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships.queries import is_open_to


def withheld_seen_by(actor: Actor) -> Select[WithheldField]:
    """Return what the actor's own side withholds in the living partnerships that the actor is a member of."""
    return select(WithheldField).where(
        WithheldField.organization_id == actor.organization_id, is_open_to(actor, WithheldField.partnership_id)
    )


def withheld_from(actor: Actor, account_id: UUID, partnership_id: UUID) -> frozenset[str]:
    """Return which fields of an account the actor's side withholds in a partnership."""
    rows = withheld_seen_by(actor).where(
        WithheldField.account_id == account_id, WithheldField.partnership_id == partnership_id
    )
    return frozenset(db.session().scalars(rows.with_only_columns(WithheldField.field)))


def withheld_of(actor: Actor, account_id: UUID) -> list[tuple[UUID, str]]:
    """Return what the actor's side withholds of an account, whoever of it is a member: partnerships and fields."""
    rows = select(WithheldField.partnership_id, WithheldField.field).where(
        WithheldField.organization_id == actor.organization_id, WithheldField.account_id == account_id
    )
    return [(one.partnership_id, one.field) for one in db.session().execute(rows.order_by(*rows.selected_columns))]


def hold_epochs(partnership_id: UUID) -> None:
    """Wait for an epoch that is being told in a partnership, and let none be told until the transaction ends.

    Else it would copy what is being withheld beside it.
    """
    key = func.hashtextextended(f"mapping/{partnership_id}", 0)
    db.session().execute(select(func.pg_advisory_xact_lock(key)))
