"""Joint deals against what one side says it wins alone: how often, how large, how fast. Pure; integers and fractions.

A difference is named only beyond chance: two rates whose intervals do not touch; a stated middle that lies outside of
the interval of the joint median, which is that of its order statistics (95 % at least, no distribution assumed: David
and Nagaraja, Order Statistics, 7.1). Of fewer than `FEWEST` joint deals it is too few to tell.
"""

from collections.abc import Sequence
from enum import StrEnum
from math import comb
from typing import NamedTuple

from partnercrm.deals.involving import FEWEST, Outcome
from partnercrm.leads.intervals import Interval


class Against(StrEnum):
    """What joint deals are against a baseline."""

    HIGHER = "higher"
    LOWER = "lower"
    ALIKE = "no_difference_beyond_chance"
    TOO_FEW = "too_few_to_tell"
    NOT_STATED = "not_stated"


class Middle(NamedTuple):
    """The middle of some values, rounded down between two, and between which values the true one lies."""

    median: int
    low: int
    high: int


def middle(values: Sequence[int]) -> Middle | None:
    """Return the median with its interval of 95 % at least; None of fewer than `FEWEST` values."""
    number = len(values)
    if number < FEWEST:
        return None
    ordered = sorted(values)
    rank, below = 0, 1
    # P(fewer than `rank` + 1 of them lie below the true median) stays within 2.5 %.
    while 40 * below <= 2**number:
        rank += 1
        below += comb(number, rank)
    return Middle((ordered[(number - 1) // 2] + ordered[number // 2]) // 2, ordered[rank - 1], ordered[-rank])


def rates(joint: Outcome, alone: Outcome | None) -> Against:
    """Compare how often deals are won."""
    if alone is None:
        return Against.NOT_STATED
    if joint.interval is None or alone.interval is None:
        return Against.TOO_FEW
    if joint.is_below(alone):
        return Against.LOWER
    return Against.HIGHER if alone.is_below(joint) else Against.ALIKE


def middles(joint: Middle | None, stated: int | None) -> Against:
    """Compare the middle of joint deals with the one that is stated."""
    if stated is None:
        return Against.NOT_STATED
    if joint is None:
        return Against.TOO_FEW
    if joint.high < stated:
        return Against.LOWER
    return Against.HIGHER if joint.low > stated else Against.ALIKE


def factor(joint: Outcome, alone: Outcome | None) -> Interval | None:
    """Return between which factors the rate of joint deals lies above that of deals alone; None where too few tell.

    The ends are those of both intervals taken against each other, wider than either alone needs.
    """
    if alone is None or joint.interval is None or alone.interval is None or alone.interval.low <= 0:
        return None
    return Interval(joint.interval.low / alone.interval.high, joint.interval.high / alone.interval.low)
