"""Shapes of the terms, their versions and what changes them."""

from typing import Any

from marshmallow import fields, pre_dump

from partnercrm.partnerships import agreements
from partnercrm.partnerships.agreements import PartnershipKind
from partnercrm.partnerships.differences import Difference
from partnercrm.partnerships.measures import Measure
from partnercrm.partnerships.models import ChangeStatus, ReviewDefault, ValueDisclosure
from partnercrm.partnerships.schemas.items import CriterionShape, GoalShape, ProductLineShape, SplitTemplateShape
from partnercrm.partnerships.tiers import Detail, Tier
from partnercrm.web import limits
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Day, Email, Id, Moment, Shape, Text, Whole


class TermsShape(Shape):
    """What is agreed. When proposing, the share is the proposer's; in a partnership it is each side's own."""

    share_given_percent = Whole(
        least=1,
        most=99,
        example=50,
        load_default=50,
        metadata={"description": "The share of all leads that the first side is to give, in percent."},
    )
    tolerance_points = Whole(
        least=0,
        most=49,
        example=10,
        load_default=10,
        metadata={"description": "How far the share may be off, in percentage points either way."},
    )
    response_hours = Whole(
        least=1,
        most=2160,
        example=48,
        load_default=48,
        metadata={
            "description": "Within how many working hours of the side that answers an offered lead is to be answered."
        },
    )
    offer_days = Whole(
        least=1,
        most=365,
        example=30,
        load_default=30,
        metadata={"description": "After how many days an unanswered offer expires."},
    )
    value_disclosure = Choice(
        ValueDisclosure,
        load_default=ValueDisclosure.BAND,
        metadata={"description": "Whether a lead's value is told to the other side as a band or exactly."},
    )


class ExtendedTerms(TermsShape):
    """What two partners agree beyond what their partnership began with."""

    kind = Choice(PartnershipKind, required=True, allow_none=True)
    follow_up_hours = Whole(
        least=1,
        most=2160,
        example=336,
        required=True,
        metadata={
            "description": "Within how many working hours the receiver of an accepted lead is to say how it stands."
        },
    )
    snooze_days = Whole(
        least=0,
        most=90,
        example=14,
        required=True,
        metadata={"description": "For how many days a receiver may put an accepted lead off."},
    )
    review_hours = Whole(
        least=1,
        most=2160,
        example=48,
        required=True,
        metadata={"description": "Within how many working hours of the side that reviews it a deal is decided."},
    )
    review_default = Choice(
        ReviewDefault,
        required=True,
        metadata={"description": "What becomes of a deal that nobody reviewed in twice that time."},
    )
    protection_days = Whole(
        least=1,
        most=365,
        example=90,
        required=True,
        metadata={"description": "For how many days an approved deal is protected."},
    )
    overlay_cap_percent = Whole(
        least=0,
        most=100,
        example=10,
        required=True,
        metadata={"description": "How much overlay both sides may have of one deal at most, in percent."},
    )
    trust_advance = Whole(
        least=1,
        most=1000,
        example=3,
        required=True,
        allow_none=True,
        metadata={"description": "How many leads one side gives before it is the other's turn; null when not agreed."},
    )
    measure = Choice(Measure, required=True, metadata={"description": "Which leads count for the agreed share."})
    window_months = Whole(
        least=1,
        most=60,
        example=12,
        required=True,
        allow_none=True,
        metadata={"description": "How many months count, the present one included; null from the beginning."},
    )


_TIERS: dict[str, fields.Field[Any]] = {
    detail.value: Choice(Tier, metadata={"example": Tier.NEED_TO_KNOW.value}) for detail in Detail
}
TiersShape = Shape.from_dict(_TIERS, name="TiersShape")


class WholeTerms(ExtendedTerms):
    """All that two partners can agree."""

    moderator_email = Email(
        required=True,
        allow_none=True,
        metadata={"description": "Someone of a third organization who decides where the two cannot; null for nobody."},
    )
    tiers = fields.Nested(TiersShape, required=True)
    goals = fields.List(fields.Nested(GoalShape), required=True, validate=limits.Length(max=20))
    criteria = fields.List(fields.Nested(CriterionShape), required=True, validate=limits.Length(max=30))
    product_lines = fields.List(fields.Nested(ProductLineShape), required=True, validate=limits.Length(max=50))
    split_templates = fields.List(fields.Nested(SplitTemplateShape), required=True, validate=limits.Length(max=30))
    regions = fields.List(
        Text(most=60, example="DE"),
        required=True,
        validate=limits.Length(max=60),
        metadata={"description": "ISO 3166 countries or regions by name; empty for everywhere."},
    )


