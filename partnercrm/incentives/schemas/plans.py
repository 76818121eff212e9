"""Shapes of a compensation plan, read into its rules with every fault at its field."""

from collections.abc import Iterable
from typing import Any, Final

from marshmallow import ValidationError, fields, post_load, pre_dump

from partnercrm.incentives.checking import faults
from partnercrm.incentives.plans import (
    Accelerator,
    CoSell,
    Plan,
    PlanStatus,
    QuotaPeriod,
    RateTable,
    Tier,
    TierMode,
    Trigger,
)
from partnercrm.kernel import money
from partnercrm.kernel.errors import FieldError
from partnercrm.web import limits
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Day, Id, Moment, Shape, Text, Whole, Written

_MOST: Final = 10_000_000
_TABLE: Final = {
    "product_line_id": None,
    "starts_on": "2026-01-01",
    "ends_on": None,
    "mode": "marginal",
    "tiers": [
        {"from": "0.00", "to": "100000.00", "rate": 50_000},
        {"from": "100000.00", "to": None, "rate": 80_000},
    ],
}
_AMOUNTS: Final = ("quota", "floor", "deal_cap", "period_cap", "lead_bonus", "lead_bonus_cap")


class Amount(Written):
    """A plain decimal string in the plan's currency."""

    def __init__(self, example: str, **options: Any) -> None:
        wrong = "Write a plain decimal amount such as 1200.50: digits, one point, no separators or sign."
        super().__init__(money.AMOUNT, wrong, most=20, example=example, **options)


class Millionths(Whole):
    """A rate, factor or share: 1,000,000 is 100 %."""

    def __init__(self, example: int, **options: Any) -> None:
        super().__init__(least=0, most=_MOST, example=example, metadata={"description": self.__doc__}, **options)


class CompensationTier(Shape):
    """A tier: from which attainment (included) to which (excluded, or without end), and its rate."""

    from_ = Amount("0.00", required=True, data_key="from")
    to = Amount("100000.00", allow_none=True, load_default=None)
    rate = Millionths(50_000, required=True)


class CompensationTable(Shape):
    """The rates of one product line, or of every line that has none of its own, between two days, both included."""

    product_line_id = Id(allow_none=True, load_default=None)
    starts_on = Day(required=True)
    ends_on = Day(allow_none=True, load_default=None)
    mode = Choice(TierMode, required=True)
    tiers = fields.List(
        fields.Nested(CompensationTier), required=True, validate=limits.Length(max=50), metadata={"maxItems": 50}
    )


class CompensationAccelerator(Shape):
    """From which share of the quota on rates are multiplied, and by what."""

    from_share = Millionths(1_000_000, required=True)
    factor = Millionths(1_500_000, required=True)

    @post_load
    def read(self, data: dict[str, int], **_: Any) -> Accelerator:
        """Read it as the plan's rule."""
        return Accelerator(**data)


class CompensationFactor(Shape):
    """By what the earning of a deal is multiplied in which the partner had this part."""

    co_sell = Choice(CoSell, required=True, metadata={"example": CoSell.LATE.value})
    factor = Millionths(500_000, required=True)

    @post_load
    def read(self, data: dict[str, Any], **_: Any) -> tuple[CoSell, int]:
        """Read it as the plan's rule."""
        return data["co_sell"], data["factor"]


