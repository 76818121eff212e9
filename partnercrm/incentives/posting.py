"""What is posted for an event: earnings in whole minor units by rule, what stays of them after refunds, and both sides.

Pure and exact. Every amount on record is the difference between what an event comes to now and what was posted for it
before; so doing it again posts nothing, and undoing everything returns every balance to where it began.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final, NamedTuple

from partnercrm.incentives.plans import Earning, Rule

_PLACES: Final = {rule: place for place, rule in enumerate(Rule)}


class Account(StrEnum):
    """Where amounts stand, in one organization's books: debits are positive, credits negative.

    *Commission* is what sellers cost; *held* and *due* what they have earned, within the holding period and after it;
    *paid* what left. *Fees* are what the partnership costs (positive) or brings, *partner* what the partner owes
    (positive) or is owed.
    """

    COMMISSION = "commission"
    HELD = "held"
    DUE = "due"
    PAID = "paid"
    FEES = "fees"
    PARTNER = "partner"


class Kind(StrEnum):
    """Why something was posted."""

    ACCRUAL = "accrual"
    CLAWBACK = "clawback"
    RELEASE = "release"
    PAY_OUT = "pay_out"
    CORRECTION = "correction"
    IMPORT = "import"
    BONUS = "bonus"
    FEE = "fee"


class Reason(StrEnum):
    """Why somebody corrects by hand what was posted."""

    MISTAKE = "mistake"
    GOODWILL = "goodwill"
    AGREED = "agreed"


class Waits(StrEnum):
    """What is missing before an event earns anybody anything, or somebody of it."""

    SPLIT = "split"
    DIVISION = "division"
    PLAN = "plan"
    RATE = "rate"


class Part(NamedTuple):
    """What one rule makes of an earning, in whole minor units; where the rule names a tier or the like, its place."""

    rule: Rule
    place: int | None
    minor: int


class Key(NamedTuple):
    """What an entry of an earning is for: the rule, and the place of its tier or accelerator."""

    rule: Rule
    place: int | None


def parts(earning: Earning) -> tuple[Part, ...]:
    """Return an earning's lines in whole minor units; they sum to exactly what is earned.

    Each is the difference of what all lines up to it come to, rounded half to even: within one unit of its line.
    """
    return _stepped((line.rule, line.place, line.minor) for line in earning.lines if line.rule is not Rule.ROUNDING)


def stays(of: Iterable[Part], left: Fraction) -> tuple[Part, ...]:
    """Return what stays of an earning when `left` of its event does (1: all, 0: nothing), rounded for the payer.

    The sum never grows when less is left; nothing is left of it when nothing is.
    """
    if left == 1:
        return tuple(of)
    found: list[Part] = []
    whole = kept = 0
    for one in of:
        whole += one.minor
        now = whole * left.numerator // left.denominator
        if now != kept:
            found.append(Part(one.rule, one.place, now - kept))
        kept = now
    return tuple(found)


def by_rule(of: Iterable[Part]) -> Counter[Key]:
    """Return what an earning comes to, by rule and place."""
    found: Counter[Key] = Counter()
    for one in of:
        found[Key(one.rule, one.place)] += one.minor
    return found


def moved(before: Mapping[Key, int], after: Mapping[Key, int]) -> list[tuple[Key, int]]:
    """Return what has to be posted so that `after` stands where `before` did, in a fixed order."""
    keys = sorted({*before, *after}, key=_order)
    changes = ((key, after.get(key, 0) - before.get(key, 0)) for key in keys)
    return [(key, minor) for key, minor in changes if minor]


def following(month: date) -> date:
    """Return the first day of the month after one."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _stepped(lines: Iterable[tuple[Rule, int | None, Fraction]]) -> tuple[Part, ...]:
    found: list[Part] = []
    total, told = Fraction(0), 0
    for rule, place, minor in lines:
        total += minor
        if now := round(total) - told:
            found.append(Part(rule, place, now))
        told += now
    return tuple(found)


def _order(key: Key) -> tuple[int, int]:
    return _PLACES[key.rule], -1 if key.place is None else key.place
