"""Reading how far a partnership has come: its phase, exit criteria with both sides' marks, moves, goals."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.partnerships import phases, queries
from partnercrm.partnerships.agreements import Criterion, Goal, GoalMeasure, Phase
from partnercrm.partnerships.models import (
    ChangeStatus,
    CriterionMark,
    GoalReading,
    Partnership,
    PartnershipStatus,
    PhaseMove,
)

GoalFigures = Callable[[Actor, UUID, Sequence[Goal]], Mapping[UUID, int]]
_MOVES_SHOWN: Final = 50
_counted_by: list[GoalFigures] = []


def count_goals_with(figures: GoalFigures) -> None:
    """Say who counts the goals that the record of leads has figures for.

    The function gets the actor, the partnership and the goals, and returns the present value of each by its id.
    """
    _counted_by[:] = [figures]


@dataclass(frozen=True, slots=True)
class CriterionSeen:
    """An exit criterion with what each side says about it, ordered by organization."""

    criterion: Criterion
    marks: list[CriterionMark]

    @property
    def is_met(self) -> bool:
        """Whether one side says so and the other confirms it."""
        return not phases.open_criteria([self.criterion], _by_criterion(self.marks), self.criterion.phase)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a partnership has come."""

    partnership_id: UUID
    status: PartnershipStatus
    phase: Phase | None
    paused_by: UUID | None
    criteria: list[CriterionSeen]
    moves: list[PhaseMove]

    @property
    def id(self) -> UUID:
        """The partnership's id, by which it is read again."""
        return self.partnership_id

    @property
    def open_move(self) -> PhaseMove | None:
        """The move that waits for an answer."""
        return next((move for move in self.moves if move.status is ChangeStatus.OPEN), None)


@dataclass(frozen=True, slots=True)
class Progress:
    """A goal and where it stands: counted from the record, or entered by a side on a day; None when unknown."""

    partnership_id: UUID
    goal: Goal
    current: int | None
    entered_by: UUID | None = None
    read_on: date | None = None

    @property
    def id(self) -> UUID:
        """The partnership's id, by which its goals are read again."""
        return self.partnership_id

    @property
    def percent(self) -> int | None:
        """The whole percent reached, at most 100."""
        return None if self.current is None else min(100, 100 * self.current // self.goal.target)


def phase_moves_seen_by(actor: Actor) -> Select[PhaseMove]:
    """Return the moves proposed in the living partnerships of the actor's organization, by either side."""
    mine = actor.organization_id
    ours = or_(PhaseMove.organization_id == mine, PhaseMove.other_id == mine)
    return select(PhaseMove).where(ours, queries.lives(PhaseMove.partnership_id))


def phase_move(actor: Actor, move_id: UUID) -> PhaseMove:
    """Return one move. Raises NotFound."""
    rows = phase_moves_seen_by(actor).where(PhaseMove.id == move_id).execution_options(populate_existing=True)
    found = db.session().scalars(rows).one_or_none()
    if found is None:
        raise NotFound
    return found


def standing(actor: Actor, partnership_id: UUID) -> Standing:
    """Return how far a partnership has come. Raises NotFound."""
    partnership = queries.partnership(actor, partnership_id)
    moves = phase_moves_seen_by(actor).where(PhaseMove.partnership_id == partnership.id)
    newest = moves.order_by(PhaseMove.proposed_at.desc(), PhaseMove.id.desc()).limit(_MOVES_SHOWN)
    marks = _marks(partnership)
    return Standing(
        partnership_id=partnership.id,
        status=partnership.status,
        phase=partnership.phase,
        paused_by=partnership.paused_by,
        criteria=[
            CriterionSeen(one, [mark for mark in marks if mark.criterion_id == one.id])
            for one in partnership.terms.criteria
        ],
        moves=list(db.session().scalars(newest).all()),
    )


def own_mark(actor: Actor, partnership_id: UUID, criterion_id: UUID) -> CriterionMark | None:
    """Return what the actor's side says of an exit criterion, if it says anything."""
    rows = select(CriterionMark).where(
        CriterionMark.partnership_id == partnership_id,
        CriterionMark.criterion_id == criterion_id,
        CriterionMark.organization_id == actor.organization_id,
    )
    return db.session().scalars(rows).one_or_none()


def open_criteria(partnership: Partnership) -> list[Criterion]:
    """Return the exit criteria of the present phase that are still open."""
    phase = partnership.phase
    return phases.open_criteria(partnership.terms.criteria, _by_criterion(_marks(partnership)), phase) if phase else []


def goals(actor: Actor, partnership_id: UUID) -> list[Progress]:
    """Return the goals agreed with where they stand; what the record counts is told to members only.

    Raises NotFound.
    """
    partnership = queries.partnership(actor, partnership_id)
    agreed = partnership.terms.goals
    reads = partnership.id in actor.partnership_ids and actor.has("reports:read") and not partnership.has_ended
    counted = [goal for goal in agreed if goal.measure is not GoalMeasure.ENTERED] if reads else []
    figures = {key: one for count in _counted_by for key, one in count(actor, partnership.id, counted).items()}
    entered = _newest_readings(partnership)
    return [_progress(partnership.id, goal, figures, entered) for goal in agreed]


def goal_progress(actor: Actor, partnership_id: UUID, goal_id: UUID) -> Progress:
    """Return where one goal agreed stands. Raises NotFound."""
    found = next((one for one in goals(actor, partnership_id) if one.goal.id == goal_id), None)
    if found is None:
        raise NotFound
    return found


def _progress(
    partnership_id: UUID, goal: Goal, figures: Mapping[UUID, int], entered: Mapping[UUID, GoalReading]
) -> Progress:
    if goal.measure is not GoalMeasure.ENTERED:
        return Progress(partnership_id, goal, figures.get(goal.id))
    reading = entered.get(goal.id)
    if reading is None:
        return Progress(partnership_id, goal, None)
    return Progress(partnership_id, goal, reading.value, reading.organization_id, reading.read_on)


def _newest_readings(partnership: Partnership) -> dict[UUID, GoalReading]:
    rows = (
        select(GoalReading)
        .where(GoalReading.partnership_id == partnership.id)
        .ext(distinct_on(GoalReading.goal_id))
        .order_by(GoalReading.goal_id, GoalReading.read_on.desc(), GoalReading.recorded_at.desc())
    )
    return {reading.goal_id: reading for reading in db.session().scalars(rows)}


def _marks(partnership: Partnership) -> Sequence[CriterionMark]:
    rows = select(CriterionMark).where(CriterionMark.partnership_id == partnership.id)
    return db.session().scalars(rows.order_by(CriterionMark.organization_id)).all()


def _by_criterion(marks: Sequence[CriterionMark]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    for mark in marks:
        found.setdefault(mark.criterion_id, []).append(mark.organization_id)
    return found
