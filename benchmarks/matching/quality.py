"""How good pairs are: precision, recall and F1 at a threshold, and how far probabilities are from what they promise."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from benchmarks.matching.lists import Truth

Scored = Mapping[tuple[UUID, UUID], float]
BINS: Final = 10


class Quality(NamedTuple):
    """What a threshold yields."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def quality(found: Scored, truth: Truth, threshold: float) -> Quality:
    """Return precision and recall of the pairs at or above a threshold; nothing found is wholly precise."""
    kept = {pair for pair, score in found.items() if score >= threshold}
    right = len(kept & truth)
    return Quality(right / len(kept) if kept else 1.0, right / len(truth) if truth else 1.0)


def best_single_threshold(sets: Sequence[tuple[Scored, Truth]], thresholds: Sequence[float]) -> float:
    """Return the one threshold at which the mean F1 over all sets is highest."""
    return max(thresholds, key=lambda one: sum(quality(found, truth, one).f1 for found, truth in sets))


def calibration_error(found: Scored, truth: Truth) -> float:
    """Return by how much probabilities miss the share that is true, weighed by how many pairs each tenth holds."""
    bins = [[0, 0.0, 0] for _ in range(BINS)]
    for pair, probability in found.items():
        one = bins[min(BINS - 1, int(probability * BINS))]
        one[0] += 1
        one[1] += probability
        one[2] += pair in truth
    return sum(abs(one[1] - one[2]) for one in bins) / max(1, len(found))
