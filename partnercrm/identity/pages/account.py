"""A person's own account: where they are signed in, and their password."""

from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext

from partnercrm.identity import actions, queries
from partnercrm.identity.pages.blueprint import pages
from partnercrm.identity.queries import access
from partnercrm.identity.schemas import ChangePassword, SessionQuery
from partnercrm.kernel.actor import Actor
from partnercrm.web.page import Form


@pages.show("/account", scope=None)
def account(actor: Actor, form: Form | None = None, **_places: UUID) -> str:
    """Show where the person is signed in, and a form for another password."""
    found = access.sessions(actor, SessionQuery().load({"limit": 200}))
    person = queries.oneself(actor)
    return render_template("identity/account.html", person=person, sessions=found.items, form=form or Form())


@pages.act("/account/password", scope=None, again=account)
def change_password(actor: Actor, form: Form) -> str:
    """Change the person's own password."""
    given = form.load(ChangePassword)
    actions.change_password(actor, given["present_password"], given["password"])
    flash(gettext("Your password is changed. Wherever else you were signed in, you no longer are."))
    return url_for("identity_pages.account")


@pages.act("/account/sessions/<uuid:session_id>/end", scope=None, again=account)
def end_session(actor: Actor, session_id: UUID, form: Form) -> str:
    """End one of the person's sessions."""
    actions.end_session(actor, session_id)
    return url_for("identity_pages.account")


@pages.act("/account/sessions/end-others", scope=None, again=account)
def end_other_sessions(actor: Actor, form: Form) -> str:
    """End the person's sessions, all but this one."""
    actions.end_other_sessions(actor)
    flash(gettext("Wherever else you were signed in, you no longer are."))
    return url_for("identity_pages.account")
