"""Reading where a leaver is still a member, and what they proposed."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships.models import Member, Partnership, PartnershipStatus, Proposal, ProposalStatus
from partnercrm.partnerships.queries import proposals_seen_by


def memberships_of(actor: Actor, user_id: UUID) -> Sequence[Member]:
    """Return the present memberships of one of the organization's people in living partnerships."""
    rows = (
        select(Member)
        .join(Partnership, Partnership.id == Member.partnership_id)
        .where(
            Member.organization_id == actor.organization_id,
            Member.user_id == user_id,
            Member.left_at.is_(None),
            Partnership.status != PartnershipStatus.ENDED,
        )
        .order_by(Member.partnership_id)
    )
    return db.session().scalars(rows).all()


def open_proposals_of(actor: Actor, user_id: UUID) -> Sequence[Proposal]:
    """Return the unanswered proposals that one of the organization's people sent."""
    rows = proposals_seen_by(actor).where(Proposal.proposed_by == user_id, Proposal.status == ProposalStatus.SENT)
    return db.session().scalars(rows).all()
