"""Which pairs below the threshold two sides are asked about, and what their answers come to; pure.

Each side reads its own account and that the partner may have it. Where both confirm, the two are one company from the
next epoch on; where either rejects, they are never asked about again.
"""

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from partnercrm.accounts.calibration import DEFAULT, Calibration, Outcome, recalibrated
from partnercrm.accounts.matching import CANDIDATE, MATCH, Pair
from partnercrm.accounts.reasons import score

ASKED: Final = 20
"""So many pairs of a partnership stand for decision at a time: a longer list would be one to try guesses on."""


class Answer(StrEnum):
    """What a side says of a candidate."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Asked(NamedTuple):
    """A pair that was asked about: of which two accounts, by which evidence, and what either side said."""

    id: UUID
    first: UUID
    second: UUID
    score: int
    answers: tuple[Answer | None, Answer | None]

    @property
    def is_confirmed(self) -> bool:
        """Whether both sides said that it is one company."""
        return self.answers == (Answer.CONFIRMED, Answer.CONFIRMED)

    @property
    def is_rejected(self) -> bool:
        """Whether either side said that it is not."""
        return Answer.REJECTED in self.answers


def outcomes(asked: Iterable[Asked]) -> list[Outcome]:
    """Return what people said, by score: confirmed by both, or rejected by either; what waits says nothing yet."""
    return [Outcome(one.score, one.is_confirmed) for one in asked if one.is_confirmed or one.is_rejected]


def read_again(pairs: Iterable[Pair], said: Sequence[Outcome], before: Calibration = DEFAULT) -> list[Pair]:
    """Return the pairs with the probabilities that follow from what people said of others."""
    if not said:
        return list(pairs)
    calibration = recalibrated(before, said)
    return [
        pair._replace(millionths=calibration.millionths(score(pair.reasons))) if pair.reasons else pair
        for pair in pairs
    ]


def same(pairs: Iterable[Pair], asked: Sequence[Asked]) -> list[tuple[UUID, UUID]]:
    """Return which accounts are one company: by the evidence unless a side said no, and where both said so."""
    refused = {(one.first, one.second) for one in asked if one.is_rejected}
    found = [(pair.left, pair.right) for pair in pairs if pair.millionths >= MATCH]
    found += [(one.first, one.second) for one in asked if one.is_confirmed]
    return [one for one in dict.fromkeys(found) if one not in refused]


def to_ask(pairs: Iterable[Pair], asked: Iterable[Asked], settled: Collection[UUID]) -> list[Pair]:
    """Return the pairs to ask both sides about: the most probable first, of each account the best one alone.

    `settled` are accounts that both sides are told of already. The same with the sides exchanged.
    """
    decided = {(one.first, one.second) for one in asked if one.is_rejected or one.is_confirmed}
    open_pairs = (
        pair for pair in pairs if CANDIDATE <= pair.millionths < MATCH and (pair.left, pair.right) not in decided
    )
    chosen, taken = list[Pair](), set(settled)
    for pair in sorted(open_pairs, key=lambda one: (-one.millionths, sorted((one.left, one.right)))):
        if len(chosen) < ASKED and pair.left not in taken and pair.right not in taken:
            chosen.append(pair)
            taken |= {pair.left, pair.right}
    return chosen
