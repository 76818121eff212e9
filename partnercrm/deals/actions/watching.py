"""What the clock does: asks for the review, or what that asked for, then does what silence means; ends protection.

Every run looks at the registration under its lock and at the database's clock; what came due is told once, and the next
moment is deferred in the same transaction. So a run that comes twice, late or too early does no harm.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from partnercrm.activity.actions import record
from partnercrm.calendars import queries as calendars
from partnercrm.deals import reviewing
from partnercrm.deals.actions.reviewing import protect
from partnercrm.deals.models import Registration, RegistrationReminder
from partnercrm.deals.queries import claims, notifying
from partnercrm.deals.registering import PROTECTED, Party, RegistrationStatus, waits_for
from partnercrm.deals.reviewing import Alarm
from partnercrm.kernel import db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id
from partnercrm.leads.watching import round_at
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.actions.announcing import tell_of_partner
from partnercrm.partnerships.models import ReviewDefault


@dataclass
class OwnRegistration:
    """A registration as a subject of the actor's own record alone: whom a side reminds is nothing to the other side."""

    id: UUID
    __tablename__ = Registration.__tablename__


def ask_for_review(actor: Actor, registration_id: UUID) -> None:
    """Remind the side a registration waits for: who decides or registered it, then their manager; then time is over."""
    found = claims.registration_of_clock(actor, registration_id)
    if found is None or waits_for(found.status) is not found.party_of(actor.organization_id):
        return
    hours = calendars.hours_of_side(actor, actor.organization_id)
    planned = reviewing.alarms(hours, found.waits_since, found.times)
    come = round_at(planned, claims.told_of(actor, found.id, found.waits_since), db.now())
    for alarm, due_at in come.due:
        _tell(actor, found, alarm, due_at)
    if come.next_at:
        jobs.defer("deals.ask_for_review", actor.organization_id, at=come.next_at, registration_id=found.id)


def _tell(actor: Actor, found: Registration, alarm: Alarm, due_at: datetime) -> None:
    db.session().add(
        RegistrationReminder(
            organization_id=actor.organization_id,
            registration_id=found.id,
            alarm=alarm,
            due_at=due_at,
            partnership_id=found.partnership_id,
            fired_at=db.now(),
        )
    )
    db.session().flush()
    if alarm is Alarm.TIME_OVER:
        _time_over(actor, found)
        return
    record(actor, f"registration.{alarm.value}", OwnRegistration(found.id))
    people = notifying.whom_to_remind(actor, found, alarm)
    tell_of_partner(
        actor,
        people,
        f"registration.{alarm.value}",
        found.id,
        partnership_id=found.partnership_id,
        event_id=new_id(),
    )


def _time_over(actor: Actor, found: Registration) -> None:
    """Do what was agreed for a review that nobody made; what was asked for and not answered ends."""
    partnership = partnerships.partnership(actor, found.partnership_id)
    unanswered = found.party_of(actor.organization_id) is Party.REVIEWER
    if unanswered and partnership.terms.review_default is ReviewDefault.APPROVED:
        protect(actor, found, partnership, "")
        record(actor, "registration.approved", found, by_silence=True)
        return
    expire(actor, found)


def expire(actor: Actor, found: Registration) -> None:
    """End a registration whose time is over; its place is free."""
    found.status, found.asked_fields, found.decided_at = RegistrationStatus.EXPIRED, [], db.now()
    db.session().flush()
    record(actor, "registration.expired", found)


def expire_protection(actor: Actor, registration_id: UUID) -> None:
    """End the protection of a registration once its window is over; an extended one is looked at again then."""
    found = claims.registration_of_clock(actor, registration_id)
    if found is None or found.status not in PROTECTED:
        return
    if db.now() < found.ends_at:
        jobs.defer("deals.expire_protection", actor.organization_id, at=found.ends_at, registration_id=found.id)
        return
    expire(actor, found)
