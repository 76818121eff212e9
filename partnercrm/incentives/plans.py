"""What a compensation plan pays for a deal, line by line, and what is wrong with a plan. Pure and exact.

A plan is data. Amounts are minor units of its one currency; rates, factors and shares of the quota are integer
millionths. *Attainment* is what a seller's won deals of the period come to. A **marginal** tier pays its rate for the
part of a deal that lies in it; a **whole** tier pays the rate of the tier that the deal reaches for all of that deal,
and nothing more for earlier ones. Lines are fractions; they are rounded once, half to even, by a line of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Final, NamedTuple
from uuid import UUID

MILLION: Final = 1_000_000


class TierMode(StrEnum):
    """For what a tier's rate is paid."""

    MARGINAL = "marginal"
    WHOLE = "whole"


class PlanStatus(StrEnum):
    """What became of a plan, or of a version of it."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class CoSell(StrEnum):
    """How the partner had a part in a deal."""

    ALONE = "alone"
    SOURCED = "sourced"
    INFLUENCED = "influenced"
    LATE = "late"


class Trigger(StrEnum):
    """Which event of a deal pays: that it was won, or what is invoiced, or what the customer paid.

    `elsewhere`: none here; another system computes what is earned, and it is brought in. Its rates serve previews.
    """

    WON = "won"
    INVOICED = "invoiced"
    PAID = "paid"
    ELSEWHERE = "elsewhere"


class QuotaPeriod(StrEnum):
    """For how long attainment, quota and caps count, by the calendar (UTC)."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Rule(StrEnum):
    """What made a line of an earning, in the order in which they apply."""

    TIER = "tier"
    ACCELERATOR = "accelerator"
    CO_SELL = "co_sell"
    FLOOR = "floor"
    DEAL_CAP = "deal_cap"
    PERIOD_CAP = "period_cap"
    LEAD_BONUS = "lead_bonus"
    ROUNDING = "rounding"


class Tier(NamedTuple):
    """From one attainment (included) to another (excluded; None: without end), and the rate."""

    from_minor: int
    to_minor: int | None
    rate: int


class Accelerator(NamedTuple):
    """From which share of the quota on rates are multiplied, and by what."""

    from_share: int
    factor: int


@dataclass(frozen=True, slots=True)
class RateTable:
    """The rates of a product line (None: of every line that has no table of its own) from a day to a day, included."""

    product_line_id: UUID | None
    starts_on: date
    ends_on: date | None
    mode: TierMode
    tiers: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan's rules; a limit that is None does not limit, and a deal alone always has the factor 1.

    `floor_minor` is the least that a deal worth anything pays, `deal_cap_minor` the most, `period_cap_minor` the most
    of a period.
    A qualified lead given to the partner pays `lead_bonus_minor`, in a period at most `lead_bonus_cap_minor`.
    What is earned is held for `holding_days` after the event of the kind `trigger` that earns it before it may be paid.
    """

    currency: str
    starts_on: date
    ends_on: date | None
    tables: tuple[RateTable, ...]
    quota_minor: int | None = None
    accelerators: tuple[Accelerator, ...] = ()
    factors: tuple[tuple[CoSell, int], ...] = ()
    floor_minor: int | None = None
    deal_cap_minor: int | None = None
    period_cap_minor: int | None = None
    lead_bonus_minor: int = 0
    lead_bonus_cap_minor: int | None = None
    holding_days: int = 0
    trigger: Trigger = Trigger.WON
    period: QuotaPeriod = QuotaPeriod.QUARTER

    def factor(self, co_sell: CoSell) -> Fraction:
        """Return by what a deal's earning is multiplied for how the partner had a part in it; 1 unless it is named."""
        return Fraction(dict(self.factors).get(co_sell, MILLION), MILLION)

    def table(self, product_line_id: UUID | None, on: date) -> RateTable | None:
        """Return the table for a line on a day: its own, else that of every line; None where the plan has none."""
        in_force = {one.product_line_id: one for one in self.tables if lies_in(on, one.starts_on, one.ends_on)}
        return in_force.get(product_line_id) or in_force.get(None)


class Won(NamedTuple):
    """What was won and is credited to a seller, in minor units of the plan's currency, not negative."""

    minor: int
    product_line_id: UUID | None
    on: date
    co_sell: CoSell = CoSell.ALONE


class Standing(NamedTuple):
    """How a seller stood in the period before an event: attainment, earned on deals, earned as lead bonuses."""

    attained_minor: int = 0
    earned_minor: int = 0
    lead_bonus_minor: int = 0


class Line(NamedTuple):
    """What one rule adds: of `base` minor units at `rate`; where the rule names a tier or accelerator, its place."""

    rule: Rule
    minor: Fraction
    base: Fraction = Fraction(0)
    rate: Fraction = Fraction(1)
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Earning:
    """What an event earns: its lines, which sum to exactly `minor`."""

    lines: tuple[Line, ...]

    @property
    def minor(self) -> int:
        """The whole minor units that are earned."""
        return int(sum((line.minor for line in self.lines), Fraction(0)))


