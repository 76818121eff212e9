"""How deals are shared, over the API: both sides propose and agree; each divides its own share unseen."""

from typing import Any, Final
from uuid import UUID

from partnercrm.incentives.actions import dividing
from partnercrm.incentives.actions import sharing as actions
from partnercrm.incentives.errors import (
    NothingToShare,
    SplitBeyondTerms,
    SplitChangedMeanwhile,
    SplitProposalAnswered,
    SplitProposalOpenAlready,
)
from partnercrm.incentives.models import SplitProposal
from partnercrm.incentives.queries import agreements as queries
from partnercrm.incentives.queries import divisions
from partnercrm.incentives.queries.agreements import DealSharing
from partnercrm.incentives.queries.divisions import DivisionSeen
from partnercrm.incentives.schemas.dividing import DivideShare, DivisionView
from partnercrm.incentives.schemas.sharing import (
    DealSharingView,
    ProposeSplit,
    SplitAgreementQuery,
    SplitAgreementView,
    SplitProposalQuery,
    SplitProposalView,
)
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships.errors import AnsweredByTheOther, NothingChanges
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("sharing", prefix="/api/v1", description="How two sides share their deals, and how yours divides its share.")
_DEAL: Final = "/deals/<uuid:deal_id>"
_ONE: Final = "/split-proposals/<uuid:proposal_id>"
_PROPOSING: Final = (SplitChangedMeanwhile, NothingToShare, NothingChanges)
_ANSWERS: Final = (SplitProposalAnswered, AnsweredByTheOther)


@api.get(f"{_DEAL}/sharing", scope="deals:read", answers=DealSharingView)
def read_deal_sharing(actor: Actor, deal_id: UUID) -> DealSharing:
    """Read how a deal is shared now, what was agreed last and what waits."""
    return queries.sharing_of(actor, deal_id)


@api.get(
    f"{_DEAL}/split-agreements",
    scope="deals:read",
    answers=SplitAgreementView,
    query=SplitAgreementQuery,
    pages=True,
)
def list_split_agreements(actor: Actor, deal_id: UUID, query: dict[str, Any]) -> Page:
    """List the versions of how both agreed to share a deal, newest first."""
    return queries.agreements(actor, deal_id, query)


@api.get("/split-proposals", scope="deals:read", answers=SplitProposalView, query=SplitProposalQuery, pages=True)
def list_split_proposals(actor: Actor, query: dict[str, Any]) -> Page:
    """List what either side proposed about sharing deals."""
    return queries.proposals(actor, query)


@api.post(
    f"{_DEAL}/split-proposals",
    scope="incentives:agree",
    body=ProposeSplit,
    answers=SplitProposalView,
    status=201,
    refuses=(*_PROPOSING, SplitProposalOpenAlready),
    rechecks=queries.proposal,
)
def propose_split(actor: Actor, deal_id: UUID, given: dict[str, Any]) -> SplitProposal:
    """Propose how a deal is shared; it is once the other side accepts, from the day named."""
    return actions.propose_split(actor, deal_id, given)


@api.get(_ONE, scope="deals:read", answers=SplitProposalView)
def read_split_proposal(actor: Actor, proposal_id: UUID) -> SplitProposal:
    """Read how one side would have a deal shared."""
    return queries.proposal(actor, proposal_id)


@api.post(
    f"{_ONE}/change",
    scope="incentives:agree",
    body=ProposeSplit,
    answers=SplitProposalView,
    status=201,
    refuses=(*_PROPOSING, SplitProposalAnswered, SplitProposalOpenAlready),
    rechecks=queries.proposal,
)
def change_split(actor: Actor, proposal_id: UUID, given: dict[str, Any]) -> SplitProposal:
    """Propose another split instead, in one step: your own proposal is withdrawn by it, the other side's declined."""
    return actions.change_split(actor, proposal_id, given)


@api.post(
    f"{_ONE}/accept",
    scope="incentives:agree",
    answers=SplitProposalView,
    refuses=(*_ANSWERS, SplitBeyondTerms),
    rechecks=queries.proposal,
)
def accept_split(actor: Actor, proposal_id: UUID) -> SplitProposal:
    """Agree to how the other side would have a deal shared; nobody changes that version any more."""
    return actions.accept_split(actor, proposal_id)


@api.post(
    f"{_ONE}/decline", scope="incentives:agree", answers=SplitProposalView, refuses=_ANSWERS, rechecks=queries.proposal
)
def decline_split(actor: Actor, proposal_id: UUID) -> SplitProposal:
    """Decline it; why is a comment on the deal, or another proposal."""
    return actions.decline_split(actor, proposal_id)


@api.post(
    f"{_ONE}/withdraw", scope="incentives:agree", answers=SplitProposalView, refuses=_ANSWERS, rechecks=queries.proposal
)
def withdraw_split(actor: Actor, proposal_id: UUID) -> SplitProposal:
    """Take back what your side proposed."""
    return actions.withdraw_split(actor, proposal_id)


@api.get(f"{_DEAL}/division", scope="deals:read", answers=DivisionView)
def read_division(actor: Actor, deal_id: UUID) -> DivisionSeen:
    """Read how your side divides its share of a deal: all of it if you divide, else your own part."""
    return divisions.division(actor, deal_id)


@api.put(
    f"{_DEAL}/division",
    scope="incentives:agree",
    body=DivideShare,
    answers=DivisionView,
    rechecks=divisions.division,
    matches=True,
)
def divide_share(actor: Actor, deal_id: UUID, given: dict[str, Any], expected: str) -> DivisionSeen:
    """Divide your side's share of a deal among your own people; nothing the partner reads changes by it."""
    return dividing.divide_share(actor, deal_id, given, expected)
