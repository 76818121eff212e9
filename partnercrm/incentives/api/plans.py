"""Compensation plans over the API: those who keep them write, publish and assign; sellers read what pays them."""

from typing import Any, Final
from uuid import UUID

from partnercrm.incentives import wording
from partnercrm.incentives.actions import planning
from partnercrm.incentives.errors import NothingToPublish, NothingToSimulate, PlanNotPublished
from partnercrm.incentives.queries import plans as queries
from partnercrm.incentives.queries.plans import PlanSeen
from partnercrm.incentives.queries.simulating import Simulation, simulation
from partnercrm.incentives.schemas.plans import (
    AssignCompensationPlan,
    ChangeCompensationPlan,
    CheckCompensationPlan,
    CheckedCompensationPlan,
    CompensationPlanQuery,
    CompensationPlanView,
    DraftCompensationPlan,
)
from partnercrm.incentives.schemas.simulating import SimulationView
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("incentives", prefix="/api/v1", description="What your sellers earn, by which plan.")
_ONE: Final = "/compensation-plans/<uuid:plan_id>"


@api.get(
    "/compensation-plans",
    scope="incentives:read",
    answers=CompensationPlanView,
    query=CompensationPlanQuery,
    pages=True,
)
def list_compensation_plans(actor: Actor, query: dict[str, Any]) -> Page:
    """List the plans: all for those who keep them, else those by which you are or were paid."""
    return queries.plans(actor, query)


@api.get(_ONE, scope="incentives:read", answers=CompensationPlanView)
def read_compensation_plan(actor: Actor, plan_id: UUID) -> PlanSeen:
    """Read one plan, every version of it."""
    return queries.plan(actor, plan_id)


@api.get(
    f"{_ONE}/simulation",
    scope="incentives:write",
    answers=SimulationView,
    refuses=(NothingToSimulate,),
)
def simulate_compensation_plan(actor: Actor, plan_id: UUID) -> Simulation:
    """Try a plan's draft on what was sold in a year, against what pays for it: distributions, names where agreed."""
    return simulation(actor, plan_id)


@api.post(
    "/compensation-plans",
    scope="incentives:write",
    body=DraftCompensationPlan,
    answers=CompensationPlanView,
    status=201,
    rechecks=queries.plan,
)
def draft_compensation_plan(actor: Actor, given: dict[str, Any]) -> PlanSeen:
    """Write a plan; nobody is paid by it until it is published and assigned."""
    return planning.draft_plan(actor, given)


@api.post(
    "/compensation-plans/check",
    scope="incentives:write",
    body=CheckCompensationPlan,
    answers=CheckedCompensationPlan,
)
def check_compensation_plan(actor: Actor, given: dict[str, Any]) -> dict[str, Any]:
    """Try rules out: everything that is wrong with them, else what they say; nothing is kept."""
    return {"rules": given["rules"], "sentences": wording.sentences(given["rules"])}


@api.patch(
    _ONE,
    scope="incentives:write",
    body=ChangeCompensationPlan,
    answers=CompensationPlanView,
    rechecks=queries.plan,
)
def change_compensation_plan(actor: Actor, plan_id: UUID, given: dict[str, Any], expected: str) -> PlanSeen:
    """Change the name, or what the plan is to say next; published versions stay."""
    return planning.change_plan(actor, plan_id, given, expected)


@api.post(
    f"{_ONE}/publish",
    scope="incentives:write",
    answers=CompensationPlanView,
    refuses=(NothingToPublish,),
    rechecks=queries.plan,
    matches=True,
)
def publish_compensation_plan(actor: Actor, plan_id: UUID, expected: str) -> PlanSeen:
    """Publish the draft you read: it is the plan's next version from its first day on, for ever."""
    return planning.publish_plan(actor, plan_id, expected)


@api.post(
    f"{_ONE}/assign",
    scope="incentives:write",
    body=AssignCompensationPlan,
    answers=CompensationPlanView,
    refuses=(PlanNotPublished,),
    rechecks=queries.plan,
)
def assign_compensation_plan(actor: Actor, plan_id: UUID, given: dict[str, Any]) -> PlanSeen:
    """Let the plan be a person's or a team's from a day on, in place of what was theirs."""
    return planning.assign_plan(actor, plan_id, given)
