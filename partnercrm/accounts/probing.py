"""What keeps a mapping from being used to try out guesses: bands, differences, budgets, ripening and tripwires; pure.

Count thresholds alone protect no customer list: whoever knows some members pads a list with them until one guess more
or less shows. So a count is told in bands whose edges move by a few that nobody knows, anew only when it has moved by
more than a few, for a handful of changed lists in a period; and of accounts that are new to a list nothing is told
singly before a period is over. This bounds probing, and does not make it impossible.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

K: Final = 10
PERIOD: Final = timedelta(days=30)
EPOCH: Final = timedelta(days=7)
COMPARISONS: Final = 4
KEPT: Final = timedelta(days=400)
"""How long is known what was compared: longer than any tripwire rests."""

EDGES: Final[tuple[int, ...]] = tuple(step * 10**power // 2 for power in range(1, 9) for step in (2, 5, 10))
_LEAST_MATCHED: Final = 50
_LEAST_CHANGED: Final = 50


class Band(NamedTuple):
    """Between which numbers a count lies, both included; `most` is None where there is no upper edge."""

    least: int
    most: int | None


class Told(NamedTuple):
    """What a band was told from: the count, and which epoch; neither side reads it."""

    number: int
    epoch: int


class Tripwire(StrEnum):
    """What stops a mapping until a manager of either side has looked."""

    MATCH_RATIO = "match_ratio"
    LIST_GROWTH = "list_growth"
    FICTITIOUS = "fictitious"


# For how long a tripwire rests after both sides lifted the freeze it caused: an overlap that is large stays large.
RESTS: Final[Mapping[Tripwire, timedelta]] = {
    Tripwire.MATCH_RATIO: timedelta(days=365),
    Tripwire.LIST_GROWTH: PERIOD,
    Tripwire.FICTITIOUS: PERIOD,
}


class Look(NamedTuple):
    """What a side brings to an epoch.

    `size`: accounts on its lists; `changed`: how many came onto them or became other companies within the period;
    `matched`: how many the other side has too; `fictitious`: how many of the other's fictitious accounts they hit.
    """

    size: int
    changed: int
    matched: int
    fictitious: int


def blur(secret: bytes, *basis: object) -> int:
    """Return 0 to K - 1 as it follows from the partnership's secret and what it is for: the same whenever asked."""
    written = "/".join(str(one) for one in basis).encode()
    return int.from_bytes(hashlib.sha256(secret + written).digest()[:8]) % K


def band(count: int, blurred: int) -> Band:
    """Return the band that is told of a count; whatever the blur, the count lies in it.

    The edges are those of the count less the blur, so a band reaches K - 1 beyond its upper edge, into the next one.
    """
    seen = max(0, count - blurred)
    below = [edge for edge in EDGES if edge <= seen]
    above = EDGES[len(below)] if len(below) < len(EDGES) else None
    return Band(below[-1] if below else 0, above + K - 2 if above else None)


def roughly(number: int) -> int:
    """Return at least how many there are, as the length of a list is told: none, one, or the edge below."""
    return max(edge for edge in (0, 1, *EDGES) if edge <= number)


def retold(told: Told | None, count: int, epoch: int, secret: bytes, mapping_id: UUID) -> Told:
    """Return what a count is told from in an epoch: what it was told from before, while the difference is small.

    Small is less than K and a few more that follow from the secret: else whoever brings K - 1 known members and one
    guess would read the guess from whether anything is told anew.
    """
    if told is None:
        return Told(count, epoch)
    least = K + blur(secret, mapping_id, epoch, "difference")
    return Told(count, epoch) if abs(count - told.number) >= least else told


def band_told(told: Told, secret: bytes, mapping_id: UUID) -> Band:
    """Return the band both sides read; it stays the same for as long as it is told from the same."""
    return band(told.number, blur(secret, mapping_id, told.epoch, "band"))


def comparisons_left(spent: Iterable[datetime], now: datetime) -> int:
    """Return how many changed lists of a side may still be compared for counts in the period that ends now."""
    return max(0, COMPARISONS - sum(now - PERIOD < moment <= now for moment in spent))


def ripe_at(listed_at: datetime) -> datetime:
    """Return from when on an account that came onto a list later, or became another company, is told of singly."""
    return listed_at + PERIOD


def tripped(look: Look, resting: Collection[Tripwire] = ()) -> list[Tripwire]:
    """Return the tripwires that a side's lists touch, but for those that rest."""
    touched = {
        Tripwire.MATCH_RATIO: look.matched >= _LEAST_MATCHED and 2 * look.matched > look.size,
        Tripwire.LIST_GROWTH: look.changed > max(_LEAST_CHANGED, look.size // 10),
        Tripwire.FICTITIOUS: look.fictitious > 0,
    }
    return [wire for wire, is_touched in touched.items() if is_touched and wire not in resting]


def resting(lifted: Iterable[tuple[Tripwire, datetime]], now: datetime) -> frozenset[Tripwire]:
    """Return the tripwires whose freezes both sides lifted not long ago."""
    return frozenset(wire for wire, moment in lifted if now < moment + RESTS[wire])
