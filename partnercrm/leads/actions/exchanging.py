"""Answering offers, and telling what became of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import func, select

from partnercrm.activity.actions import record
from partnercrm.calendars import queries as calendars
from partnercrm.enablement.actions.gating import ask_gate
from partnercrm.enablement.items import Gated
from partnercrm.kernel import clock, db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.leads import lifecycle
from partnercrm.leads.actions.steps import NOTHING, acting_member, add_step, expected, tells_exactly, told
from partnercrm.leads.actions.valuing import keep_amount
from partnercrm.leads.lifecycle import DisqualifyReason, OfferStatus
from partnercrm.leads.models import Offer, OfferDetails
from partnercrm.leads.queries import exchange, same
from partnercrm.leads.queries.exchange import OfferSeen
from partnercrm.leads.watching import follow_up
from partnercrm.partnerships.models import Partnership


def accept_offer(actor: Actor, offer_id: UUID) -> OfferSeen:
    """Take an offered lead; its details open to the receiver from now on.

    Where its details show a need that was accepted before, in either direction, it ends as a duplicate instead: what
    was accepted first counts, and this for nothing. But what the taker's own side gave after this was offered, and the
    other has not qualified, yields to it. Raises OfferAlreadyAnswered, OfferExpired, NotEnabled.
    """
    offer, partnership, now = _held(actor, offer_id, OfferStatus.ACCEPTED)
    ask_gate(actor, offer.partnership_id, Gated.RECEIVING, now)
    taker = acting_member(actor, offer.partnership_id)
    _follow(actor, offer, partnership.terms.follow_up_hours)
    offer.status, offer.answered_at, offer.receiver_member_id = OfferStatus.ACCEPTED, now, taker.id
    db.session().flush()
    db.session().execute(select(func.step_reveal_offer(offer.id, now)))
    details = cast(OfferDetails, exchange.offer(actor, offer.id).details)
    same.lock_company(offer.partnership_id, details, offer.need)
    known = same.met(actor, offer, details)
    if known.is_duplicate or not _make_way(actor, known.later, now):
        offer.status, offer.reason = OfferStatus.DISQUALIFIED, DisqualifyReason.DUPLICATE
    add_step(offer, now, NOTHING if offer.reason else expected(offer))
    return _told(actor, offer)


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
    offer, partnership, now = _held(actor, offer_id, after)
    happened_at = given.get("happened_at") or now
    lifecycle.require_order(happened_at, not_before=exchange.last_step_at(offer), not_after=now)
    offer.status, offer.reason, offer.note = after, given.get("reason"), given.get("note")
    if after in lifecycle.ANSWERS:
        offer.answered_at = happened_at
    db.session().flush()
    won, exact = given.get("value"), tells_exactly(partnership)
    add_step(offer, happened_at, told(won, exact=exact) if won else NOTHING)
    if won and not exact:
        keep_amount(actor, offer, won)
    return offer


def _held(actor: Actor, offer_id: UUID, after: OfferStatus) -> tuple[Offer, Partnership, datetime]:
    """Return an offer that may take this step, locked, its partnership, and the moment. Raises NotFound and others."""
    offer, partnership = exchange.offer_to_step(actor, offer_id)
    lifecycle.require_step(offer.status, after, offer.side_of(actor.organization_id))
    now = clock.now()
    lifecycle.require_time(offer.status, offer.expires_at, now)
    return offer, partnership, now


def _make_way(actor: Actor, offer_ids: Sequence[UUID], now: datetime) -> bool:
    """Let leads the actor's side gave end as duplicates of one given before; none and False if one was qualified."""
    later = [exchange.offer_to_step(actor, offer_id)[0] for offer_id in offer_ids]
    if any(offer.status is not OfferStatus.ACCEPTED for offer in later):
        return False
    for offer in later:
        offer.status, offer.reason = OfferStatus.DISQUALIFIED, DisqualifyReason.DUPLICATE
        db.session().flush()
        add_step(offer, now)
        record(actor, "lead.made_way", offer)
    return True


def _follow(actor: Actor, offer: Offer, follow_up_hours: int) -> None:
    """Let the clock ask how the lead stands, in the working time of the side that accepted it."""
    hours = calendars.hours_of_side(actor, actor.organization_id)
    offer.follow_up_by, offer.returns_at = follow_up(hours, clock.now(), follow_up_hours)
    jobs.defer("leads.ask_for_status", actor.organization_id, at=offer.follow_up_by, offer_id=offer.id)


def _told(actor: Actor, offer: Offer) -> OfferSeen:
    facts = {name: value for name in ("reason", "note") if (value := getattr(offer, name))}
    record(actor, f"lead.{offer.status.value}", offer, **facts)
    return exchange.offer(actor, offer.id)
