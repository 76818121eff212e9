"""Shapes of what both sides plan for a joint account, and of what one's own side keeps of it."""

from typing import Any

from marshmallow import fields, pre_dump

from partnercrm.accounts.plans import MOST_PEOPLE, ItemKind, Stance
from partnercrm.accounts.queries.plans import Plan
from partnercrm.web import limits
from partnercrm.web.shapes import Choice, Day, Flag, Id, Moment, Shape, Text


class ChangeJointAccount(Shape):
    """What to change of what both read; fields left out stay."""

    goal = Text(most=2000, example="Replace the old warehouse system by the end of the year.", allow_none=True)
    proposition = Text(
        most=2000,
        example="One contract, one team, live in ninety days.",
        allow_none=True,
        metadata={"description": "What both propose to the customer together."},
    )


class NameTeam(Shape):
    """Who of your side works on it: all of them, by the ids the partnership lists."""

    member_ids = fields.List(Id(), required=True, validate=limits.Length(max=MOST_PEOPLE))


class ItemFields(Shape):
    """A line of a plan."""

    stance = Choice(Stance, metadata={"description": "Of a stakeholder; `unknown` where nothing is said."})
    owner_member_id = Id(allow_none=True, metadata={"description": "Of a next step: a member of either side."})
    due_on = Day(allow_none=True)


class AddItem(ItemFields):
    """A line to add. Of somebody at the customer say the role, no name."""

    kind = Choice(ItemKind, required=True)
    text = Text(most=500, example="Head of operations", required=True)


class ChangePlanItem(ItemFields):
    """What to change of a line; fields left out stay."""

    text = Text(most=500, example="Head of operations")
    done = Flag(example=True)


class PlanItemView(Shape):
    """A line of a plan; a step that is done names nobody any more."""

    id = Id(required=True)
    joint_account_id = Id(required=True)
    organization_id = Id(required=True, metadata={"description": "The side that added it."})
    kind = Choice(ItemKind, required=True)
    text = Text(most=500, example="Head of operations", required=True)
    stance = Choice(Stance, required=True, allow_none=True)
    owner_member_id = Id(required=True, allow_none=True)
    due_on = Day(required=True, allow_none=True)
    done_at = Moment(required=True, allow_none=True)
    added_at = Moment(required=True)


class PlanPersonView(Shape):
    """A member of the partnership who works on it."""

    id = Id(required=True)
    organization_id = Id(required=True)
    name = Text(most=200, example="Gina Weiss", required=True)


class PlanView(Shape):
    """What both sides plan: the same bytes for both."""

    joint_account_id = Id(required=True)
    goal = Text(most=2000, example="Replace the old warehouse system.", required=True, allow_none=True)
    proposition = Text(most=2000, example="One contract, one team.", required=True, allow_none=True)
    people = fields.List(fields.Nested(PlanPersonView), required=True)
    items = fields.List(fields.Nested(PlanItemView), required=True)

    @pre_dump
    def lay_out(self, plan: Plan, **_: Any) -> dict[str, Any]:
        """Put goal and proposition beside teams and lines."""
        told = {name: getattr(plan.joint_account, name) for name in ("goal", "proposition")}
        return told | {"joint_account_id": plan.joint_account.id, "people": plan.people, "items": plan.items}


class LineView(Shape):
    """Which side did what, when."""

    id = Id(required=True)
    verb = Text(most=100, example="joint_account.agreed", required=True)
    acting_organization_id = Id(required=True)
    happened_at = Moment(required=True)


class LinesView(Shape):
    """What both sides read of what happened, oldest first."""

    lines = fields.List(fields.Nested(LineView), required=True)


class KeepOwnSide(Shape):
    """What your side keeps for itself; fields left out stay."""

    account_id = Id(allow_none=True, metadata={"description": "One of your accounts that this is."})
    owner_id = Id(allow_none=True, metadata={"description": "Who of you works on it."})
    notes = Text(most=10000, example="They renew in March.", allow_none=True)


class OwnSideView(Shape):
    """What your side keeps of a joint account; the partner reads none of it."""

    joint_account_id = Id(required=True)
    account_id = Id(required=True, allow_none=True)
    owner_id = Id(required=True, allow_none=True)
    notes = Text(most=10000, example="They renew in March.", required=True, allow_none=True)
