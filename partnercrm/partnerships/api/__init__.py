"""Partnerships' API: propose, answer, members, end."""

from typing import Any
from uuid import UUID

from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import actions, queries
from partnercrm.partnerships.api import phases, terms
from partnercrm.partnerships.api.door import api
from partnercrm.partnerships.errors import (
    AlreadyPartners,
    LastMember,
    MemberAlready,
    PartnershipEnded,
    ProposalAlreadyAnswered,
    ProposalOpenAlready,
)
from partnercrm.partnerships.models import Partnership, Proposal, ReceivedProposal
from partnercrm.partnerships.schemas import (
    NameMember,
    PartnershipQuery,
    PartnershipView,
    ProposalQuery,
    ProposalView,
    ProposePartnership,
    ReceivedProposalQuery,
    ReceivedProposalView,
)
from partnercrm.web.paging import Page

__all__ = ["api", "phases", "terms"]


@api.post(
    "/proposals",
    scope="partnerships:write",
    body=ProposePartnership,
    answers=ProposalView,
    status=201,
    refuses=(ProposalOpenAlready,),
    rechecks=queries.proposal,
)
def propose_partnership(actor: Actor, given: dict[str, Any]) -> Proposal:
    """Propose a partnership; the answer is the same whether the addressee is known here."""
    return actions.propose_partnership(actor, given)


@api.get("/proposals", scope="partnerships:read", answers=ProposalView, query=ProposalQuery, pages=True)
def list_proposals(actor: Actor, query: dict[str, Any]) -> Page:
    """List the proposals your organization sent."""
    return queries.proposals(actor, query)


@api.get("/proposals/<uuid:proposal_id>", scope="partnerships:read", answers=ProposalView)
def read_proposal(actor: Actor, proposal_id: UUID) -> Proposal:
    """Read a proposal your organization sent."""
    return queries.proposal(actor, proposal_id)


@api.post(
    "/proposals/<uuid:proposal_id>/withdraw",
    scope="partnerships:write",
    answers=ProposalView,
    refuses=(ProposalAlreadyAnswered,),
    rechecks=queries.proposal,
)
def withdraw_proposal(actor: Actor, proposal_id: UUID) -> Proposal:
    """Take a proposal back before it is answered."""
    return actions.withdraw_proposal(actor, proposal_id)


@api.get(
    "/received-proposals",
    scope="partnerships:read",
    answers=ReceivedProposalView,
    query=ReceivedProposalQuery,
    pages=True,
)
def list_received_proposals(actor: Actor, query: dict[str, Any]) -> Page:
    """List the proposals made to your organization."""
    return queries.received_proposals(actor, query)


@api.post(
    "/received-proposals/<uuid:received_id>/accept",
    scope="partnerships:write",
    answers=PartnershipView,
    status=201,
    refuses=(ProposalAlreadyAnswered, AlreadyPartners),
    rechecks=queries.partnership,
)
def accept_proposal(actor: Actor, received_id: UUID) -> Partnership:
    """Accept a proposal; the partnership begins."""
    return actions.accept_proposal(actor, received_id)


@api.post(
    "/received-proposals/<uuid:received_id>/decline",
    scope="partnerships:write",
    answers=ReceivedProposalView,
    refuses=(ProposalAlreadyAnswered,),
    rechecks=queries.received_proposal,
)
def decline_proposal(actor: Actor, received_id: UUID) -> ReceivedProposal:
    """Decline a proposal; the proposer is told."""
    return actions.decline_proposal(actor, received_id)


@api.get("/partnerships", scope="partnerships:read", answers=PartnershipView, query=PartnershipQuery, pages=True)
def list_partnerships(actor: Actor, query: dict[str, Any]) -> Page:
    """List your organization's partnerships."""
    return queries.partnerships(actor, query)


@api.get("/partnerships/<uuid:partnership_id>", scope="partnerships:read", answers=PartnershipView)
def read_partnership(actor: Actor, partnership_id: UUID) -> Partnership:
    """Read a partnership: its sides, terms and members."""
    return queries.partnership(actor, partnership_id)


@api.post(
    "/partnerships/<uuid:partnership_id>/members",
    scope="partnerships:write",
    body=NameMember,
    answers=PartnershipView,
    status=201,
    refuses=(MemberAlready, PartnershipEnded),
    rechecks=queries.partnership,
)
def name_member(actor: Actor, partnership_id: UUID, given: dict[str, Any]) -> Partnership:
    """Name one of your own people as a member; both sides see name and role."""
    return actions.name_member(actor, partnership_id, given)


@api.post(
    "/partnerships/<uuid:partnership_id>/members/<uuid:member_id>/release",
    scope="partnerships:write",
    answers=PartnershipView,
    refuses=(LastMember, PartnershipEnded),
    rechecks=queries.partnership,
)
def release_member(actor: Actor, partnership_id: UUID, member_id: UUID) -> Partnership:
    """End the membership of one of your own people."""
    return actions.release_member(actor, partnership_id, member_id)


@api.post(
    "/partnerships/<uuid:partnership_id>/end",
    scope="partnerships:write",
    answers=PartnershipView,
    refuses=(PartnershipEnded,),
    rechecks=queries.partnership,
    matches=True,
)
def end_partnership(actor: Actor, partnership_id: UUID, expected: str) -> Partnership:
    """End a partnership: from now on nothing shared in it is readable by either side."""
    return actions.end_partnership(actor, partnership_id, expected)
