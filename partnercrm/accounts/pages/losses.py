"""Lost alone, on pages: told beside an account, read by whoever lost it; the company's total of last year."""

from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnercrm.accounts.actions import losses as actions
from partnercrm.accounts.models import Account
from partnercrm.accounts.pages.blueprint import pages
from partnercrm.accounts.pages.looking import account
from partnercrm.accounts.pages.mapping import shared_accounts
from partnercrm.accounts.queries import losses as queries
from partnercrm.accounts.schemas.losses import LoseAccount, LossQuery
from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.web.page import Form


@pages.panel("account beside", rank=3)
def loss_of_account(actor: Actor, seen: Account, form: Form) -> str | None:
    """Let an account's owner say that it was lost, and read which partners were there."""
    if seen.owner_id is None or seen.owner_id != actor.user_id or not actor.has("accounts:write"):
        return None
    lost = queries.losses(actor, LossQuery().load({}) | {"account_id": seen.id}).items
    return render_template(
        "accounts/loss_panel.html", account=seen, losses=lost, today=clock.now().date().isoformat(), form=form
    )


@pages.act("/accounts/<uuid:account_id>/losses", scope="accounts:write", again=account)
def lose_account(actor: Actor, account_id: UUID, form: Form) -> str:
    """Say that an account was lost without a partner."""
    actions.lose_account(actor, account_id, form.load(LoseAccount))
    flash(_("Only you read this."))
    return url_for("accounts_pages.account", account_id=account_id)


@pages.act("/losses/<uuid:loss_id>/withdraw", scope="accounts:write", again=shared_accounts)
def withdraw_loss(actor: Actor, loss_id: UUID, form: Form) -> str:
    """Take back that an account was lost."""
    found = queries.loss(actor, loss_id)
    actions.withdraw_loss(actor, loss_id)
    if found.loss.account_id is None:
        return url_for("accounts_pages.shared_accounts")
    return url_for("accounts_pages.account", account_id=found.loss.account_id)


@pages.panel("with partners")
def losses_of_year(actor: Actor) -> str | None:
    """Show what the company lost alone last year, if enough people did."""
    if not actor.has("reports:read"):
        return None
    told = queries.year_of_losses(actor)
    return None if told.total is None else render_template("accounts/loss_total.html", told=told)
