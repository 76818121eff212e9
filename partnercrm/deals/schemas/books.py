"""Shapes of what one's own side keeps of a deal."""

from marshmallow import fields

from partnercrm.deals.models.books import Forecast
from partnercrm.web.shapes import Choice, Id, MoneyShape, Shape, Text


class KeepBook(Shape):
    """What your side keeps of a deal for itself; what is left out stays, what is null is emptied."""

    own_stage = Text(
        most=100,
        example="Negotiation",
        allow_none=True,
        metadata={"description": "What your own CRM calls where it is."},
    )
    forecast = Choice(Forecast, allow_none=True)
    value = fields.Nested(MoneyShape, allow_none=True, metadata={"description": "What you expect, exactly."})
    price = fields.Nested(MoneyShape, allow_none=True, metadata={"description": "What you ask of the customer."})
    notes = Text(most=10_000, example="They want to see it run first.", allow_none=True)


class BookView(Shape):
    """What your side keeps of a deal; the partner reads nothing of it."""

    deal_id = Id(required=True)
    own_stage = Text(most=100, example="Negotiation", required=True, allow_none=True)
    forecast = Choice(Forecast, required=True, allow_none=True)
    value = fields.Nested(
        MoneyShape,
        required=True,
        allow_none=True,
        metadata={"description": "What you expect, exactly; as registered until you keep another."},
    )
    price = fields.Nested(MoneyShape, required=True, allow_none=True)
    notes = Text(most=10_000, example="They want to see it run first.", required=True, allow_none=True)
