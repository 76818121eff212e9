"""Offering leads to a partner: the teaser is shared, the details are copied."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, update

from partnercrm.activity.actions import record
from partnercrm.calendars import queries as calendars
from partnercrm.calendars.business_time import BusinessHours, due
from partnercrm.kernel import clock, db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid, NotFound
from partnercrm.kernel.ids import new_id
from partnercrm.leads import lifecycle
from partnercrm.leads.actions.keeping import enter_lead
from partnercrm.leads.actions.steps import acting_member, add_step, tells_exactly
from partnercrm.leads.bands import band
from partnercrm.leads.companies import company_key
from partnercrm.leads.contacts import TRAVELLING
from partnercrm.leads.errors import ContactStays, LeadAlreadyOffered, SameLeadWithPartner, TrustAdvanceGiven
from partnercrm.leads.lifecycle import MAY_BE_OFFERED_AGAIN, OfferStatus
from partnercrm.leads.models import Lead, Offer, OfferDetails, OfferedLead
from partnercrm.leads.queries import exchange, own, standing
from partnercrm.leads.queries.exchange import OfferSeen
from partnercrm.leads.turns import advance_left
from partnercrm.leads.watching import answer_alarms
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.errors import PartnershipPaused
from partnercrm.partnerships.models import Member, Partnership
from partnercrm.partnerships.tiers import Detail, Tier, strictest

_NEEDED: Final = "Needed for the contact's name and address to travel."
_UNLINK: Final = (
    update(OfferedLead)
    .where(
        OfferedLead.organization_id == bindparam("organization"),
        OfferedLead.lead_id == bindparam("lead"),
        OfferedLead.is_current,
    )
    .values(is_current=False)
    .returning(OfferedLead.offer_id)
)


def offer_lead(actor: Actor, given: Mapping[str, Any]) -> OfferSeen:
    """Offer a lead to the partner: the teaser is shared, the details are copied and open when it is accepted.

    Raises LeadAlreadyOffered, SameLeadWithPartner, TrustAdvanceGiven, PartnershipPaused, ContactStays, Invalid.
    """
    partnership = _held(actor, given["partnership_id"])
    try:
        state = own.lead(actor, given["lead_id"], lock=True)
    except NotFound as error:
        raise Invalid.field("lead_id", "There is no such lead among those you see.") from error
    if state.current is not None and state.current.status not in MAY_BE_OFFERED_AGAIN:
        raise LeadAlreadyOffered(offer_id=state.offer_id) if state.is_open else LeadAlreadyOffered
    return _offered(actor, partnership, state.lead, given)


def enter_and_offer_lead(actor: Actor, lead: Mapping[str, Any], given: Mapping[str, Any]) -> OfferSeen:
    """Enter a new lead and offer it, both or neither."""
    partnership = _held(actor, given["partnership_id"])
    return _offered(actor, partnership, enter_lead(actor, lead).lead, given)


def _held(actor: Actor, partnership_id: UUID) -> Partnership | None:
    """Return the partnership to offer in, taken hold of before the lead, as everywhere; None without membership."""
    try:
        return partnerships.held_partnership(actor, partnership_id)
    except NotFound:
        return None


def _offered(actor: Actor, partnership: Partnership | None, lead: Lead, given: Mapping[str, Any]) -> OfferSeen:
    if partnership is None:
        raise Invalid.field("partnership_id", "You are not a member of such a partnership.")
    contact = _contact(lead, role_only=bool(given.get("role_only")))
    _require_turn(actor, partnership, beyond=bool(given.get("beyond_trust_advance")))
    member = acting_member(actor, partnership.id)
    hours = calendars.hours_of_side(actor, partnership.other(actor.organization_id))
    offer = _teaser(lead, partnership, member, hours, shows=bool(given.get("shows_company")))
    offer.product_line_id = _product_line(partnership, given.get("product_line_id"))
    details = _details(lead, offer, contact, given.get("message", ""), exact=tells_exactly(partnership))
    details.tier = _tier(details, partnership)
    exchange.lock_company(partnership.id, details)
    if earlier := exchange.same_lead(actor, partnership.id, details, lifecycle.IN_PROGRESS):
        raise SameLeadWithPartner(offer_id=earlier)
    db.rows(_UNLINK, {"organization": lead.organization_id, "lead": lead.id})
    db.insert(offer, details, _link(lead, offer))
    add_step(offer, offer.offered_at)
    record(actor, "lead.offered", offer)
    jobs.defer("leads.expire_offer", actor.organization_id, at=offer.expires_at, offer_id=offer.id)
    asked_at = min(answer_alarms(hours, offer.offered_at, offer.respond_by).values())
    jobs.defer("leads.ask_for_answer", offer.receiver_id, at=asked_at, offer_id=offer.id)
    return OfferSeen.written(actor, offer, member, details)


def _contact(lead: Lead, *, role_only: bool) -> dict[str, Any]:
    """Return what travels of the contact beside the role. Raises ContactStays, naming every field that is missing."""
    if role_only or not (lead.contact_name or lead.contact_email):
        return {}
    if lacking := lead.contact_missing:
        raise ContactStays([FieldError(name, _NEEDED) for name in lacking])
    return {name: getattr(lead, name) for name in TRAVELLING}


def _require_turn(actor: Actor, partnership: Partnership, *, beyond: bool) -> None:
    if partnership.is_paused:
        raise PartnershipPaused
    advance = partnership.terms.trust_advance
    if advance is None or beyond:
        return
    gave = standing.given_counts(actor)
    ours, theirs = (
        gave.get((partnership.id, side), standing.Gave()).offered
        for side in (actor.organization_id, partnership.other(actor.organization_id))
    )
    if not advance_left(ours, theirs, advance):
        raise TrustAdvanceGiven(given=ours, received=theirs, trust_advance=advance)


def _product_line(partnership: Partnership, line_id: UUID | None) -> UUID | None:
    """Return the product line that was chosen. Raises Invalid for one that the terms in force do not name."""
    if line_id is not None and all(line.id != line_id for line in partnership.terms.product_lines):
        raise Invalid.field("product_line_id", "The terms in force name no such product line.")
    return line_id


def _teaser(lead: Lead, partnership: Partnership, member: Member, hours: BusinessHours, *, shows: bool) -> Offer:
    now = clock.now()
    respond_by = due(hours, now, timedelta(hours=partnership.terms.response_hours))
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
        respond_by=respond_by,
        expires_at=max(respond_by, now + timedelta(days=partnership.terms.offer_days)),
        version=1,
    )


def _details(lead: Lead, offer: Offer, contact: Mapping[str, Any], message: str, *, exact: bool) -> OfferDetails:
    return OfferDetails(
        offer_id=offer.id,
        partnership_id=offer.partnership_id,
        giver_id=offer.giver_id,
        receiver_id=offer.receiver_id,
        company_name=lead.company_name,
        company_domain=lead.company_domain,
        company_key=company_key(lead.company_name, lead.company_domain, lead.need),
        name_key=company_key(lead.company_name, None, lead.need),
        **contact,
        value_minor=lead.value_minor if exact else None,
        currency=lead.currency if exact else None,
        message=message,
    )


def _tier(details: OfferDetails, partnership: Partnership) -> Tier:
    """Return the strictest of the agreed tiers of what the details hold."""
    holds = {
        Detail.COMPANY: details.company_name,
        Detail.CONTACT: details.contact_name or details.contact_email,
        Detail.VALUE: details.value,
        Detail.MESSAGE: details.message,
    }
    return strictest(tier for detail, tier in partnership.terms.tiers.items() if holds.get(detail))


def _link(lead: Lead, offer: Offer) -> OfferedLead:
    return OfferedLead(offer_id=offer.id, organization_id=lead.organization_id, lead_id=lead.id, is_current=True)
