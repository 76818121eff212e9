"""Shapes of value propositions: what to say to a customer, in which language, to which industry."""

from typing import Any, Final

from marshmallow import fields

from partnercrm.enablement.propositions import LANGUAGES, SENTENCES, PropositionStatus
from partnercrm.web import limits
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Flag, Id, Moment, Shape, Text, Whole


def _locale(**options: Any) -> fields.String:
    metadata = {"example": "en", "description": "ISO 639-1.", "enum": list(LANGUAGES)}
    return fields.String(validate=limits.OneOf(LANGUAGES), metadata=metadata, **options)


def _industry(**options: Any) -> Text:
    meaning = {"description": "Empty: any."}
    return Text(most=100, least=0, example="Logistics", metadata=meaning, **options)


_EXAMPLE: Final = [
    "Your terminals see every container before it arrives.",
    "Trucks wait a third less.",
    "One contract, one number to call.",
]


def _sentences() -> fields.List[Any]:
    return fields.List(
        Text(most=300, example=_EXAMPLE[0]),
        required=True,
        validate=limits.Length(min=SENTENCES, max=SENTENCES),
        metadata={"minItems": SENTENCES, "maxItems": SENTENCES, "example": _EXAMPLE},
    )


def _answers() -> fields.List[Any]:
    return fields.List(
        Text(most=300, example="Fewer hours of waiting"),
        required=True,
        validate=limits.Length(min=2, max=8),
        metadata={"minItems": 2, "maxItems": 8, "example": ["Fewer hours of waiting", "Cheaper trucks"]},
    )


class ProposeProposition(Shape):
    """Three sentences to propose to the other side, with the question that checks them."""

    locale = _locale(required=True)
    industry = _industry(load_default="")
    sentences = _sentences()
    question = Text(most=500, example="What does the customer gain first?", required=True)
    answers = _answers()
    right_answer = Whole(least=0, most=7, example=0, required=True)


class PropositionView(Shape):
    """What both sides say to customers, or one of them proposes to say; both read every version."""

    id = Id(required=True)
    partnership_id = Id(required=True)
    organization_id = Id(required=True, metadata={"description": "The side that proposed it."})
    locale = _locale(required=True)
    industry = _industry(required=True)
    sentences = fields.List(Text(most=300, example="Your terminals see every container."), required=True)
    question = Text(most=500, example="What does the customer gain first?", required=True)
    answers = fields.List(Text(most=300, example="Fewer hours of waiting"), required=True)
    status = Choice(PropositionStatus, required=True)
    version = Whole(least=1, most=10**6, example=2, required=True, allow_none=True)
    proposed_at = Moment(required=True)
    answered_at = Moment(required=True, allow_none=True)


class PropositionQuery(ListQuery):
    """Which value propositions."""

    sort = sort_field("-proposed_at", "proposed_at")
    partnership_id = Id()
    status = Choice(PropositionStatus)
    locale = _locale()


class CheckProposition(Shape):
    """The place of the chosen answer, from 0."""

    answer = Whole(least=0, most=7, example=0, required=True)


class CheckView(Shape):
    """Whether the answer was right; nobody else reads it."""

    proposition_id = Id(required=True)
    is_right = Flag(required=True, example=True)
    answered_at = Moment(required=True)
