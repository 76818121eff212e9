"""Recognising callers: API tokens, and Flask-Login's cookie over sessions kept on the server."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from flask import Flask
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import Row

from partnercrm.identity import actions, queries
from partnercrm.identity.scopes import scopes_of
from partnercrm.identity.secrets import fingerprint, is_well_formed
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.web.rate_limits import Allowance, Spent

_SEEN_EVERY: Final = timedelta(minutes=1)


class Visitor(UserMixin):
    """Who Flask-Login believes is there: an actor found by the secret in the cookie."""

    def __init__(self, actor: Actor, secret: str) -> None:
        self.actor = actor
        self._secret = secret

    def get_id(self) -> str:
        """Return what the cookie carries: the session's secret, never the user's id."""
        return self._secret


class Recognition:
    """The application's authenticator."""

    def by_token(self, token: str) -> Actor | None:
        """Return whose API token this is, if it is alive."""
        found = queries.behind_token(fingerprint(token)) if is_well_formed(token) else None
        return None if found is None else _bearer(found)

    def arriving(self, token: str, allowed: Allowance, about: str) -> tuple[Spent, Actor | None]:
        """Count a request against the allowance of `about`; return what is spent and whose API token this is."""
        secret_hash = fingerprint(token) if is_well_formed(token) else None
        found = queries.arrival(secret_hash, allowed.counter(about))
        spent = Spent(allowed, found.hits, float(found.resets_at))
        return spent, None if found.token_id is None else _bearer(found)

    def by_session(self) -> Actor | None:
        """Return who is signed in behind the present request's cookie."""
        return current_user.actor if current_user.is_authenticated else None

    def renewal(self, token: str | None) -> Callable[[], Actor | None]:
        """Return a way to look up anew, later, whose token this is, or without one who is signed in."""
        if token is not None:
            return partial(self.by_token, token)
        secret = current_user.get_id() if current_user.is_authenticated else ""

        def look() -> Actor | None:
            visitor = _visitor(secret)
            return visitor.actor if visitor else None

        return look


def install(app: Flask) -> Recognition:
    """Let Flask-Login find visitors by their server-side session."""
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(_visitor)
    return Recognition()


def remember(actor: Actor, secret: str) -> None:
    """Put the new session's secret into a fresh cookie."""
    cookie.clear()
    cookie.permanent = True
    login_user(Visitor(actor, secret))


def forget() -> None:
    """Take the session's secret out of the cookie."""
    logout_user()
    cookie.clear()


def _visitor(secret: str) -> Visitor | None:
    if not is_well_formed(secret):
        return None
    found = queries.behind_session(fingerprint(secret))
    if found is None:
        return None
    actor = _actor(found, scopes_of(found.roles), session_id=found.session_id)
    _note(actor, found.last_seen_at)
    return Visitor(actor, secret)


def _bearer(found: Row[*tuple[Any, ...]]) -> Actor:
    granted = scopes_of(found.roles) & frozenset(found.scopes)
    actor = _actor(found, granted, token_id=found.token_id)
    _note(actor, found.last_used_at)
    return actor


def _actor(found: Row[*tuple[Any, ...]], scopes: frozenset[str], **through: Any) -> Actor:
    return Actor(
        organization_id=found.organization_id,
        user_id=found.user_id,
        name=found.name,
        roles=frozenset(found.roles),
        scopes=scopes,
        partnership_ids=frozenset(found.partnership_ids),
        locale=found.locale,
        **through,
    )


def _note(actor: Actor, seen_at: datetime | None) -> None:
    if seen_at is None or clock.now() - seen_at >= _SEEN_EVERY:
        with db.aside(actor):
            actions.note_seen(actor)
