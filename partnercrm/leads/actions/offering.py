"""Offering leads to a partner: the teaser is shared, the details are copied."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, update

from partnercrm.calendars import queries as calendars
from partnercrm.calendars.business_time import BusinessHours
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotFound
from partnercrm.kernel.ids import new_id
from partnercrm.leads import lifecycle
from partnercrm.leads.actions.copying import announce, details_of, offer_times, teaser_of
from partnercrm.leads.actions.keeping import enter_lead
from partnercrm.leads.actions.steps import acting_member, add_step
from partnercrm.leads.errors import LeadAlreadyOffered, SameLeadWithPartner, TrustAdvanceGiven
from partnercrm.leads.lifecycle import MAY_BE_OFFERED_AGAIN, OfferStatus
from partnercrm.leads.models import Lead, Offer, OfferDetails, OfferedLead
from partnercrm.leads.queries import exchange, own, standing
from partnercrm.leads.queries.exchange import OfferSeen
from partnercrm.leads.turns import advance_left
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.errors import PartnershipPaused
from partnercrm.partnerships.models import Member, Partnership

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
    _require_turn(actor, partnership, beyond=bool(given.get("beyond_trust_advance")))
    member = acting_member(actor, partnership.id)
    hours = calendars.hours_of_side(actor, partnership.other(actor.organization_id))
    offer = _offer(lead, partnership, member, hours, given)
    details = OfferDetails(
        offer_id=offer.id,
        partnership_id=offer.partnership_id,
        giver_id=offer.giver_id,
        receiver_id=offer.receiver_id,
        **details_of(lead, partnership, given),
    )
    exchange.lock_company(partnership.id, details)
    if earlier := exchange.same_lead(actor, partnership.id, details, lifecycle.IN_PROGRESS):
        raise SameLeadWithPartner(offer_id=earlier)
    db.rows(_UNLINK, {"organization": lead.organization_id, "lead": lead.id})
    db.insert(offer, details, _link(lead, offer))
    add_step(offer, offer.offered_at)
    announce(actor, offer, hours)
    return OfferSeen.written(actor, offer, member, details)


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


def _offer(
    lead: Lead, partnership: Partnership, member: Member, hours: BusinessHours, given: Mapping[str, Any]
) -> Offer:
    now = clock.now()
    return Offer(
        id=new_id(),
        partnership_id=partnership.id,
        giver_id=lead.organization_id,
        receiver_id=partnership.other(lead.organization_id),
        giver_member_id=member.id,
        status=OfferStatus.OFFERED,
        offered_at=now,
        version=1,
        **teaser_of(lead, partnership, given),
        **offer_times(partnership, hours, now)._asdict(),
    )


def _link(lead: Lead, offer: Offer) -> OfferedLead:
    return OfferedLead(offer_id=offer.id, organization_id=lead.organization_id, lead_id=lead.id, is_current=True)
