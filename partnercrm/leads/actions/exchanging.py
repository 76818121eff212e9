"""Answering offers, and telling what became of them."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from sqlalchemy import func, select

from partnercrm.activity.actions import record
from partnercrm.calendars import queries as calendars
from partnercrm.enablement.actions.gating import ask_gate
from partnercrm.enablement.items import Gated
from partnercrm.kernel import clock, db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.money import Money
from partnercrm.leads import lifecycle
from partnercrm.leads.actions.steps import NOTHING, Told, acting_member, add_step, tells_exactly, told
from partnercrm.leads.actions.valuing import keep_amount
from partnercrm.leads.lifecycle import DisqualifyReason, OfferStatus
from partnercrm.leads.models import Offer, OfferDetails
from partnercrm.leads.queries import exchange, same
from partnercrm.leads.queries.exchange import OfferSeen
from partnercrm.leads.watching import follow_up


def accept_offer(actor: Actor, offer_id: UUID) -> OfferSeen:
    """Take an offered lead; its details open to the receiver from now on.

    Where its details show that the same need was accepted before, in either direction, it is disqualified as a
    duplicate at once: the credit stays with what was accepted first. Raises OfferAlreadyAnswered, OfferExpired,
    NotEnabled.
    """
    offer = _advance(actor, offer_id, OfferStatus.ACCEPTED)
    ask_gate(actor, offer.partnership_id, Gated.RECEIVING, clock.now())
    seen = _told(actor, offer)
    details = cast(OfferDetails, seen.details)
    same.lock_company(offer.partnership_id, details)
    if same.same_lead(actor, offer.partnership_id, details, lifecycle.HELD_BY_RECEIVER):
        return disqualify_lead(actor, offer_id, {"reason": DisqualifyReason.DUPLICATE})
    return seen


def decline_offer(actor: Actor, offer_id: UUID, given: Mapping[str, Any]) -> OfferSeen:
    """Decline an offered lead, with a reason both sides read. Raises OfferAlreadyAnswered."""
    return _told(actor, _advance(actor, offer_id, OfferStatus.DECLINED, given))


def withdraw_offer(actor: Actor, offer_id: UUID) -> OfferSeen:
    """Take an offer back before it is answered. Raises OfferAlreadyAnswered."""
    return _told(actor, _advance(actor, offer_id, OfferStatus.WITHDRAWN))


def qualify_lead(actor: Actor, offer_id: UUID, given: Mapping[str, Any]) -> OfferSeen:
    """Confirm that an accepted lead is a real one. Raises StepNotPossible, HappenedOutOfOrder."""
    return _told(actor, _advance(actor, offer_id, OfferStatus.QUALIFIED, given))


def disqualify_lead(actor: Actor, offer_id: UUID, given: Mapping[str, Any]) -> OfferSeen:
    """Say that an accepted lead is none, with a reason both sides read. Raises StepNotPossible."""
    return _told(actor, _advance(actor, offer_id, OfferStatus.DISQUALIFIED, given))


def convert_lead(actor: Actor, offer_id: UUID, given: Mapping[str, Any]) -> OfferSeen:
    """Say that a qualified lead became an opportunity. Raises StepNotPossible."""
    return _told(actor, _advance(actor, offer_id, OfferStatus.CONVERTED, given))


def win_lead(actor: Actor, offer_id: UUID, given: Mapping[str, Any]) -> OfferSeen:
    """Say that a converted lead was won; its value is told exactly or as a band, as the terms say.

    Where it is told as a band, the receiver keeps the amount, which both sides can agree to tell of this lead.
    """
    return _told(actor, _advance(actor, offer_id, OfferStatus.WON, given))


def lose_lead(actor: Actor, offer_id: UUID, given: Mapping[str, Any]) -> OfferSeen:
    """Say that a converted lead was lost, with a reason both sides read. Raises StepNotPossible."""
    return _told(actor, _advance(actor, offer_id, OfferStatus.LOST, given))


def return_lead(actor: Actor, offer_id: UUID, given: Mapping[str, Any]) -> OfferSeen:
    """Give an accepted lead back with its details, for a reason both sides read. Raises StepNotPossible."""
    return _told(actor, _advance(actor, offer_id, OfferStatus.RETURNED, given))


def _advance(actor: Actor, offer_id: UUID, after: OfferStatus, given: Mapping[str, Any] | None = None) -> Offer:
    given = given or {}
    offer, partnership = exchange.offer_to_step(actor, offer_id)
    lifecycle.require_step(offer.status, after, offer.side_of(actor.organization_id))
    now = clock.now()
    lifecycle.require_time(offer.status, offer.expires_at, now)
    happened_at = given.get("happened_at") or now
    lifecycle.require_order(happened_at, not_before=exchange.last_step_at(offer), not_after=now)
    taker = acting_member(actor, offer.partnership_id).id if after is OfferStatus.ACCEPTED else offer.receiver_member_id
    if after is OfferStatus.ACCEPTED:
        _follow(actor, offer, partnership.terms.follow_up_hours)
    offer.status, offer.receiver_member_id = after, taker
    offer.reason, offer.note = given.get("reason"), given.get("note")
    if after in lifecycle.ANSWERS:
        offer.answered_at = happened_at
    db.session().flush()
    exact = tells_exactly(partnership)
    add_step(offer, happened_at, _value(offer, given.get("value"), exact=exact))
    if after is OfferStatus.WON and not exact:
        keep_amount(actor, offer, given["value"])
    return offer


def _value(offer: Offer, won: Money | None, *, exact: bool) -> Told:
    """Return what the step tells: what was won; on acceptance, with which the details open, what the giver expects."""
    if offer.status is not OfferStatus.ACCEPTED:
        return told(won, exact=exact) if won else NOTHING
    db.session().execute(select(func.step_reveal_offer(offer.id, clock.now())))
    minor = db.session().execute(select(OfferDetails.value_minor).where(OfferDetails.offer_id == offer.id)).scalar()
    return Told(minor, offer.value_currency, offer.value_band)


def _follow(actor: Actor, offer: Offer, follow_up_hours: int) -> None:
    """Let the clock ask how the lead stands, in the working time of the side that accepted it."""
    hours = calendars.hours_of_side(actor, actor.organization_id)
    offer.follow_up_by, offer.returns_at = follow_up(hours, clock.now(), follow_up_hours)
    jobs.defer("leads.ask_for_status", actor.organization_id, at=offer.follow_up_by, offer_id=offer.id)


def _told(actor: Actor, offer: Offer) -> OfferSeen:
    facts = {name: value for name in ("reason", "note") if (value := getattr(offer, name))}
    record(actor, f"lead.{offer.status.value}", offer, **facts)
    return exchange.offer(actor, offer.id)
