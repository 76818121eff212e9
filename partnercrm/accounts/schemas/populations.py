"""Shapes of populations: named segments of accounts, by criteria."""

from typing import Any, Final

from marshmallow import fields

from partnercrm.accounts.relationships import Relationship
from partnercrm.accounts.sizes import SizeBand
from partnercrm.web import limits
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Country, Flag, Id, Moment, Shape, Text, Whole

_MOST: Final = 10**9
_CRITERION_MOST: Final = 50


def _some_of(one: fields.Field[Any], meaning: str) -> fields.List[Any]:
    most = limits.Length(max=_CRITERION_MOST)
    return fields.List(one, validate=most, metadata={"description": meaning})


class CriteriaShape(Shape):
    """An account belongs that has, of each criterion with values, one of these."""

    relationship = _some_of(Choice(Relationship), "How the company stands to you.")
    industry = _some_of(Text(most=100, example="Logistics"), "As your accounts write it.")
    country = _some_of(Country(), "Where the company is.")
    size_band = _some_of(Choice(SizeBand), "How many people it employs.")


class MakePopulation(Shape):
    """A population to make."""

    name = Text(most=100, example="Customers in Germany", required=True)
    criteria = fields.Nested(CriteriaShape, required=True)


class ChangePopulation(Shape):
    """What to change of a population; other criteria stand for all there were, as a new version."""

    name = Text(most=100, example="Customers in Germany")
    criteria = fields.Nested(CriteriaShape)


class PopulationView(Shape):
    """A named segment of your accounts, counted when it was last counted."""

    id = Id(required=True)
    name = Text(most=100, example="Customers in Germany", required=True)
    criteria = fields.Nested(CriteriaShape, required=True)
    version = Whole(least=1, most=_MOST, example=1, required=True)
    counted = Whole(least=0, most=_MOST, example=1240, required=True)
    counted_at = Moment(required=True)
    created_at = Moment(required=True)
    archived_at = Moment(required=True, allow_none=True)


class PopulationQuery(ListQuery):
    """Which populations."""

    sort = sort_field("name", "-name", "created_at", "-created_at")
    archived = Flag(load_default=False, example=False, metadata={"description": "Those that were put away instead."})


class PopulationVersionView(Shape):
    """What a population was from a moment on."""

    version = Whole(least=1, most=_MOST, example=1, required=True)
    criteria = fields.Nested(CriteriaShape, required=True)
    counted = Whole(least=0, most=_MOST, example=1240, required=True)
    recorded_at = Moment(required=True)


class PopulationVersionsQuery(ListQuery):
    """Which versions."""

    sort = sort_field("-version", "version")
