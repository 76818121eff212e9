"""When the partner comes into deals: before the customer validates or only after, and what becomes of either. Pure.

*Late* is a deal that began at validation or beyond, and one that was lost before without the partner: then a partner is
called to rescue it (S7 of the mission). What is said of deals is what both sides read; of rates nothing is said below
`FEWEST` closed deals.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple
from uuid import UUID

from partnercrm.deals.stages import OPEN_STAGES, Stage
from partnercrm.leads.intervals import Interval, jeffreys

FEWEST: Final = 8
VALIDATED: Final = frozenset({Stage.TECHNICAL_VALIDATION, Stage.BUSINESS_VALIDATION, Stage.COMMITTED})


def is_late(came_in: Stage, *, lost_before: bool) -> bool:
    """Tell whether a partner who came in at this stage was called to rescue a deal."""
    return lost_before or came_in in VALIDATED


class Began(NamedTuple):
    """So many deals of one side that began alike and stand alike."""

    origin_id: UUID
    entry_stage: Stage
    lost_before: bool
    stage: Stage
    deals: int

    @property
    def is_late(self) -> bool:
        """Whether the partner was called to rescue it."""
        return is_late(self.entry_stage, lost_before=self.lost_before)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many deals there are, and how many of them were won and lost; the others are open."""

    deals: int
    won: int
    lost: int

    @property
    def rate(self) -> Fraction | None:
        """Which part was won of those that were won or lost; None while none was."""
        closed = self.won + self.lost
        return Fraction(self.won, closed) if closed else None

    @property
    def interval(self) -> Interval | None:
        """Between which rates the true one lies, chance allowed for; None of fewer than eight closed deals."""
        closed = self.won + self.lost
        return jeffreys(self.won / closed, closed) if closed >= FEWEST else None

    def is_below(self, other: "Outcome") -> bool:
        """Tell whether its rate is lower by more than chance: the intervals do not touch."""
        ours, theirs = self.interval, other.interval
        return ours is not None and theirs is not None and ours.high < theirs.low


@dataclass(frozen=True, slots=True)
class Involving:
    """How far one side's deals were when the partner came in, by stage, and what became of early and of late ones."""

    organization_id: UUID
    by_stage: tuple[tuple[Stage, int], ...]
    lost_before: int
    early: Outcome
    late: Outcome


def involving(found: Iterable[Began], organization_id: UUID) -> Involving:
    """Return how one side involves its partner."""
    ours = [one for one in found if one.origin_id == organization_id]
    by_stage = Counter[Stage]()
    for one in ours:
        by_stage[one.entry_stage] += one.deals
    return Involving(
        organization_id,
        tuple((stage, by_stage[stage]) for stage in OPEN_STAGES),
        sum(one.deals for one in ours if one.lost_before),
        outcome(one for one in ours if not one.is_late),
        outcome(one for one in ours if one.is_late),
    )


def outcome(found: Iterable[Began]) -> Outcome:
    """Return what became of deals."""
    by_stage = Counter[Stage]()
    for one in found:
        by_stage[one.stage] += one.deals
    return Outcome(by_stage.total(), by_stage[Stage.CLOSED_WON], by_stage[Stage.CLOSED_LOST])
