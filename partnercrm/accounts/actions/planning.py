"""Planning a joint account together: goal and proposition, both teams, lines of the plan; and what one side notes."""

from collections.abc import Collection
from collections.abc import Mapping as Values
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete

from partnercrm.accounts.actions.joint import own_account
from partnercrm.accounts.actions.keeping import require_owner
from partnercrm.accounts.errors import JointAccountMoved, PlanIsFull
from partnercrm.accounts.joint import JointStatus
from partnercrm.accounts.models.joint import JointAccount, JointAccountSide
from partnercrm.accounts.models.plans import JointAccountPerson, PlanItem
from partnercrm.accounts.plans import MOST_ITEMS, ItemKind, Stance
from partnercrm.accounts.queries import joint, plans
from partnercrm.accounts.queries.plans import OwnSide, Plan
from partnercrm.activity.actions import record
from partnercrm.kernel import clock, db, versions
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotFound
from partnercrm.kernel.ids import new_id
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import Member

NOT_OURS: Final = "Name present members of your own side of this partnership."
NO_MEMBER: Final = "This is no present member of the partnership."
OF_STEPS: Final = "Only a next step has an owner, a day and an end."
OF_STAKEHOLDERS: Final = "Only somebody at the customer supports this or is against it."


def change_joint_account(actor: Actor, joint_account_id: UUID, given: Values[str, Any], expected: str) -> JointAccount:
    """Change what both read of the goal and of what is proposed to the customer. Raises Stale, JointAccountMoved."""
    found = _open(actor, joint_account_id)
    versions.require(expected, found.version_tag)
    for name in ("goal", "proposition"):
        if name in given:
            setattr(found, name, given[name])
    found.updated_at = clock.now()
    db.session().flush()
    record(actor, "joint_account.changed", found)
    return joint.joint_account(actor, joint_account_id)


def name_team(actor: Actor, joint_account_id: UUID, member_ids: Collection[UUID]) -> Plan:
    """Let these members of the actor's own side, and no others of it, work on a joint account; tell the other side.

    Raises JointAccountMoved, Invalid.
    """
    found = _open(actor, joint_account_id)
    members = {one.id for one in partnerships.own_members(actor, found.partnership_id)}
    if not members.issuperset(member_ids):
        raise Invalid.field("member_ids", NOT_OURS)
    before = {one.id for one in plans.team(actor, [found.id], actor.organization_id)}
    left_out = delete(JointAccountPerson).where(
        JointAccountPerson.joint_account_id == found.id,
        JointAccountPerson.organization_id == actor.organization_id,
        JointAccountPerson.member_id.not_in(member_ids),
    )
    db.session().execute(left_out.execution_options(synchronize_session=False))
    for member_id in sorted(set(member_ids) - before):
        db.session().add(_named(actor, found, member_id))
    db.session().flush()
    record(actor, "joint_account.team_named", found)
    return plans.plan(actor, joint_account_id)


def add_item(actor: Actor, joint_account_id: UUID, given: Values[str, Any]) -> PlanItem:
    """Add a line to the plan. Raises JointAccountMoved, PlanIsFull, Invalid."""
    found = _open(actor, joint_account_id)
    if plans.count_items(found.id) >= MOST_ITEMS:
        raise PlanIsFull
    kind: ItemKind = given["kind"]
    stance = given.get("stance", Stance.UNKNOWN) if kind is ItemKind.STAKEHOLDER else given.get("stance")
    added = PlanItem(
        id=new_id(),
        **_sides(found),
        joint_account_id=found.id,
        organization_id=actor.organization_id,
        kind=kind,
        text=given["text"],
        stance=stance,
        added_at=clock.now(),
    )
    _fit(added, given)
    _take_on(actor, added, given)
    db.session().add(added)
    db.session().flush()
    record(actor, "joint_account.planned", found, kind=kind.value)
    return plans.item(actor, added.id)


