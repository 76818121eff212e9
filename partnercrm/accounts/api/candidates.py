"""Candidates over the API: what one's own side is asked about, and its answers."""

from typing import Any
from uuid import UUID

from partnercrm.accounts.actions import candidates as actions
from partnercrm.accounts.errors import CandidateAnswered
from partnercrm.accounts.queries import candidates as queries
from partnercrm.accounts.queries.candidates import CandidateSeen
from partnercrm.accounts.schemas.candidates import CandidateQuery, CandidateView
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("candidates", prefix="/api/v1", description="Accounts that a partner may have too, told once both say so.")


@api.get("/candidates", scope="accounts:read", answers=CandidateView, query=CandidateQuery, pages=True)
def list_candidates(actor: Actor, query: dict[str, Any]) -> Page:
    """List which of your accounts a partner may have too, as of the last epoch."""
    return queries.candidates(actor, query)


@api.post(
    "/candidates/<uuid:candidate_id>/confirm",
    scope="accounts:write",
    answers=CandidateView,
    refuses=(CandidateAnswered,),
    rechecks=queries.candidate,
)
def confirm_candidate(actor: Actor, candidate_id: UUID) -> CandidateSeen:
    """Agree that both sides read it of each other, from the next epoch on, if the partner agrees as well."""
    return actions.confirm_candidate(actor, candidate_id)


@api.post(
    "/candidates/<uuid:candidate_id>/reject",
    scope="accounts:write",
    answers=CandidateView,
    refuses=(CandidateAnswered,),
    rechecks=queries.candidate,
)
def reject_candidate(actor: Actor, candidate_id: UUID) -> CandidateSeen:
    """Say that it is another company; neither side is asked about these two again."""
    return actions.reject_candidate(actor, candidate_id)
