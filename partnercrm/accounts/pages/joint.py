"""Joint accounts as pages: those there are, proposing one, and one of them with what both plan and what is our own."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnercrm.accounts import queries as accounts
from partnercrm.accounts.actions import joint as actions
from partnercrm.accounts.actions import uniting
from partnercrm.accounts.joint import JointStatus
from partnercrm.accounts.models import Account
from partnercrm.accounts.models.joint import JointAccount
from partnercrm.accounts.pages.blueprint import pages
from partnercrm.accounts.plans import ItemKind, Stance
from partnercrm.accounts.queries import joint as queries
from partnercrm.accounts.queries import plans
from partnercrm.accounts.queries.overlaps import OverlapSeen
from partnercrm.accounts.schemas.joint import (
    AgreeJointAccount,
    JointAccountAsked,
    JointAccountOnPage,
    JointAccountQuery,
    OtherJointAccount,
)
from partnercrm.identity import queries as identity
from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import Partnership
from partnercrm.web import frame
from partnercrm.web.page import Form

_OF_ACCOUNT: Final = {"sort": "name", "limit": 20}


@pages.show("/joint-accounts", scope="accounts:read")
def joint_accounts(actor: Actor) -> str:
    """Show the companies that we work on with partners, or that somebody proposes."""
    filters = Form.asked()
    found = queries.joint_accounts(actor, filters.load(JointAccountQuery))
    first_url, next_url = filters.pages("accounts_pages.joint_accounts", found.next)
    return render_template(
        "accounts/joint_accounts.html",
        joint_accounts=found.items,
        partners=partners(actor),
        mine=actor.organization_id,
        filters=filters,
        statuses=frame.choices(JointStatus),
        first_url=first_url,
        next_url=next_url,
    )


@pages.show("/joint-accounts/new", scope="accounts:write")
def new_joint_account(actor: Actor, form: Form | None = None) -> str:
    """Show the form that names a company to work on together, filled in from one of our accounts where one is named."""
    account_id = None if form else Form.asked().load(JointAccountAsked).get("account_id")
    account = accounts.account(actor, account_id).account if account_id else None
    return render_template(
        "accounts/new_joint_account.html",
        form=form or _filled(Form.asked(), account),
        account=account,
        partners=[(str(one), name) for one, name in partners(actor).items()],
        countries=frame.countries(),
    )


@pages.act("/joint-accounts/new", scope="accounts:write", again=new_joint_account)
def propose_joint_account(actor: Actor, form: Form) -> str:
    """Propose to work on a company together."""
    given = form.load(JointAccountOnPage)
    domain = given.pop("domain", None)
    if "overlap_id" not in given:
        given["domains"] = [domain] if domain else []
    found = actions.propose_joint_account(actor, given)
    if found.status is JointStatus.OPEN:
        flash(_("Both of you named this company: you work on it together from now on."))
    else:
        flash(_("Your partner has your proposal."))
    return _to(found)


@pages.show("/joint-accounts/<uuid:joint_account_id>", scope="accounts:read")
def joint_account(actor: Actor, joint_account_id: UUID, form: Form | None = None, **_places: UUID) -> str:
    """Show one joint account: both teams, the plan, what happened, and below what our side alone reads."""
    return shown_to(actor, joint_account_id, form)


def shown_to(actor: Actor, joint_account_id: UUID, form: Form | None = None, *, as_partner: bool = False) -> str:
    """Return the page as it is made for somebody; a partner's view asks for nothing that is the partner's own."""
    plan = plans.plan(actor, joint_account_id)
    found = plan.joint_account
    partnership = partnerships.joined_partnership(actor, found.partnership_id)
    ours: dict[str, Any] = {"suggested": (), "panels": ()} if as_partner else _ours(actor, found)
    notes = "" if as_partner else ours["own"].notes
    frame.stand_under("accounts_pages.joint_accounts")
    return render_template(
        "accounts/joint_account.html",
        joint=found,
        partnership=partnership,
        sides=partnership.sides_by_id,
        mine=actor.organization_id,
        partner=partnership.name_of(partnership.other(actor.organization_id)),
        plan=plan,
        lines=plans.timeline(actor, joint_account_id),
        may=_may(actor, found),
        merged=queries.merged_into(found),
        as_partner=as_partner,
        form=form or Form({"goal": found.goal or "", "proposition": found.proposition or "", "notes": notes or ""}),
        **_choices(actor, found, partnership),
        **ours,
    )


def _ours(actor: Actor, found: JointAccount) -> dict[str, Any]:
    """Return what our side keeps of a joint account, what it may be for us, and what other slices show of it."""
    own = plans.own_side(actor, found.id)
    return {
        "own": own,
        "account": accounts.account(actor, own.account_id).account if own.account_id else None,
        "owner": identity.user(actor, own.owner_id) if own.owner_id else None,
        "suggested": [(str(one.id), one.name) for one in queries.suggested(actor, found)],
        "colleagues": [(str(one.id), one.name) for one in identity.colleagues(actor)],
        "panels": frame.panels("joint_account", actor, found),
    }


@pages.panel("account", rank=3)
def joint_accounts_of_account(actor: Actor, account: Account, form: Form) -> str | None:
    """Show on an account's page with which partners we work on it, and lead to proposing it."""
    if not actor.partnership_ids:
        return None
    found = queries.joint_accounts(actor, _OF_ACCOUNT | {"account_id": account.id}).items
    return render_template(
        "accounts/joint_panel.html",
        account=account,
        joint_accounts=found,
        partners=partners(actor),
        may_propose=actor.has("accounts:write"),
    )


