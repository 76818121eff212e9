"""A deal won alone beside the same deal won with the partner, for one seller. Pure and exact."""

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from partnercrm.incentives.plans import (
    MILLION,
    Earning,
    Plan,
    Standing,
    Tier,
    Won,
    earning,
    last_begun,
    thresholds,
)


class Reach(NamedTuple):
    """What a seller's next deals are paid after an event: the tier reached, its rate, and how far the next one is.

    `rate` is exact, with its accelerator; `next_minor` what is missing to the next tier and `next_rate` its rate, both
    None in the last one. All None but `attained_minor` where the plan pays nothing there.
    """

    attained_minor: int
    place: int | None = None
    rate: Fraction | None = None
    next_minor: int | None = None
    next_rate: Fraction | None = None


class Way(NamedTuple):
    """One way to win a deal: what it earns, and what it leaves for the rest of the period."""

    earned: Earning
    after: Reach


@dataclass(frozen=True, slots=True)
class Comparison:
    """A deal won alone beside the same deal won with the partner, for one seller."""

    alone: Way
    together: Way

    @property
    def break_even(self) -> Fraction | None:
        """By what the chance to win must rise for co-selling to pay; None where it pays nothing with the partner."""
        return break_even(self.alone.earned.minor, self.together.earned.minor)


def compared(plan: Plan, alone: Won, together: Won, standing: Standing) -> Comparison | None:
    """Return what a seller who stands there earns either way; None where the plan has no rate for one of them."""
    ways = []
    for won in (alone, together):
        earned = earning(plan, won, standing)
        if earned is None:
            return None
        ways.append(Way(earned, reach(plan, won, standing.attained_minor + won.minor)))
    return Comparison(*ways)


def reach(plan: Plan, won: Won, attained: int) -> Reach:
    """Return where an attainment stands in the table that pays what was won."""
    table = plan.table(won.product_line_id, won.on)
    starts = [Fraction(tier.from_minor) for tier in table.tiers] if table else []
    place = last_begun(starts, Fraction(attained))
    if table is None or place is None:
        return Reach(attained)
    beyond = [tier for tier in table.tiers if tier.from_minor > attained]
    following = min(beyond, key=lambda tier: tier.from_minor, default=None)
    return Reach(
        attained,
        place,
        _paid_at(plan, table.tiers[place], attained),
        following.from_minor - attained if following else None,
        _paid_at(plan, following, following.from_minor) if following else None,
    )


def break_even(alone_minor: int, together_minor: int) -> Fraction | None:
    """Return by what the chance to win must rise for co-selling to pay; None where it pays nothing with the partner.

    Expected earnings are equal where `chance alone x earning alone = chance together x earning together`.
    """
    return Fraction(alone_minor, together_minor) if together_minor > 0 else None


def _paid_at(plan: Plan, tier: Tier, attained: int) -> Fraction:
    """Return a tier's rate with the accelerator of an attainment."""
    place = None if plan.quota_minor is None else last_begun(thresholds(plan), Fraction(attained))
    return Fraction(tier.rate, MILLION) * (1 if place is None else Fraction(plan.accelerators[place].factor, MILLION))
