"""The share of given leads with older ones counting less: by half after each half-life. Pure; floats."""

from collections.abc import Iterable

from partnercrm.leads.reciprocity import Exchange


def weight(age: float, half_life: float) -> float:
    """Return `2 ** (-age / half_life)`, both in the same unit, `half_life` > 0; 1 for what is new or still to come."""
    return float(2 ** (-max(age, 0.0) / half_life))


def aged_share(exchanges: Iterable[tuple[float, Exchange]], half_life: float) -> float | None:
    """Return the first side's share of all leads, each pair of age and exchange weighted; None without a lead."""
    weighted = [(weight(age, half_life), exchange) for age, exchange in exchanges]
    whole = sum(by * (exchange.first + exchange.second) for by, exchange in weighted)
    return sum(by * exchange.first for by, exchange in weighted) / whole if whole else None