class AgreedTermsView(ExtendedTerms):
    """The terms in force; the share is that of the first side, the one with the smaller id."""

    version = Whole(least=1, most=10**6, example=1, required=True)
    effective_at = Moment(required=True)


class WholeTermsView(WholeTerms):
    """The whole of the terms in force; the share is that of the first side, the one with the smaller id."""

    version = Whole(least=1, most=10**6, example=1, required=True)
    effective_at = Moment(required=True)


class ChangedTerms(WholeTerms):
    """The terms that are to change; what is left out stays as it is. Lists are sent whole."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"partial": tuple(WholeTerms().fields)} | options)


class DifferenceView(Shape):
    """One field, or one goal, criterion or product line, as it was and as it is to be."""

    field = Text(most=60, example="response_hours", required=True)
    old = fields.Raw(required=True, allow_none=True, metadata={"example": 48})
    new = fields.Raw(required=True, allow_none=True, metadata={"example": 24})

    @pre_dump
    def write_out(self, one: Difference, **_: Any) -> dict[str, Any]:
        """Write goals, criteria and product lines as they are sent."""
        return {"field": one.field, "old": _plain(one.old), "new": _plain(one.new)}


def _plain(value: Any) -> Any:
    is_item = isinstance(value, agreements.SEVERAL)
    return agreements.written(value) if is_item else value


class TermsVersionView(Shape):
    """A version of the terms: what it says, what it changed, who proposed it, since when both agreed."""

    terms = fields.Nested(WholeTermsView, required=True)
    proposed_by = Id(required=True)
    note = Text(most=2000, least=0, example="We answer faster now.", required=True)
    agreed_at = Moment(required=True)
    changes = fields.List(fields.Nested(DifferenceView), required=True)


class TermsQuery(ListQuery):
    """Orders of the versions."""

    sort = sort_field("-version", "version")


class ProposeTerms(Shape):
    """A change of the terms: on which version it is based, from when it is to hold, and what it changes."""

    based_on = Whole(least=1, most=10**6, example=1, required=True)
    effective_on = Day(
        load_default=None, allow_none=True, metadata={"description": "Never in the past; null: once both agreed."}
    )
    note = Text(most=2000, least=0, example="We answer faster now.", load_default="")
    terms = fields.Nested(ChangedTerms, required=True)


class AnswerTerms(Shape):
    """A word with the answer; both sides read it."""

    answer = Text(most=2000, least=0, example="Let us begin with 36 hours.", load_default="")


class TermChangeView(Shape):
    """A change one side proposed: the terms as they are to be, and field by field what that changes."""

    id = Id(required=True)
    partnership_id = Id(required=True)
    proposed_by = Id(required=True)
    based_on = Whole(least=1, most=10**6, example=1, required=True)
    effective_on = Day(required=True, allow_none=True)
    status = Choice(ChangeStatus, required=True)
    note = Text(most=2000, least=0, example="We answer faster now.", required=True)
    answer = Text(most=2000, least=0, example="Agreed.", required=True)
    agreed_version = Whole(least=1, most=10**6, example=2, required=True, allow_none=True)
    proposed_at = Moment(required=True)
    answered_at = Moment(required=True, allow_none=True)
    terms = fields.Nested(WholeTerms, required=True)
    changes = fields.List(fields.Nested(DifferenceView), required=True)


class TermChangeQuery(ListQuery):
    """Orders of the changes."""

    sort = sort_field("-proposed_at", "proposed_at")


class TermDraftView(Shape):
    """What your side means to propose; the other side does not see it."""

    id = Id(required=True)
    based_on = Whole(least=1, most=10**6, example=1, required=True)
    effective_on = Day(required=True, allow_none=True)
    note = Text(most=2000, least=0, example="We answer faster now.", required=True)
    saved_at = Moment(required=True)
    terms = fields.Nested(WholeTerms, required=True, attribute="self")

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read the terms from the draft itself."""
        return obj if attr == "self" else super().get_attribute(obj, attr, default)
