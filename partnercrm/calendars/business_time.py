"""Working time: how much of it lies between two moments, and when so much of it has passed. Pure and exact.

Time counts while the clock on the wall of the zone shows business hours: an hour that the clock shows twice counts
twice, one that it skips counts not at all. Moments are aware, results are in UTC, durations exact to the microsecond.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

DAY_MINUTES: Final = 1440
PATIENCE_DAYS: Final = 5 * 366
NONE: Final = timedelta()
# The fewest hours of a week that somebody else's clocks may run in, and what holidays and closures may add to them.
FEWEST: Final = timedelta(hours=15)
CLOSURE: Final = timedelta(days=14)
_WEEK: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)


class NeverOpen(ValueError):  # noqa: N818 - it says what is the case
    """No moment to work comes in sight, so no clock can run."""


class Span(NamedTuple):
    """From opening to closing, in minutes of the local day: `0 <= opens < closes <= 1440`."""

    opens: int
    closes: int


Spans = tuple[Span, ...]


class Window(NamedTuple):
    """Working time without a break: from and to in UTC, and the local day whose hours these are."""

    opens: datetime
    closes: datetime
    day: date


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """When somebody works: the hours of each weekday (Monday first), without holidays; single days said otherwise.

    ValueError for spans that overlap, are out of order or leave the day, and for a week that is not seven days.
    """

    zone: ZoneInfo
    week: tuple[Spans, ...]
    holidays: Container[date] = frozenset()
    days: Mapping[date, Spans] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what no clock could follow."""
        if len(self.week) != 7:
            raise ValueError("a week has seven days")
        for spans in (*self.week, *self.days.values()):
            ends = [0, *(minute for span in spans for minute in span), DAY_MINUTES]
            if any(one > next_ for one, next_ in pairwise(ends)) or any(one.opens == one.closes for one in spans):
                raise ValueError(f"not an order of spans within a day: {spans}")

    def spans_on(self, day: date) -> Spans:
        """Return the hours of this day: as said of the day itself, else none on a holiday, else the weekday's."""
        if (said := self.days.get(day)) is not None:
            return said
        return () if day in self.holidays else self.week[day.weekday()]


ALWAYS: Final = BusinessHours(ZoneInfo("UTC"), ((Span(0, DAY_MINUTES),),) * 7)


def add(hours: BusinessHours, moment: datetime, duration: timedelta) -> datetime:
    """Return the first moment by which `duration` of working time has passed since `moment`.

    Nothing passes when it is zero or less. Raises NeverOpen when no working time comes for five years.
    """
    left, moment = duration, moment.astimezone(UTC)
    if left <= NONE:
        return moment
    for opens, closes, _ in _windows_after(hours, moment):
        begins = max(opens, moment)
        if begins + left <= closes:
            return begins + left
        left -= closes - begins
    raise NeverOpen


def due(hours: BusinessHours, moment: datetime, duration: timedelta) -> datetime:
    """Return when `duration` of working time has passed since `moment`, but no later than `latest` allows.

    However few the hours are, no clock that somebody waits for runs for years, or takes years to be found.
    """
    ends = latest(moment, duration)
    left, moment = duration, moment.astimezone(UTC)
    if left <= NONE:
        return moment
    for opens, closes, _ in _windows_after(hours, moment, ends):
        begins = max(opens, moment)
        if begins + left <= closes:
            return min(begins + left, ends)
        left -= closes - begins
    return ends


def due_days(hours: BusinessHours, moment: datetime, days: int) -> datetime:
    """Return what `add_days` does, but no later than at three working days a week, with a closure between."""
    ends = moment.astimezone(UTC) + days * _WEEK / 3 + CLOSURE
    try:
        return min(add_days(hours, moment, days), ends)
    except NeverOpen:
        return ends


def latest(moment: datetime, duration: timedelta) -> datetime:
    """Return by when `duration` has passed at the fewest hours a week, with a closure between."""
    return moment.astimezone(UTC) + max(NONE, duration) * (_WEEK / FEWEST) + CLOSURE


def weekly(hours: BusinessHours) -> timedelta:
    """Return the hours of a usual week."""
    return sum((timedelta(minutes=span.closes - span.opens) for spans in hours.week for span in spans), NONE)


def add_days(hours: BusinessHours, moment: datetime, days: int) -> datetime:
    """Return when the `days`-th working day after the day of `moment` closes; 1 is the next. Raises NeverOpen."""
    begun = moment.astimezone(hours.zone).date()
    seen: list[date] = []
    for _, _, day in _windows_after(hours, moment.astimezone(UTC)):
        if day > begun and day not in seen:
            seen.append(day)
        if len(seen) == days:
            near = (day + nearby * _DAY for nearby in (-1, 0, 1, 2))
            return max(window.closes for one in near for window in _windows_in(hours, one) if window.day == day)
    raise NeverOpen


def between(hours: BusinessHours, start: datetime, end: datetime) -> timedelta:
    """Return the working time from `start` to `end`; negative when `end` is the earlier."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if end < start:
        return -between(hours, end, start)
    passed = NONE
    for number in range((end.date() - start.date()).days + 1):
        for opens, closes, _ in _windows_in(hours, start.date() + number * _DAY):
            passed += max(NONE, min(closes, end) - max(opens, start))
    return passed


def _windows_after(hours: BusinessHours, moment: datetime, until: datetime | None = None) -> Iterator[Window]:
    """Yield the windows that end after `moment`, in order, until a day or until none comes for five years."""
    day, waited = moment.date(), 0
    while waited <= PATIENCE_DAYS and (until is None or day <= until.date()):
        waited += 1
        for window in _windows_in(hours, day):
            if window.closes > moment:
                waited = 0
                yield window
        day += _DAY


def _windows_in(hours: BusinessHours, utc_day: date) -> Iterator[Window]:
    """Yield the working time within a day of UTC, in order."""
    for begins, ends, offset in _stretches(hours.zone, utc_day):
        first = (begins + offset).date()
        for day in (first + number * _DAY for number in range(((ends + offset).date() - first).days + 1)):
            midnight = datetime.combine(day, time(), UTC) - offset
            for span in hours.spans_on(day):
                opens = max(begins, midnight + timedelta(minutes=span.opens))
                closes = min(ends, midnight + timedelta(minutes=span.closes))
                if opens < closes:
                    yield Window(opens, closes, day)


@lru_cache(maxsize=8192)
def _stretches(zone: ZoneInfo, utc_day: date) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    """Return the parts of a day of UTC in which the zone keeps one offset, with it; no zone changes twice in one."""
    begins = datetime.combine(utc_day, time(), UTC)
    ends = begins + _DAY
    before, after = _offset(zone, begins), _offset(zone, ends)
    if before == after:
        return ((begins, ends, before),)
    last, first = begins, ends  # the last moment known to have the old offset, the first known to have the new one
    while first - last > _SECOND:
        middle = (last + (first - last) / 2).replace(microsecond=0)
        last, first = (middle, first) if _offset(zone, middle) == before else (last, middle)
    return (begins, first, before), (first, ends, after)


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or NONE
