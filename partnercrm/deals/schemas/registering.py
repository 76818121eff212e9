"""Shapes of registering a deal and of trying it out."""

from typing import Any

from marshmallow import fields

from partnercrm.deals.conflicts import LOGGED, EvidenceKind
from partnercrm.deals.registering import Involvement
from partnercrm.deals.stages import OPEN_STAGES, Stage
from partnercrm.web import limits
from partnercrm.web.shapes import Choice, Country, Day, Domain, Flag, Id, Moment, MoneyShape, OneOf, Shape, Text

_LINE = "One of the product lines that the terms in force name; needed where they name any."
_ENTRY = "How far your side has come alone: where the partner comes in, and where the deal begins."
_LEAD = "The lead of this partner that became the deal; you work on it, and no other open registration names it."
_LOST = "Whether your side lost it before, without the partner."


class LogStep(Shape):
    """A step that moved the deal on, and when; both sides read both, and nothing else of it."""

    kind = OneOf(*LOGGED, required=True)
    happened_at = Moment(
        required=True,
        metadata={"description": "Counts from then, but from no more than 90 days before it is recorded."},
    )


class NameCompany(Shape):
    """A company to work on together; the one that stands with this domain, else a new joint account."""

    name = Text(most=200, example="Northwind Traders", required=True)
    domain = Domain(allow_none=True, load_default=None)
    country = Country(allow_none=True, load_default=None)


class RegisterDeal(Shape):
    """A deal to register with a partner: with which company, of which product line, and what it is to come to."""

    partnership_id = Id(required=True)
    joint_account_id = Id(
        allow_none=True, load_default=None, metadata={"description": "One of your joint accounts; else name `account`."}
    )
    account = fields.Nested(
        NameCompany,
        allow_none=True,
        load_default=None,
        metadata={"description": "The company; a new joint account is proposed where none stands."},
    )
    product_line_id = Id(allow_none=True, load_default=None, metadata={"description": _LINE})
    offer_id = Id(allow_none=True, load_default=None, metadata={"description": _LEAD})
    value = fields.Nested(
        MoneyShape,
        required=True,
        metadata={"description": "What it is expected to be worth; the partner reads a band, unless you agreed else."},
    )
    close_on = Day(required=True, metadata={"description": "When they may decide."})
    asks = Text(
        most=500,
        least=0,
        example="A reference call with their logistics team.",
        load_default="",
        metadata={"description": "What you ask of the partner."},
    )
    involvement = Choice(Involvement, required=True)
    entry_stage = OneOf(*OPEN_STAGES, load_default=Stage.PROSPECT, metadata={"description": _ENTRY})
    lost_before = Flag(example=False, load_default=False, metadata={"description": _LOST})
    evidence = fields.List(fields.Nested(LogStep), load_default=list, validate=limits.Length(max=10))


class CheckDeal(RegisterDeal):
    """A deal as far as it is known."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"partial": tuple(RegisterDeal().fields)} | options)


class StepView(Shape):
    """A step that a claim rests on: what and when, never with whom."""

    kind = Choice(EvidenceKind, required=True)
    happened_at = Moment(required=True)
    recorded_at = Moment(required=True)


class ConflictView(Shape):
    """Two claims to one company and product line: which holds, and the step that each rests on."""

    held_by = Id(required=True)
    holds = fields.Nested(StepView, required=True)
    outweighed = fields.Nested(StepView, required=True)


class ProblemView(Shape):
    """One thing that registering the deal would be refused for; `field` is null where it is none of a field."""

    field = Text(most=200, example="product_line_id", required=True, allow_none=True)
    message = Text(most=500, example="This is needed.", required=True)


class MissingView(Shape):
    """What you have yet to know of the partnership, and where that is learned."""

    title = Text(most=200, example="Joint value proposition", required=True)
    link = Text(most=500, example="/enablement", required=True)


class DealCheckView(Shape):
    """What registering this deal would come to, all at once; nothing is kept of it."""

    would_register = Flag(required=True, example=True)
    problems = fields.List(fields.Nested(ProblemView), required=True)
    conflict = fields.Nested(
        ConflictView,
        required=True,
        allow_none=True,
        metadata={"description": "Where the other side has an open registration; the one that holds stays."},
    )
    missing = fields.List(
        fields.Nested(MissingView),
        required=True,
        metadata={"description": "What you have yet to know; it refuses the deal where your side's gate is shut."},
    )
    respond_by = Moment(required=True, allow_none=True)
