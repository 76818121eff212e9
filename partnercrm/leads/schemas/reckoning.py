"""Shapes of what is asked of the record, and of the sum that answers it."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load, pre_dump

from partnercrm.kernel import money
from partnercrm.leads.bands import ValueBand
from partnercrm.leads.queries.reckoning import Asked, Reckoning
from partnercrm.leads.reciprocity import written
from partnercrm.leads.reckoning import By, Reckoned
from partnercrm.leads.spans import WRITTEN, Span, span
from partnercrm.rates.conversion import BASE
from partnercrm.web.shapes import Choice, Day, Moment, MoneyShape, Shape, Text, Whole, Written

_COUNT: dict[str, Any] = {"least": 0, "most": 10**9, "example": 12, "required": True}


class Months(Written):
    """A window of whole months, `YYYY-MM..YYYY-MM`, both included; either end may be left out."""

    def __init__(self, **options: Any) -> None:
        wrong = "Write the first and the last month as 2026-01..2026-03; either may be left out."
        super().__init__(WRITTEN, wrong, most=16, least=2, example="2026-01..2026-03", **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        read = span(super()._deserialize(value, attr, data, **kwargs))
        if read.is_backwards:
            raise ValidationError("The last month lies before the first.")
        return read


class Rows(Choice):
    """Into which rows a sum is divided; a report that both sides read is never divided by people."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if value == "seller":
            raise ValidationError("What both sides read tells of no seller. Your side's are at …/reciprocity/sellers.")
        return super()._deserialize(value, attr, data, **kwargs)


class ReckonQuery(Shape):
    """What is asked of the record."""

    window = Months(
        load_default=Span(),
        metadata={"description": "Which months (UTC) of what happened; all when left out. The index keeps its own."},
    )
    measure = Choice(Reckoned, metadata={"description": "What is reckoned; the agreed measure when left out."})
    by = Rows(By, load_default=By.MONTH, metadata={"description": "Into which rows."})
    currency = Written(
        f"({'|'.join(money.CURRENCIES)})",
        "This is not a current ISO 4217 currency code.",
        least=3,
        most=3,
        example=BASE,
        load_default=BASE,
        metadata={"description": "The currency that values are converted into, at the rate of the step's day."},
    )

    @post_load
    def ask(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Put together what is asked."""
        chosen = {name: given.pop(name) for name in Asked._fields if name in given}
        return given | {"asked": Asked(**chosen)}


class RatesView(Shape):
    """The version of the installation's exchange rates that counted."""

    version = Whole(least=1, most=10**9, example=3, required=True)
    recorded_at = Moment(required=True)
    last_on = Day(required=True)


class InBandView(Shape):
    """How many leads were told in one band of a currency; bands are summed to nothing."""

    band = Choice(ValueBand, required=True)
    currency = Text(most=3, example="EUR", required=True)
    leads = Whole(**_COUNT)


class CellView(Shape):
    """What one organization gave. `value` is the sum of what could be converted; null where leads alone count."""

    leads = Whole(**_COUNT)
    value = fields.Nested(MoneyShape, required=True, allow_none=True)
    as_told = fields.List(fields.Nested(MoneyShape), required=True)
    unconverted = fields.List(fields.Nested(MoneyShape), required=True)
    in_bands = fields.List(fields.Nested(InBandView), required=True)
    untold = Whole(**_COUNT)


class ReckonedRowView(Shape):
    """One month, product line, country or industry; `key` null: not given."""

    key = Text(most=200, example="2026-03", required=True, allow_none=True)
    name = Text(most=120, example="Warehouse software", required=True, allow_none=True)
    first = fields.Nested(CellView, required=True)
    second = fields.Nested(CellView, required=True)


class RealisedView(Shape):
    """What became of a side's expectations; `ratio` is null, and nothing scaled, until eight leads are closed."""

    closed = Whole(**_COUNT)
    expected = fields.Nested(MoneyShape, required=True)
    won = fields.Nested(MoneyShape, required=True)
    ratio = Text(most=20, example="0.8125", required=True, allow_none=True)


class ReckoningView(Shape):
    """The sum that was asked for: its rows add up exactly to `first` and `second`."""

    measure = Choice(Reckoned, required=True)
    by = Choice(By, required=True)
    window = Text(most=16, example="2026-01..2026-03", required=True)
    currency = Text(most=3, example="EUR", required=True)
    rates = fields.Nested(RatesView, required=True, allow_none=True)
    first_realised = fields.Nested(RealisedView, required=True, allow_none=True)
    second_realised = fields.Nested(RealisedView, required=True, allow_none=True)
    first = fields.Nested(CellView, required=True)
    second = fields.Nested(CellView, required=True)
    share_first_percent = Text(most=12, example="60.0", required=True, allow_none=True)
    rows = fields.List(fields.Nested(ReckonedRowView), required=True)

    @pre_dump
    def write_out(self, reckoning: Reckoning, **_: Any) -> dict[str, Any]:
        """Write exact values as decimals, and what belongs to a side in the order of the sides."""
        first, second = (_realised(one) for one in reckoning.realised or (None, None))
        share = reckoning.share_first
        return {
            "measure": reckoning.measure,
            "by": reckoning.by,
            "window": str(reckoning.window),
            "currency": reckoning.currency,
            "rates": reckoning.rates,
            "first_realised": first,
            "second_realised": second,
            "first": reckoning.total[0],
            "second": reckoning.total[1],
            "share_first_percent": None if share is None else written(share * 100, 1),
            "rows": reckoning.rows,
        }


def _realised(one: Any) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"closed": one.closed, "expected": one.expected, "won": one.won, "ratio": written(one.ratio, 4)}
