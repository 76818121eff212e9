"""The API of phases and goals: criteria marked, moves proposed and answered, pauses, where goals stand."""

from typing import Any
from uuid import UUID

from partnercrm.kernel.actor import Actor
from partnercrm.partnerships.actions import phases as actions
from partnercrm.partnerships.api.door import api
from partnercrm.partnerships.errors import (
    AnsweredByTheOther,
    CountedByItself,
    CriteriaOpen,
    CriterionMarkedAlready,
    CriterionNotMarked,
    NoFurtherPhase,
    NotPaused,
    PartnershipEnded,
    PartnershipPaused,
    PausedByTheOther,
    PhaseLeft,
    PhaseMoveAnswered,
    PhaseMoveOpenAlready,
)
from partnercrm.partnerships.models import PhaseMove
from partnercrm.partnerships.queries import phases as queries
from partnercrm.partnerships.queries.phases import Progress, Standing
from partnercrm.partnerships.schemas.phases import (
    AcceptPhase,
    EnterGoalValue,
    GoalsView,
    MarkCriterion,
    PausePartnership,
    PhaseMoveView,
    ProgressView,
    ProposePhase,
    StandingView,
)
from partnercrm.partnerships.schemas.terms import AnswerTerms

_ANSWERS = (PartnershipEnded, PhaseMoveAnswered, AnsweredByTheOther)


@api.get("/partnerships/<uuid:partnership_id>/phase", scope="partnerships:read", answers=StandingView)
def read_phase(actor: Actor, partnership_id: UUID) -> Standing:
    """Read how far a partnership has come: its phase, exit criteria with both sides' marks, moves."""
    return queries.standing(actor, partnership_id)


@api.post(
    "/partnerships/<uuid:partnership_id>/criteria/<uuid:criterion_id>/mark",
    scope="partnerships:write",
    body=MarkCriterion,
    answers=StandingView,
    refuses=(PartnershipEnded, CriterionMarkedAlready),
    rechecks=queries.standing,
)
def mark_criterion(actor: Actor, partnership_id: UUID, criterion_id: UUID, given: dict[str, Any]) -> Standing:
    """Say for your side that an exit criterion is met; when the other side says so too, it is confirmed."""
    return actions.mark_criterion(actor, partnership_id, criterion_id, given)


@api.post(
    "/partnerships/<uuid:partnership_id>/criteria/<uuid:criterion_id>/unmark",
    scope="partnerships:write",
    answers=StandingView,
    refuses=(PartnershipEnded, CriterionNotMarked, PhaseLeft),
    rechecks=queries.standing,
)
def unmark_criterion(actor: Actor, partnership_id: UUID, criterion_id: UUID) -> Standing:
    """Take back what your side said of an exit criterion, until the phase it ends is left."""
    return actions.unmark_criterion(actor, partnership_id, criterion_id)


@api.post(
    "/partnerships/<uuid:partnership_id>/phase-moves",
    scope="partnerships:write",
    body=ProposePhase,
    answers=PhaseMoveView,
    status=201,
    refuses=(PartnershipEnded, PartnershipPaused, NoFurtherPhase, CriteriaOpen, PhaseMoveOpenAlready),
    rechecks=queries.phase_move,
)
def propose_phase(actor: Actor, partnership_id: UUID, given: dict[str, Any]) -> PhaseMove:
    """Propose to go on to the next phase; open exit criteria forbid it unless both sides waive them."""
    return actions.propose_phase(actor, partnership_id, given)


@api.get("/phase-moves/<uuid:move_id>", scope="partnerships:read", answers=PhaseMoveView)
def read_phase_move(actor: Actor, move_id: UUID) -> PhaseMove:
    """Read a move to the next phase."""
    return queries.phase_move(actor, move_id)


@api.post(
    "/phase-moves/<uuid:move_id>/accept",
    scope="partnerships:write",
    body=AcceptPhase,
    answers=PhaseMoveView,
    refuses=(*_ANSWERS, PartnershipPaused, CriteriaOpen),
    rechecks=queries.phase_move,
)
def accept_phase(actor: Actor, move_id: UUID, given: dict[str, Any]) -> PhaseMove:
    """Agree to go on to the next phase."""
    return actions.accept_phase(actor, move_id, given)


@api.post(
    "/phase-moves/<uuid:move_id>/decline",
    scope="partnerships:write",
    body=AnswerTerms,
    answers=PhaseMoveView,
    refuses=_ANSWERS,
    rechecks=queries.phase_move,
)
def decline_phase(actor: Actor, move_id: UUID, given: dict[str, Any]) -> PhaseMove:
    """Decline to go on, with a word both read."""
    return actions.decline_phase(actor, move_id, given)


@api.post(
    "/phase-moves/<uuid:move_id>/withdraw",
    scope="partnerships:write",
    answers=PhaseMoveView,
    refuses=_ANSWERS,
    rechecks=queries.phase_move,
)
def withdraw_phase(actor: Actor, move_id: UUID) -> PhaseMove:
    """Take back a move your side proposed."""
    return actions.withdraw_phase(actor, move_id)


@api.post(
    "/partnerships/<uuid:partnership_id>/pause",
    scope="partnerships:write",
    body=PausePartnership,
    answers=StandingView,
    refuses=(PartnershipEnded, PartnershipPaused),
    rechecks=queries.standing,
)
def pause_partnership(actor: Actor, partnership_id: UUID, given: dict[str, Any]) -> Standing:
    """Let a partnership rest: nothing new is offered; what was offered keeps its clocks, all stays readable."""
    return actions.pause_partnership(actor, partnership_id, given)


@api.post(
    "/partnerships/<uuid:partnership_id>/resume",
    scope="partnerships:write",
    answers=StandingView,
    refuses=(PartnershipEnded, NotPaused, PausedByTheOther),
    rechecks=queries.standing,
)
def resume_partnership(actor: Actor, partnership_id: UUID) -> Standing:
    """Let a partnership that your side paused go on in the phase it was in."""
    return actions.resume_partnership(actor, partnership_id)


@api.get("/partnerships/<uuid:partnership_id>/goals", scope="partnerships:read", answers=GoalsView)
def read_goals(actor: Actor, partnership_id: UUID) -> dict[str, Any]:
    """Read the goals agreed and where they stand; what the record of leads counts is told to members only."""
    return {"goals": queries.goals(actor, partnership_id)}


@api.post(
    "/partnerships/<uuid:partnership_id>/goals/<uuid:goal_id>/readings",
    scope="partnerships:write",
    body=EnterGoalValue,
    answers=ProgressView,
    status=201,
    refuses=(PartnershipEnded, CountedByItself),
    rechecks=queries.goals,
)
def enter_goal_value(actor: Actor, partnership_id: UUID, goal_id: UUID, given: dict[str, Any]) -> Progress:
    """Enter where a goal that the record does not count stood on a day; both sides see it."""
    return actions.enter_goal_value(actor, partnership_id, goal_id, given)
