"""Going from phase to phase: exit criteria marked by both sides, moves proposed and consented, pauses, goals."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from partnercrm.activity.actions import record
from partnercrm.calendars import queries as calendars
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotFound, Told
from partnercrm.kernel.ids import new_id
from partnercrm.partnerships.actions.terms import living
from partnercrm.partnerships.agreements import GoalMeasure, Phase
from partnercrm.partnerships.errors import (
    AnsweredByTheOther,
    CountedByItself,
    CriteriaOpen,
    CriterionMarkedAlready,
    CriterionNotMarked,
    NoFurtherPhase,
    NotPaused,
    PartnershipPaused,
    PausedByTheOther,
    PhaseLeft,
    PhaseMoveAnswered,
    PhaseMoveOpenAlready,
)
from partnercrm.partnerships.models import ChangeStatus, CriterionMark, GoalReading, Partnership, PhaseMove
from partnercrm.partnerships.phases import NEXT, is_behind
from partnercrm.partnerships.queries import phases as reading
from partnercrm.partnerships.queries.phases import Progress, Standing


def mark_criterion(actor: Actor, partnership_id: UUID, criterion_id: UUID, given: Mapping[str, Any]) -> Standing:
    """Say for the actor's side that an exit criterion is met; once the other side says so too, it is confirmed.

    Raises PartnershipEnded, CriterionMarkedAlready, Invalid.
    """
    partnership = living(actor, partnership_id)
    if all(one.id != criterion_id for one in partnership.terms.criteria):
        raise NotFound
    if given["met_on"] > calendars.today(actor):
        raise Invalid.field("met_on", "This day has not come yet.")
    mark = CriterionMark(
        id=new_id(), criterion_id=criterion_id, marked_at=clock.now(), **_of_side(actor, partnership), **given
    )
    with db.unique("uq_criterion_marks_side", CriterionMarkedAlready):
        db.session().add(mark)
    found = reading.standing(actor, partnership_id)
    is_met = any(one.is_met for one in found.criteria if one.criterion.id == criterion_id)
    record(actor, "criterion.confirmed" if is_met else "criterion.marked", mark)
    return found


def unmark_criterion(actor: Actor, partnership_id: UUID, criterion_id: UUID) -> Standing:
    """Take back what the actor's side said of an exit criterion, until the phase it ends is left.

    Both sides read that it is open again; the record keeps that it was said. Raises PartnershipEnded,
    CriterionNotMarked, PhaseLeft.
    """
    partnership = living(actor, partnership_id)
    criterion = next((one for one in partnership.terms.criteria if one.id == criterion_id), None)
    if criterion is None:
        raise NotFound
    mark = reading.own_mark(actor, partnership_id, criterion_id)
    if mark is None:
        raise CriterionNotMarked
    if partnership.phase and is_behind(criterion.phase, partnership.phase):
        raise PhaseLeft
    record(actor, "criterion.unmarked", mark)
    db.session().delete(mark)
    db.session().flush()
    return reading.standing(actor, partnership_id)


def propose_phase(actor: Actor, partnership_id: UUID, given: Mapping[str, Any]) -> PhaseMove:
    """Propose to go on to the next phase. Open criteria forbid it, unless a note says why they are waived.

    Raises PartnershipEnded, PartnershipPaused, NoFurtherPhase, CriteriaOpen, PhaseMoveOpenAlready.
    """
    partnership = living(actor, partnership_id)
    phase = _present(partnership)
    if phase not in NEXT:
        raise NoFurtherPhase
    waiver = given.get("waiver")
    _require_met(partnership, waiver)
    move = PhaseMove(
        id=new_id(),
        from_phase=phase,
        to_phase=NEXT[phase],
        note=given.get("note", ""),
        waiver=waiver,
        status=ChangeStatus.OPEN,
        answer="",
        proposed_at=clock.now(),
        **_of_side(actor, partnership),
    )
    with db.unique("uq_phase_moves_open", PhaseMoveOpenAlready):
        db.session().add(move)
    record(actor, "phase.proposed", move, phase=move.to_phase.value)
    return move


def accept_phase(actor: Actor, move_id: UUID, given: Mapping[str, Any]) -> PhaseMove:
    """Agree to go on. What is open by then needs this side's own waiver as well.

    Raises PartnershipEnded, PartnershipPaused, PhaseMoveAnswered, AnsweredByTheOther, CriteriaOpen.
    """
    move, partnership = _to_answer(actor, move_id)
    _present(partnership)
    _require_met(partnership, given.get("waiver") if move.waiver else None)
    stepped = func.step_move_phase(move.id, given.get("waiver"), clock.now())
    if not db.session().execute(select(stepped)).scalar_one():
        raise PhaseMoveAnswered
    db.session().refresh(move)
    record(actor, "phase.reached", move, phase=move.to_phase.value)
    return move


def decline_phase(actor: Actor, move_id: UUID, given: Mapping[str, Any]) -> PhaseMove:
    """Decline to go on, with a word both read. Raises PartnershipEnded, PhaseMoveAnswered, AnsweredByTheOther."""
    move, _partnership = _to_answer(actor, move_id)
    return _closed(actor, move, ChangeStatus.DECLINED, given.get("answer", ""))


def withdraw_phase(actor: Actor, move_id: UUID) -> PhaseMove:
    """Take back what the actor's side proposed. Raises as declining does."""
    move, _partnership = _to_answer(actor, move_id, by_proposer=True)
    return _closed(actor, move, ChangeStatus.WITHDRAWN, "")


