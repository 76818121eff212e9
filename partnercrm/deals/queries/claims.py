"""Reading what two claims to one company and product line rest on, and what holds the place now."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, or_, select, text
from sqlalchemy.orm import selectinload

from partnercrm.accounts.queries import joint
from partnercrm.deals.conflicts import weight
from partnercrm.deals.models import Registration, RegistrationReminder
from partnercrm.deals.registering import OPEN
from partnercrm.deals.reviewing import Alarm
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships.queries import is_held

_LOCK: Final = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


def lock_place(partnership_id: UUID, joint_account_id: UUID, product_line_id: UUID | None) -> None:
    """Let others who register the same company and product line in the partnership wait for this transaction."""
    company = joint.survivor_of(joint_account_id)
    db.rows(_LOCK, {"name": f"registration/{partnership_id}/{company}/{product_line_id}"})


def _ours(actor: Actor) -> Select[Registration]:
    mine = actor.organization_id
    return select(Registration).where(or_(Registration.organization_id == mine, Registration.other_id == mine))


def holders(
    actor: Actor, partnership_id: UUID, joint_account_id: UUID, product_line_id: UUID | None
) -> Sequence[Registration]:
    """Return the open registrations of a company and product line, locked, with their evidence, the strongest first.

    There is one, but where joint accounts were merged that each had one.
    """
    company = joint.merged_ids(joint.survivor_of(joint_account_id))
    rows = _ours(actor).where(
        Registration.partnership_id == partnership_id,
        Registration.joint_account_id.in_(company),
        Registration.product_line_id.is_not_distinct_from(product_line_id),
        Registration.status.in_(OPEN),
    )
    locked = rows.with_for_update(of=Registration).options(selectinload(Registration.evidence))
    found = db.session().scalars(locked.execution_options(populate_existing=True)).all()
    return sorted(found, key=lambda one: weight(one.claim))


def lines_of(joint_account_id: UUID) -> Sequence[UUID | None]:
    """Return of which product lines a company has open registrations, under whichever of its joint accounts."""
    rows = select(Registration.product_line_id).where(
        Registration.joint_account_id.in_(joint.merged_ids(joint_account_id)), Registration.status.in_(OPEN)
    )
    return db.session().scalars(rows.distinct()).all()


def registration_of_clock(actor: Actor, registration_id: UUID) -> Registration | None:
    """Return one registration of the actor's organization, locked, if its partnership lives; that cannot end then."""
    rows = _ours(actor).where(Registration.id == registration_id)
    partnership_id = db.session().scalars(rows.with_only_columns(Registration.partnership_id)).one_or_none()
    if partnership_id is None or not is_held(actor, partnership_id):
        return None
    locked = rows.with_for_update(of=Registration).execution_options(populate_existing=True)
    return db.session().scalars(locked).one_or_none()


def told_of(actor: Actor, registration_id: UUID, since: datetime) -> Collection[Alarm]:
    """Return which alarms about a registration that came due at `since` or later were told to the actor's side."""
    rows = select(RegistrationReminder.alarm).where(
        RegistrationReminder.organization_id == actor.organization_id,
        RegistrationReminder.registration_id == registration_id,
        RegistrationReminder.due_at >= since,
    )
    return set(db.session().scalars(rows))
