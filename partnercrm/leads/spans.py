"""Spans of whole months (UTC) over what happened, as a reader asks for them. Pure."""

import re
from datetime import UTC, datetime
from typing import Final, NamedTuple

MONTH: Final = "[12][0-9]{3}-(0[1-9]|1[0-2])"
WRITTEN: Final = rf"({MONTH})?\.\.({MONTH})?"


class Span(NamedTuple):
    """The first and the last month, both included, as `YYYY-MM`; None leaves that end open."""

    first: str | None = None
    last: str | None = None

    @property
    def is_backwards(self) -> bool:
        """Whether its end lies before its beginning."""
        return self.first is not None and self.last is not None and self.last < self.first

    @property
    def begins_at(self) -> datetime | None:
        """The moment from which it counts."""
        return _first_moment(self.first) if self.first else None

    @property
    def ends_before(self) -> datetime | None:
        """The moment before which it counts: the first of the month that follows."""
        return _first_moment(next_month(self.last)) if self.last else None

    def holds(self, month: str) -> bool:
        """Tell whether a month, as `YYYY-MM`, is in it."""
        return (self.first is None or month >= self.first) and (self.last is None or month <= self.last)

    def __str__(self) -> str:
        return f"{self.first or ''}..{self.last or ''}"


def span(written: str) -> Span:
    """Read `YYYY-MM..YYYY-MM`, either end of which may be left out. ValueError for anything else."""
    if not re.fullmatch(WRITTEN, written):
        raise ValueError(written)
    first, _, last = written.partition("..")
    return Span(first or None, last or None)


def next_month(month: str) -> str:
    """Return the month that follows one, as `YYYY-MM`."""
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]), 12)
    return f"{year:04}-{number + 1:02}"


def months_until(moment: datetime, number: int) -> Span:
    """Return so many months, the last of them that in which a moment lies (UTC)."""
    utc = moment.astimezone(UTC)
    year, place = divmod(utc.year * 12 + utc.month - number, 12)
    return Span(f"{year:04}-{place + 1:02}", f"{utc.year:04}-{utc.month:02}")


def _first_moment(month: str) -> datetime:
    return datetime(int(month[:4]), int(month[5:]), 1, tzinfo=UTC)
