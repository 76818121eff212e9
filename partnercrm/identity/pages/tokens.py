"""API tokens: what programs of the company sign in with."""

from uuid import UUID

from flask import make_response, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from partnercrm.identity import actions
from partnercrm.identity.pages.blueprint import pages
from partnercrm.identity.queries import access
from partnercrm.identity.schemas import MakeToken, TokenQuery
from partnercrm.identity.words import SCOPES
from partnercrm.kernel.actor import Actor
from partnercrm.web.page import Form


@pages.show("/tokens", scope="tokens:write")
def tokens(actor: Actor, form: Form | None = None, made: str | None = None) -> str:
    """Show the API tokens and a form for another."""
    found = access.tokens(actor, TokenQuery().load({"limit": 200}))
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
