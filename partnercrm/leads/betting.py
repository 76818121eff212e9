"""Evidence that may be looked at after every period: what bets against a share inside the band would have won.

Whoever claims that the share does not exceed an edge should not lose by fair bets against it. The capital of such
bets is a test martingale: the chance that it ever reaches 1/a is at most a (Ville's inequality), however often it is
looked at (Shafer, Shen, Vereshchagin and Vovk, 2011; Waudby-Smith and Ramdas, 2024).
"""

from collections.abc import Iterable, Iterator, Sequence
from math import exp, inf, log, log1p
from typing import Final

from partnercrm.leads.clusters import Clusters, mirrored

BETS: Final = (0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 0.95)
"""Parts of the capital set on each cluster of full weight; the capital is the mean over all of them."""

LEAST_SCALE: Final = 5


def capitals(periods: Sequence[Clusters], edge: float) -> Iterator[float]:
    """Yield, after each period, the capital won from 1 by bets on a first side's share of leads above `edge`.

    Of the stake a cluster of size s is played for `min(s, scale) / scale`: `scale` is the largest cluster of earlier
    periods, known before the bet is made, so a cluster never counts beyond what was seen before. `edge` lies in
    [0, 1]; above 1 there is nothing to win, above 0 nothing to lose.
    """
    if edge in (0, 1):
        yield from (0.0 if edge else inf for _ in periods)
        return
    logs = [0.0] * len(BETS)
    for scale, period in zip(_scales(periods), periods, strict=True):
        for (place, size), count in sorted(period.items()):
            won = min(size, scale) / scale * ((place == 0) - edge) / edge
            logs = [before + count * log1p(bet * won) for before, bet in zip(logs, BETS, strict=True)]
        yield _mean(logs)


def evidence_above(periods: Sequence[Clusters], edge: float) -> float:
    """Return what bets on a first side's share above `edge` made of 1 by now."""
    return _last(capitals(periods, edge))


def evidence_below(periods: Sequence[Clusters], edge: float) -> float:
    """Return what bets on a first side's share below `edge` made of 1 by now."""
    return _last(capitals([mirrored(period) for period in periods], 1 - edge))


def _last(capital: Iterable[float]) -> float:
    """Return the last of the capitals; 1, what the bets began with, before any period."""
    now = 1.0
    for now in capital:  # noqa: B007 - only the last one counts
        pass
    return now


def _scales(periods: Iterable[Clusters]) -> Iterable[int]:
    largest = LEAST_SCALE
    for period in periods:
        yield largest
        largest = max((largest, *(size for _, size in period)))


def _mean(logs: Sequence[float]) -> float:
    """Average capitals given by their logarithms; what no float holds is infinite."""
    highest = max(logs)
    whole = highest + log(sum(exp(one - highest) for one in logs) / len(logs))
    return exp(whole) if whole < _LARGEST else inf


_LARGEST: Final = 700.0
