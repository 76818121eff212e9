"""Questions about statements over the API: everybody asks about their own, who pays answers."""

from typing import Any, Final
from uuid import UUID

from partnercrm.incentives.actions import questions as actions
from partnercrm.incentives.errors import EarningQuestionClosed, EarningQuestionOpenAlready
from partnercrm.incentives.models.questions import EarningQuestion
from partnercrm.incentives.queries import questions as queries
from partnercrm.incentives.queries.books import PAY
from partnercrm.incentives.queries.questions import QuestionSeen
from partnercrm.incentives.schemas.questions import (
    AnswerAboutEarnings,
    AskAboutEarnings,
    EarningQuestionQuery,
    EarningQuestionView,
    QuestionedView,
)
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("earning_questions", prefix="/api/v1", description="What sellers ask about their statements.")
_ONE: Final = "/earning-questions/<uuid:question_id>"


@api.get(
    "/earning-questions",
    scope="incentives:read",
    answers=EarningQuestionView,
    query=EarningQuestionQuery,
    pages=True,
)
def list_earning_questions(actor: Actor, query: dict[str, Any]) -> Page:
    """List what you asked; who pays reads what everybody did."""
    return queries.earning_questions(actor, query)


@api.post(
    "/earning-questions",
    scope="incentives:read",
    body=AskAboutEarnings,
    answers=EarningQuestionView,
    status=201,
    refuses=(EarningQuestionOpenAlready,),
    rechecks=queries.earning_question,
)
def ask_about_earnings(actor: Actor, given: dict[str, Any]) -> EarningQuestion:
    """Ask who pays about a posting of your statement; they read that posting, and answer in five working days."""
    return actions.ask_about_earnings(actor, given)


@api.get(_ONE, scope="incentives:read", answers=QuestionedView)
def read_earning_question(actor: Actor, question_id: UUID) -> QuestionSeen:
    """Read one question with what it is about."""
    return queries.with_posting(actor, question_id)


@api.post(
    f"{_ONE}/answer",
    scope=PAY,
    body=AnswerAboutEarnings,
    answers=EarningQuestionView,
    refuses=(EarningQuestionClosed,),
    rechecks=queries.earning_question,
)
def answer_about_earnings(actor: Actor, question_id: UUID, given: dict[str, Any]) -> EarningQuestion:
    """Answer what a colleague asked."""
    return actions.answer_about_earnings(actor, question_id, given)


@api.post(
    f"{_ONE}/withdraw",
    scope="incentives:read",
    answers=EarningQuestionView,
    refuses=(EarningQuestionClosed,),
    rechecks=queries.earning_question,
)
def withdraw_about_earnings(actor: Actor, question_id: UUID) -> EarningQuestion:
    """Take your question back."""
    return actions.withdraw_about_earnings(actor, question_id)
