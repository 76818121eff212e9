"""Shapes of what one lead is worth, as both sides read it."""

from typing import Any

from marshmallow import fields

from partnercrm.web.shapes import Id, Moment, MoneyShape, Shape


def _told(meaning: str) -> fields.Nested:
    return fields.Nested(MoneyShape, required=True, allow_none=True, metadata={"description": meaning})


def _agreed(meaning: str) -> Any:
    return Moment(required=True, allow_none=True, metadata={"description": meaning})


class ValuesView(Shape):
    """What one lead is worth: exactly while both sides say yes, else null; both sides read the same."""

    offer_id = Id(required=True, attribute="id")
    giver_agreed_at = _agreed("Since when its giver says yes.")
    receiver_agreed_at = _agreed("Since when its receiver says yes.")
    expected = _told("What the giver expected when it said yes, by its own record; null while it is told as a band.")
    won = _told("What the receiver won; null while it is told as a band.")