class CompensationRules(Shape):
    """A plan's rules; all amounts are of its currency."""

    currency = Written(
        f"({'|'.join(money.CURRENCIES)})",
        "This is not a current ISO 4217 currency code.",
        least=3,
        most=3,
        example="EUR",
        required=True,
    )
    starts_on = Day(required=True)
    ends_on = Day(allow_none=True, load_default=None)
    tables = fields.List(
        fields.Nested(CompensationTable),
        required=True,
        validate=limits.Length(max=100),
        metadata={"maxItems": 100, "example": [_TABLE]},
    )
    quota = Amount("500000.00", allow_none=True, load_default=None)
    accelerators = fields.List(
        fields.Nested(CompensationAccelerator),
        load_default=list,
        validate=limits.Length(max=20),
        metadata={"maxItems": 20},
    )
    factors = fields.List(
        fields.Nested(CompensationFactor), load_default=list, validate=limits.Length(max=3), metadata={"maxItems": 3}
    )
    floor = Amount("50.00", allow_none=True, load_default=None)
    deal_cap = Amount("20000.00", allow_none=True, load_default=None)
    period_cap = Amount("100000.00", allow_none=True, load_default=None)
    lead_bonus = Amount("250.00", load_default="0")
    lead_bonus_cap = Amount("1000.00", allow_none=True, load_default=None)
    holding_days = Whole(least=0, most=1_000, example=30, load_default=0)
    trigger = Choice(Trigger, load_default=Trigger.WON)
    period = Choice(QuotaPeriod, load_default=QuotaPeriod.QUARTER)

    @pre_dump
    def tell(self, plan: Plan, **_: Any) -> dict[str, Any]:
        """Tell a plan as it is sent."""

        def text(minor: int | None) -> str | None:
            return None if minor is None else money.text(minor, plan.currency)

        names = ("currency", "starts_on", "ends_on", "holding_days", "trigger", "period")
        told = {name: getattr(plan, name) for name in names}
        tables = [
            {name: getattr(table, name) for name in ("product_line_id", "starts_on", "ends_on", "mode")}
            | {
                "tiers": [
                    {"from_": text(one.from_minor), "to": text(one.to_minor), "rate": one.rate} for one in table.tiers
                ]
            }
            for table in plan.tables
        ]
        factors = [{"co_sell": co_sell, "factor": factor} for co_sell, factor in plan.factors]
        amounts = {name: text(getattr(plan, f"{name}_minor")) for name in _AMOUNTS}
        return told | amounts | {"tables": tables, "accelerators": plan.accelerators, "factors": factors}

    @post_load
    def read(self, data: dict[str, Any], **_: Any) -> Plan:
        """Read the plan with its amounts in minor units; ValidationError names all that is wrong with it at once."""
        wrong: list[FieldError] = []

        def minor(field: str, amount: str | None) -> int | None:
            try:
                return None if amount is None else money.parse(amount, data["currency"]).minor
            except ValueError as error:
                wrong.append(FieldError(field, error.args[0]))
                return 0

        amounts = {f"{name}_minor": minor(name, data.pop(name)) for name in _AMOUNTS}
        tables = []
        for place, table in enumerate(data.pop("tables")):
            tiers = []
            for number, tier in enumerate(table.pop("tiers")):
                path = f"tables.{place}.tiers.{number}"
                begins, ends = minor(f"{path}.from", tier["from_"]), minor(f"{path}.to", tier["to"])
                tiers.append(Tier(begins or 0, ends, tier["rate"]))
            tables.append(RateTable(**table, tiers=tuple(tiers)))
        rules = {name: tuple(data.pop(name)) for name in ("accelerators", "factors")}
        plan = Plan(**(data | rules | amounts), tables=tuple(tables))
        if found := wrong or faults(plan):
            raise ValidationError(_nested(found))
        return plan


def _name(**options: Any) -> Text:
    return Text(most=100, example="Field sales 2026", **options)


class DraftCompensationPlan(Shape):
    """A plan to write."""

    name = _name(required=True)
    rules = fields.Nested(CompensationRules, required=True)


class ChangeCompensationPlan(Shape):
    """What to change: the name, or what the plan is to say next."""

    name = _name()
    rules = fields.Nested(CompensationRules)


class CheckCompensationPlan(Shape):
    """Rules to try out."""

    rules = fields.Nested(CompensationRules, required=True)


class CheckedCompensationPlan(Shape):
    """What the rules say, in words."""

    rules = fields.Nested(CompensationRules, required=True)
    sentences = fields.List(Text(most=500, example="5 % up to 100000.00 EUR, 8 % beyond."), required=True)


class AssignCompensationPlan(Shape):
    """Whose the plan is from a day on: a person's or a team's."""

    user_id = Id(allow_none=True, load_default=None)
    team_id = Id(allow_none=True, load_default=None)
    starts_on = Day(required=True)


class CompensationVersionView(Shape):
    """A published version; it never changes."""

    version = Whole(least=1, most=10**6, example=1, required=True)
    status = Choice(PlanStatus, required=True)
    published_at = Moment(required=True)
    rules = fields.Nested(CompensationRules, required=True)


class CompensationAssignmentView(Shape):
    """Whose a plan is from a day on."""

    user_id = Id(required=True, allow_none=True)
    team_id = Id(required=True, allow_none=True)
    starts_on = Day(required=True)


class CompensationPlanView(Shape):
    """A plan; its draft, and whose it is, are told to those who keep plans alone."""

    id = Id(required=True)
    name = _name(required=True)
    status = Choice(PlanStatus, required=True)
    draft = fields.Nested(CompensationRules, required=True, allow_none=True)
    versions = fields.List(fields.Nested(CompensationVersionView), required=True)
    assignments = fields.List(fields.Nested(CompensationAssignmentView), required=True)
    created_at = Moment(required=True)


class CompensationPlanQuery(ListQuery):
    """Which order."""

    sort = sort_field("-created_at", "created_at")


def _nested(found: Iterable[FieldError]) -> dict[str | int, Any]:
    """Return faults as marshmallow tells them: under each name or place of their path."""
    nested: dict[str | int, Any] = {}
    for fault in found:
        at = nested
        for part in fault.field.split("."):
            at = at.setdefault(int(part) if part.isdecimal() else part, {})
        at.setdefault("_schema", []).append(fault.message)
    return nested
