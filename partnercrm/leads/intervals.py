"""The interval that a share of given leads carries, when leads come in clusters. Floats, deterministic, symmetric.

What is spoken is the hull of two intervals of 97.5 %: of the bootstrap over clusters, which knows how unequal clusters
are, and of Jeffreys' over Kish's effective number of leads, because the bootstrap is too narrow with few clusters.
"""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import shake_256
from math import sqrt
from typing import Final, NamedTuple

from partnercrm.leads.beta import beta_quantile, binomial_quantile
from partnercrm.leads.clusters import Cluster, Clusters, Pair, effective, leads, mirrored, seed

MISSES: Final = 0.025
"""How often an interval may miss the truth; with what is spoken on the way (`verdict.HASTE`) it makes 5 %."""

REDRAWN: Final = 256
"""Up to so many clusters of several sizes are drawn anew; beyond, the limit of drawing is computed."""

DRAWS: Final = 1599
_ENOUGH: Final = 1e6
_NORMAL: Final = 2.241402727604947


class Interval(NamedTuple):
    """Shares of the first side, in [0, 1]."""

    low: float
    high: float

    def hull(self, other: "Interval") -> "Interval":
        """Return the smallest interval that holds both."""
        return Interval(min(self.low, other.low), max(self.high, other.high))

    def mirrored(self) -> "Interval":
        """Return the same as shares of the second side."""
        return Interval(1 - self.high, 1 - self.low)


def interval(clusters: Clusters) -> Interval | None:
    """Return the interval of the first side's share of all leads; None when there is none.

    The same for the same clusters in any order; exchanging the sides mirrors it.
    """
    return _interval(tuple(sorted(clusters.items()))) if clusters else None


def jeffreys(share: float, number: float) -> Interval:
    """Return Jeffreys' interval of a share among `number` independent leads (Brown, Cai and DasGupta, 2001).

    Quantiles of Beta(x + 1/2, n - x + 1/2); it reaches 0 when no lead, and 1 when every lead, is the first side's.
    `number` need not be whole; more than a million leads tell no more than a million.
    """
    number = min(number, _ENOUGH)
    a, b = share * number + 0.5, (1 - share) * number + 0.5
    low = beta_quantile(MISSES / 2, a, b) if share > 0 else 0.0
    return Interval(low, 1 - beta_quantile(MISSES / 2, b, a) if share < 1 else 1.0)


def bootstrap(clusters: Clusters) -> Interval:
    """Return the percentile interval of the share when as many clusters are drawn from these, with replacement.

    One size: the drawn share is binomial, no draw is needed. Several: `DRAWS` seeded draws. More than `REDRAWN`
    clusters: the normal limit with the linearised variance of a ratio, `sum (first - share * size)^2 / (sum size)^2`,
    whose cost is that of the different sizes alone.
    """
    number = sum(clusters.values())
    if len({size for _, size in clusters}) == 1:
        first = sum(count for (place, _), count in clusters.items() if place == 0)
        low, high = (binomial_quantile(MISSES / 2, number, part / number) for part in (first, number - first))
        return Interval(low / number, 1 - high / number)
    return _drawn(clusters) if number <= REDRAWN else _limit(clusters)


@lru_cache(maxsize=4096)
def _interval(counted: tuple[tuple[Cluster, int], ...]) -> Interval:
    clusters = dict(counted)
    share = _share(leads(clusters))
    return bootstrap(clusters).hull(jeffreys(share, effective(clusters)))


def _share(given: Pair) -> float:
    return given.first / sum(given)


def _drawn(clusters: Clusters) -> Interval:
    """Draw from the orientation that sorts first, so that exchanging the sides mirrors the very same draws."""
    ours, theirs = sorted(clusters.items()), sorted(mirrored(clusters).items())
    if theirs < ours:
        return _drawn(mirrored(clusters)).mirrored()
    found = _percentiles(clusters)
    return found.hull(found.mirrored()) if ours == theirs else found


def _percentiles(clusters: Clusters) -> Interval:
    """Draw bytes, each naming a cluster, and count the kinds among as many as there are clusters."""
    kinds = [cluster for cluster, _ in sorted(clusters.items())]
    population = bytes(kind for kind, cluster in enumerate(kinds) for _ in range(clusters[cluster]))
    number = len(population)
    fair = 256 - 256 % number
    # At least half of all bytes are fair: three times as many as needed are always enough.
    stream = shake_256(seed(clusters)).digest(3 * number * DRAWS)
    drawn = stream.translate(bytes(population[byte % number] for byte in range(256)), bytes(range(fair, 256)))
    shares = sorted(_share(_counted(drawn[at : at + number], kinds)) for at in range(0, number * DRAWS, number))
    rank = round((DRAWS + 1) * MISSES / 2)
    return Interval(shares[rank - 1], shares[-rank])


def _counted(drawn: bytes, kinds: Sequence[Cluster]) -> Pair:
    return leads({cluster: drawn.count(kind) for kind, cluster in enumerate(kinds)})


def _limit(clusters: Clusters) -> Interval:
    given = leads(clusters)
    share = _share(given)
    squares = sum(count * (size * (1 - place - share)) ** 2 for (place, size), count in sorted(clusters.items()))
    reach = _NORMAL * sqrt(squares) / sum(given)
    return Interval(max(0.0, share - reach), min(1.0, share + reach))
