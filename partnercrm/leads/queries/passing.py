"""Reading what lies with who can do nothing about it any more, and who follows: for the organization's own hand."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, or_, select

from partnercrm.identity.models import User
from partnercrm.identity.scopes import scopes_of
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.lifecycle import IN_PROGRESS, OfferStatus
from partnercrm.leads.models import Offer
from partnercrm.leads.models.routing import Assignment
from partnercrm.partnerships.models import Member, MemberRole, Partnership, PartnershipStatus


class Astray(NamedTuple):
    """An offer, and who of the own side is asked first about it or works on it, and can no more."""

    offer_id: UUID
    partnership_id: UUID
    user_id: UUID


def unanswerable(actor: Actor) -> Sequence[Astray]:
    """Return what waits for who is no member any more, is disabled, or may not answer."""
    present = (
        select(Member.id)
        .where(
            Member.organization_id == actor.organization_id,
            Member.partnership_id == Assignment.partnership_id,
            Member.user_id == Assignment.assignee_id,
            Member.left_at.is_(None),
        )
        .exists()
    )
    rows = (
        select(Offer.id, Offer.partnership_id, Assignment.assignee_id, User.roles, User.disabled_at, present)
        .join(Offer, Offer.id == Assignment.offer_id)
        .join(User, User.id == Assignment.assignee_id)
        .where(Assignment.organization_id == actor.organization_id, Offer.status == OfferStatus.OFFERED)
        .where(Offer.partnership_id.in_(_living()))
        .order_by(Offer.partnership_id, Offer.id)
    )
    return [
        Astray(*one)
        for *one, roles, disabled_at, is_member in db.rows(rows)
        if not is_member or disabled_at is not None or not _may_answer(roles)
    ]


def unattended(actor: Actor) -> Sequence[Astray]:
    """Return what is under way of who is no member any more or may not change leads.

    Who is disabled keeps it: that can be undone, and their account passes it on when it closes.
    """
    gave = (Offer.giver_id == actor.organization_id) & (Offer.giver_member_id == Member.id)
    took = (Offer.receiver_id == actor.organization_id) & (Offer.receiver_member_id == Member.id)
    rows = (
        select(Offer.id, Offer.partnership_id, Member.user_id, User.roles, Member.left_at)
        .join(Member, or_(gave, took))
        .join(User, User.id == Member.user_id)
        .where(Member.organization_id == actor.organization_id)
        .where(Offer.status.in_(IN_PROGRESS), Offer.partnership_id.in_(_living()))
        .order_by(Offer.partnership_id, Offer.id)
    )
    return [Astray(*one) for *one, roles, left_at in db.rows(rows) if left_at is not None or not _may_answer(roles)]


def holder_of(actor: Actor, offer: Offer) -> UUID | None:
    """Return who of the actor's side gave or took a lead, where somebody did."""
    is_given = offer.giver_id == actor.organization_id
    rows = select(Member.user_id).where(
        Member.organization_id == actor.organization_id,
        Member.id == (offer.giver_member_id if is_given else offer.receiver_member_id),
    )
    return db.session().scalars(rows).one_or_none()


def follower(actor: Actor, one: Astray) -> Member | None:
    """Return who works on instead: they themselves where they were named anew, else who has managed longest."""
    rows = (
        select(Member, User.roles)
        .join(User, User.id == Member.user_id)
        .where(Member.organization_id == actor.organization_id, Member.partnership_id == one.partnership_id)
        .where(Member.left_at.is_(None), User.disabled_at.is_(None))
        .order_by(Member.user_id != one.user_id, Member.role != MemberRole.PARTNER_MANAGER, Member.joined_at, Member.id)
    )
    return next((member for member, roles in db.session().execute(rows) if _may_answer(roles)), None)


def _may_answer(roles: Sequence[str]) -> bool:
    return "leads:write" in scopes_of(roles)


def _living() -> Select[UUID]:
    return select(Partnership.id).where(Partnership.status != PartnershipStatus.ENDED)
