"""Shapes of what a deal would earn a seller, alone and with the partner."""

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final

from marshmallow import fields, pre_dump

from partnercrm.incentives.comparing import Way
from partnercrm.incentives.plans import MILLION, CoSell, Rule
from partnercrm.incentives.queries.previewing import Preview
from partnercrm.incentives.splits import WHOLE
from partnercrm.kernel import money
from partnercrm.leads.intervals import Interval
from partnercrm.web.shapes import Choice, Day, Id, MoneyShape, OneOf, Shape, Text, Whole

_MOST: Final = 10**15
_TOGETHER: Final = (CoSell.SOURCED, CoSell.INFLUENCED, CoSell.LATE)
_OWN: Final = "What your side has of the deal if it is won with the partner, in millionths of its value."
_WITH: Final = "With whom; then it is told by what factor your joint deals were won more often."
_SO_FAR: Final = "What your won deals of the period come to so far; without it, what the books say."


class PreviewEarnings(Shape):
    """A deal to win, and where you stand in the period."""

    value = fields.Nested(MoneyShape, required=True)
    partnership_id = Id(allow_none=True, load_default=None, metadata={"description": _WITH})
    product_line_id = Id(allow_none=True, load_default=None)
    on = Day(allow_none=True, load_default=None, metadata={"description": "When it is won; without it, today."})
    co_sell = OneOf(*_TOGETHER, load_default=CoSell.INFLUENCED)
    own_share = Whole(least=0, most=WHOLE, example=600_000, load_default=WHOLE, metadata={"description": _OWN})
    attained = fields.Nested(MoneyShape, allow_none=True, load_default=None, metadata={"description": _SO_FAR})
    earned = fields.Nested(
        MoneyShape,
        allow_none=True,
        load_default=None,
        metadata={
            "description": "What you earned by deals of the period so far, for its cap; without it, what the books say."
        },
    )


class EarningLine(Shape):
    """What one rule adds: of `base` at `rate` (a factor or 1); `place` names the plan's tier or accelerator."""

    rule = Choice(Rule, required=True)
    amount = Text(most=60, example="2500.005", required=True)
    base = Text(most=60, example="50000.10", required=True)
    rate = Text(most=60, example="0.05", required=True)
    place = Whole(least=0, most=100, example=0, required=True, allow_none=True)


class ReachView(Shape):
    """Where the deal leaves you for the rest of the period: the tier's rate, and how far the next one is."""

    attained = fields.Nested(MoneyShape, required=True)
    place = Whole(least=0, most=100, example=1, required=True, allow_none=True)
    rate = Text(most=60, example="0.08", required=True, allow_none=True)
    to_next = fields.Nested(MoneyShape, required=True, allow_none=True)
    next_rate = Text(most=60, example="0.1", required=True, allow_none=True)


class WayView(Shape):
    """One way to win the deal: what it earns line by line, and what it leaves."""

    earned = fields.Nested(MoneyShape, required=True)
    lines = fields.List(fields.Nested(EarningLine), required=True)
    after = fields.Nested(ReachView, required=True)


class BreakEven(Shape):
    """By what the chance to win must rise for co-selling to pay: an exact fraction, and in millionths, rounded up."""

    numerator = Whole(least=0, most=_MOST, example=5, required=True)
    denominator = Whole(least=1, most=_MOST, example=3, required=True)
    millionths = Whole(least=0, most=_MOST * MILLION, example=1_666_667, required=True)


class ObservedView(Shape):
    """Between which factors your side's joint deals were won more often than its deals alone; rounded outwards."""

    low = Text(most=20, example="1.1", required=True)
    high = Text(most=20, example="2.4", required=True)


class EarningsPreview(Shape):
    """What a deal earns you alone and with the partner; a sentence where no rule of yours says."""

    plan_id = Id(required=True, allow_none=True)
    plan_version = Whole(least=1, most=10**6, example=1, required=True, allow_none=True)
    sentence = Text(most=300, example="Your plan has no rate for this.", required=True, allow_none=True)
    alone = fields.Nested(WayView, required=True, allow_none=True)
    with_partner = fields.Nested(WayView, required=True, allow_none=True)
    break_even = fields.Nested(BreakEven, required=True, allow_none=True)
    observed = fields.Nested(
        ObservedView, required=True, allow_none=True, metadata={"description": "Null where too few deals tell."}
    )

    @pre_dump
    def tell(self, seen: Preview, **_: Any) -> dict[str, Any]:
        """Tell the exact figures as they are sent."""
        plan, both = seen.in_force, seen.comparison
        rise = both.break_even if both else None
        currency = plan.rules.currency if plan else ""
        return {
            "plan_id": plan.plan_id if plan else None,
            "plan_version": plan.version if plan else None,
            "sentence": seen.sentence,
            "alone": _way(both.alone, currency) if both else None,
            "with_partner": _way(both.together, currency) if both else None,
            "observed": observed_of(seen.observed),
            "break_even": None
            if rise is None
            else {
                "numerator": rise.numerator,
                "denominator": rise.denominator,
                "millionths": -(-rise.numerator * MILLION // rise.denominator),
            },
        }


def observed_of(factor: Interval | None) -> dict[str, str] | None:
    """Write a factor's bounds with one decimal, rounded outwards."""
    if factor is None:
        return None
    return {"low": f"{floor(10 * factor.low) / 10:.1f}", "high": f"{ceil(10 * factor.high) / 10:.1f}"}


def _way(way: Way, currency: str) -> dict[str, Any]:
    unit, after = 10 ** money.exponent(currency), way.after
    lines = [
        {
            "rule": one.rule,
            "amount": _exact(one.minor / unit),
            "base": _exact(one.base / unit),
            "rate": _exact(one.rate),
            "place": one.place,
        }
        for one in way.earned.lines
    ]
    reached = {
        "attained": money.Money(after.attained_minor, currency),
        "place": after.place,
        "rate": None if after.rate is None else _exact(after.rate),
        "to_next": None if after.next_minor is None else money.Money(after.next_minor, currency),
        "next_rate": None if after.next_rate is None else _exact(after.next_rate),
    }
    return {"earned": money.Money(way.earned.minor, currency), "lines": lines, "after": reached}


def _exact(value: Fraction) -> str:
    """Write a fraction that ends as the decimal it is; rates are millionths, and so all of them end."""
    digits = 0
    while value * 10**digits % 1:
        digits += 1
    whole = int(value * 10**digits)
    return f"{Decimal((int(whole < 0), tuple(int(one) for one in str(abs(whole))), -digits)):f}"
