"""Questions about an offered lead, and their answers; both sides read both."""

from typing import Any
from uuid import UUID

from partnercrm.activity.actions import record
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id
from partnercrm.leads.errors import QuestionAnswered, QuestionsClosed
from partnercrm.leads.lifecycle import IN_PROGRESS, Side
from partnercrm.leads.models import Offer, OfferQuestion
from partnercrm.leads.queries import exchange, questions


def ask_question(actor: Actor, offer_id: UUID, given: dict[str, Any]) -> OfferQuestion:
    """Ask the giver of a lead something about it. Raises QuestionsClosed."""
    offer = _open(actor, offer_id, Side.RECEIVER)
    asked = OfferQuestion(
        id=new_id(),
        partnership_id=offer.partnership_id,
        giver_id=offer.giver_id,
        receiver_id=offer.receiver_id,
        offer_id=offer.id,
        question=given["question"],
        asked_at=clock.now(),
    )
    db.session().add(asked)
    db.session().flush()
    record(actor, "lead.asked", offer)
    return asked


def answer_question(actor: Actor, offer_id: UUID, question_id: UUID, given: dict[str, Any]) -> OfferQuestion:
    """Answer what the receiver asked. Raises QuestionAnswered, QuestionsClosed."""
    offer = _open(actor, offer_id, Side.GIVER)
    asked = questions.question_of(actor, offer_id, question_id)
    if asked.answer is not None:
        raise QuestionAnswered
    asked.answer, asked.answered_at = given["answer"], clock.now()
    db.session().flush()
    record(actor, "lead.explained", offer)
    return asked


def _open(actor: Actor, offer_id: UUID, side: Side) -> Offer:
    """Return the offer, locked, in a partnership that cannot end meanwhile, if this side may speak now."""
    offer, _ = exchange.offer_to_step(actor, offer_id)
    if offer.side_of(actor.organization_id) is not side or offer.status not in IN_PROGRESS:
        raise QuestionsClosed
    return offer
