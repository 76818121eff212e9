"""Mutual yes as pages: saying it beside an account, and reading whom one's yeses opened to."""

from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnercrm.accounts.actions import yeses as actions
from partnercrm.accounts.models import Account
from partnercrm.accounts.pages.blueprint import pages
from partnercrm.accounts.pages.looking import account
from partnercrm.accounts.queries import yeses as queries
from partnercrm.accounts.schemas.yeses import OpeningQuery, SayYes, YesQuery
from partnercrm.identity import queries as identity
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries as partnerships
from partnercrm.settings import settings
from partnercrm.web import frame
from partnercrm.web.page import Form


@pages.panel("account", rank=2)
def yes_to_account(actor: Actor, seen: Account, form: Form) -> str | None:
    """Let a member say of an account that they would talk about it, the same whether or not a partner has it."""
    partners = queries.partners_to_ask(actor) if actor.has("accounts:write") and actor.user_id else ()
    if not partners or actor.user_id is None:
        return None
    said = queries.said_of(actor, seen.id)
    asked = {one.yes.partnership_id for one in said}
    reach = identity.user(actor, actor.user_id).email
    return render_template(
        "accounts/yes_panel.html",
        account=seen,
        said=said,
        names={side.partnership_id: side.name for side in partners},
        partners=[(str(side.partnership_id), side.name) for side in partners if side.partnership_id not in asked],
        days=settings().yes_days,
        form=Form({"reach": reach, **form.values}, form.chosen, form.errors, form.problem, form.labels),
    )


@pages.act("/accounts/<uuid:account_id>/yeses", scope="accounts:write", again=account)
def say_yes(actor: Actor, account_id: UUID, form: Form) -> str:
    """Say that one would talk about an account."""
    said = actions.say_yes(actor, account_id, form.load(SayYes))
    if said.opening_id:
        flash(_("Somebody there would talk about this one, too."))
        return url_for("accounts_pages.opening", opening_id=said.opening_id)
    flash(_("Only you read this; both of you are told if somebody there says the same."))
    return url_for("accounts_pages.account", account_id=account_id)


@pages.show("/accounts/openings", scope="accounts:read")
def openings(actor: Actor, form: Form | None = None) -> str:
    """Show to whom the viewer's yeses opened, and which of them still stand."""
    filters = Form.asked()
    found = queries.openings(actor, filters.load(OpeningQuery))
    standing = [one for one in queries.yeses(actor, YesQuery().load({})).items if one.opening_id is None]
    first_url, next_url = filters.pages("accounts_pages.openings", found.next)
    frame.stand_under("accounts_pages.shared_accounts")
    return render_template(
        "accounts/openings.html",
        openings=found.items,
        standing=standing,
        names=queries.names(actor, [*found.items, *standing]),
        first_url=first_url,
        next_url=next_url,
    )


@pages.show("/openings/<uuid:opening_id>", scope="accounts:read")
def opening(actor: Actor, opening_id: UUID, form: Form | None = None) -> str:
    """Show who at a partner would talk about the same company."""
    found = queries.opening(actor, opening_id)
    frame.stand_under("accounts_pages.shared_accounts")
    return render_template(
        "accounts/opening.html",
        opening=found,
        names=queries.names(actor, [found]),
        partner=partnerships.partner_name(actor, found.opening.partnership_id),
    )


@pages.act("/yeses/<uuid:yes_id>/take-back", scope="accounts:write", again=openings)
def take_yes_back(actor: Actor, yes_id: UUID, form: Form) -> str:
    """Take a yes back; what it opened is closed for both."""
    actions.take_yes_back(actor, yes_id)
    flash(_("Your yes is taken back."))
    return url_for("accounts_pages.openings")
