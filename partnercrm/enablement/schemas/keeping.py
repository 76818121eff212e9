"""Shapes of a programme's items and their versions."""

from typing import Any, Final

from marshmallow import fields

from partnercrm.enablement.items import ItemKind, Taught
from partnercrm.web import limits
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Flag, Id, Moment, Shape, Text, Whole, Written

_MOST: Final = 10**6
_LINK: Final = r"https://[A-Za-z0-9.-]{1,250}(:[0-9]{1,5})?(/[!-~]{0,230})?"


class QuizQuestion(Shape):
    """A question of a quiz."""

    question = Text(most=500, example="Who delivers the connector?", required=True)
    answers = fields.List(
        Text(most=300, example="Globex"),
        required=True,
        validate=limits.Length(min=2, max=8),
        metadata={"minItems": 2, "maxItems": 8, "example": ["Globex", "We do"]},
    )
    right = Whole(
        least=0, most=7, example=0, required=True, metadata={"description": "The right answer's place, from 0."}
    )


class QuizQuestionView(Shape):
    """A question of a quiz, as its reader may read it."""

    question = Text(most=500, example="Who delivers the connector?", required=True)
    answers = fields.List(Text(most=300, example="Globex"), required=True, metadata={"example": ["Globex", "We do"]})
    right = Whole(
        least=0,
        most=7,
        example=0,
        required=True,
        allow_none=True,
        metadata={"description": "For those who keep programmes; null for everybody else."},
    )


def _title(**options: Any) -> Text:
    return Text(most=200, example="What Globex does for our customers", **options)


def _text(**options: Any) -> Text:
    return Text(most=10_000, least=0, example="Globex connects our terminals to theirs.", **options)


def _link(**options: Any) -> Written:
    return Written(
        _LINK,
        "This is not an https address.",
        most=500,
        least=9,
        example="https://learn.example/courses/globex",
        allow_none=True,
        **options,
    )


def _quiz(**options: Any) -> fields.List[Any]:
    meaning = "A course's questions; other kinds have none."
    return fields.List(
        fields.Nested(QuizQuestion),
        validate=limits.Length(max=20),
        metadata={"description": meaning, "maxItems": 20},
        **options,
    )


def _pass_percent(**options: Any) -> Whole:
    return Whole(least=1, most=100, example=80, **options)


def _roles(**options: Any) -> fields.List[Any]:
    return fields.List(
        Choice(Taught), validate=limits.Length(min=1, max=3), metadata={"minItems": 1, "maxItems": 3}, **options
    )


def _valid_days(**options: Any) -> Whole:
    meaning = "For how many days it holds once it is passed; null: for ever."
    return Whole(least=1, most=3650, example=365, allow_none=True, metadata={"description": meaning}, **options)


def _renew_days(**options: Any) -> Whole:
    meaning = "How many days before its end it can be renewed and people are reminded."
    return Whole(least=0, most=365, example=30, metadata={"description": meaning}, **options)


class MakeItem(Shape):
    """Something the own sellers are to know in a partnership."""

    kind = Choice(ItemKind, required=True)
    title = _title(required=True)
    text = _text(load_default="")
    link = _link(load_default=None)
    quiz = _quiz(load_default=list)
    pass_percent = _pass_percent(load_default=80)
    roles = _roles(load_default=lambda: [Taught.SELLER])
    is_must_know = Flag(
        load_default=True,
        example=True,
        metadata={"description": "Whether nobody is enabled without it; else it is an offer to learn."},
    )
    valid_days = _valid_days(load_default=None)
    renew_days = _renew_days(load_default=30)


class ChangeItem(Shape):
    """What to change; other content of what must be known reopens it for who knew it before."""

    title = _title()
    text = _text()
    link = _link()
    quiz = _quiz()
    pass_percent = _pass_percent()
    roles = _roles()
    is_must_know = Flag(example=True)
    valid_days = _valid_days()
    renew_days = _renew_days()
    owner_id = Id()


class ItemView(Shape):
    """Something your side's sellers are to know in a partnership."""

    id = Id(required=True)
    partnership_id = Id(required=True)
    kind = Choice(ItemKind, required=True)
    owner_id = Id(required=True)
    version = Whole(least=1, most=_MOST, example=2, required=True)
    title = _title(required=True)
    text = _text(required=True)
    link = _link(required=True)
    quiz = fields.List(fields.Nested(QuizQuestionView), required=True)
    pass_percent = _pass_percent(required=True)
    roles = fields.List(Text(most=40, example="seller"), required=True)
    is_must_know = Flag(required=True, example=True)
    valid_days = _valid_days(required=True)
    renew_days = _renew_days(required=True)
    created_at = Moment(required=True)
    archived_at = Moment(required=True, allow_none=True)


class ItemQuery(ListQuery):
    """Which items."""

    sort = sort_field("created_at", "-created_at")
    archived = Flag(load_default=False, example=False, metadata={"description": "Those that were put away instead."})


class ItemVersionView(Shape):
    """What an item was from a moment on."""

    version = Whole(least=1, most=_MOST, example=2, required=True)
    title = _title(required=True)
    roles = fields.List(Text(most=40, example="seller"), required=True)
    is_must_know = Flag(required=True, example=True)
    reopens = Flag(required=True, example=True, metadata={"description": "Who knew it before has to learn it anew."})
    valid_days = _valid_days(required=True)
    renew_days = _renew_days(required=True)
    recorded_at = Moment(required=True)


class ItemVersionsQuery(ListQuery):
    """Which versions."""

    sort = sort_field("-version", "version")
