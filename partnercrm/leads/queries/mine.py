"""What became of one seller's own leads: those they gave, took on or are asked first about; nobody else's."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.lifecycle import OfferStatus
from partnercrm.leads.models import Offer
from partnercrm.leads.models.routing import Assignment
from partnercrm.leads.queries import exchange
from partnercrm.partnerships.models import Member
from partnercrm.web.paging import Page


def own_offers(actor: Actor) -> Select[Offer]:
    """Return the offers, of those the actor sees, that they gave, took on or are asked first about."""
    own = select(Member.id).where(Member.organization_id == actor.organization_id, Member.user_id == actor.user_id)
    return exchange.offers_seen_by(actor).where(or_(_gave(actor, own), _took(actor, own)))


def offers(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of the actor's own offers, given and received."""
    return exchange.offers(actor, given, own_offers)


def counts(actor: Actor) -> Mapping[tuple[str, OfferStatus], int]:
    """Return how many of the actor's own offers stand where, by (`given` or `received`, status)."""
    gave = Offer.giver_id == actor.organization_id
    kinds = (gave.label("gave"), Offer.status)
    rows = own_offers(actor).with_only_columns(*kinds, func.count()).group_by(*kinds)
    return {("given" if given else "received", status): count for given, status, count in db.rows(rows)}


def _gave(actor: Actor, own: Select[UUID]) -> ColumnElement[bool]:
    return and_(Offer.giver_id == actor.organization_id, Offer.giver_member_id.in_(own))


def _took(actor: Actor, own: Select[UUID]) -> ColumnElement[bool]:
    """Tell of an offer whether the actor took it on or, until it is answered, is asked first."""
    asked = select(Assignment.offer_id).where(
        Assignment.organization_id == actor.organization_id, Assignment.assignee_id == actor.user_id
    )
    waits = and_(Offer.status == OfferStatus.OFFERED, Offer.id.in_(asked))
    return and_(Offer.receiver_id == actor.organization_id, or_(Offer.receiver_member_id.in_(own), waits))
