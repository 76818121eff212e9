"""How opening times are written, `09:00-12:00, 13:00-17:00`, and read: pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from partnercrm.calendars.business_time import Span, Spans
from partnercrm.kernel.errors import Told

_TIME: Final = r"([01][0-9]|2[0-3]):[0-5][0-9]"
SPAN: Final = rf"{_TIME}-({_TIME}|24:00)"
TIMES: Final = rf"({SPAN}(, ?{SPAN}){{0,3}})?"
DAY: Final = rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}( {SPAN}(, ?{SPAN}){{0,3}})?"


def read_times(written: str) -> Spans:
    """Return the spans of one day; none when nothing is written. ValueError where they overlap or end too early."""
    spans = tuple(Span(*map(_minutes, span.split("-"))) for span in re.split(r", ?", written) if span)
    ends = [minute for span in spans for minute in span]
    if any(one >= other for one, other in pairwise(ends)):
        raise ValueError(
            Told("%(written)s: write times in their order, each from an earlier to a later one.", written=written)
        )
    return spans


def write_times(spans: Spans) -> str:
    """Return the spans of one day as they are written."""
    return ", ".join(f"{_written(span.opens)}-{_written(span.closes)}" for span in spans)


def write_week(week: Sequence[Spans]) -> list[tuple[int, int, str]]:
    """Return the open days of a week, 0 to 6, those alike in a row as one: first, last, their times."""
    runs: list[tuple[int, int, str]] = []
    for day, spans in enumerate(week):
        times = write_times(spans)
        if runs and runs[-1][1:] == (day - 1, times):
            runs[-1] = runs[-1][0], day, times
        elif times:
            runs.append((day, day, times))
    return runs


def read_days(lines: Sequence[str]) -> dict[date, Spans]:
    """Return what is said of single days: `2026-12-24 09:00-12:00`, or the date alone for a day off.

    ValueError where there is no such day or it is written twice.
    """
    found: dict[date, Spans] = {}
    for line in lines:
        on, _, times = line.partition(" ")
        try:
            day = date.fromisoformat(on)
        except ValueError as error:
            raise ValueError(Told("%(day)s: there is no such day.", day=on)) from error
        if day in found:
            raise ValueError(Told("%(day)s: this day is written twice.", day=on))
        found[day] = read_times(times)
    return found


def write_days(days: Mapping[date, Spans]) -> list[str]:
    """Return what is said of single days as it is written, in order."""
    return [f"{day.isoformat()} {write_times(days[day])}".strip() for day in sorted(days)]


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return 60 * int(hours) + int(minutes)


def _written(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