@pages.panel("overlap", rank=2)
def work_together(actor: Actor, account: Account, seen: OverlapSeen, *_more: Any) -> str | None:
    """Lead from a company that both have to working on it together, within what both agreed to tell."""
    if not actor.has("accounts:write") or not any(copy.name for copy in seen.theirs):
        return None
    return render_template("accounts/work_together.html", account=account, seen=seen)


def partners(actor: Actor) -> dict[UUID, str]:
    """Return the names of the partners whose partnership the actor is a member of, by partnership."""
    joined = partnerships.joined_partnerships(actor)
    return {one.id: one.name_of(one.other(actor.organization_id)) for one in joined}


def _filled(asked: Form, account: Account | None) -> Form:
    """Return the form with what a partner would read of an account."""
    if account is None:
        return asked
    said = {"name": account.name, "city": account.city, "country": account.country}
    said["domain"] = next(iter(account.web_domains), None)
    return Form({**{name: value for name, value in said.items() if value}, **asked.values})


def _choices(actor: Actor, found: JointAccount, partnership: Partnership) -> dict[str, Any]:
    members = [one for one in partnership.members_by_name if one.left_at is None]
    ours = [(str(one.id), one.name, "") for one in members if one.organization_id == actor.organization_id]
    return {
        "beside": [(str(one.id), one.name) for one in queries.open_beside(actor, found)],
        "our_members": ours,
        "members": [(str(one.id), f"{one.name}, {partnership.name_of(one.organization_id)}") for one in members],
        "names": {one.id: one.name for one in members},
        "kinds": frame.choices(ItemKind),
        "stances": frame.choices(Stance),
        "today": clock.now().date(),
    }


def _may(actor: Actor, found: JointAccount) -> frozenset[str]:
    """Return what the viewer may do now, by the words of the page."""
    ours = found.opened_by == actor.organization_id
    proposed, is_open = found.status is JointStatus.PROPOSED, found.status is JointStatus.OPEN
    may = {"answer": proposed and not ours, "withdraw": proposed and ours, "plan": is_open, "keep": True}
    return frozenset(name for name, allowed in may.items() if allowed and actor.has("accounts:write"))


def _to(found: JointAccount) -> str:
    return url_for("accounts_pages.joint_account", joint_account_id=found.id)


@pages.act("/joint-accounts/<uuid:joint_account_id>/agree", scope="accounts:write", again=joint_account)
def agree_joint_account(actor: Actor, joint_account_id: UUID, form: Form) -> str:
    """Agree to work on a company together."""
    return _to(actions.agree_joint_account(actor, joint_account_id, form.load(AgreeJointAccount)))


@pages.act("/joint-accounts/<uuid:joint_account_id>/merge", scope="accounts:write", again=joint_account)
def merge_joint_account(actor: Actor, joint_account_id: UUID, form: Form) -> str:
    """Merge another joint account into this one."""
    other_id = form.load(OtherJointAccount)["other_id"]
    return _to(uniting.merge_joint_accounts(actor, joint_account_id, other_id))


@pages.act("/joint-accounts/<uuid:joint_account_id>/part", scope="accounts:write", again=joint_account)
def part_joint_account(actor: Actor, joint_account_id: UUID, form: Form) -> str:
    """Undo a merge."""
    other_id = form.load(OtherJointAccount)["other_id"]
    return _to(uniting.part_joint_accounts(actor, joint_account_id, other_id))


def _step(path: str, act: Callable[[Actor, UUID], JointAccount], name: str) -> None:
    def step(actor: Actor, joint_account_id: UUID, form: Form) -> str:
        return _to(act(actor, joint_account_id))

    step.__name__ = name
    pages.act(f"/joint-accounts/<uuid:joint_account_id>/{path}", scope="accounts:write", again=joint_account)(step)


_step("decline", actions.decline_joint_account, "decline_joint_account")
_step("close", actions.close_joint_account, "close_joint_account")
