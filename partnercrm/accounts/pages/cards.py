"""The card: what one seller reads on one account's page, small, in a frame of their CRM; without sign-in or script."""

from flask import Blueprint, render_template
from flask_babel import force_locale

from partnercrm.accounts import queries as accounts
from partnercrm.accounts.pages.mapping import partners_of_account
from partnercrm.accounts.queries import cards as queries
from partnercrm.kernel import db
from partnercrm.web import security
from partnercrm.web.page import Form

cards = Blueprint("cards", "partnercrm.accounts")


@cards.get("/card-<link>")
def card(link: str) -> str:
    """Show a card as its seller reads it now; a dead link looks as if it never was."""
    found = queries.link(link)
    with db.transaction(None, read_only=True):
        holder = queries.holder(found)
    with db.transaction(holder.actor, read_only=True), force_locale(holder.actor.locale):
        account = accounts.account(holder.actor, found.account_id).account
        panel = partners_of_account(holder.actor, account, Form())
        shown = render_template("accounts/card.html", account=account, panel=panel)
    security.let_frame(holder.origins)
    return shown