def pause_partnership(actor: Actor, partnership_id: UUID, given: Mapping[str, Any]) -> Standing:
    """Let a partnership rest: nothing new is offered. What was offered keeps its clocks, all stays readable.

    Raises PartnershipEnded, PartnershipPaused.
    """
    partnership = living(actor, partnership_id)
    _present(partnership)
    db.session().execute(select(func.step_pause_partnership(partnership.id)))
    db.session().refresh(partnership)
    record(actor, "partnership.paused", partnership, note=given.get("note", ""))
    return reading.standing(actor, partnership_id)


def resume_partnership(actor: Actor, partnership_id: UUID) -> Standing:
    """Let a partnership go on in the phase it was in; the side that paused it does.

    Raises PartnershipEnded, NotPaused, PausedByTheOther.
    """
    partnership = living(actor, partnership_id)
    if not partnership.is_paused:
        raise NotPaused
    if partnership.paused_by != actor.organization_id:
        raise PausedByTheOther
    db.session().execute(select(func.step_resume_partnership(partnership.id)))
    db.session().refresh(partnership)
    record(actor, "partnership.resumed", partnership)
    return reading.standing(actor, partnership_id)


def enter_goal_value(actor: Actor, partnership_id: UUID, goal_id: UUID, given: Mapping[str, Any]) -> Progress:
    """Enter where a goal stood on a day, for both sides to see. Raises PartnershipEnded, CountedByItself, Invalid."""
    partnership = living(actor, partnership_id)
    goal = next((one for one in partnership.terms.goals if one.id == goal_id), None)
    if goal is None:
        raise NotFound
    if goal.measure is not GoalMeasure.ENTERED:
        raise CountedByItself
    if given["read_on"] > calendars.today(actor):
        raise Invalid.field("read_on", "This day has not come yet.")
    entered = GoalReading(id=new_id(), goal_id=goal_id, **_of_side(actor, partnership), **given)
    db.session().add(entered)
    db.session().flush()
    record(actor, "goal.entered", entered, value=given["value"])
    return reading.goal_progress(actor, partnership_id, goal_id)


def _present(partnership: Partnership) -> Phase:
    if partnership.is_paused or partnership.phase is None:
        raise PartnershipPaused
    return partnership.phase


def _require_met(partnership: Partnership, waiver: str | None) -> None:
    still_open = reading.open_criteria(partnership)
    if still_open and not waiver:
        named = "; ".join(one.text for one in still_open)
        told = Told("Exit criteria of this phase are open: %(named)s. Both confirm or waive them.", named=named)
        raise CriteriaOpen(told, criteria=[str(one.id) for one in still_open])


def _to_answer(actor: Actor, move_id: UUID, *, by_proposer: bool = False) -> tuple[PhaseMove, Partnership]:
    partnership = living(actor, reading.phase_move(actor, move_id).partnership_id)
    move = reading.phase_move(actor, move_id)
    if move.status is not ChangeStatus.OPEN:
        raise PhaseMoveAnswered
    if (move.organization_id == actor.organization_id) is not by_proposer:
        raise AnsweredByTheOther
    return move, partnership


def _closed(actor: Actor, move: PhaseMove, status: ChangeStatus, answer: str) -> PhaseMove:
    move.status, move.answer, move.answered_at = status, answer, clock.now()
    db.session().flush()
    record(actor, f"phase.{status.value}", move)
    return move


def _of_side(actor: Actor, partnership: Partnership) -> dict[str, UUID]:
    mine = actor.organization_id
    return {"partnership_id": partnership.id, "organization_id": mine, "other_id": partnership.other(mine)}
