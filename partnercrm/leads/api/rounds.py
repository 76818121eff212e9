"""Exchange rounds, over the API."""

from typing import Any
from uuid import UUID

from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions import rounds as actions
from partnercrm.leads.actions import sealing
from partnercrm.leads.errors import (
    ContactStays,
    LeadAlreadyOffered,
    LeadUnderSeal,
    PicksRefused,
    RoundAnswered,
    RoundGoesOn,
    RoundNotFilled,
    RoundNotOpen,
    RoundNotSealed,
    RoundSealed,
    SameLeadWithPartner,
)
from partnercrm.leads.queries import rounds as queries
from partnercrm.leads.queries.rounds import PickSeen, RoundSeen
from partnercrm.leads.schemas.rounds import (
    PickLead,
    PickQuery,
    PickView,
    ProposeRound,
    RoundItemView,
    RoundQuery,
    RoundView,
    UnpickLead,
)
from partnercrm.partnerships.errors import AnsweredByTheOther, PartnershipPaused
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("rounds", prefix="/api/v1", description="Exchange rounds: so many leads each way, revealed together.")

_ANSWERS = (RoundAnswered, AnsweredByTheOther)


@api.post(
    "/rounds",
    scope="partnerships:write",
    body=ProposeRound,
    answers=RoundView,
    status=201,
    refuses=(RoundGoesOn, PartnershipPaused),
    rechecks=queries.round_seen,
)
def propose_round(actor: Actor, given: dict[str, Any]) -> RoundSeen:
    """Propose to the partner to exchange so many leads each way, revealed together."""
    return actions.propose_round(actor, given)


@api.get("/rounds", scope="leads:read", answers=RoundItemView, query=RoundQuery, pages=True)
def list_rounds(actor: Actor, query: dict[str, Any]) -> Page:
    """List the rounds in the partnerships you are a member of."""
    return queries.rounds(actor, query)


@api.get("/rounds/<uuid:round_id>", scope="leads:read", answers=RoundView)
def read_round(actor: Actor, round_id: UUID) -> RoundSeen:
    """Read a round, who has sealed, and from the reveal on all that is needed to check both commitments."""
    return queries.round_seen(actor, round_id)


@api.post(
    "/rounds/<uuid:round_id>/agree",
    scope="partnerships:write",
    answers=RoundView,
    refuses=(*_ANSWERS, PartnershipPaused),
    rechecks=queries.round_seen,
)
def agree_round(actor: Actor, round_id: UUID) -> RoundSeen:
    """Agree to a round that the partner proposed."""
    return actions.agree_round(actor, round_id)


@api.post(
    "/rounds/<uuid:round_id>/decline",
    scope="partnerships:write",
    answers=RoundView,
    refuses=_ANSWERS,
    rechecks=queries.round_seen,
)
def decline_round(actor: Actor, round_id: UUID) -> RoundSeen:
    """Decline a round that the partner proposed."""
    return actions.decline_round(actor, round_id)


@api.post(
    "/rounds/<uuid:round_id>/withdraw",
    scope="partnerships:write",
    answers=RoundView,
    refuses=_ANSWERS,
    rechecks=queries.round_seen,
)
def withdraw_round(actor: Actor, round_id: UUID) -> RoundSeen:
    """Take back a round your side proposed."""
    return actions.withdraw_round(actor, round_id)


@api.post(
    "/rounds/<uuid:round_id>/break-off",
    scope="partnerships:write",
    answers=RoundView,
    refuses=(RoundAnswered,),
    rechecks=queries.round_seen,
)
def break_off_round(actor: Actor, round_id: UUID) -> RoundSeen:
    """End an open round without an exchange: every lead is its giver's as before."""
    return actions.break_off_round(actor, round_id)


@api.get("/rounds/<uuid:round_id>/picks", scope="leads:read", answers=PickView, query=PickQuery, pages=True)
def list_picks(actor: Actor, round_id: UUID, query: dict[str, Any]) -> Page:
    """List what your own side picked for a round, of the leads you see; the other side learns nothing of it."""
    return queries.picks(actor, round_id, query)


@api.post(
    "/rounds/<uuid:round_id>/pick",
    scope="leads:write",
    body=PickLead,
    answers=PickView,
    refuses=(RoundNotOpen, RoundSealed, LeadAlreadyOffered, LeadUnderSeal, SameLeadWithPartner, ContactStays),
    rechecks=queries.pick,
)
def pick_lead(actor: Actor, round_id: UUID, given: dict[str, Any]) -> PickSeen:
    """Mean to put one of your leads into an open round, or change how it is to travel."""
    return sealing.pick_lead(actor, round_id, given)


@api.post(
    "/rounds/<uuid:round_id>/unpick",
    scope="leads:write",
    body=UnpickLead,
    answers=RoundView,
    refuses=(RoundNotOpen, RoundSealed),
    rechecks=queries.round_seen,
)
def unpick_lead(actor: Actor, round_id: UUID, given: dict[str, Any]) -> RoundSeen:
    """Leave a lead out of a round again."""
    return sealing.unpick_lead(actor, round_id, given)


@api.post(
    "/rounds/<uuid:round_id>/seal",
    scope="partnerships:write",
    answers=RoundView,
    refuses=(RoundNotOpen, RoundSealed, RoundNotFilled, PartnershipPaused, PicksRefused),
    rechecks=queries.round_seen,
)
def seal_round(actor: Actor, round_id: UUID) -> RoundSeen:
    """Seal what your side picked; when the other side has sealed too, both are revealed at once."""
    return sealing.seal_round(actor, round_id)


@api.post(
    "/rounds/<uuid:round_id>/unseal",
    scope="partnerships:write",
    answers=RoundView,
    refuses=(RoundNotOpen, RoundNotSealed),
    rechecks=queries.round_seen,
)
def unseal_round(actor: Actor, round_id: UUID) -> RoundSeen:
    """Break your side's seal while the round is open; its commitment stands as withdrawn."""
    return sealing.unseal_round(actor, round_id)
