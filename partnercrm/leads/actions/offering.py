"""Offering leads to a partner: the teaser is shared, the details are copied."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, delete, update

from partnercrm.calendars import queries as calendars
from partnercrm.calendars.business_time import BusinessHours
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid, NotFound
from partnercrm.kernel.ids import new_id
from partnercrm.leads.actions.copying import announce, details_of, offer_times, teaser_of
from partnercrm.leads.actions.keeping import enter_lead
from partnercrm.leads.actions.steps import acting_member, add_step
from partnercrm.leads.errors import LeadAlreadyOffered, LeadUnderSeal, SameLeadWithPartner, TrustAdvanceGiven
from partnercrm.leads.lifecycle import MAY_BE_OFFERED_AGAIN, OfferStatus
from partnercrm.leads.models import Lead, Offer, OfferDetails, OfferedLead
from partnercrm.leads.models.requests import OfferRequest
from partnercrm.leads.queries import own, requests, same
from partnercrm.leads.queries.exchange import OfferSeen
from partnercrm.leads.queries.own import LeadState
from partnercrm.leads.turns import advance_left
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.errors import PartnershipPaused
from partnercrm.partnerships.models import Member, Partnership

_NO_MEMBER: Final = FieldError("partnership_id", "You are not a member of such a partnership.")
# With what a lead was offered before goes what was asked about it: it is with the partner now.
_ASKED: Final = delete(OfferRequest).where(
    OfferRequest.organization_id == bindparam("organization"), OfferRequest.lead_id == bindparam("lead")
)
_UNLINK: Final = (
    update(OfferedLead)
    .where(
        OfferedLead.organization_id == bindparam("organization"),
        OfferedLead.lead_id == bindparam("lead"),
        OfferedLead.is_current,
    )
    .values(is_current=False)
    .returning(OfferedLead.offer_id)
    .add_cte(_ASKED.cte("asked"))
)


class Prepared(NamedTuple):
    """An offer with the copy of its details as they would be written, and in whose working hours it is answered."""

    offer: Offer
    details: OfferDetails
    member: Member
    hours: BusinessHours


def offer_lead(actor: Actor, given: Mapping[str, Any]) -> OfferSeen:
    """Offer a lead to the partner: the teaser is shared, the details are copied and open when it is accepted.

    Raises LeadAlreadyOffered, LeadUnderSeal, SameLeadWithPartner, TrustAdvanceGiven, PartnershipPaused, ContactStays,
    Invalid.
    """
    partnership, state = to_offer(actor, given["partnership_id"], given["lead_id"])
    return offered(actor, partnership, state, given)


def to_offer(actor: Actor, partnership_id: UUID, lead_id: UUID) -> tuple[Partnership, LeadState]:
    """Return a lead that no partner has, locked, and the partnership to offer it in, taken hold of before.

    Raises LeadAlreadyOffered, LeadUnderSeal, and Invalid that names what of both there is not.
    """
    wrong = []
    partnership = _held(actor, partnership_id)
    try:
        state = own.lead(actor, lead_id, lock=True)
    except NotFound:
        wrong.append(FieldError("lead_id", "There is no such lead among those you see."))
    else:
        require_free(state)
    if partnership is None:
        wrong.append(_NO_MEMBER)
    if wrong or partnership is None:
        raise Invalid(wrong)
    return partnership, state


def require_free(state: LeadState) -> None:
    """Refuse a lead that a partner has, or that lies under seal. Raises LeadAlreadyOffered, LeadUnderSeal."""
    if state.current is not None and state.current.status not in MAY_BE_OFFERED_AGAIN:
        raise LeadAlreadyOffered(offer_id=state.offer_id) if state.is_open else LeadAlreadyOffered
    if state.is_under_seal:
        raise LeadUnderSeal


def enter_and_offer_lead(actor: Actor, lead: Mapping[str, Any], given: Mapping[str, Any]) -> OfferSeen:
    """Enter a new lead and offer it, both or neither."""
    partnership = held(actor, given["partnership_id"])
    return offered(actor, partnership, enter_lead(actor, lead), given)


def held(actor: Actor, partnership_id: UUID) -> Partnership:
    """Return the partnership to offer in, taken hold of before the lead, as everywhere. Raises Invalid."""
    partnership = _held(actor, partnership_id)
    if partnership is None:
        raise Invalid([_NO_MEMBER])
    return partnership


def _held(actor: Actor, partnership_id: UUID) -> Partnership | None:
    try:
        return partnerships.held_partnership(actor, partnership_id)
    except NotFound:
        return None


def offered(
    actor: Actor, partnership: Partnership, state: LeadState, given: Mapping[str, Any], asker_id: UUID | None = None
) -> OfferSeen:
    """Offer a lead that is held, in a partnership that is; who asked for it stays the one to talk to."""
    lead = state.lead
    offer, details, member, hours = prepared(actor, partnership, lead, given, asker_id)
    if not (given.get("beyond_trust_advance") and requests.may_exceed(actor)):
        require_turn(actor, partnership)
    if state.was_out:
        db.rows(_UNLINK, {"organization": lead.organization_id, "lead": lead.id})
    with db.together():
        db.insert(offer, details, (OfferedLead, _link(lead, offer)))
        add_step(offer, offer.offered_at)
        announce(actor, offer, hours)
    return OfferSeen.written(actor, offer, member, details)


def prepared(
    actor: Actor, partnership: Partnership, lead: Lead, given: Mapping[str, Any], asker_id: UUID | None = None
) -> Prepared:
    """Return what offering a lead would write, refused for everything that refuses it but whose turn it is."""
    if partnership.is_paused:
        raise PartnershipPaused
    member = _who_offers(actor, partnership, asker_id)
    hours = calendars.hours_of_side(actor, partnership.other(actor.organization_id))
    offer = _offer(lead, partnership, member, hours, given)
    details = OfferDetails(
        offer_id=offer.id,
        partnership_id=offer.partnership_id,
        giver_id=offer.giver_id,
        receiver_id=offer.receiver_id,
        **details_of(lead, partnership, given),
    )
    same.lock_company(partnership.id, details, lead.need)
    if earlier := same.under_way(actor, partnership.id, details, lead.need):
        raise SameLeadWithPartner(offer_id=earlier)
    return Prepared(offer, details, member, hours)


def require_turn(actor: Actor, partnership: Partnership) -> None:
    """Raise TrustAdvanceGiven where the own side gave the agreed advance; whoever else offers for it waits."""
    advance = partnership.terms.trust_advance
    if advance is None:
        return
    requests.lock_advance(actor, partnership.id)
    gave = requests.offered_in(actor, [partnership.id])
    sides = actor.organization_id, partnership.other(actor.organization_id)
    ours, theirs = (gave.get((partnership.id, side), 0) for side in sides)
    if not advance_left(ours, theirs, advance):
        raise TrustAdvanceGiven(given=ours, received=theirs, trust_advance=advance)


def _who_offers(actor: Actor, partnership: Partnership, asker_id: UUID | None) -> Member:
    """Return the membership of who asked for it, if they still have one, else the one the actor acts under."""
    asker = partnerships.own_member(actor, partnership.id, asker_id) if asker_id else None
    return asker or acting_member(actor, partnership.id)


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


def _link(lead: Lead, offer: Offer) -> dict[str, Any]:
    return {"offer_id": offer.id, "organization_id": lead.organization_id, "lead_id": lead.id, "is_current": True}
