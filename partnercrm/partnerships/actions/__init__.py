"""Proposing, answering and ending partnerships, and naming their members."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from partnercrm.activity.actions import record
from partnercrm.identity import queries as identity
from partnercrm.identity.models import User
from partnercrm.identity.queries import staying
from partnercrm.identity.scopes import scopes_of
from partnercrm.kernel import clock, db, jobs, versions
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotFound
from partnercrm.kernel.ids import new_id
from partnercrm.partnerships import queries
from partnercrm.partnerships.actions.terms import living
from partnercrm.partnerships.errors import (
    AlreadyPartners,
    LastMember,
    MemberAlready,
    PartnershipEnded,
    ProposalAlreadyAnswered,
    ProposalOpenAlready,
)
from partnercrm.partnerships.models import (
    Member,
    MemberRole,
    Partnership,
    Proposal,
    ProposalStatus,
    ReceivedProposal,
)


def propose_partnership(actor: Actor, given: Mapping[str, Any]) -> Proposal:
    """Propose a partnership to whoever reads mail at an address; the answer is the same whether it is known.

    Raises ProposalOpenAlready, Invalid.
    """
    addressee = given["addressee"].lower()
    staying.stay(actor)
    if identity.has_user_with(actor, addressee):
        raise Invalid.field("addressee", "This is one of your own people; a partnership joins two organizations.")
    if queries.open_proposal_to(actor, addressee):
        raise ProposalOpenAlready
    proposal = Proposal(
        id=new_id(),
        organization_id=actor.organization_id,
        proposed_by=actor.user_id,
        addressee=addressee,
        message=given.get("message", ""),
        status=ProposalStatus.SENT,
        created_at=clock.now(),
        **given["terms"],
    )
    db.session().add(proposal)
    db.session().flush()
    db.session().execute(select(func.step_send_proposal(proposal.id)))
    record(actor, "proposal.sent", proposal)
    jobs.defer("partnerships.announce_proposal", actor.organization_id, proposal_id=proposal.id)
    return proposal


def withdraw_proposal(actor: Actor, proposal_id: UUID) -> Proposal:
    """Take a proposal back before it is answered. Raises ProposalAlreadyAnswered."""
    proposal = queries.proposal(actor, proposal_id)
    _step(func.step_withdraw_proposal(proposal.id, clock.now()))
    db.session().refresh(proposal)
    record(actor, "proposal.withdrawn", proposal)
    return proposal


def decline_proposal(actor: Actor, received_id: UUID) -> ReceivedProposal:
    """Decline a proposal; the proposer is told. Raises ProposalAlreadyAnswered."""
    received = queries.received_proposal(actor, received_id)
    _step(func.step_decline_proposal(received.id, clock.now()))
    db.session().refresh(received)
    record(actor, "proposal.declined", received)
    jobs.defer("partnerships.tell_of_decline", received.proposer_id, proposal_id=received.proposal_id)
    return received


def accept_proposal(actor: Actor, received_id: UUID) -> Partnership:
    """Accept a proposal: the partnership begins with the two people who agreed on it as its first members.

    Raises ProposalAlreadyAnswered, AlreadyPartners.
    """
    received = queries.received_proposal(actor, received_id)
    staying.stay(actor)
    partnership_id = new_id()
    with db.unique("uq_partnerships_living", AlreadyPartners):
        _step(func.step_accept_proposal(received.id, partnership_id, new_id(), actor.user_id, new_id(), clock.now()))
    partnership = queries.partnership(actor, partnership_id)
    record(actor, "partnership.started", partnership)
    return partnership


def end_partnership(actor: Actor, partnership_id: UUID, expected: str) -> Partnership:
    """End the partnership: from the commit on, nothing shared in it is readable. Raises PartnershipEnded, Stale."""
    partnership = queries.partnership(actor, partnership_id, lock=True)
    versions.require(expected, partnership.version_tag)
    if partnership.has_ended:
        raise PartnershipEnded
    db.session().execute(select(func.step_end_partnership(partnership.id, clock.now())))
    db.session().refresh(partnership)
    record(actor, "partnership.ended", partnership)
    return partnership


def name_member(actor: Actor, partnership_id: UUID, given: Mapping[str, Any]) -> Partnership:
    """Name one of the actor's own people as a member, to both sides.

    Raises MemberAlready, PartnershipEnded, Invalid.
    """
    queries.partnership(actor, partnership_id)
    person = _colleague(actor, given["user_id"])
    partnership = living(actor, partnership_id)
    if given["role"] is MemberRole.PARTNER_MANAGER and "partnerships:write" not in scopes_of(person.roles):
        raise Invalid.field("role", "Only a partner manager or an administrator can be a partnership's manager.")
    if queries.own_member(actor, partnership_id, person.id):
        raise MemberAlready
    member = Member(
        id=new_id(),
        partnership_id=partnership.id,
        organization_id=actor.organization_id,
        other_id=partnership.other(actor.organization_id),
        user_id=person.id,
        name=person.name,
        role=given["role"],
        joined_at=clock.now(),
    )
    db.session().add(member)
    return _changed(actor, partnership, "member.named", member)


def release_member(actor: Actor, partnership_id: UUID, member_id: UUID) -> Partnership:
    """End a membership of the actor's own side. Raises LastMember, PartnershipEnded."""
    partnership = living(actor, partnership_id)
    member = queries.own_side_member(actor, partnership_id, member_id)
    managers = queries.own_managers(actor, partnership_id)
    if member.role is MemberRole.PARTNER_MANAGER and len(managers) == 1:
        raise LastMember
    member.left_at = clock.now()
    return _changed(actor, partnership, "member.released", member)


def _colleague(actor: Actor, user_id: UUID) -> User:
    present = staying.those_who_stay(actor, {user_id})
    try:
        person = identity.user(actor, user_id)
    except NotFound as error:
        raise Invalid.field("user_id", "Your organization has no such person.") from error
    if person.id not in present:
        raise Invalid.field("user_id", "This person's account is disabled.")
    return person


def _changed(actor: Actor, partnership: Partnership, verb: str, member: Member) -> Partnership:
    partnership.version += 1
    db.session().flush()
    record(actor, verb, member, name=member.name, role=member.role)
    return queries.partnership(actor, partnership.id, lock=True)


def _step(step: Any) -> None:
    if not db.session().execute(select(step)).scalar_one():
        raise ProposalAlreadyAnswered
