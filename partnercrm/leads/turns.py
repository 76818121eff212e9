"""Who gives next: how many leads bring an exchange back into the agreed tolerance. Pure, exact integers."""

from typing import NamedTuple


class Turn(NamedTuple):
    """The side that gives next (0 or 1) and how many leads bring both back into tolerance."""

    place: int
    leads: int


def turn(first: int, second: int, *, share_percent: int, tolerance_points: int) -> Turn | None:
    """Return whose turn it is after `first` and `second` leads were accepted, or None within the agreed tolerance.

    `share_percent` is the first side's agreed share. The count is the smallest n for which n further accepted
    leads of that side alone satisfy `|100·first/(first + second) - share| ≤ tolerance`.
    """
    highest, lowest = share_percent + tolerance_points, share_percent - tolerance_points
    total = first + second
    if 100 * first > highest * total:
        return Turn(1, -(-100 * first // highest) - total)
    if 100 * first < lowest * total:
        return Turn(0, -(-100 * second // (100 - lowest)) - total)
    return None


def advance_left(given: int, received: int, advance: int) -> int:
    """Return how many more leads a side gives, of the agreed trust advance, before it is the other's turn."""
    return max(0, advance - (given - received))


def advance_turn(first: int, second: int, advance: int) -> Turn | None:
    """Return who gives next, and how many until both gave alike, once a side has given the whole trust advance.

    `first` and `second` leads were offered and not taken back. None while either side may give.
    """
    if abs(first - second) < advance:
        return None
    return Turn(1, first - second) if first > second else Turn(0, second - first)
