"""Shapes of questions about statements."""

from typing import Final

from marshmallow import fields

from partnercrm.incentives.models.questions import QuestionStatus
from partnercrm.incentives.schemas.books import StatementItemView
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Id, Moment, Shape, Text

_ASKED: Final = "Why is this less than the preview said?"
_ANSWERED: Final = "Half of it is Nora's: she brought the customer."


class AskAboutEarnings(Shape):
    """What you ask about which posting of your statement."""

    journal_id = Id(required=True)
    question = Text(most=1000, example=_ASKED, required=True)


class AnswerAboutEarnings(Shape):
    """What you answer."""

    answer = Text(most=1000, example=_ANSWERED, required=True)


class EarningQuestionView(Shape):
    """A question about a posting, and its answer."""

    id = Id(required=True)
    journal_id = Id(required=True)
    user_id = Id(required=True)
    status = Choice(QuestionStatus, required=True)
    question = Text(most=1000, example=_ASKED, required=True)
    asked_at = Moment(required=True)
    due_at = Moment(required=True)
    answer = Text(most=1000, example=_ANSWERED, required=True, allow_none=True)
    answered_by = Id(required=True, allow_none=True)
    answered_at = Moment(required=True, allow_none=True)


class QuestionedView(Shape):
    """A question with the posting it is about, as who asked reads it."""

    question = fields.Nested(EarningQuestionView, required=True)
    about = fields.Nested(StatementItemView, required=True)


class EarningQuestionQuery(ListQuery):
    """Which questions, in which order."""

    status = Choice(QuestionStatus)
    journal_id = Id()
    sort = sort_field("-asked_at", "asked_at", "due_at")
