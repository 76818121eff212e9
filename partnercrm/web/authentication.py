"""Who is behind a request: the application hands over an authenticator, doors ask here."""

from typing import Protocol, cast

from flask import Flask, current_app, g, request
from flask_babel import gettext as _

from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotAllowed, NotSignedIn


class Authenticator(Protocol):
    """What identity offers to the doors."""

    def by_token(self, token: str) -> Actor | None:
        """Return whose API token this is, if it is alive."""

    def by_session(self) -> Actor | None:
        """Return who is signed in behind the present request's cookie."""


def install(app: Flask, authenticator: Authenticator) -> None:
    """Let the doors of the application recognise callers by `authenticator`."""
    app.extensions["authenticator"] = authenticator


def caller() -> Actor:
    """Return the actor of the request's bearer token; NotSignedIn when there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    actor = _authenticator().by_token(token.strip()) if scheme.lower() == "bearer" else None
    return _remember(actor)


def visitor() -> Actor:
    """Return who is signed in with a cookie; NotSignedIn when nobody is."""
    return _remember(_authenticator().by_session())


def caller_found() -> Actor:
    """Return the actor that `caller` or `visitor` found for this request before."""
    return _remember(present())


def present() -> Actor | None:
    """Return the actor that this request was found to have, if it was asked for."""
    return cast("Actor | None", g.get("actor"))


def require(actor: Actor, scope: str) -> None:
    """Refuse an actor that lacks the scope."""
    if not actor.has(scope):
        sentence = f"This needs the scope {scope}."
        if actor.session_id:
            sentence = str(_("Your roles do not include this. An administrator of your organization can change them."))
        raise NotAllowed(sentence, scope=scope)


def _remember(actor: Actor | None) -> Actor:
    if actor is None:
        raise NotSignedIn
    g.actor = actor
    return actor


def _authenticator() -> Authenticator:
    return cast("Authenticator", current_app.extensions["authenticator"])
