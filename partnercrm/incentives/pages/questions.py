"""Asking about a posting of one's statement, and answering colleagues: one page each, and the list of them."""

from typing import Any
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnercrm.identity import queries as identity
from partnercrm.incentives.actions import questions as actions
from partnercrm.incentives.models.questions import QuestionStatus
from partnercrm.incentives.pages.blueprint import pages
from partnercrm.incentives.queries import agreements, books
from partnercrm.incentives.queries import questions as queries
from partnercrm.incentives.queries.books import PAY, StatementItem
from partnercrm.incentives.schemas.questions import AnswerAboutEarnings, AskAboutEarnings, EarningQuestionQuery
from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.web import frame
from partnercrm.web.page import Form


@pages.show("/my-earnings/<uuid:journal_id>", scope="incentives:read")
def statement_item(actor: Actor, journal_id: UUID, form: Form | None = None) -> str:
    """Show one posting of the reader's statement, and the form to ask about it."""
    item = books.statement_item(actor, journal_id)
    given = {"journal_id": journal_id, "limit": 20, "sort": "-asked_at"}
    asked = [one for one in queries.earning_questions(actor, given).items if one.user_id == actor.user_id]
    frame.stand_under("incentives_pages.my_earnings")
    return render_template(
        "incentives/statement_item.html",
        item=item,
        names=_names(actor, item),
        asked=asked,
        may_ask=all(one.status is not QuestionStatus.OPEN for one in asked),
        form=form or Form(),
    )


@pages.act("/my-earnings/<uuid:journal_id>/ask", scope="incentives:read", again=statement_item)
def ask_about_earnings(actor: Actor, journal_id: UUID, form: Form) -> str:
    """Ask who pays about a posting."""
    given = Form({**form.values, "journal_id": str(journal_id)}, form.chosen, form.errors, form.problem, form.labels)
    made = actions.ask_about_earnings(actor, given.load(AskAboutEarnings))
    flash(_("Asked. You are told as soon as somebody answers."))
    return _to(made.id)


@pages.show("/earning-questions", scope="incentives:read")
def earning_questions(actor: Actor) -> str:
    """List questions about statements."""
    filters = Form.asked()
    given: dict[str, Any] = filters.load(EarningQuestionQuery)
    found = queries.earning_questions(actor, given)
    first_url, next_url = filters.pages("incentives_pages.earning_questions", found.next)
    return render_template(
        "incentives/earning_questions.html",
        found=found.items,
        names={one.id: one.name for one in identity.colleagues(actor)},
        chosen=given.get("status"),
        now=clock.now(),
        first_url=first_url,
        next_url=next_url,
    )


@pages.show("/earning-questions/<uuid:question_id>", scope="incentives:read")
def earning_question(actor: Actor, question_id: UUID, form: Form | None = None) -> str:
    """Show one question with what it is about, and the way to answer it."""
    one, item = queries.with_posting(actor, question_id)
    names = {person.id: person.name for person in identity.colleagues(actor)}
    left = str(_("Somebody who left"))
    ours, is_open = one.user_id == actor.user_id, one.status is QuestionStatus.OPEN
    frame.stand_under("incentives_pages.earning_questions")
    return render_template(
        "incentives/earning_question.html",
        one=one,
        item=item,
        names=_names(actor, item),
        who=names.get(one.user_id, left),
        by=names.get(one.answered_by, left) if one.answered_by else None,
        open=is_open,
        overdue=is_open and one.due_at < clock.now(),
        ours=ours,
        may_answer=is_open and not ours and actor.has(PAY),
        form=form or Form(),
    )


@pages.act("/earning-questions/<uuid:question_id>/answer", scope=PAY, again=earning_question)
def answer_about_earnings(actor: Actor, question_id: UUID, form: Form) -> str:
    """Answer what a colleague asked."""
    actions.answer_about_earnings(actor, question_id, form.load(AnswerAboutEarnings))
    flash(_("Answered; they are told."))
    return _to(question_id)


@pages.act("/earning-questions/<uuid:question_id>/withdraw", scope="incentives:read", again=earning_question)
def withdraw_about_earnings(actor: Actor, question_id: UUID, form: Form) -> str:
    """Take one's question back."""
    actions.withdraw_about_earnings(actor, question_id)
    return _to(question_id)


def _names(actor: Actor, item: StatementItem) -> dict[UUID, str | None]:
    return agreements.company_names(actor, {line.deal_id for line in item.lines if line.deal_id})


def _to(question_id: UUID) -> str:
    return url_for("incentives_pages.earning_question", question_id=question_id)
