"""Identity's pages: the way in and out, where a person starts, API tokens."""

from typing import Any
from uuid import UUID

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response as AnyResponse

from partnercrm.identity import actions, authenticator, queries
from partnercrm.identity.schemas import MakeToken, SignInForm, TokenQuery, UserQuery
from partnercrm.identity.scopes import Role
from partnercrm.identity.words import SCOPES, WORDS
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotSignedIn, Refusal, TooMany
from partnercrm.web import authentication, frame
from partnercrm.web.errors import status_of
from partnercrm.web.page import Form, Pages

pages = Pages("identity", __name__, WORDS)


@pages.app_context_processor
def viewer() -> dict[str, Any]:
    """Tell every template who is looking; on an error page, outside a transaction, without the company."""
    actor = authentication.present()
    if actor is None:
        return {"viewer": None}
    organization = queries.organization(actor).name if db.is_open() else ""
    roles = [frame.words(Role(role)) for role in sorted(actor.roles)]
    seen = {"name": actor.name, "organization": organization, "roles": roles, "scopes": actor.scopes}
    return {"viewer": seen}


@pages.get("/sign-in")
def sign_in(form: Form | None = None, status: int = 200) -> AnyResponse:
    """Show the way in."""
    goes_to = request.values.get("next", "")
    page = render_template("identity/sign_in.html", form=form or Form(), next=goes_to)
    return make_response(page, status)


@pages.post("/sign-in")
def enter() -> AnyResponse:
    """Let in who gives the right password."""
    form = Form.sent()
    try:
        given = form.load(SignInForm)
        actor, secret = actions.sign_in(given["email"], given["password"], request.remote_addr or "")
    except Invalid as refusal:
        return sign_in(form.refused(refusal), 422)
    except (NotSignedIn, TooMany) as refusal:
        return sign_in(_refused(form, refusal), status_of(type(refusal)))
    authenticator.remember(actor, secret)
    return redirect(_local(request.form.get("next", "")) or url_for("identity_pages.home"), 303)


def _refused(form: Form, refusal: Refusal) -> Form:
    return Form({"email": form.values.get("email", "")}, problem=str(refusal))


def _local(address: str) -> str | None:
    """Return the address if it stays on this site."""
    stays = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if stays and address.isprintable() else None


@pages.show("/", scope=None)
def home(actor: Actor, form: Form | None = None) -> str:
    """Show what waits for this person and how it stands."""
    return render_template("identity/home.html", panels=frame.panels("home", actor))


@pages.act("/sign-out", scope=None, again=home)
def sign_out(actor: Actor, form: Form) -> str:
    """End the session."""
    actions.sign_out(actor)
    authenticator.forget()
    return url_for("identity_pages.sign_in")


@pages.show("/tokens", scope="tokens:write")
def tokens(actor: Actor, form: Form | None = None, made: str | None = None) -> str:
    """Show the API tokens and a form for another."""
    found = queries.tokens(actor, TokenQuery().load({"limit": 200}))
    scopes = [(name, *words) for name, words in SCOPES.items() if actor.has(name)]
    called = {name: words[0] for name, words in SCOPES.items()}
    return render_template(
        "identity/tokens.html", tokens=found.items, called=called, scopes=scopes, form=form or Form(), made=made
    )


@pages.act("/tokens", scope="tokens:write", again=tokens)
def make_token(actor: Actor, form: Form) -> AnyResponse:
    """Make a token and show its secret, this once."""
    _token, secret = actions.make_token(actor, form.load(MakeToken))
    return make_response(tokens(actor, made=secret))


@pages.act("/tokens/<uuid:token_id>/revoke", scope="tokens:write", again=tokens)
def revoke_token(actor: Actor, token_id: UUID, form: Form) -> str:
    """End a token at once."""
    actions.revoke_token(actor, token_id)
    return url_for("identity_pages.tokens")


@pages.panel("home", rank=3)
def people(actor: Actor) -> str | None:
    """Show administrators who is in the organization."""
    if not actor.has("identity:write"):
        return None
    found = queries.users(actor, UserQuery().load({}))
    roles = {user.id: [frame.words(Role(role)) for role in user.roles] for user in found.items}
    alive = sum(token.revoked_at is None for token in queries.tokens(actor, TokenQuery().load({})).items)
    return render_template("identity/home_people.html", people=found.items, roles=roles, tokens=alive, more=found.next)


pages.way("", "home", _("Start"))
pages.way("administration", "tokens", _("API tokens"), "make_token", "revoke_token")
