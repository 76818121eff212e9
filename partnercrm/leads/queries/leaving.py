"""Reading what a leaver still holds of the exchange, for who administrates accounts: counts and rows, no contents."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, or_, select

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.lifecycle import IN_PROGRESS, OfferStatus
from partnercrm.leads.models import Lead, Offer
from partnercrm.leads.models.requests import OfferRequest
from partnercrm.leads.models.routing import Assignment
from partnercrm.partnerships.models import Member, Partnership, PartnershipStatus


def count_leads(actor: Actor, user_id: UUID) -> int:
    """Return how many leads one of the organization's people owns."""
    mine = select(func.count()).where(Lead.organization_id == actor.organization_id, Lead.owner_id == user_id)
    return db.session().execute(mine).scalar_one()


def count_requests(actor: Actor, user_id: UUID) -> int:
    """Return how many requests to offer beyond a trust advance one of the organization's people made."""
    mine = OfferRequest.organization_id == actor.organization_id
    rows = select(func.count()).select_from(OfferRequest).where(mine, OfferRequest.asker_id == user_id)
    return db.session().execute(rows).scalar_one()


def assigned_offers(actor: Actor, user_id: UUID) -> Sequence[Assignment]:
    """Return the leads that wait for an answer about which one of the organization's people is asked first, locked."""
    mine = (Assignment.organization_id == actor.organization_id) & (Assignment.assignee_id == user_id)
    rows = select(Assignment).join(Offer, Offer.id == Assignment.offer_id).where(mine)
    waiting = rows.where(Offer.status == OfferStatus.OFFERED).order_by(Assignment.offer_id)
    return db.session().scalars(waiting.with_for_update(of=Assignment)).all()


def open_offers_of(actor: Actor, user_id: UUID) -> Sequence[Offer]:
    """Return the open offers of living partnerships that one of the organization's people gave or took, locked."""
    members = select(Member.id).where(Member.organization_id == actor.organization_id, Member.user_id == user_id)
    lives = select(Partnership.id).where(Partnership.status != PartnershipStatus.ENDED)
    gave = (Offer.giver_id == actor.organization_id) & Offer.giver_member_id.in_(members)
    took = (Offer.receiver_id == actor.organization_id) & Offer.receiver_member_id.in_(members)
    rows = select(Offer).where(or_(gave, took), Offer.status.in_(IN_PROGRESS), Offer.partnership_id.in_(lives))
    return db.session().scalars(rows.order_by(Offer.id).with_for_update(of=Offer)).all()
