"""Reading the questions about an offered lead; whoever sees the offer sees them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.leads.models import OfferQuestion
from partnercrm.leads.queries import exchange
from partnercrm.web.paging import Page, page

SORTS = {"asked_at": OfferQuestion.asked_at}


def questions(actor: Actor, offer_id: UUID, given: Mapping[str, Any]) -> Page:
    """Return a page of what was asked about an offer and answered. Raises NotFound."""
    seen = exchange.offer(actor, offer_id)
    rows = select(OfferQuestion).where(OfferQuestion.offer_id == seen.id)
    return page(actor, rows, {**given, "offer_id": offer_id}, sorts=SORTS, key=OfferQuestion.id)


def question_of(actor: Actor, offer_id: UUID, question_id: UUID) -> OfferQuestion:
    """Return one question about an offer. Raises NotFound."""
    seen = exchange.offer(actor, offer_id)
    rows = select(OfferQuestion).where(OfferQuestion.offer_id == seen.id, OfferQuestion.id == question_id)
    found = db.session().scalars(rows).one_or_none()
    if found is None:
        raise NotFound
    return found


def question(actor: Actor, question_id: UUID) -> OfferQuestion:
    """Return one question about an offer the actor sees. Raises NotFound."""
    found = db.session().get(OfferQuestion, question_id)
    if found is None:
        raise NotFound
    return question_of(actor, found.offer_id, question_id)
