"""The windows both agreed to look at: whole months, one after another, from the month the terms took force. Pure.

Their ends follow from the terms alone, so nobody picks the moment at which a verdict is spoken.
"""

from typing import NamedTuple


class Window(NamedTuple):
    """Months `YYYY-MM` (UTC), both inclusive; `last` is None when no end was agreed."""

    first: str
    last: str | None

    def holds(self, month: str) -> bool:
        """Tell whether the month lies in the window."""
        return self.first <= month and (self.last is None or month <= self.last)


def running_in(month: str, anchor: str, length: int | None) -> Window:
    """Return the window of `length` months that `month` lies in; the first one for a month before the anchor.

    None as length: everything since the anchor.
    """
    if length is None:
        return Window(anchor, None)
    passed = max(0, (_number(month) - _number(anchor)) // length)
    first = _number(anchor) + passed * length
    return Window(_name(first), _name(first + length - 1))


def ended_before(month: str, anchor: str, length: int | None) -> Window | None:
    """Return the last window that was over when `month` began, or None while the first one runs."""
    first = _number(running_in(month, anchor, length).first)
    if length is None or first == _number(anchor):
        return None
    return Window(_name(first - length), _name(first - 1))


def all_ended(month: str, anchor: str, length: int | None) -> list[Window]:
    """Return every window since the anchor that was over when `month` began, oldest first."""
    if length is None:
        return []
    firsts = range(_number(anchor), _number(month) - length + 1, length)
    return [Window(_name(first), _name(first + length - 1)) for first in firsts]


def months_between(month: str, later: str) -> int:
    """Return how many months after `month` the month `later` is; negative when it is before."""
    return _number(later) - _number(month)


def _number(month: str) -> int:
    year, place = month.split("-")
    return int(year) * 12 + int(place) - 1


def _name(number: int) -> str:
    year, place = divmod(number, 12)
    return f"{year:04}-{place + 1:02}"
