"""Shapes of trying a plan on past sales."""

from typing import Final

from marshmallow import fields

from partnercrm.incentives.schemas.books import SignedMoney
from partnercrm.web.shapes import Day, MoneyShape, Shape, Text, Whole

_LEFT_OUT: Final = "Sales in other currencies, and those before the newest 20,000."


class PersonChangeView(Shape):
    """What one person has of their sales, and would have."""

    name = Text(most=200, example="Sam Okafor", required=True)
    now = fields.Nested(MoneyShape, required=True)
    then = fields.Nested(MoneyShape, required=True)


class SimulationView(Shape):
    """What a draft would have paid for a year's sales.

    Of fewer people than `fewest` everything about the group is null; `persons` is null unless the works agreement opens
    everybody's figures to you. The quartiles are of what changes for a person, not of what they earn.
    """

    from_on = Day(required=True)
    until_on = Day(required=True)
    fewest = Whole(least=1, most=1_000, example=8, required=True)
    left_out = Whole(least=0, most=10**9, example=0, required=True, metadata={"description": _LEFT_OUT})
    people = Whole(least=1, most=10**6, example=12, required=True, allow_none=True)
    now = fields.Nested(MoneyShape, required=True, allow_none=True)
    then = fields.Nested(MoneyShape, required=True, allow_none=True)
    quartiles = fields.List(fields.Nested(SignedMoney), required=True, allow_none=True)
    persons = fields.List(fields.Nested(PersonChangeView), required=True, allow_none=True)