def earning(plan: Plan, won: Won, standing: Standing) -> Earning | None:
    """Return what a seller who stands there earns for what was won; None where the plan has no rate for it.

    ValueError for a negative amount: what is undone is clawed back by the entries it made, never paid by a rule.
    """
    if won.minor < 0:
        raise ValueError("a plan pays for what was won")
    table = plan.table(won.product_line_id, won.on)
    if table is None:
        return None
    lines = [line for part in _parts(plan, table, won.minor, standing.attained_minor) for line in part]
    if (factor := plan.factor(won.co_sell)) != 1:
        lines.append(_adding(Rule.CO_SELL, _sum(lines), factor))
    if plan.floor_minor is not None and won.minor and _sum(lines) < plan.floor_minor:
        lines.append(Line(Rule.FLOOR, plan.floor_minor - _sum(lines)))
    if plan.deal_cap_minor is not None:
        lines += _capped(Rule.DEAL_CAP, lines, plan.deal_cap_minor)
    if plan.period_cap_minor is not None:
        lines += _capped(Rule.PERIOD_CAP, lines, max(0, plan.period_cap_minor - standing.earned_minor))
    return _rounded(lines)


def lead_bonus(plan: Plan, leads: int, standing: Standing) -> Earning:
    """Return what a seller earns for leads the partner has qualified, at most what the period's cap leaves.

    ValueError for fewer leads than none.
    """
    if leads < 0:
        raise ValueError("a plan pays for leads that were given")
    minor = Fraction(leads * plan.lead_bonus_minor)
    lines = [Line(Rule.LEAD_BONUS, minor, Fraction(leads), Fraction(plan.lead_bonus_minor))]
    if plan.lead_bonus_cap_minor is not None:
        lines += _capped(Rule.PERIOD_CAP, lines, max(0, plan.lead_bonus_cap_minor - standing.lead_bonus_minor))
    return _rounded(lines)


def lies_in(day: date, starts_on: date, ends_on: date | None) -> bool:
    """Tell whether a day lies between two, both included; None: without end."""
    return starts_on <= day and (ends_on is None or day <= ends_on)


def period_start(period: QuotaPeriod, day: date) -> date:
    """Return the first day of the period in which a day lies."""
    months = {QuotaPeriod.MONTH: 1, QuotaPeriod.QUARTER: 3, QuotaPeriod.YEAR: 12}[period]
    return date(day.year, day.month - (day.month - 1) % months, 1)


def _parts(plan: Plan, table: RateTable, minor: int, attained: int) -> Iterator[list[Line]]:
    """Yield the lines of each part of an amount that has one tier and one accelerator."""
    starts = [tier.from_minor for tier in table.tiers]
    begun = thresholds(plan)
    reached: Fraction | int = attained + minor
    if table.mode is TierMode.WHOLE:
        cuts = sorted({reached - minor, reached})
    else:
        cuts = sorted({reached - minor, reached, *(one for one in starts + begun if attained < one < reached)})
    for begin, end in pairwise(cuts):
        # A whole tier is that which the deal reaches; a marginal one that in which the part begins.
        at = reached if table.mode is TierMode.WHOLE else begin
        tier = last_begun(starts, at)
        if tier is None:
            continue
        rate = Fraction(table.tiers[tier].rate, MILLION)
        base = Fraction(end - begin)
        lines = [Line(Rule.TIER, base * rate, base, rate, tier)]
        if plan.quota_minor is not None and (place := last_begun(begun, at)) is not None:
            factor = Fraction(plan.accelerators[place].factor, MILLION)
            lines.append(_adding(Rule.ACCELERATOR, lines[0].minor, factor, place))
        yield lines


def thresholds(plan: Plan) -> list[Fraction]:
    """Return from which attainment each accelerator applies."""
    return [Fraction(one.from_share * (plan.quota_minor or 0), MILLION) for one in plan.accelerators]


def last_begun(starts: Sequence[Fraction | int], at: Fraction | int) -> int | None:
    """Return the place of the last start that is not beyond."""
    return max((place for place, start in enumerate(starts) if start <= at), key=lambda one: starts[one], default=None)


def _adding(rule: Rule, base: Fraction, factor: Fraction, place: int | None = None) -> Line:
    """Return what multiplying by a factor adds (less than 1: takes away)."""
    return Line(rule, base * (factor - 1), base, factor, place)


def _capped(rule: Rule, lines: Sequence[Line], most: int) -> list[Line]:
    beyond = _sum(lines) - most
    return [Line(rule, -beyond)] if beyond > 0 else []


def _rounded(lines: Sequence[Line]) -> Earning:
    exact = _sum(lines)
    difference = round(exact) - exact
    return Earning((*lines, *([Line(Rule.ROUNDING, difference)] if difference else [])))


def _sum(lines: Sequence[Line]) -> Fraction:
    return sum((line.minor for line in lines), Fraction(0))
