"""What both sides plan for a joint account, over the API, and what one's own side keeps of it."""

from typing import Any
from uuid import UUID

from partnercrm.accounts.actions import planning as actions
from partnercrm.accounts.errors import JointAccountMoved, PlanIsFull
from partnercrm.accounts.models.joint import JointAccount
from partnercrm.accounts.models.plans import PlanItem
from partnercrm.accounts.queries import joint
from partnercrm.accounts.queries import plans as queries
from partnercrm.accounts.queries.plans import OwnSide, Plan
from partnercrm.accounts.schemas.joint import JointAccountView
from partnercrm.accounts.schemas.plans import (
    AddItem,
    ChangeJointAccount,
    ChangePlanItem,
    KeepOwnSide,
    LinesView,
    NameTeam,
    OwnSideView,
    PlanItemView,
    PlanView,
)
from partnercrm.activity.models import SharedActivity
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door

api = Door("plans", prefix="/api/v1", description="What both sides plan for a company they work on together.")
_ONE = "/joint-accounts/<uuid:joint_account_id>"


@api.patch(
    _ONE,
    scope="accounts:write",
    body=ChangeJointAccount,
    answers=JointAccountView,
    refuses=(JointAccountMoved,),
    rechecks=joint.joint_account,
)
def change_joint_account(actor: Actor, joint_account_id: UUID, given: dict[str, Any], expected: str) -> JointAccount:
    """Change the goal, or what both propose to the customer."""
    return actions.change_joint_account(actor, joint_account_id, given, expected)


@api.get(f"{_ONE}/plan", scope="accounts:read", answers=PlanView)
def read_joint_plan(actor: Actor, joint_account_id: UUID) -> Plan:
    """Read what both plan, and who works on it."""
    return queries.plan(actor, joint_account_id)


@api.post(
    f"{_ONE}/team",
    scope="accounts:write",
    body=NameTeam,
    answers=PlanView,
    refuses=(JointAccountMoved,),
    rechecks=queries.plan,
)
def name_joint_team(actor: Actor, joint_account_id: UUID, given: dict[str, Any]) -> Plan:
    """Name who of your side works on it; the partner's people are told whom to ask."""
    return actions.name_team(actor, joint_account_id, given["member_ids"])


@api.get(f"{_ONE}/timeline", scope="accounts:read", answers=LinesView)
def read_joint_timeline(actor: Actor, joint_account_id: UUID) -> dict[str, list[SharedActivity]]:
    """Read what happened, as both sides may know it."""
    return {"lines": list(queries.timeline(actor, joint_account_id))}


@api.post(
    f"{_ONE}/items",
    scope="accounts:write",
    body=AddItem,
    answers=PlanItemView,
    status=201,
    refuses=(JointAccountMoved, PlanIsFull),
    rechecks=queries.item,
)
def add_plan_item(actor: Actor, joint_account_id: UUID, given: dict[str, Any]) -> PlanItem:
    """Add a stakeholder by their role, a play, or a next step."""
    return actions.add_item(actor, joint_account_id, given)


@api.get("/joint-plan-items/<uuid:item_id>", scope="accounts:read", answers=PlanItemView)
def read_plan_item(actor: Actor, item_id: UUID) -> PlanItem:
    """Read one line of a plan."""
    return queries.item(actor, item_id)


@api.patch(
    "/joint-plan-items/<uuid:item_id>",
    scope="accounts:write",
    body=ChangePlanItem,
    answers=PlanItemView,
    refuses=(JointAccountMoved,),
    rechecks=queries.item,
)
def change_plan_item(actor: Actor, item_id: UUID, given: dict[str, Any], expected: str) -> PlanItem:
    """Change a line of the plan, or say that a step is done."""
    return actions.change_item(actor, item_id, given, expected)


@api.delete("/joint-plan-items/<uuid:item_id>", scope="accounts:write", refuses=(JointAccountMoved,))
def remove_plan_item(actor: Actor, item_id: UUID, expected: str) -> None:
    """Remove a line that your side added."""
    actions.remove_item(actor, item_id, expected)


@api.get(f"{_ONE}/own", scope="accounts:read", answers=OwnSideView)
def read_own_side(actor: Actor, joint_account_id: UUID) -> OwnSide:
    """Read what your side keeps for itself."""
    return queries.own_side(actor, joint_account_id)


@api.patch(f"{_ONE}/own", scope="accounts:write", body=KeepOwnSide, answers=OwnSideView, rechecks=queries.own_side)
def keep_own_side(actor: Actor, joint_account_id: UUID, given: dict[str, Any], expected: str) -> OwnSide:
    """Keep something for your side alone; nothing the partner reads changes by it."""
    return actions.keep_own_side(actor, joint_account_id, given, expected)
