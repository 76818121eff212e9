"""What the steps of a registration share: how its value is told, what is recorded, when the clock looks at it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from partnercrm.activity.actions import record
from partnercrm.calendars import queries as calendars
from partnercrm.calendars.business_time import BusinessHours
from partnercrm.deals import queries, registering, reviewing
from partnercrm.deals.errors import RegistrationMoved
from partnercrm.deals.models import Registration
from partnercrm.deals.queries import RegistrationSeen
from partnercrm.deals.registering import Party, RegistrationStatus, RejectReason
from partnercrm.kernel import clock, db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.money import Money
from partnercrm.leads.actions.steps import tells_exactly
from partnercrm.leads.bands import band
from partnercrm.partnerships.models import Partnership


def told_value(partnership: Partnership, value: Money) -> dict[str, Any]:
    """Return how the other side reads a deal's value: as a band, exactly where both agreed to."""
    exact = value.minor if tells_exactly(partnership) else None
    return {"value_minor": exact, "currency": value.currency, "value_band": band(*value)}


def to_step(
    actor: Actor, registration_id: UUID, after: RegistrationStatus, by: Party | None = None
) -> tuple[Registration, Partnership]:
    """Return a registration, locked, that the actor's side may bring to `after` now; `by`, where only that part may.

    Raises NotFound, RegistrationDecided, RegistrationMoved, ReviewOver.
    """
    found, partnership = queries.registration_to_step(actor, registration_id)
    party = found.party_of(actor.organization_id)
    if by not in {None, party}:
        raise RegistrationMoved(status=found.status.value, possible=[])
    registering.require_step(found.status, after, party)
    registering.require_time(found.status, found.ends_at, db.now())
    return found, partnership


def told(actor: Actor, about: Registration, verb: str, **facts: Any) -> RegistrationSeen:
    """Record what was done for both sides; return the registration as the actor sees it now."""
    db.session().flush()
    record(actor, f"registration.{verb}", about, **{name: value for name, value in facts.items() if value})
    return queries.registration(actor, about.id)


def wait_for(
    about: Registration, organization_id: UUID, hours: BusinessHours, begins_at: datetime, agreed: int
) -> None:
    """Let the clock run for one side's answer, in its working time."""
    about.waits_since = begins_at
    about.respond_by, about.ends_at = reviewing.times(hours, begins_at, agreed)
    db.session().flush()
    remind(about, organization_id, hours)


def remind(about: Registration, organization_id: UUID, hours: BusinessHours) -> None:
    """Look at it again, by the hand of whom it waits for, when there is something to tell them."""
    first = min(reviewing.alarms(hours, about.waits_since, about.times).values())
    jobs.defer("deals.ask_for_review", organization_id, at=first, registration_id=about.id)


def reject(about: Registration, reason: RejectReason, note: str = "") -> None:
    """Let a registration be rejected for a reason; what was asked for is over."""
    about.status, about.reason, about.note = RegistrationStatus.REJECTED, reason, note
    about.asked_fields, about.decided_at = [], clock.now()


def hours_of(actor: Actor, about: Registration, party: Party) -> BusinessHours:
    """Return in whose working hours a registration waits."""
    side = about.organization_id if party is Party.REGISTRANT else about.other_id
    return calendars.hours_of_side(actor, side)


def both_hours(actor: Actor, about: Registration) -> list[BusinessHours]:
    """Return the working hours of both sides."""
    return [calendars.hours_of_side(actor, side) for side in about.sides()]
