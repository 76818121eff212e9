"""The page of goals and phases: where goals stand, what must be met, and going on to the next phase."""

from typing import Any
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext

from partnercrm.calendars import queries as calendars
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries
from partnercrm.partnerships.actions import phases as actions
from partnercrm.partnerships.agreements import GoalMeasure, Phase
from partnercrm.partnerships.pages import telling
from partnercrm.partnerships.pages.blueprint import pages
from partnercrm.partnerships.phases import NEXT, is_behind
from partnercrm.partnerships.queries import phases as reading
from partnercrm.partnerships.schemas.phases import (
    AcceptPhase,
    EnterGoalValue,
    MarkCriterion,
    PausePartnership,
    ProposePhase,
)
from partnercrm.partnerships.schemas.terms import AnswerTerms
from partnercrm.web.page import Form


@pages.show("/partnerships/<uuid:partnership_id>/progress", scope="partnerships:read")
def progress(actor: Actor, partnership_id: UUID, form: Form | None = None, **places: Any) -> str:
    """Show where goals stand, the phase, its exit criteria, and the ways to go on."""
    partnership = queries.partnership(actor, partnership_id)
    found = reading.standing(actor, partnership_id)
    phase = found.phase
    return render_template(
        "partnerships/progress.html",
        partnership=partnership,
        found=found,
        phases=list(Phase),
        reached=list(Phase).index(phase) if phase else None,
        ahead=[one for one in Phase if phase and not is_behind(one, phase)],
        next_phase=NEXT.get(phase) if phase else None,
        goals=[(telling.goal(partnership, one.goal), one) for one in reading.goals(actor, partnership_id)],
        entered=GoalMeasure.ENTERED,
        mine=actor.organization_id,
        today=calendars.today(actor),
        may_change=actor.has("partnerships:write") and not partnership.has_ended,
        refused=places.get("criterion_id", places.get("goal_id")) if form else None,
        form=form or Form(),
    )


@pages.act(
    "/partnerships/<uuid:partnership_id>/criteria/<uuid:criterion_id>/mark", scope="partnerships:write", again=progress
)
def mark_criterion(actor: Actor, partnership_id: UUID, criterion_id: UUID, form: Form) -> str:
    """Say for our side that a criterion is met."""
    actions.mark_criterion(actor, partnership_id, criterion_id, form.load(MarkCriterion))
    return _back(partnership_id)


@pages.act(
    "/partnerships/<uuid:partnership_id>/criteria/<uuid:criterion_id>/unmark",
    scope="partnerships:write",
    again=progress,
)
def unmark_criterion(actor: Actor, partnership_id: UUID, criterion_id: UUID, form: Form) -> str:
    """Take back what our side said of a criterion."""
    actions.unmark_criterion(actor, partnership_id, criterion_id)
    return _back(partnership_id)


@pages.act(
    "/partnerships/<uuid:partnership_id>/goals/<uuid:goal_id>/readings", scope="partnerships:write", again=progress
)
def enter_goal_value(actor: Actor, partnership_id: UUID, goal_id: UUID, form: Form) -> str:
    """Enter where a goal stood on a day."""
    actions.enter_goal_value(actor, partnership_id, goal_id, form.load(EnterGoalValue))
    return _back(partnership_id)


@pages.act("/partnerships/<uuid:partnership_id>/phase-moves", scope="partnerships:write", again=progress)
def propose_phase(actor: Actor, partnership_id: UUID, form: Form) -> str:
    """Propose to go on to the next phase."""
    actions.propose_phase(actor, partnership_id, form.load(ProposePhase))
    flash(gettext("The other side has your proposal to go on."))
    return _back(partnership_id)


@pages.act("/partnerships/<uuid:partnership_id>/pause", scope="partnerships:write", again=progress)
def pause_partnership(actor: Actor, partnership_id: UUID, form: Form) -> str:
    """Let the partnership rest."""
    actions.pause_partnership(actor, partnership_id, form.load(PausePartnership))
    return _back(partnership_id)


@pages.act("/partnerships/<uuid:partnership_id>/resume", scope="partnerships:write", again=progress)
def resume_partnership(actor: Actor, partnership_id: UUID, form: Form) -> str:
    """Let the partnership go on."""
    actions.resume_partnership(actor, partnership_id)
    return _back(partnership_id)


@pages.show("/phase-moves/<uuid:move_id>", scope="partnerships:read")
def phase_move(actor: Actor, move_id: UUID, form: Form | None = None) -> str:
    """Show the page a move belongs to, with what was refused in the answer to it."""
    shown: str = progress(actor, reading.phase_move(actor, move_id).partnership_id, form)
    return shown


@pages.act("/phase-moves/<uuid:move_id>/accept", scope="partnerships:write", again=phase_move)
def accept_phase(actor: Actor, move_id: UUID, form: Form) -> str:
    """Agree to go on."""
    return _back(actions.accept_phase(actor, move_id, form.load(AcceptPhase)).partnership_id)


@pages.act("/phase-moves/<uuid:move_id>/decline", scope="partnerships:write", again=phase_move)
def decline_phase(actor: Actor, move_id: UUID, form: Form) -> str:
    """Decline to go on."""
    return _back(actions.decline_phase(actor, move_id, form.load(AnswerTerms)).partnership_id)


@pages.act("/phase-moves/<uuid:move_id>/withdraw", scope="partnerships:write", again=phase_move)
def withdraw_phase(actor: Actor, move_id: UUID, form: Form) -> str:
    """Take our proposal back."""
    return _back(actions.withdraw_phase(actor, move_id).partnership_id)


def _back(partnership_id: UUID) -> str:
    return url_for("partnerships_pages.progress", partnership_id=partnership_id)
