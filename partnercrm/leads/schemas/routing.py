"""Shapes of routing: the rules, a trial of them, and who is asked first about a lead."""

from typing import Any

from marshmallow import fields

from partnercrm.accounts.sizes import SizeBand
from partnercrm.leads.routing import Bar
from partnercrm.web import limits
from partnercrm.web.shapes import Choice, Country, Flag, Id, Moment, Shape, Text, Whole


def _several(inner: fields.Field[Any], most: int, meaning: str) -> fields.List[Any]:
    return fields.List(
        inner, load_default=list, validate=limits.Length(max=most), metadata={"description": meaning, "maxItems": most}
    )


def _most_open(**options: Any) -> Whole:
    meaning = "Who has so many received leads open is passed over; null: nobody is."
    return Whole(least=1, most=1000, example=10, allow_none=True, metadata={"description": meaning}, **options)


class RoutingRule(Shape):
    """For which leads a rule holds (nothing named: for all), and who is asked first by it."""

    id = Id(
        allow_none=True, load_default=None, metadata={"description": "Of a rule that is there; null for a new one."}
    )
    partnership_id = Id(allow_none=True, load_default=None)
    countries = _several(Country(), 250, "ISO 3166 countries.")
    industries = _several(Text(most=100, example="Logistics"), 50, "As leads name them; letters' case does not matter.")
    product_line_id = Id(allow_none=True, load_default=None)
    size_bands = _several(Choice(SizeBand), 5, "Sizes of companies.")
    user_ids = _several(Id(), 50, "People, in the order in which they are asked the first time.")
    team_id = Id(allow_none=True, load_default=None, metadata={"description": "A team, whoever is in it then."})
    most_open = _most_open(load_default=None)
    only_enabled = Flag(
        load_default=False,
        example=True,
        metadata={"description": "Who misses something they must know of the partner is passed over."},
    )


class SetRouting(Shape):
    """All rules in their order; the first that fits and has somebody free decides."""

    rules = fields.List(
        fields.Nested(RoutingRule), required=True, validate=limits.Length(max=50), metadata={"maxItems": 50}
    )


class RoutingView(Shape):
    """The rules by which received leads find who is asked first; what none finds falls to the partner managers."""

    rules = fields.List(fields.Nested(RoutingRule), required=True)
    changed_at = Moment(required=True, allow_none=True)


class TrialQuery(Shape):
    """A lead as its teaser would say it."""

    partnership_id = Id(required=True)
    country = Country()
    industry = Text(most=100, example="Logistics")
    product_line_id = Id()
    size_band = Choice(SizeBand)


class PersonView(Shape):
    """A colleague."""

    id = Id(required=True)
    name = Text(most=200, example="Gina Vale", required=True)


class AskedView(Shape):
    """One of a rule's people."""

    user_id = Id(required=True)
    name = Text(most=200, example="Gina Vale", required=True)
    passed_over = Choice(
        Bar,
        required=True,
        allow_none=True,
        metadata={
            "description": "Why; `away`, `full`, `not_enabled` are told of yourself, of others by the works agreement."
        },
    )


class RuleTriedView(Shape):
    """A rule that fits."""

    place = Whole(least=1, most=50, example=1, required=True)
    people = fields.List(fields.Nested(AskedView), required=True)


class TrialView(Shape):
    """What would become of such a lead now."""

    tried = fields.List(
        fields.Nested(RuleTriedView), required=True, metadata={"description": "The rules that fit; none: managers."}
    )
    decided = Whole(least=1, most=50, example=1, required=True, allow_none=True)
    assignee = fields.Nested(PersonView, required=True, allow_none=True)
    is_told = Flag(
        required=True,
        example=False,
        metadata={"description": "Whether the works agreement lets you read who is free, and so who would be asked."},
    )


class AssignLead(Shape):
    """Who is to be asked first."""

    user_id = Id(required=True)


class HandOverLead(Shape):
    """Who is to work on the lead from now on."""

    user_id = Id(required=True)


class AssignmentView(Shape):
    """Who of your side is asked first about a lead that waits for your answer; the giver never reads it."""

    offer_id = Id(required=True)
    assignee = fields.Nested(PersonView, required=True)
    by_hand = Flag(required=True, example=False)
    assigned_at = Moment(required=True)
