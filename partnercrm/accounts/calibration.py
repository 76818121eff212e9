"""Making a sum of evidence a probability, and learning from what people confirmed or rejected. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import ceil, exp, log, log1p
from typing import Final, NamedTuple

MILLION: Final = 1_000_000
_STEPS: Final = 100
_HALVINGS: Final = 40
_CLOSE: Final = 1e-9
_LARGEST: Final = 30.0


class Outcome(NamedTuple):
    """What people said of a pair whose evidence summed to `score`, in thousandths of natural logarithms."""

    score: int
    confirmed: bool


class Calibration(NamedTuple):
    """How scores are read: `offset + slope * score / 1000` is the logarithm of the odds, in thousandths."""

    slope: int
    offset: int

    def millionths(self, score: int) -> int:
        """Return the probability that a score means, in millionths; a higher score never means less."""
        odds = (self.offset + self.slope * score / 1000) / 1000
        return round(MILLION * _logistic(odds))

    def score(self, millionths: int) -> int:
        """Return the least score that means this probability, which lies between 0 and a million."""
        odds = log(millionths / (MILLION - millionths))
        return ceil((1000 * odds - self.offset) * 1000 / self.slope)


DEFAULT: Final = Calibration(slope=1000, offset=0)
"""Fitted to generated and labelled lists (docs/decisions.md, Matching)."""

TRUSTED: Final = 200
"""So many outcomes weigh as much as the calibration they change."""

_OFFSET_TOLD: Final = 0.1
_SLOPE_TOLD: Final = 1.0
"""What an outcome tells of offset and slope where it tells much: the curvature of the calibration that stood."""

_SLOPES: Final = (250, 4000)

Line = tuple[float, float]
Points = Sequence[tuple[float, float, int]]


def recalibrated(calibration: Calibration, outcomes: Iterable[Outcome], trusted: int = TRUSTED) -> Calibration:
    """Return the calibration that fits these outcomes and, as much as `trusted` of them, the one that stood.

    Platt's (1999) logistic fit by Newton's method, with the old calibration as what is expected (ridge). The same for
    outcomes in any order; without any it is the old one.
    """
    counted = sorted(Counter(outcomes).items())
    if not counted:
        return calibration
    points = [(one.score / 1000, float(one.confirmed), number) for one, number in counted]
    old = calibration.slope / 1000, calibration.offset / 1000
    line = old
    for _ in range(_STEPS):
        step = _step(line, old, points, trusted)
        line = _shortened(line, step, old, points, trusted)
        if max(map(abs, step)) < _CLOSE:
            break
    return Calibration(min(max(round(1000 * line[0]), _SLOPES[0]), _SLOPES[1]), round(1000 * line[1]))


def _step(line: Line, old: Line, points: Points, trusted: int) -> Line:
    """Return Newton's step of `_loss`, which is convex and so has one least value."""
    h_slope, h_both, h_offset = trusted * _SLOPE_TOLD, 0.0, trusted * _OFFSET_TOLD
    g_slope, g_offset = h_slope * (line[0] - old[0]), h_offset * (line[1] - old[1])
    for score, confirmed, number in points:
        probability = _logistic(line[1] + line[0] * score)
        spread = number * probability * (1 - probability)
        g_slope += number * (probability - confirmed) * score
        g_offset += number * (probability - confirmed)
        h_slope += spread * score * score
        h_both += spread * score
        h_offset += spread
    determinant = h_slope * h_offset - h_both * h_both
    return (h_both * g_offset - h_offset * g_slope) / determinant, (h_both * g_slope - h_slope * g_offset) / determinant


def _shortened(line: Line, step: Line, old: Line, points: Points, trusted: int) -> Line:
    """Go a step as far as it does not lead uphill."""
    here = _loss(line, old, points, trusted)
    for halvings in range(_HALVINGS):
        there = line[0] + step[0] / 2**halvings, line[1] + step[1] / 2**halvings
        if _loss(there, old, points, trusted) <= here:
            return there
    return line


def _loss(line: Line, old: Line, points: Points, trusted: int) -> float:
    """Return minus the log likelihood of the outcomes, and what it costs to leave the old calibration."""
    left = trusted * (_SLOPE_TOLD * (line[0] - old[0]) ** 2 + _OFFSET_TOLD * (line[1] - old[1]) ** 2) / 2
    for score, confirmed, number in points:
        odds = line[1] + line[0] * score
        left += number * (max(odds, 0.0) - confirmed * odds + log1p(exp(-abs(odds))))
    return left


def _logistic(odds: float) -> float:
    return 1 / (1 + exp(-min(max(odds, -_LARGEST), _LARGEST)))
