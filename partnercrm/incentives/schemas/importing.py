"""Shapes of earnings that another system computed."""

from typing import Any

from marshmallow import ValidationError, fields, post_load

from partnercrm.incentives.schemas.books import SignedMoney
from partnercrm.kernel import money
from partnercrm.web import limits
from partnercrm.web.shapes import Day, Email, Shape, Text, Whole


class ImportEarning(SignedMoney):
    """What a key of another system comes to for somebody: all of it, not what changed; 0 takes it back."""

    external_id = Text(most=100, example="Q3-0815", required=True)
    email = Email(required=True)
    earned_on = Day(required=True)

    @post_load
    def read(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Read the amount in minor units."""
        sign = -1 if data["amount"].startswith("-") else 1
        try:
            read = money.parse(data["amount"].removeprefix("-"), data["currency"])
        except ValueError as error:
            raise ValidationError(error.args[0], "amount") from error
        return data | {"minor": sign * read.minor}


class ImportEarnings(Shape):
    """Earnings of one system, at most 1,000 at once."""

    connector = Text(most=60, example="payroll", required=True)
    earnings = fields.List(
        fields.Nested(ImportEarning),
        required=True,
        validate=limits.Length(min=1, max=1_000),
        metadata={"minItems": 1, "maxItems": 1_000},
    )


class ImportedEarningsView(Shape):
    """What a batch did."""

    posted = Whole(least=0, most=1_000, example=12, required=True)
    unchanged = Whole(least=0, most=1_000, example=3, required=True)
