"""What becomes of an accepted lead beside its steps: more time for a status."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from partnercrm.activity.actions import record
from partnercrm.calendars import queries as calendars
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, Told
from partnercrm.leads import lifecycle
from partnercrm.leads.errors import AlreadySnoozed
from partnercrm.leads.queries import exchange
from partnercrm.leads.queries.exchange import OfferSeen
from partnercrm.leads.watching import snoozed


def snooze_lead(actor: Actor, offer_id: UUID, given: Mapping[str, Any]) -> OfferSeen:
    """Ask for more time to say how an accepted lead stands, once and as long as the terms allow; its giver sees it.

    Raises StepNotPossible, AlreadySnoozed, Invalid.
    """
    offer, partnership = exchange.offer_to_step(actor, offer_id)
    lifecycle.require_held(offer.status, offer.side_of(actor.organization_id))
    if offer.snoozed_until is not None:
        raise AlreadySnoozed
    hours, terms = calendars.hours_of_side(actor, actor.organization_id), partnership.terms
    until = datetime.combine(given["until"] + timedelta(days=1), time(), hours.zone).astimezone(UTC)
    agreed = offer.follow_up_by or offer.offered_at
    if until <= max(agreed, clock.now()):
        raise Invalid.field("until", "Ask for a day after the one a status is due.")
    if until > agreed + timedelta(days=terms.snooze_days + 1):
        raise Invalid.field("until", Told("The terms allow %(days)d days more.", days=terms.snooze_days))
    offer.snoozed_until = until
    offer.follow_up_by, offer.returns_at = snoozed(hours, until, terms.follow_up_hours)
    db.session().flush()
    record(actor, "lead.snoozed", offer, until=given["until"].isoformat())
    return exchange.offer(actor, offer.id)
