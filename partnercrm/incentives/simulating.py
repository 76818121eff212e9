"""What a plan would have paid for what was sold: the same sales in the same order, once by each plan. Pure and exact.

Of a group's changes the quartiles are told (nearest rank, Hyndman and Fan 1996, type 1): of eight people or more none
of the three is the least or the greatest of anybody.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from partnercrm.incentives.plans import CoSell, Plan, Standing, Won, earning, period_start
from partnercrm.incentives.posting import parts, stays


class Sale(NamedTuple):
    """What a seller is credited with for an event, which part of it was not refunded, and by what it is paid so far."""

    user_id: UUID
    on: date
    product_line_id: UUID | None
    credit_minor: int
    left: Fraction
    co_sell: CoSell
    plan: Plan


class Change(NamedTuple):
    """What somebody has of their sales now, and what they would have."""

    now: int
    then: int


def changes(sales: Iterable[Sale], plan: Plan) -> dict[UUID, Change]:
    """Return what each seller has by what pays them, and would have by `plan`; sales oldest first.

    What the plan has no rate for earns nothing.
    """
    taken = list(sales)
    now, then = _replayed(taken, lambda sale: sale.plan), _replayed(taken, lambda _: plan)
    return {who: Change(now[who], then[who]) for who in sorted(now)}


def is_tellable(of: Iterable[Change], fewest: int) -> bool:
    """Tell whether sums of these hide each person: of what is earned now, of what would be, and of what changes.

    To each of the three at least `fewest` people add (nobody at all may change), and none of them more than half: a
    plan made to pay one of them, or nearly only one, tells nothing (the dominance rule of statistical offices).
    """
    found = list(of)
    moves = [abs(one.then - one.now) for one in found]
    sums = [[one.now for one in found], [one.then for one in found], *([moves] if any(moves) else [])]
    return all(sum(map(bool, each)) >= fewest and 2 * max(each) <= sum(each) for each in sums)


def coarse(minor: int) -> int:
    """Return an amount in two digits, the rest nothing, so that two sums that nearly agree are told alike."""
    step = int("1".ljust(len(str(abs(minor))) - 1, "0"))
    return round(Fraction(minor, step)) * step


def quartiles(values: Sequence[int]) -> tuple[int, int, int]:
    """Return the value that a quarter, a half and three quarters of the values do not exceed; ValueError of none."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("nothing has no quartiles")
    lower, middle, upper = (ordered[-(-len(ordered) * part // 4) - 1] for part in (1, 2, 3))
    return lower, middle, upper


def _replayed(sales: Iterable[Sale], by: Callable[[Sale], Plan]) -> Mapping[UUID, int]:
    standings: dict[tuple[UUID, date], Standing] = {}
    earned: dict[UUID, int] = defaultdict(int)
    for sale in sales:
        plan = by(sale)
        key = sale.user_id, period_start(plan.period, sale.on)
        before = standings.get(key, Standing())
        made = earning(plan, Won(sale.credit_minor, sale.product_line_id, sale.on, sale.co_sell), before)
        minor = sum(one.minor for one in stays(parts(made), sale.left)) if made else 0
        kept = sale.credit_minor * sale.left.numerator // sale.left.denominator
        standings[key] = Standing(before.attained_minor + kept, before.earned_minor + minor)
        earned[sale.user_id] += minor
    return earned
