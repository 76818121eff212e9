"""Asking about a posting of one's statement, and answering by the clock: within one organization, never beyond it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from partnercrm.activity.actions import record
from partnercrm.calendars import queries as calendars
from partnercrm.calendars.business_time import due_days
from partnercrm.incentives.errors import EarningQuestionClosed, EarningQuestionOpenAlready
from partnercrm.incentives.models.questions import EarningQuestion, QuestionStatus
from partnercrm.incentives.queries import books
from partnercrm.incentives.queries import questions as queries
from partnercrm.kernel import clock, db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotAllowed, NotFound
from partnercrm.kernel.ids import new_id
from partnercrm.notices.actions.telling import tell

DAYS: Final = 5
"""Within how many of the organization's working days a question is answered."""


def ask_about_earnings(actor: Actor, given: Mapping[str, Any]) -> EarningQuestion:
    """Ask who pays about a posting of the own statement. Raises NotFound, EarningQuestionOpenAlready."""
    if actor.user_id is None:
        raise NotAllowed
    journal = books.statement_item(actor, given["journal_id"]).journal
    now = clock.now()
    asked = EarningQuestion(
        organization_id=actor.organization_id,
        id=new_id(),
        journal_id=journal.id,
        user_id=actor.user_id,
        question=given["question"],
        asked_at=now,
        due_at=due_days(calendars.working_hours(actor, None), now, DAYS),
    )
    with db.unique("uq_earning_questions_open", EarningQuestionOpenAlready):
        db.session().add(asked)
    record(actor, "earning_question.asked", asked)
    jobs.defer("incentives.remind_of_question", actor.organization_id, at=asked.due_at, question_id=asked.id)
    tell(actor, queries.those_who_pay(actor) - {actor.user_id}, "earning_question.asked", asked.id)
    return asked


def answer_about_earnings(actor: Actor, question_id: UUID, given: Mapping[str, Any]) -> EarningQuestion:
    """Answer what a colleague asked. Raises EarningQuestionClosed, and NotAllowed to who asked."""
    asked = _open(actor, question_id)
    if actor.user_id is None or actor.user_id == asked.user_id:
        raise NotAllowed
    asked.answer, asked.answered_by, asked.answered_at = given["answer"], actor.user_id, clock.now()
    db.session().flush()
    record(actor, "earning_question.answered", asked)
    tell(actor, [asked.user_id], "earning_question.answered", asked.id)
    return asked


def withdraw_about_earnings(actor: Actor, question_id: UUID) -> EarningQuestion:
    """Take one's own question back. Raises EarningQuestionClosed, and NotAllowed to everybody but who asked."""
    asked = _open(actor, question_id)
    if actor.user_id != asked.user_id:
        raise NotAllowed
    asked.withdrawn_at = clock.now()
    db.session().flush()
    record(actor, "earning_question.withdrawn", asked)
    return asked


def remind_of_question(actor: Actor, question_id: UUID) -> None:
    """Tell who pays, and who asked, of a question that is overdue."""
    try:
        asked = _open(replace(actor, scopes=frozenset({books.PAY})), question_id)
    except (NotFound, EarningQuestionClosed):
        return
    tell(actor, queries.those_who_pay(actor) | {asked.user_id}, "earning_question.overdue", asked.id)


def _open(actor: Actor, question_id: UUID) -> EarningQuestion:
    found = queries.earning_question(actor, question_id, lock=True)
    if found.status is not QuestionStatus.OPEN:
        raise EarningQuestionClosed
    return found
