"""What the clock does: asks for answers and statuses, ends offers, gives back leads of which nothing is heard.

Every run looks at the offer under its lock and at the database's clock; what came due is told once, and the next
moment is deferred in the same transaction. So a run that comes twice, late or too early does no harm; in a
partnership that has ended nothing more happens.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from partnercrm.activity.actions import record
from partnercrm.calendars import queries as calendars
from partnercrm.kernel import db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id
from partnercrm.leads.actions.steps import add_step
from partnercrm.leads.lifecycle import OfferStatus, ReturnReason
from partnercrm.leads.models import Offer
from partnercrm.leads.models.following import Reminder
from partnercrm.leads.queries import exchange, watching
from partnercrm.leads.watching import Alarm, Alarms, FollowUp, answer_alarms, round_at, status_alarms
from partnercrm.partnerships.actions.announcing import tell_of_partner


@dataclass
class OwnOffer:
    """An offer as a subject of the actor's own record alone: whom a side reminds is nothing to the other side."""

    id: UUID
    __tablename__ = Offer.__tablename__


def expire_offer(actor: Actor, offer_id: UUID) -> None:
    """End an offer that nobody answered in time; the lead is its giver's to offer again."""
    offer = exchange.due_offer(actor, offer_id)
    if offer is None:
        return
    if db.now() < offer.expires_at:
        jobs.defer("leads.expire_offer", actor.organization_id, at=offer.expires_at, offer_id=offer.id)
        return
    offer.status = OfferStatus.EXPIRED
    offer.answered_at = offer.expires_at
    db.session().flush()
    add_step(offer, offer.expires_at)
    record(actor, "lead.expired", offer)


def ask_for_answer(actor: Actor, offer_id: UUID) -> None:
    """Remind the receiving side of an offer that waits: who answers, and at the agreed moment their manager."""
    offer = watching.received_offer(actor, offer_id, OfferStatus.OFFERED)
    if offer is None:
        return
    hours = calendars.hours_of_side(actor, actor.organization_id)
    alarms = answer_alarms(hours, offer.offered_at, offer.respond_by)
    next_at = _watched(actor, offer, alarms, since=offer.offered_at)
    if next_at:
        jobs.defer("leads.ask_for_answer", actor.organization_id, at=next_at, offer_id=offer.id)


def ask_for_status(actor: Actor, offer_id: UUID) -> None:
    """Ask the receiving side how an accepted lead stands, then their manager; at last it goes back to its giver."""
    offer = watching.received_offer(actor, offer_id, OfferStatus.ACCEPTED)
    if offer is None or offer.follow_up_by is None or offer.returns_at is None:
        return
    hours = calendars.hours_of_side(actor, actor.organization_id)
    alarms = status_alarms(hours, FollowUp(offer.follow_up_by, offer.returns_at))
    next_at = _watched(actor, offer, alarms, since=offer.follow_up_by)
    if next_at:
        jobs.defer("leads.ask_for_status", actor.organization_id, at=next_at, offer_id=offer.id)


def _watched(actor: Actor, offer: Offer, alarms: Alarms, *, since: datetime) -> datetime | None:
    """Tell what came due and was not told since the round began; return when to look again."""
    found = round_at(alarms, watching.told_of(actor, offer.id, since), db.now())
    for alarm, due_at in found.due:
        _tell(actor, offer, alarm, due_at)
    return found.next_at


def _tell(actor: Actor, offer: Offer, alarm: Alarm, due_at: datetime) -> None:
    db.session().add(
        Reminder(
            organization_id=actor.organization_id,
            offer_id=offer.id,
            alarm=alarm,
            due_at=due_at,
            partnership_id=offer.partnership_id,
            giver_id=offer.giver_id,
            fired_at=db.now(),
        )
    )
    db.session().flush()
    if alarm is Alarm.UNATTENDED:
        _give_back(actor, offer, due_at)
        return
    record(actor, f"lead.{alarm.value}", OwnOffer(offer.id))
    people = watching.whom_to_remind(actor, offer, alarm)
    tell_of_partner(
        actor, people, f"lead.{alarm.value}", offer.id, partnership_id=offer.partnership_id, event_id=new_id()
    )


def _give_back(actor: Actor, offer: Offer, due_at: datetime) -> None:
    offer.status, offer.reason, offer.note = OfferStatus.RETURNED, ReturnReason.NO_STATUS.value, None
    db.session().flush()
    add_step(offer, due_at)
    record(actor, "lead.returned", offer, reason=ReturnReason.NO_STATUS.value)
