"""Shapes of questions about an offered lead."""

from typing import Any

from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Id, Moment, Shape, Text


def _question(**options: Any) -> Text:
    return Text(most=2000, example="Do they decide this year?", **options)


def _answer(**options: Any) -> Text:
    return Text(most=2000, example="Yes, in the fourth quarter.", **options)


class AskQuestion(Shape):
    """A question to the giver of a lead; both sides read it."""

    question = _question(required=True)


class AnswerQuestion(Shape):
    """The giver's answer; both sides read it."""

    answer = _answer(required=True)


class QuestionView(Shape):
    """A question about an offered lead, and its answer once there is one."""

    id = Id(required=True)
    offer_id = Id(required=True)
    question = _question(required=True)
    asked_at = Moment(required=True)
    answer = _answer(required=True, allow_none=True)
    answered_at = Moment(required=True, allow_none=True)


class QuestionQuery(ListQuery):
    """Orders of the questions about an offered lead."""

    sort = sort_field("asked_at", "-asked_at")
