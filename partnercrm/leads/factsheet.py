"""A fact sheet of one pattern: at which step leads end, where the difference sits. Of causes, never of guilt. Pure.

Exact: counts and fractions. Whether two rates differ by more than chance is asked of their intervals, which must not
overlap; that is stricter than a test of the difference, because several steps are looked at together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final, NamedTuple

from partnercrm.leads.clusters import Pair
from partnercrm.leads.intervals import Interval, jeffreys
from partnercrm.partnerships.measures import Measure

FEWEST: Final = 8
"""Of a step at which fewer leads came on or ended, and of a group of fewer leads, nothing is said."""


class Stage(StrEnum):
    """What stands between a lead given and a deal won: each is passed, or the lead ends there, or it is there yet."""

    ANSWER = "answer"
    QUALIFICATION = "qualification"
    DEAL = "deal"


_ALL: Final = tuple(Stage)
_COUNTS_AFTER: Final = {
    Measure.OFFERED: _ALL[:0],
    Measure.ACCEPTED: _ALL[:1],
    Measure.QUALIFIED: _ALL[:2],
    Measure.WON: _ALL,
}


@dataclass(frozen=True, slots=True)
class Passing:
    """How many leads came to a stage, how many passed it, and how many are there yet; the others ended there."""

    reached: int
    passed: int
    still_open: int

    @property
    def ended(self) -> int:
        """How many came to their end here."""
        return self.reached - self.passed - self.still_open

    @property
    def rate(self) -> Fraction | None:
        """Which part passed of those that passed or ended; None while none did."""
        settled = self.passed + self.ended
        return Fraction(self.passed, settled) if settled else None

    @property
    def interval(self) -> Interval | None:
        """Between which rates the true one lies, chance allowed for; None of fewer than eight leads."""
        settled = self.passed + self.ended
        return jeffreys(self.passed / settled, settled) if settled >= FEWEST else None


Funnel = Mapping[Stage, Passing]


class Cohort(NamedTuple):
    """Of the leads one side gave: how many, how many were accepted, qualified and won, how many are where yet."""

    offered: int = 0
    accepted: int = 0
    qualified: int = 0
    won: int = 0
    unanswered: int = 0
    unqualified: int = 0
    undecided: int = 0


def funnel(given: Cohort) -> Funnel:
    """Return what became of the leads one side gave, stage by stage."""
    return {
        Stage.ANSWER: Passing(given.offered, given.accepted, given.unanswered),
        Stage.QUALIFICATION: Passing(given.accepted, given.qualified, given.unqualified),
        Stage.DEAL: Passing(given.qualified, given.won, given.undecided),
    }


@dataclass(frozen=True, slots=True)
class Difference:
    """At a stage, fewer leads of the side at `place` came on than would have at the other direction's rate.

    `leads` is by how many. `is_told`: it is more than chance. `counts`: it widens the difference between the shares,
    because the stage comes before what is measured and it is that side's turn to give.
    """

    stage: Stage
    place: int
    leads: Fraction
    is_told: bool
    counts: bool


def differences(funnels: tuple[Funnel, Funnel], measure: Measure, next_to_give: int | None) -> list[Difference]:
    """Return at which stages the directions differ: first what widens the difference, each by the most leads."""
    found = [one for stage in Stage if (one := _difference(stage, funnels, measure, next_to_give))]
    return sorted(found, key=lambda one: (not one.counts, -one.leads, _ALL.index(one.stage)))


def _difference(
    stage: Stage, funnels: tuple[Funnel, Funnel], measure: Measure, next_to_give: int | None
) -> Difference | None:
    passings = [one[stage] for one in funnels]
    first, second = (one.rate for one in passings)
    if first is None or second is None or first == second:
        return None
    place = 0 if first < second else 1
    slow = passings[place]
    return Difference(
        stage=stage,
        place=place,
        leads=(slow.passed + slow.ended) * abs(first - second),
        is_told=_apart(*(one.interval for one in passings)),
        counts=place == next_to_give and stage in _COUNTS_AFTER[measure],
    )


def _apart(one: Interval | None, other: Interval | None) -> bool:
    return one is not None and other is not None and (one.high < other.low or other.high < one.low)


class Group(NamedTuple):
    """Leads of one month, product line, country or industry that each side gave; `key` None: not given."""

    key: str | None
    name: str | None
    given: Pair


@dataclass(frozen=True, slots=True)
class Segment:
    """A group, or several small ones together, and how many leads its first side gave beyond the agreed share.

    Over all segments `beyond` sums to that of the whole: it says where the difference sits.
    """

    keys: tuple[str | None, ...]
    name: str | None
    given: Pair
    beyond: Fraction


def segments(groups: Iterable[Group], share_percent: int, *, pooled: bool = True) -> list[Segment]:
    """Return where leads beyond the agreed share were given, the most first; months stay in their order.

    Groups of fewer than eight leads are `pooled`, with the smallest of the others where even together they are fewer.
    """
    found = sorted(groups, key=lambda one: (one.key is None, one.key or ""))
    if not pooled:
        return [_segment([one], share_percent) for one in found]
    alone = [[one] for one in found if sum(one.given) >= FEWEST]
    small = [one for one in found if sum(one.given) < FEWEST]
    if small and alone and sum(sum(one.given) for one in small) < FEWEST:
        smallest = min(alone, key=lambda unit: sum(unit[0].given))
        alone.remove(smallest)
        small = sorted([*smallest, *small], key=lambda one: (one.key is None, one.key or ""))
    told = [_segment(unit, share_percent) for unit in ([*alone, small] if small else alone)]
    return sorted(told, key=lambda one: (-abs(one.beyond), len(one.keys) > 1, str(one.keys)))


def _segment(unit: Sequence[Group], share_percent: int) -> Segment:
    given = Pair(sum(one.given.first for one in unit), sum(one.given.second for one in unit))
    beyond = given.first - Fraction(share_percent * sum(given), 100)
    return Segment(tuple(one.key for one in unit), unit[0].name if len(unit) == 1 else None, given, beyond)
