"""What an account may belong to, proposed to its owner, who alone says so."""

from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnercrm.accounts import actions, schemas
from partnercrm.accounts.models import Account
from partnercrm.accounts.pages.blueprint import pages
from partnercrm.accounts.pages.looking import account
from partnercrm.accounts.queries import duplicates
from partnercrm.kernel.actor import Actor
from partnercrm.web.page import Form


@pages.panel("account beside", rank=1)
def likely_parents(actor: Actor, seen: Account, form: Form) -> str | None:
    """Propose to an account's owner what it may stand below."""
    if seen.owner_id not in {None, actor.user_id} or not actor.has("accounts:write"):
        return None
    found = duplicates.parents(actor, seen.id)
    return render_template("accounts/parents.html", account=seen, parents=found) if found else None


@pages.act("/accounts/<uuid:account_id>/parent", scope="accounts:write", again=account)
def set_parent(actor: Actor, account_id: UUID, form: Form) -> str:
    """Say below which account one stands."""
    given = form.without("version").load(schemas.SetParent)
    actions.change_account(actor, account_id, given, form.values.get("version", ""))
    flash(_("It stands below that account from now on."))
    return url_for("accounts_pages.account", account_id=account_id)
