"""Pages behind links in mails: joining, and another password. Looking at one changes nothing, whoever looks."""

from flask import flash, make_response, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from partnercrm.identity import actions, authenticator, queries
from partnercrm.identity.errors import LinkSpent
from partnercrm.identity.pages.blueprint import pages
from partnercrm.identity.schemas import AcceptInvitation, AskReset, ChoosePassword
from partnercrm.identity.secrets import fingerprint
from partnercrm.kernel import db, mail
from partnercrm.kernel.errors import Conflict, Invalid, TooMany
from partnercrm.web.errors import status_of
from partnercrm.web.page import Form, see_other


@pages.get("/invitation")
def invitation(form: Form | None = None, status: int = 200) -> AnyResponse:
    """Show an invited person what they are invited to, and a form to choose a password."""
    secret = request.values.get("link", "")
    with db.transaction(None, read_only=True):
        found = queries.behind_invitation(fingerprint(secret))
    if found is None:
        return _spent()
    form = form or Form({"link": secret, "name": found.name})
    page = render_template("identity/invitation.html", organization=found.organization, email=found.email, form=form)
    return make_response(page, status)


@pages.post("/invitation")
def accept_invitation() -> AnyResponse:
    """Let an invited person in."""
    form = Form.sent()
    try:
        given = form.load(AcceptInvitation)
        secret = given.pop("link")
        actor, session = actions.accept_invitation(secret, given, *_whence())
    except LinkSpent:
        return _spent()
    except Invalid as refusal:
        return invitation(form.refused(refusal), 422)
    except (Conflict, TooMany) as refusal:
        return invitation(Form(form.values, problem=str(refusal)), status_of(type(refusal)))
    authenticator.remember(actor, session)
    return see_other(url_for("identity_pages.home"))


@pages.get("/password/forgotten")
def forgotten(form: Form | None = None, status: int = 200, *, asked: bool = False) -> AnyResponse:
    """Show who lost a password how to get another."""
    page = render_template("identity/forgotten.html", form=form or Form(), asked=asked, is_mail=mail.is_set_up())
    return make_response(page, status)


@pages.post("/password/forgotten")
def ask_reset() -> AnyResponse:
    """Note that a password is lost; the answer is the same for every address."""
    form = Form.sent()
    try:
        actions.ask_reset(form.load(AskReset)["email"], request.remote_addr or "")
    except Invalid as refusal:
        return forgotten(form.refused(refusal), 422)
    except TooMany as refusal:
        return forgotten(Form(form.values, problem=str(refusal)), status_of(type(refusal)))
    return forgotten(asked=True)


@pages.get("/password/reset")
def reset(form: Form | None = None, status: int = 200) -> AnyResponse:
    """Show a form to choose another password."""
    secret = request.values.get("link", "")
    with db.transaction(None, read_only=True):
        found = queries.behind_reset(fingerprint(secret))
    if found is None:
        return _spent()
    page = render_template("identity/reset.html", email=found.email, form=form or Form({"link": secret}))
    return make_response(page, status)


@pages.post("/password/reset")
def use_reset() -> AnyResponse:
    """Set the password a person chose."""
    form = Form.sent()
    try:
        given = form.load(ChoosePassword)
        actions.use_reset(given["link"], given["password"], request.remote_addr or "")
    except LinkSpent:
        return _spent()
    except Invalid as refusal:
        return reset(form.refused(refusal), 422)
    except TooMany as refusal:
        return reset(Form(form.values, problem=str(refusal)), status_of(type(refusal)))
    flash(gettext("Your password is set. Sign in with it."))
    return see_other(url_for("identity_pages.sign_in"))


def _whence() -> tuple[str, str]:
    return request.remote_addr or "", request.user_agent.string


def _spent() -> AnyResponse:
    return make_response(render_template("identity/link_spent.html"), status_of(LinkSpent))
