"""The way in and the way out."""

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from partnercrm.identity import actions, authenticator
from partnercrm.identity.pages.blueprint import pages
from partnercrm.identity.pages.home import home
from partnercrm.identity.queries import beginnings
from partnercrm.identity.schemas import SignInForm
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotSignedIn, Refusal, TooMany
from partnercrm.web import returning
from partnercrm.web.errors import status_of
from partnercrm.web.page import Form, see_other


@pages.get("/sign-in")
def sign_in(form: Form | None = None, status: int = 200) -> AnyResponse:
    """Show the way in; to an empty installation, the way to set it up."""
    with db.transaction(None, read_only=True):
        if form is None and not beginnings.is_set_up():
            return see_other(url_for("identity_pages.set_up"))
    goes_to, typed = request.values.get("next", ""), request.form.get("carried", "")
    page = render_template("identity/sign_in.html", form=form or Form(), next=goes_to, carried=typed)
    return make_response(page, status)


@pages.post("/sign-in/again")
def sign_in_again() -> AnyResponse:
    """Show the way in to somebody whose form came after their session had ended; what they typed goes with it."""
    return sign_in()


@pages.post("/sign-in")
def enter() -> AnyResponse:
    """Let in who gives the right password."""
    form = Form.sent()
    try:
        given = form.load(SignInForm)
        address, agent = request.remote_addr or "", request.user_agent.string
        actor, secret = actions.sign_in(given["email"], given["password"], address, agent)
    except Invalid as refusal:
        return sign_in(form.refused(refusal), 422)
    except (NotSignedIn, TooMany) as refusal:
        return sign_in(_refused(form, refusal), status_of(type(refusal)))
    authenticator.remember(actor, secret)
    if going := returning.unpacked(request.form.get("carried", "")):
        return make_response(render_template("identity/go_on.html", going=going))
    return redirect(_local(request.form.get("next", "")) or url_for("identity_pages.home"), 303)


def _refused(form: Form, refusal: Refusal) -> Form:
    return Form({"email": form.values.get("email", "")}, problem=str(refusal))


def _local(address: str) -> str | None:
    """Return the address if it stays on this site."""
    stays = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if stays and address.isprintable() else None


@pages.act("/sign-out", scope=None, again=home)
def sign_out(actor: Actor, form: Form) -> str:
    """End the session."""
    actions.sign_out(actor)
    authenticator.forget()
    return url_for("identity_pages.sign_in")