def change_item(actor: Actor, item_id: UUID, given: Values[str, Any], expected: str) -> PlanItem:
    """Change a line of the plan, whichever side added it; a step that is done names nobody any more.

    Raises Stale, JointAccountMoved, Invalid.
    """
    found = _open(actor, plans.item(actor, item_id).joint_account_id)
    item = plans.item_to_change(actor, item_id)
    versions.require(expected, item.version_tag)
    _fit(item, given)
    for name in ("text", "stance"):
        if name in given:
            setattr(item, name, given[name])
    _take_on(actor, item, given)
    is_done = given.get("done", item.done_at is not None)
    if is_done:
        item.done_at, item.owner_member_id, item.owner_organization_id = item.done_at or clock.now(), None, None
    else:
        item.done_at = None
    db.session().flush()
    record(actor, "joint_account.step_done" if given.get("done") else "joint_account.planned", found, kind=item.kind)
    return plans.item(actor, item_id)


def remove_item(actor: Actor, item_id: UUID, expected: str) -> None:
    """Remove a line that the actor's own side added. Raises Stale, JointAccountMoved, Invalid."""
    found = _open(actor, plans.item(actor, item_id).joint_account_id)
    item = plans.item_to_change(actor, item_id)
    versions.require(expected, item.version_tag)
    if item.organization_id != actor.organization_id:
        raise JointAccountMoved
    db.session().delete(item)
    db.session().flush()
    record(actor, "joint_account.planned", found, kind=item.kind)


def keep_own_side(actor: Actor, joint_account_id: UUID, given: Values[str, Any], expected: str) -> OwnSide:
    """Keep which account it is, who works on it and what they note, for the actor's side alone; the other sees nothing.

    Raises Stale, Invalid.
    """
    found, _ = joint.joint_account_to_step(actor, joint_account_id)
    versions.require(expected, plans.own_side(actor, joint_account_id).version_tag)
    require_owner(actor, given)
    side = joint.own_side(actor, joint_account_id)
    if side is None:
        side = JointAccountSide(
            organization_id=actor.organization_id, joint_account_id=found.id, partnership_id=found.partnership_id
        )
        db.session().add(side)
    if "account_id" in given:
        side.account_id = own_account(actor, given["account_id"]).id if given["account_id"] else None
    for name in ("owner_id", "notes"):
        if name in given:
            setattr(side, name, given[name])
    db.session().flush()
    return plans.own_side(actor, joint_account_id)


def _open(actor: Actor, joint_account_id: UUID) -> JointAccount:
    """Return a joint account that is planned, locked. Raises NotFound, JointAccountMoved."""
    found, _ = joint.joint_account_to_step(actor, joint_account_id)
    if found.status is not JointStatus.OPEN:
        raise JointAccountMoved
    return found


def _fit(item: PlanItem, given: Values[str, Any]) -> None:
    if item.kind is not ItemKind.NEXT_STEP and {"owner_member_id", "due_on", "done"} & given.keys():
        raise Invalid.field("kind", OF_STEPS)
    if item.kind is not ItemKind.STAKEHOLDER and given.get("stance"):
        raise Invalid.field("stance", OF_STAKEHOLDERS)


def _take_on(actor: Actor, item: PlanItem, given: Values[str, Any]) -> None:
    if "due_on" in given:
        item.due_on = given["due_on"]
    if "owner_member_id" in given:
        member = _member(actor, item.partnership_id, given["owner_member_id"]) if given["owner_member_id"] else None
        item.owner_member_id = member.id if member else None
        item.owner_organization_id = member.organization_id if member else None


def _member(actor: Actor, partnership_id: UUID, member_id: UUID) -> Member:
    try:
        return plans.present_member(actor, partnership_id, member_id)
    except NotFound as error:
        raise Invalid.field("owner_member_id", NO_MEMBER) from error


def _sides(found: JointAccount) -> dict[str, UUID]:
    names = ("partnership_id", "first_organization_id", "second_organization_id")
    return {name: getattr(found, name) for name in names}


def _named(actor: Actor, found: JointAccount, member_id: UUID) -> JointAccountPerson:
    return JointAccountPerson(
        id=new_id(),
        **_sides(found),
        joint_account_id=found.id,
        organization_id=actor.organization_id,
        member_id=member_id,
        named_at=clock.now(),
    )
