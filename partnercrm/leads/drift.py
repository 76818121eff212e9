"""When both look for the cause of an imbalance, and when that ends: two states with hysteresis, read month by month.

It begins with evidence alone: with what leads/verdict.py names beyond chance. It ends where the estimate has come well
back into the band, at two readings one after the other, so that nothing flickers around an edge. Pure.
"""

from enum import StrEnum
from typing import Final, NamedTuple

from partnercrm.leads.clusters import Clusters, effective, leads
from partnercrm.leads.verdict import FEWEST, Judgement, Verdict
from partnercrm.partnerships.measures import Measure

NEEDED: Final = 2
"""So many readings one after the other must find the estimate back before the search for a cause ends."""


class Signal(StrEnum):
    """What one completed month lets be said: the band is left, the estimate is well back in it, or neither."""

    LEFT = "left"
    BACK = "back"
    UNCLEAR = "unclear"


class Change(StrEnum):
    """What a reading brings about: a search for a cause, its end, or its end because something else was agreed."""

    OPENS = "opens"
    CLOSES = "closes"
    LAPSES = "lapses"


class Yardstick(NamedTuple):
    """What was agreed that a verdict rests on."""

    share_percent: int
    tolerance_points: int
    measure: Measure
    window_months: int | None


class Reading(NamedTuple):
    """What is known once a month is over: the leads of the window that runs, or of one that ended since the last time.

    `judgement` is what may be spoken of it; None while nothing may. `is_final`: a window ended with it.
    """

    yardstick: Yardstick
    clusters: Clusters
    judgement: Judgement | None
    is_final: bool = False


class Standing(NamedTuple):
    """Where the search stands after a reading: whether the band is left, and how often the estimate was back since."""

    yardstick: Yardstick
    is_outside: bool = False
    backs: int = 0


def signal(reading: Reading) -> Signal:
    """Return what a reading says; back is an estimate within half the tolerance, of enough effective leads to tell."""
    if reading.judgement is not None and reading.judgement.verdict is Verdict.AHEAD:
        return Signal.LEFT
    given = leads(reading.clusters)
    points = abs(100 * given.first - reading.yardstick.share_percent * sum(given))
    if effective(reading.clusters) >= FEWEST and 2 * points <= reading.yardstick.tolerance_points * sum(given):
        return Signal.BACK
    return Signal.UNCLEAR


def following(before: Standing | None, reading: Reading, *, is_settled: bool) -> tuple[Standing, Change | None]:
    """Return where the search stands after a reading, and what it brings about.

    `is_settled`: both sides have closed the case of the last search by themselves. It is not opened again by what was
    known then, only by the verdict of another window.
    """
    yardstick = reading.yardstick
    if before is not None and before.is_outside and before.yardstick != yardstick:
        return Standing(yardstick), Change.LAPSES
    is_outside = before is not None and before.is_outside
    found = signal(reading)
    if found is Signal.LEFT:
        opens = not is_outside or (is_settled and reading.is_final)
        return Standing(yardstick, is_outside=True), Change.OPENS if opens else None
    if not is_outside or before is None:
        return Standing(yardstick), None
    backs = before.backs + 1 if found is Signal.BACK else 0
    if backs == NEEDED:
        return Standing(yardstick), None if is_settled else Change.CLOSES
    return Standing(yardstick, is_outside=True, backs=backs), None
