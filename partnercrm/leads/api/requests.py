"""Whose turn it is to give, and requests to offer beyond the trust advance, over the API."""

from typing import Any
from uuid import UUID

from partnercrm.kernel.actor import Actor
from partnercrm.leads import schemas
from partnercrm.leads.actions import requesting
from partnercrm.leads.errors import (
    AskedAlready,
    ContactStays,
    LeadAlreadyOffered,
    LeadUnderSeal,
    RequestDeclined,
    SameLeadWithPartner,
    StillYourTurn,
    TrustAdvanceGiven,
)
from partnercrm.leads.queries import exchange, requests
from partnercrm.leads.queries.exchange import OfferSeen
from partnercrm.leads.queries.requests import RequestSeen, Standing
from partnercrm.partnerships.errors import PartnershipPaused
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

_OFFERING = (LeadAlreadyOffered, LeadUnderSeal, SameLeadWithPartner, PartnershipPaused, ContactStays)

api = Door("requests", prefix="/api/v1", description="Whose turn it is, and asking to offer beyond the trust advance.")


@api.get("/partnerships/<uuid:partnership_id>/turn", scope="leads:read", answers=schemas.TurnView)
def read_turn(actor: Actor, partnership_id: UUID) -> Standing:
    """Read how far the agreed trust advance has gone, and who gives next; both sides read the same."""
    return requests.turn_of(actor, partnership_id)


@api.post(
    "/offer-requests",
    scope="leads:write",
    body=schemas.AskToOffer,
    answers=schemas.RequestView,
    status=201,
    refuses=(*_OFFERING, StillYourTurn, AskedAlready),
    rechecks=requests.request,
)
def ask_to_offer(actor: Actor, given: dict[str, Any]) -> RequestSeen:
    """Ask your partner manager to offer a lead although your side has given the trust advance."""
    return requesting.ask_to_offer(actor, given)


@api.get("/offer-requests", scope="leads:read", answers=schemas.RequestView, query=schemas.RequestQuery, pages=True)
def list_offer_requests(actor: Actor, query: dict[str, Any]) -> Page:
    """List what you asked for; who manages partnerships lists what their sellers ask. The partner learns of none."""
    return requests.requests(actor, query)


@api.get("/offer-requests/<uuid:request_id>", scope="leads:read", answers=schemas.RequestView)
def read_offer_request(actor: Actor, request_id: UUID) -> RequestSeen:
    """Read one request; it is gone once its lead is offered."""
    return requests.request(actor, request_id)


@api.post(
    "/offer-requests/<uuid:request_id>/offer",
    scope="leads:write",
    answers=schemas.OfferView,
    refuses=(*_OFFERING, RequestDeclined, TrustAdvanceGiven),
    rechecks=exchange.offer,
)
def offer_requested(actor: Actor, request_id: UUID) -> OfferSeen:
    """Offer the lead now: who manages the partnership at any time, who asked once it is your side's turn again."""
    return requesting.offer_requested(actor, request_id)


@api.post(
    "/offer-requests/<uuid:request_id>/decline",
    scope="partnerships:write",
    body=schemas.DeclineRequest,
    answers=schemas.RequestView,
    refuses=(RequestDeclined,),
    rechecks=requests.request,
)
def decline_request(actor: Actor, request_id: UUID, given: dict[str, Any]) -> RequestSeen:
    """Say no, with a reason that whoever asked reads."""
    return requesting.decline_request(actor, request_id, given)


@api.post("/offer-requests/<uuid:request_id>/withdraw", scope="leads:write", status=204)
def withdraw_request(actor: Actor, request_id: UUID) -> None:
    """Take your request back, or put away one that was declined."""
    requesting.withdraw_request(actor, request_id)
