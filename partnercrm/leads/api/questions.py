"""Questions about offered leads, over the API."""

from typing import Any
from uuid import UUID

from partnercrm.kernel.actor import Actor
from partnercrm.leads import schemas
from partnercrm.leads.actions import asking
from partnercrm.leads.errors import QuestionAnswered, QuestionsClosed
from partnercrm.leads.models import OfferQuestion
from partnercrm.leads.queries import questions
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door(
    "questions", prefix="/api/v1", description="What the receiver asks about a lead, and what its giver answers."
)


@api.get(
    "/offers/<uuid:offer_id>/questions",
    scope="leads:read",
    answers=schemas.QuestionView,
    query=schemas.QuestionQuery,
    pages=True,
)
def list_questions(actor: Actor, offer_id: UUID, query: dict[str, Any]) -> Page:
    """List what was asked about an offered lead and answered, oldest first; both sides read the same."""
    return questions.questions(actor, offer_id, query)


@api.post(
    "/offers/<uuid:offer_id>/questions",
    scope="leads:write",
    body=schemas.AskQuestion,
    answers=schemas.QuestionView,
    status=201,
    refuses=(QuestionsClosed,),
    rechecks=questions.question,
)
def ask_question(actor: Actor, offer_id: UUID, given: dict[str, Any]) -> OfferQuestion:
    """Ask the giver of a lead something about it."""
    return asking.ask_question(actor, offer_id, given)


@api.post(
    "/offers/<uuid:offer_id>/questions/<uuid:question_id>/answer",
    scope="leads:write",
    body=schemas.AnswerQuestion,
    answers=schemas.QuestionView,
    refuses=(QuestionsClosed, QuestionAnswered),
    rechecks=questions.question,
)
def answer_question(actor: Actor, offer_id: UUID, question_id: UUID, given: dict[str, Any]) -> OfferQuestion:
    """Answer what the receiver of your lead asked."""
    return asking.answer_question(actor, offer_id, question_id, given)
