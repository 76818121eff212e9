"""Reading questions about statements: one's own, and to who pays all of the organization's."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from partnercrm.identity import queries as identity
from partnercrm.identity.scopes import scopes_of
from partnercrm.incentives.models.questions import EarningQuestion, QuestionStatus
from partnercrm.incentives.queries import books
from partnercrm.incentives.queries.books import PAY, StatementItem
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.web.paging import Page, page

_OPEN = EarningQuestion.answered_at.is_(None) & EarningQuestion.withdrawn_at.is_(None)
_ARE: Mapping[QuestionStatus, ColumnElement[bool]] = {
    QuestionStatus.OPEN: _OPEN,
    QuestionStatus.ANSWERED: EarningQuestion.answered_at.is_not(None),
    QuestionStatus.WITHDRAWN: EarningQuestion.withdrawn_at.is_not(None),
}


class QuestionSeen(NamedTuple):
    """A question with what it is about."""

    question: EarningQuestion
    about: StatementItem


def earning_questions_seen_by(actor: Actor) -> Select[EarningQuestion]:
    """Return what the actor asked, and to who pays what anybody of the organization did."""
    rows = select(EarningQuestion).where(EarningQuestion.organization_id == actor.organization_id)
    return rows if actor.has(PAY) else rows.where(EarningQuestion.user_id == actor.user_id)


def earning_questions(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of questions, of one status or about one journal if these are named."""
    rows = earning_questions_seen_by(actor)
    if given.get("status"):
        rows = rows.where(_ARE[given["status"]])
    if given.get("journal_id"):
        rows = rows.where(EarningQuestion.journal_id == given["journal_id"])
    sorts = {"asked_at": EarningQuestion.asked_at, "due_at": EarningQuestion.due_at}
    return page(actor, rows, given, sorts=sorts, key=EarningQuestion.id)


def earning_question(actor: Actor, question_id: UUID, *, lock: bool = False) -> EarningQuestion:
    """Return one question. Raises NotFound."""
    rows = earning_questions_seen_by(actor).where(EarningQuestion.id == question_id)
    if lock:
        rows = rows.with_for_update()
    found = db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def with_posting(actor: Actor, question_id: UUID) -> QuestionSeen:
    """Return one question with the posting: who asks about it shows it to who pays. Raises NotFound."""
    found = earning_question(actor, question_id)
    return QuestionSeen(found, books.statement_item(replace(actor, user_id=found.user_id), found.journal_id))


def counts_open(actor: Actor) -> int:
    """Return how many questions wait for the actor's answer, who pays."""
    if not actor.has(PAY):
        return 0
    rows = earning_questions_seen_by(actor).where(_OPEN, EarningQuestion.user_id != actor.user_id)
    return db.session().execute(rows.with_only_columns(func.count())).scalar_one()


def those_who_pay(actor: Actor) -> set[UUID]:
    """Return the organization's people who pay, and so answer."""
    return {one.id for one in identity.colleagues(actor) if PAY in scopes_of(one.roles)}
