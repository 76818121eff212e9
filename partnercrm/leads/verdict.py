"""What can be said of an exchange against the agreed share: named only where chance is told apart. Pure.

Of a window of agreed months the verdict is spoken at its end, by the interval. While a window runs, only what bets
after every completed month and the interval both say is spoken: together they may be looked at whenever one likes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from partnercrm.leads.betting import evidence_above, evidence_below
from partnercrm.leads.clusters import Cluster, Clusters, effective, leads, merged
from partnercrm.leads.intervals import Interval, interval


class Verdict(StrEnum):
    """How the share of given leads lies to the agreed band."""

    AHEAD = "ahead"
    WITHIN = "within_tolerance_so_far"
    BALANCED = "balanced"
    TOO_FEW = "too_few_to_tell"


class Band(NamedTuple):
    """The shares of the first side that both agreed to tolerate, in [0, 1]."""

    low: float
    high: float

    @classmethod
    def agreed(cls, share_percent: int, tolerance_points: int) -> "Band":
        """Return the band around the agreed share."""
        low, high = share_percent - tolerance_points, share_percent + tolerance_points
        return cls(max(low, 0) / 100, min(high, 100) / 100)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with the interval it rests on; `ahead` is the place of the side that gave more than agreed."""

    verdict: Verdict
    interval: Interval | None
    ahead: int | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """What bets have won by now, each against one claim, and what may be spoken before the window ends, if anything.

    `first` and `second`: against the claim that this side is not ahead.
    """

    first: float
    second: float
    spoken: Judgement | None


HASTE: Final = 0.025
"""How often somebody may be named falsely before a window ends, at any of its months."""

NEEDED: Final = 2 / HASTE
"""What a bet must have won before it speaks: half of HASTE for each of two claims."""


FEWEST: Final = 6
"""Of fewer effective leads nothing is named: five of one side come to an even exchange in one of sixteen windows."""


def judged(clusters: Clusters, band: Band) -> Judgement:
    """Return the verdict on all leads of a window that ended, as mission.md has it."""
    found = interval(clusters)
    if found is None:
        return Judgement(Verdict.TOO_FEW, None)
    if effective(clusters) >= FEWEST:
        if found.low > band.high:
            return Judgement(Verdict.AHEAD, found, ahead=0)
        if found.high < band.low:
            return Judgement(Verdict.AHEAD, found, ahead=1)
        if band.low <= found.low and found.high <= band.high:
            return Judgement(Verdict.BALANCED, found)
    given = leads(clusters)
    inside = band.low <= given.first / sum(given) <= band.high
    return Judgement(Verdict.WITHIN if inside else Verdict.TOO_FEW, found)


def running(periods: Sequence[Clusters], band: Band) -> Running:
    """Return what may be said of a window that still runs, after its completed periods, in their order."""
    return _running(tuple(tuple(sorted(period.items())) for period in periods), band)


@lru_cache(maxsize=1024)
def _running(counted: tuple[tuple[tuple[Cluster, int], ...], ...], band: Band) -> Running:
    periods = [dict(period) for period in counted]
    first, second = evidence_above(periods, band.high), evidence_below(periods, band.low)
    now = judged(merged(periods), band)
    within = min(evidence_below(periods, band.high), evidence_above(periods, band.low)) >= NEEDED
    proven = {
        (Verdict.AHEAD, 0): first >= NEEDED,
        (Verdict.AHEAD, 1): second >= NEEDED,
        (Verdict.BALANCED, None): within,
    }
    return Running(first, second, now if proven.get((now.verdict, now.ahead)) else None)
