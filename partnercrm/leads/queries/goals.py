"""Where the goals of a partnership stand, counted from its steps in one statement."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, true

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.money import exponent
from partnercrm.leads.lifecycle import OfferStatus
from partnercrm.leads.models import LeadStep
from partnercrm.leads.queries import contests
from partnercrm.leads.queries.reports import steps_seen_by, taken_back
from partnercrm.partnerships.agreements import Goal, GoalMeasure

_STEPS: Final = {
    GoalMeasure.LEADS_GIVEN: OfferStatus.OFFERED,
    GoalMeasure.LEADS_ACCEPTED: OfferStatus.ACCEPTED,
    GoalMeasure.LEADS_QUALIFIED: OfferStatus.QUALIFIED,
    GoalMeasure.LEADS_WON: OfferStatus.WON,
    GoalMeasure.WON_VALUE: OfferStatus.WON,
}


def goal_figures(actor: Actor, partnership_id: UUID, goals: Sequence[Goal]) -> Mapping[UUID, int]:
    """Return what was reached of each goal by its id: leads, or whole units of its currency that were told exactly."""
    if not goals:
        return {}
    rows = steps_seen_by(actor).where(LeadStep.partnership_id == partnership_id, ~taken_back())
    found = db.session().execute(rows.with_only_columns(*map(_figure, goals))).one()
    return {goal.id: _whole(goal, figure) for goal, figure in zip(goals, found, strict=True)}


def _figure(goal: Goal) -> ColumnElement[Any]:
    counts: ColumnElement[bool] = LeadStep.step == _STEPS[goal.measure]
    if goal.measure is GoalMeasure.LEADS_QUALIFIED:
        counts = or_(counts, contests.is_corrected())
    counts = and_(counts, *_when(goal))
    if goal.organization_id:
        counts = and_(counts, LeadStep.giver_id == goal.organization_id)
    if goal.measure is GoalMeasure.WON_VALUE:
        return func.coalesce(func.sum(LeadStep.value_minor).filter(counts, LeadStep.currency == goal.unit), 0)
    return func.count().filter(counts)


def _when(goal: Goal) -> tuple[ColumnElement[bool], ...]:
    begins = LeadStep.happened_at >= datetime.combine(goal.from_on, time(), UTC) if goal.from_on else true()
    return begins, LeadStep.happened_at < datetime.combine(goal.due_on + timedelta(days=1), time(), UTC)


def _whole(goal: Goal, figure: Any) -> int:
    digits = exponent(goal.unit) if goal.measure is GoalMeasure.WON_VALUE and goal.unit else 0
    whole: int = int(figure) // 10**digits
    return whole
