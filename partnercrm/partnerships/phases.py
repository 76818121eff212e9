"""Which phase follows which, and which exit criteria are still open. Pure."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final
from uuid import UUID

from partnercrm.partnerships.agreements import Criterion, Phase

_SIDES: Final = 2
NEXT: Final[Mapping[Phase, Phase]] = {Phase.PROOF_OF_CONCEPT: Phase.PILOT, Phase.PILOT: Phase.ROLL_OUT}


def is_behind(phase: Phase, present: Phase) -> bool:
    """Tell whether a phase was left before the present one began."""
    return list(Phase).index(phase) < list(Phase).index(present)


def open_criteria(
    criteria: Iterable[Criterion], marks: Mapping[UUID, Collection[UUID]], phase: Phase
) -> list[Criterion]:
    """Return the criteria of a phase that not both sides say are met; `marks` are the sides that do, by criterion."""
    return [one for one in criteria if one.phase is phase and len(set(marks.get(one.id, ()))) < _SIDES]
