"""Shapes of what is done with items, and of where people stand."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from partnercrm.enablement.items import ItemKind, Outcome
from partnercrm.enablement.standing import ItemState, Status
from partnercrm.web import limits
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Email, Flag, Id, Moment, Shape, Text, Whole


class AnswerQuiz(Shape):
    """The places of the chosen answers, from 0, question by question."""

    answers = fields.List(
        Whole(least=0, most=7, example=0),
        required=True,
        validate=limits.Length(min=1, max=20),
        metadata={"minItems": 1, "maxItems": 20, "example": [0, 2]},
    )


def _score() -> Whole:
    return Whole(
        least=0, most=100, example=90, allow_none=True, metadata={"description": "Per cent, where there is one."}
    )


def _valid_until() -> Moment:
    meaning = "Until when it was said to hold; left out, as long as the item says."
    return Moment(allow_none=True, metadata={"description": meaning})


class EnterResult(Shape):
    """What became of a colleague at an item elsewhere."""

    user_id = Id(required=True)
    outcome = Choice(Outcome, required=True)
    happened_at = Moment(required=True)
    valid_until = _valid_until()
    score = _score()


class PutResult(Shape):
    """What a learning system knows of a colleague, named by id or by address."""

    item_id = Id(required=True)
    user_id = Id(allow_none=True, metadata={"example": None})
    email = Email(allow_none=True)
    outcome = Choice(Outcome, required=True)
    happened_at = Moment(required=True)
    valid_until = _valid_until()
    score = _score()

    @validates_schema
    def of_one_person(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a result of nobody, and of two."""
        if (data.get("user_id") is None) == (data.get("email") is None):
            raise ValidationError("Name the person by `user_id` or by `email`.", "user_id")


class ResultView(Shape):
    """One result; it never changes, what follows is another one."""

    id = Id(required=True)
    item_id = Id(required=True)
    user_id = Id(required=True)
    version = Whole(least=1, most=10**6, example=2, required=True)
    outcome = Choice(Outcome, required=True)
    score = Whole(least=0, most=100, example=90, required=True, allow_none=True)
    happened_at = Moment(required=True)
    valid_until = Moment(required=True, allow_none=True)


class ResultQuery(ListQuery):
    """Which results."""

    sort = sort_field("-recorded_at", "recorded_at")


class PlaceView(Shape):
    """Where somebody stands at an item."""

    state = Choice(ItemState, required=True)
    until = Moment(required=True, allow_none=True)
    renewable_from = Moment(required=True, allow_none=True)


class ItemToldView(Shape):
    """Where somebody stands at an item, and where it is learned."""

    item_id = Id(required=True)
    kind = Choice(ItemKind, required=True)
    title = Text(most=200, example="What Globex does for our customers", required=True)
    link = Text(most=500, example="https://learn.example/courses/globex", required=True, allow_none=True)
    page = Text(most=200, example="/enablement/items/0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a", required=True)
    is_must_know = Flag(required=True, example=True)
    is_missing = Flag(required=True, example=True)
    place = fields.Nested(PlaceView, required=True)


class PersonStandingView(Shape):
    """Where a person stands in a programme as of a moment."""

    partnership_id = Id(required=True)
    user_id = Id(required=True)
    name = Text(most=200, example="Sam Weller", required=True)
    as_of = Moment(required=True)
    status = Choice(Status, required=True)
    items = fields.List(fields.Nested(ItemToldView), required=True)


class StandingQuery(Shape):
    """As of when."""

    at = Moment(metadata={"description": "Now, unless an earlier moment is asked for."})


class StandingsView(Shape):
    """Where colleagues stand; told only where the works agreement opens figures of people, and noted for each."""

    partnership_id = Id(required=True)
    people = fields.List(fields.Nested(PersonStandingView), required=True)
