"""What a window can find: how often an imbalance of a given size is named, by the very verdict that names it. Pure.

For leads that come one by one. Leads in clusters tell as much as Kish's effective number of them.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from partnercrm.leads.beta import binomial_cdf
from partnercrm.leads.clusters import singles
from partnercrm.leads.verdict import Band, judged

VOLUMES: Final = (10, 20, 40, 80, 160, 320)
TOLERANCES: Final = (5, 10, 15, 20)
SHARES: Final = (60, 65, 70, 75, 80, 90)
_LEAST_STEP: Final = 10
_LARGEST: Final = 95


class Chance(NamedTuple):
    """How often, from 0 to 1, a window would name the side at `place`, were its true share `percent`."""

    place: int
    percent: int
    found: float


def found(number: int, band: Band, share: float) -> float:
    """Return the probability that, of `number` leads, the first side is named ahead when its true share is `share`."""
    return 1 - binomial_cdf(_fewest(number, band) - 1, number, share)


def chances(number: int, share_percent: int, tolerance_points: int) -> list[Chance]:
    """Return how often shares worth asking about would be found among `number` leads, for either side.

    They lie as far beyond the band as the band reaches, at least ten points; none beyond 95 %.
    """
    reach = tolerance_points + max(tolerance_points, _LEAST_STEP)
    agreed = ((0, share_percent), (1, 100 - share_percent))
    return [
        Chance(place, own + reach, found(number, Band.agreed(own, tolerance_points), (own + reach) / 100))
        for place, own in agreed
        if own + reach <= _LARGEST
    ]


def table() -> str:
    """Return docs/power.md: by band and volume, in how many of a hundred windows each imbalance is found."""
    return "\n".join([*_INTRODUCTION, *(line for points in TOLERANCES for line in _section(points)), ""])


@lru_cache(maxsize=4096)
def _fewest(number: int, band: Band) -> int:
    """Return the fewest leads of the first side, of `number`, that name it ahead; more than there are, if none do."""
    low, high = 0, number + 1
    while low < high:
        middle = (low + high) // 2
        if judged(singles(middle, number - middle), band).ahead == 0:
            high = middle
        else:
            low = middle + 1
    return low


def _section(points: int) -> Iterator[str]:
    band = Band.agreed(50, points)
    yield from ("", f"## Agreed 50 : 50, tolerated {points} points either way", "")
    yield "| leads | " + " | ".join(f"{share} : {100 - share}" for share in SHARES) + " |"
    yield "|---:|" + "---:|" * len(SHARES)
    for number in VOLUMES:
        chances = (f"{100 * found(number, band, share / 100):.0f} %" for share in SHARES)
        yield f"| {number} | " + " | ".join(chances) + " |"


_INTRODUCTION: Final = (
    "# What a window of leads can find",
    "",
    "Written by `python -m partnercrm power`; a test compares.",
    "",
    "A verdict names a side ahead only where chance is told apart. With few leads even a large imbalance looks like",
    "chance. The tables say in how many of a hundred windows it would be named at the window's end, for leads that",
    "come one by one. Leads that come in batches tell less: forty leads in batches of five tell as much as eight. A",
    "share on the edge of the band is named in about one of a hundred windows, one inside it more rarely still.",
)
