"""Who is behind a request: the application hands over an authenticator, doors ask here."""

from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, cast

from flask import Flask, current_app, g, request
from flask_babel import gettext as _

from partnercrm.kernel.actor import Actor, Asked, any_of
from partnercrm.kernel.errors import NotAllowed, NotSignedIn, Told
from partnercrm.settings import settings
from partnercrm.web import rate_limits
from partnercrm.web.rate_limits import Allowance, Spent


class Authenticator(Protocol):
    """What identity offers to the doors."""

    def arriving(self, token: str, allowed: Allowance, about: str) -> tuple[Spent, Actor | None]:
        """Count a request against the allowance of `about`; return what is spent and whose API token this is."""

    def by_session(self) -> Actor | None:
        """Return who is signed in behind the present request's cookie."""

    def renewal(self, token: str | None) -> Callable[[], Actor | None]:
        """Return a way to look up anew, later, whose token this is, or without one who is signed in."""


def install(app: Flask, authenticator: Authenticator) -> None:
    """Let the doors of the application recognise callers by `authenticator`."""
    app.extensions["authenticator"] = authenticator
    app.before_request(_count)


def _count() -> None:
    """Count every request of a program, whatever it asks for, also for what there is not."""
    if request.path.startswith("/api/v1/"):
        with suppress(NotSignedIn):
            caller()


def caller() -> Actor:
    """Return the actor of the request's bearer token; NotSignedIn when there is none, TooMany beyond its allowance."""
    if rate_limits.noted() is None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        token = token.strip()
        about = f"token:{token}" if token else f"address:{request.remote_addr}"
        allowed = rate_limits.allowance(settings().request_rate)
        bearer = token if scheme.lower() == "bearer" else ""
        spent, g.actor = _authenticator().arriving(bearer, allowed, about)
        rate_limits.note(spent)
        spent.require_enough()
    return caller_found()


def visitor() -> Actor:
    """Return who is signed in with a cookie; NotSignedIn when nobody is."""
    return _remember(_authenticator().by_session())


def renewal() -> Callable[[], Actor]:
    """Return a way to look up whoever is behind the present request as they are by then; it raises NotSignedIn."""
    _, _, token = request.headers.get("Authorization", "").partition(" ")
    look = _authenticator().renewal(token.strip() or None)

    def again() -> Actor:
        if (actor := look()) is None:
            raise NotSignedIn
        return actor

    return again


def caller_found() -> Actor:
    """Return the actor that `caller` or `visitor` found for this request before."""
    return _remember(present())


def present() -> Actor | None:
    """Return the actor that this request was found to have, if it was asked for."""
    return cast("Actor | None", g.get("actor"))


def require(actor: Actor, asked: Asked) -> None:
    """Refuse an actor that lacks the scope; of several, every one."""
    scopes = any_of(asked)
    if scopes and not actor.has(*scopes):
        scope = " or ".join(scopes)
        sentence: str = Told("This needs the scope %(scope)s.", scope=scope)
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
