"""Leads as they come: in clusters of one giver, company and month, of which only sizes and counts are known."""

from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import NamedTuple


class Cluster(NamedTuple):
    """Leads that came together: the side that gave them (0 or 1, by organization) and how many they are."""

    place: int
    size: int


Clusters = Mapping[Cluster, int]
"""How many clusters there are of each kind; counts and sizes are at least 1."""


class Pair(NamedTuple):
    """A number for the first and one for the second side."""

    first: int
    second: int


def singles(first: int, second: int) -> Clusters:
    """Return leads that came one by one."""
    return {Cluster(place, 1): count for place, count in enumerate((first, second)) if count}


def merged(parts: Iterable[Clusters]) -> Clusters:
    """Return the clusters of all parts together."""
    whole: Counter[Cluster] = Counter()
    for part in parts:
        whole.update(part)
    return whole


def mirrored(clusters: Clusters) -> Clusters:
    """Return the clusters as the other side sees them."""
    return {Cluster(1 - place, size): count for (place, size), count in clusters.items()}


def leads(clusters: Clusters) -> Pair:
    """Return how many leads each side gave."""
    given = [0, 0]
    for (place, size), count in clusters.items():
        given[place] += size * count
    return Pair(*given)


def effective(clusters: Clusters) -> float:
    """Return Kish's effective number of leads, `(sum of sizes)^2 / sum of size^2`; 0 for none.

    That many independent leads would tell as much (Kish, Survey Sampling, 1965).
    """
    squares = sum(count * size * size for (_, size), count in clusters.items())
    return sum(leads(clusters)) ** 2 / squares if squares else 0.0


def seed(clusters: Clusters) -> bytes:
    """Return what depends on the clusters alone, not on their order: SHA-256 of their sorted list."""
    told = ";".join(f"{place},{size},{count}" for (place, size), count in sorted(clusters.items()))
    return sha256(told.encode()).digest()
