"""The forms by which both sides plan a joint account, and by which our side keeps something for itself."""

from typing import Final
from uuid import UUID

from flask import flash, url_for
from flask_babel import gettext as _

from partnercrm.accounts.actions import planning as actions
from partnercrm.accounts.pages.blueprint import pages
from partnercrm.accounts.pages.joint import joint_account
from partnercrm.accounts.queries import plans
from partnercrm.accounts.schemas.plans import AddItem, ChangeJointAccount, KeepOwnSide, NameTeam
from partnercrm.kernel.actor import Actor
from partnercrm.web.page import Form

_NO_PLAN: Final = {"goal": None, "proposition": None}
_NOTHING_OWN: Final = {"account_id": None, "owner_id": None, "notes": None}


@pages.act("/joint-accounts/<uuid:joint_account_id>/plan", scope="accounts:write", again=joint_account)
def change_joint_plan(actor: Actor, joint_account_id: UUID, form: Form) -> str:
    """Keep the goal and what both propose; a field that was emptied is empty from now on."""
    given = _NO_PLAN | form.without("version").load(ChangeJointAccount)
    actions.change_joint_account(actor, joint_account_id, given, form.values.get("version", ""))
    return _to(joint_account_id)


@pages.act("/joint-accounts/<uuid:joint_account_id>/team", scope="accounts:write", again=joint_account)
def name_joint_team(actor: Actor, joint_account_id: UUID, form: Form) -> str:
    """Name who of our side works on it."""
    chosen = Form({"member_ids": "", **form.values}, {"member_ids": (), **form.chosen})
    actions.name_team(actor, joint_account_id, chosen.load(NameTeam)["member_ids"])
    flash(_("Your team is named; your partner's people see whom to ask."))
    return _to(joint_account_id)


@pages.act("/joint-accounts/<uuid:joint_account_id>/items", scope="accounts:write", again=joint_account)
def add_plan_item(actor: Actor, joint_account_id: UUID, form: Form) -> str:
    """Add a line to the plan."""
    actions.add_item(actor, joint_account_id, form.load(AddItem))
    return _to(joint_account_id)


@pages.act("/joint-accounts/<uuid:joint_account_id>/own", scope="accounts:write", again=joint_account)
def keep_own_side(actor: Actor, joint_account_id: UUID, form: Form) -> str:
    """Keep something for our side alone."""
    given = _NOTHING_OWN | form.without("version").load(KeepOwnSide)
    actions.keep_own_side(actor, joint_account_id, given, form.values.get("version", ""))
    flash(_("Kept; only your side reads it."))
    return _to(joint_account_id)


@pages.show("/joint-plan-items/<uuid:item_id>", scope="accounts:read")
def plan_item(actor: Actor, item_id: UUID, form: Form | None = None) -> str:
    """Show the joint account that a line belongs to."""
    shown: str = joint_account(actor, plans.item(actor, item_id).joint_account_id, form)
    return shown


@pages.act("/joint-plan-items/<uuid:item_id>/done", scope="accounts:write", again=plan_item)
def finish_step(actor: Actor, item_id: UUID, form: Form) -> str:
    """Say that a step is done."""
    changed = actions.change_item(actor, item_id, {"done": True}, form.values.get("version", ""))
    return _to(changed.joint_account_id)


@pages.act("/joint-plan-items/<uuid:item_id>/remove", scope="accounts:write", again=plan_item)
def remove_plan_item(actor: Actor, item_id: UUID, form: Form) -> str:
    """Remove a line that our side added."""
    joint_account_id = plans.item(actor, item_id).joint_account_id
    actions.remove_item(actor, item_id, form.values.get("version", ""))
    return _to(joint_account_id)


def _to(joint_account_id: UUID) -> str:
    return url_for("accounts_pages.joint_account", joint_account_id=joint_account_id)
