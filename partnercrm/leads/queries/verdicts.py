"""What can be said of an exchange: its interval, the verdict of the window that ended, and what bets say by now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from partnercrm.leads.ageing import aged_share
from partnercrm.leads.clusters import Clusters, effective, leads, merged
from partnercrm.leads.facts import Periods
from partnercrm.leads.intervals import Interval, interval
from partnercrm.leads.power import Chance, chances
from partnercrm.leads.reciprocity import Exchange
from partnercrm.leads.verdict import Band, Judgement, Running, judged, running
from partnercrm.leads.windows import Window, ended_before, months_between, running_in
from partnercrm.partnerships.measures import Measure
from partnercrm.partnerships.models import Terms
from partnercrm.partnerships.validity import in_force

HALF_LIVES: Final = (3, 6, 12)
"""Months after which a lead counts half in an aged share."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The last agreed window that is over, the leads that counted in it, and its verdict."""

    window: Window
    clusters: Clusters
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Present:
    """The agreed window that runs, what counted in it so far and in its completed months, and what these may say."""

    window: Window
    clusters: Clusters
    completed: Clusters
    interval: Interval | None
    running: Running


@dataclass(frozen=True, slots=True)
class Findings:
    """What the index carries: its interval, how many independent leads it is worth, what such a number can find.

    `aged` are the first side's shares of all leads by the months after which one counts half.
    """

    interval: Interval | None
    effective: float
    aged: Mapping[int, float | None]
    ended: Ended | None
    present: Present
    chances: Sequence[Chance]


def findings(periods: Periods, known: Sequence[Terms], since: str | None, as_of: datetime) -> Findings:
    """Return what can be said at `as_of` of an exchange whose index counts from the month `since`.

    `periods` are the clusters and `known` the terms known then. As in the index, each month counts by the measure in
    force when it began.
    """
    terms, present = in_force(known, as_of), f"{as_of:%Y-%m}"
    band = Band.agreed(terms.share_given_percent, terms.tolerance_points)
    counted = _counted(periods, known)
    anchor = f"{agreed_since(known, as_of):%Y-%m}"
    ended = ended_before(present, anchor, terms.window_months)
    window = running_in(present, anchor, terms.window_months)
    whole = merged(clusters for month, clusters in counted.items() if since is None or month >= since)
    inside = {month: clusters for month, clusters in counted.items() if window.holds(month)}
    so_far = merged(inside.values())
    completed = [inside[month] for month in sorted(inside) if month < present]
    number = effective(whole)
    return Findings(
        interval=interval(whole),
        effective=number,
        aged=_aged(counted, present),
        ended=None if ended is None else _judged(ended, counted, band),
        present=Present(
            window,
            so_far,
            merged(completed),
            interval(so_far),
            running(completed, band),
        ),
        chances=chances(int(number), terms.share_given_percent, terms.tolerance_points),
    )


def _judged(window: Window, counted: Mapping[str, Clusters], band: Band) -> Ended:
    clusters = merged(clusters for month, clusters in counted.items() if window.holds(month))
    return Ended(window, clusters, judged(clusters, band))


def _aged(counted: Mapping[str, Clusters], present: str) -> dict[int, float | None]:
    dated = [(float(months_between(month, present)), Exchange(*leads(clusters))) for month, clusters in counted.items()]
    return {half_life: aged_share(dated, half_life) for half_life in HALF_LIVES}


def _counted(periods: Periods, known: Sequence[Terms]) -> dict[str, Clusters]:
    measures = {month: measured_by(known, month) for month in periods}
    return {month: by_measure.get(measures[month], {}) for month, by_measure in periods.items()}


def measured_by(known: Sequence[Terms], month: str) -> Measure:
    """Return the measure that was in force when a month `YYYY-MM` (UTC) began."""
    return in_force(known, datetime.fromisoformat(f"{month}-01T00:00Z")).measure


def agreed_since(known: Sequence[Terms], as_of: datetime) -> datetime:
    """Return since when what a verdict rests on is agreed as it is: share, tolerance, measure and window."""
    moments = sorted({one.effective_at for one in known if one.effective_at <= as_of}, reverse=True)
    since = known[0].effective_at
    for moment in moments:
        if _essence(in_force(known, moment)) != _essence(in_force(known, as_of)):
            break
        since = moment
    return since


def _essence(terms: Terms) -> tuple[object, ...]:
    return terms.share_given_percent, terms.tolerance_points, terms.measure, terms.window_months
