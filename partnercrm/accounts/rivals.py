"""What the other pairs of two lists tell of a pair: how much the lists have in common, and who else it may be. Pure.

Three things are estimated from all pairs found, by expectation and maximisation (Dempster, Laird and Rubin 1977): how
many companies are common to both lists, against what the prior expected; how many rivals are duplicates of each other;
and from these how probable each candidate of a company is beside its strongest rival. Sums are exact and rounded once,
so that neither order nor exchanging the lists changes anything.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import exp, fsum, log
from typing import Final
from uuid import UUID

from partnercrm.accounts.calibration import Calibration
from partnercrm.accounts.matching import Lists, Pair, Read, compared
from partnercrm.accounts.reasons import Because, Reason, both, score, sums

_STEPS: Final = 30
_UNDOUBTED: Final = 100
"""So many common companies weigh as much as what the prior expected."""

_RIVALS: Final = 30
_DUPLICATES: Final = 0.1
"""What is believed of rivals before any are seen: so many of which this share are duplicates."""

_STRONGEST: Final = 4
"""So many of a company's other candidates are compared with the one in question."""

_UNOPPOSED: Final = 600
"""What it tells that a pair was found, once its rivals are weighed; fitted to labelled and generated lists."""

_LEAST: Final = 1e-6
_MOST: Final = 30.0


def weighed(
    pairs: Sequence[Pair], left: Mapping[UUID, Read], right: Mapping[UUID, Read], lists: Lists, calibration: Calibration
) -> list[Pair]:
    """Return the pairs with what the others tell as one more reason; `left` and `right` hold the companies by id."""
    common = _common(pairs, lists)
    scores = [score((*pair.reasons, Reason(Because.SIZES, common))) for pair in pairs]
    rivals = _rivals(pairs, scores, left, right, lists)
    duplicates = _duplicates([alike for sides in rivals for side in sides for _, alike in side])
    told = list[Pair]()
    for pair, reached, sides in zip(pairs, scores, rivals, strict=True):
        final = _beside(reached, sides, duplicates)
        others = Reason(Because.OTHER_PAIRS, final - score(pair.reasons))
        told.append(pair._replace(millionths=calibration.millionths(final), reasons=(*pair.reasons, others)))
    return told


Rivals = Sequence[tuple[int, float]]
"""Of other candidates: the score, and the probability that it is a duplicate of the one in question."""


def _common(pairs: Sequence[Pair], lists: Lists) -> int:
    """Return what to add to the prior, in thousandths, so that it expects as many pairs as are found."""
    asked = [sums(pair.reasons)[:2] for pair in pairs]
    more = 0
    for _ in range(_STEPS):
        found = fsum(_logistic(both(group + more, one)) for group, one in asked)
        before, more = more, round(1000 * log((found + _UNDOUBTED) / (lists.expected + _UNDOUBTED)))
        if more == before:
            break
    return more


def _rivals(
    pairs: Sequence[Pair], scores: Sequence[int], left: Mapping[UUID, Read], right: Mapping[UUID, Read], lists: Lists
) -> list[tuple[Rivals, Rivals]]:
    """Return the strongest other candidates of each pair's left company, and of its right one."""
    near = defaultdict[UUID, list[tuple[int, UUID]]](list), defaultdict[UUID, list[tuple[int, UUID]]](list)
    for pair, reached in zip(pairs, scores, strict=True):
        near[0][pair.left].append((reached, pair.right))
        near[1][pair.right].append((reached, pair.left))
    for side in near:
        for candidates in side.values():
            candidates.sort(reverse=True)
            del candidates[_STRONGEST + 1 :]
    known = dict[tuple[UUID, UUID], float]()

    def rivals(candidates: list[tuple[int, UUID]], one: UUID, companies: Mapping[UUID, Read]) -> Rivals:
        others = [(reached, other) for reached, other in candidates if other != one][:_STRONGEST]
        for _, other in others:
            key = min(one, other), max(one, other)
            if key not in known:
                known[key] = compared(companies[key[0]], companies[key[1]], lists).millionths / 1_000_000
        return [(reached, known[min(one, other), max(one, other)]) for reached, other in others]

    return [
        (rivals(near[0][pair.left], pair.right, right), rivals(near[1][pair.right], pair.left, left)) for pair in pairs
    ]


def _duplicates(alike: Sequence[float]) -> float:
    """Return the share of rivals that are duplicates of what they rival, from how probable it is of each alone."""
    share = 0.5
    for _ in range(_STEPS):
        found = fsum(one * share / (one * share + (1 - one) * (1 - share)) for one in alike)
        share = (found + _RIVALS * _DUPLICATES) / (len(alike) + _RIVALS)
    return share


def _beside(reached: int, sides: tuple[Rivals, Rivals], duplicates: float) -> int:
    """Return the score of a pair beside its strongest rival on either side, in thousandths.

    Where rivals are duplicates they do not rival: both cases are averaged by their share.
    """
    against = [
        exp(min(_MOST, max(one / 1000 + log(max(_LEAST, 1 - same)) for one, same in side))) for side in sides if side
    ]
    alone = reached + _UNOPPOSED
    among = alone - 1000 * log(fsum((1, *against)))
    probable = [_logistic(one) for one in (alone, among)]
    return min(alone, round(1000 * _odds(duplicates * probable[0] + (1 - duplicates) * probable[1])))


def _logistic(thousandths: float) -> float:
    return 1 / (1 + exp(-max(-_MOST, min(_MOST, thousandths / 1000))))


def _odds(probability: float) -> float:
    return log(probability / max(1 - probability, exp(-_MOST)))
