"""Offering leads to a partner, answering offers, and telling what became of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import func, select

from partnercrm.activity.actions import record
from partnercrm.kernel import clock, db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotFound
from partnercrm.kernel.ids import new_id
from partnercrm.kernel.money import Money
from partnercrm.leads import lifecycle
from partnercrm.leads.actions.keeping import enter_lead
from partnercrm.leads.bands import band
from partnercrm.leads.companies import company_key
from partnercrm.leads.errors import LeadAlreadyOffered, SameLeadWithPartner
from partnercrm.leads.lifecycle import MAY_BE_OFFERED_AGAIN, DisqualifyReason, OfferStatus
from partnercrm.leads.models import Lead, LeadStep, Offer, OfferDetails, OfferedLead
from partnercrm.leads.queries import exchange, own, reports
from partnercrm.leads.queries.exchange import OfferSeen
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import Member, Partnership, ValueDisclosure


def offer_lead(actor: Actor, given: Mapping[str, Any]) -> OfferSeen:
    """Offer a lead to the partner: the teaser is shared, the details are copied and open when it is accepted.

    Raises LeadAlreadyOffered, SameLeadWithPartner, Invalid.
    """
    try:
        state = own.lead(actor, given["lead_id"], lock=True)
    except NotFound as error:
        raise Invalid.field("lead_id", "There is no such lead among those you see.") from error
    if state.current is not None and state.current.status not in MAY_BE_OFFERED_AGAIN:
        raise LeadAlreadyOffered(offer_id=state.offer_id) if state.is_open else LeadAlreadyOffered
    return _offered(actor, state.lead, given)


def enter_and_offer_lead(actor: Actor, lead: Mapping[str, Any], given: Mapping[str, Any]) -> OfferSeen:
    """Enter a new lead and offer it, both or neither."""
    return _offered(actor, enter_lead(actor, lead).lead, given)


def _offered(actor: Actor, lead: Lead, given: Mapping[str, Any]) -> OfferSeen:
    try:
        partnership = partnerships.held_partnership(actor, given["partnership_id"])
    except NotFound as error:
        raise Invalid.field("partnership_id", "You are not a member of such a partnership.") from error
    details = _details(lead, given.get("message", ""), exact=_exact(partnership))
    exchange.lock_company(partnership.id, details)
    if earlier := exchange.same_lead(actor, partnership.id, details, lifecycle.IN_PROGRESS):
        raise SameLeadWithPartner(offer_id=earlier)
    offer = _teaser(lead, partnership, _membership(actor, partnership.id), shows=bool(given.get("shows_company")))
    db.session().add(offer)
    db.session().flush()
    _attach(details, offer)
    _link(lead, offer)
    _step(offer, offer.offered_at)
    record(actor, "lead.offered", offer)
    jobs.defer("leads.expire_offer", actor.organization_id, at=offer.expires_at, offer_id=offer.id)
    return exchange.offer(actor, offer.id)


def accept_offer(actor: Actor, offer_id: UUID) -> OfferSeen:
    """Take an offered lead; its details open to the receiver from now on.

    Where its details show that the same need was accepted before, in either direction, it is disqualified as a
    duplicate at once: the credit stays with what was accepted first. Raises OfferAlreadyAnswered, OfferExpired.
    """
    offer = _advance(actor, offer_id, OfferStatus.ACCEPTED)
    db.session().execute(select(func.step_reveal_offer(offer.id, clock.now())))
    seen = _told(actor, offer)
    details = cast(OfferDetails, seen.details)
    exchange.lock_company(offer.partnership_id, details)
    if exchange.same_lead(actor, offer.partnership_id, details, lifecycle.HELD_BY_RECEIVER):
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
    """Say that a converted lead was won; its value is told exactly or as a band, as the terms say."""
    return _told(actor, _advance(actor, offer_id, OfferStatus.WON, given))


def lose_lead(actor: Actor, offer_id: UUID, given: Mapping[str, Any]) -> OfferSeen:
    """Say that a converted lead was lost, with a reason both sides read. Raises StepNotPossible."""
    return _told(actor, _advance(actor, offer_id, OfferStatus.LOST, given))


def expire_offer(actor: Actor, offer_id: UUID) -> None:
    """End an offer that nobody answered in time; the lead is its giver's to offer again.

    In a partnership that has ended nothing more happens.
    """
    offer = exchange.due_offer(actor, offer_id)
    if offer is None or offer.expires_at > clock.now() or not partnerships.is_held(actor, offer.partnership_id):
        return
    offer.status = OfferStatus.EXPIRED
    offer.answered_at = offer.expires_at
    db.session().flush()
    _step(offer, offer.expires_at)
    record(actor, "lead.expired", offer)


def _advance(actor: Actor, offer_id: UUID, after: OfferStatus, given: Mapping[str, Any] | None = None) -> Offer:
    given = given or {}
    offer = exchange.offer_to_step(actor, offer_id)
    partnership = partnerships.held_partnership(actor, offer.partnership_id)
    lifecycle.require_step(offer.status, after, offer.side_of(actor.organization_id))
    now = clock.now()
    lifecycle.require_time(offer.status, offer.expires_at, now)
    happened_at = given.get("happened_at") or now
    lifecycle.require_order(happened_at, not_before=exchange.last_step_at(offer), not_after=now)
    taker = _membership(actor, offer.partnership_id).id if after is OfferStatus.ACCEPTED else offer.receiver_member_id
    offer.status, offer.receiver_member_id = after, taker
    offer.reason, offer.note = given.get("reason"), given.get("note")
    if after in lifecycle.ANSWERS:
        offer.answered_at = happened_at
    db.session().flush()
    _step(
        offer,
        happened_at,
        given.get("value"),
        exact=_exact(partnership),
    )
    return offer


def _told(actor: Actor, offer: Offer) -> OfferSeen:
    facts = {name: value for name in ("reason", "note") if (value := getattr(offer, name))}
    record(actor, f"lead.{offer.status.value}", offer, **facts)
    return exchange.offer(actor, offer.id)


def _step(offer: Offer, happened_at: datetime, value: Money | None = None, *, exact: bool = False) -> None:
    reports.settle(offer.partnership_id)
    told = value if exact else None
    db.session().add(
        LeadStep(
            id=new_id(),
            partnership_id=offer.partnership_id,
            giver_id=offer.giver_id,
            receiver_id=offer.receiver_id,
            offer_id=offer.id,
            step=offer.status,
            reason=offer.reason,
            value_minor=told.minor if told else None,
            currency=value.currency if value else None,
            value_band=band(*value) if value else None,
            happened_at=happened_at,
        )
    )
    db.session().flush()


def _teaser(lead: Lead, partnership: Partnership, member: Member, *, shows: bool) -> Offer:
    now = clock.now()
    return Offer(
        id=new_id(),
        partnership_id=partnership.id,
        giver_id=lead.organization_id,
        receiver_id=partnership.other(lead.organization_id),
        giver_member_id=member.id,
        status=OfferStatus.OFFERED,
        company_name=lead.company_name if shows else None,
        country=lead.country,
        industry=lead.industry,
        size_band=lead.size_band,
        need=lead.need,
        contact_role=lead.contact_role,
        value_band=band(lead.value_minor, lead.currency) if lead.value_minor is not None and lead.currency else None,
        value_currency=lead.currency,
        offered_at=now,
        respond_by=now + timedelta(hours=partnership.terms.response_hours),
        expires_at=now + timedelta(days=partnership.terms.offer_days),
    )


def _details(lead: Lead, message: str, *, exact: bool) -> OfferDetails:
    travels = lead.contact_basis is not None
    return OfferDetails(
        company_name=lead.company_name,
        company_domain=lead.company_domain,
        company_key=company_key(lead.company_name, lead.company_domain, lead.need),
        name_key=company_key(lead.company_name, None, lead.need),
        contact_name=lead.contact_name if travels else None,
        contact_email=lead.contact_email if travels else None,
        value_minor=lead.value_minor if exact else None,
        currency=lead.currency if exact else None,
        message=message,
    )


def _attach(details: OfferDetails, offer: Offer) -> None:
    details.offer_id, details.partnership_id = offer.id, offer.partnership_id
    details.giver_id, details.receiver_id = offer.giver_id, offer.receiver_id
    db.session().add(details)


def _exact(partnership: Partnership) -> bool:
    return partnership.terms.value_disclosure is ValueDisclosure.EXACT


def _link(lead: Lead, offer: Offer) -> None:
    if before := own.current_link(lead):
        before.is_current = False
        db.session().flush()
    db.session().add(
        OfferedLead(offer_id=offer.id, organization_id=lead.organization_id, lead_id=lead.id, is_current=True)
    )
    db.session().flush()


def _membership(actor: Actor, partnership_id: UUID) -> Member:
    member = partnerships.own_member(actor, partnership_id, actor.user_id)
    if member is None:
        raise NotFound
    return member
