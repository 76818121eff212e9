"""API tokens: made by those they act for, ended by them or their administrator, and with their account."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update

from partnercrm.activity.actions import record
from partnercrm.identity import queries
from partnercrm.identity.errors import ScopesBeyondYours
from partnercrm.identity.models import ApiToken, User
from partnercrm.identity.queries import access
from partnercrm.identity.scopes import ALL_SCOPES
from partnercrm.identity.secrets import fingerprint, new_token
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid, NotFound, NotSignedIn, Told
from partnercrm.kernel.ids import new_id
from partnercrm.settings import settings


def make_token(actor: Actor, given: Mapping[str, Any]) -> tuple[ApiToken, str]:
    """Make an API token of the actor's own; return it with its secret, which is never shown again.

    Raises ScopesBeyondYours, Invalid, NotSignedIn.
    """
    scopes = frozenset(given["scopes"])
    if unknown := sorted(scopes - ALL_SCOPES):
        raise Invalid([FieldError("scopes", Told("There is no scope %(name)s.", name=name)) for name in unknown])
    if not scopes <= actor.scopes:
        raise ScopesBeyondYours(scopes=sorted(scopes - actor.scopes))
    days = given.get("days") or min(90, settings().token_days)
    if days > settings().token_days:
        raise Invalid.field("days", Told("A token lives %(days)d days at most.", days=settings().token_days))
    if actor.user_id is None:
        raise NotFound
    # Locked, so that nobody who is being disabled leaves with a new token.
    if queries.user(actor, actor.user_id, lock=True).disabled_at is not None:
        raise NotSignedIn
    secret = new_token("user")
    now = clock.now()
    token = ApiToken(
        id=new_id(),
        organization_id=actor.organization_id,
        user_id=actor.user_id,
        name=given["name"],
        secret_hash=fingerprint(secret),
        scopes=sorted(scopes),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    db.session().add(token)
    db.session().flush()
    record(actor, "token.made", token)
    return token, secret


def revoke_token(actor: Actor, token_id: UUID) -> ApiToken:
    """End an API token at once; ending it twice changes nothing."""
    token = access.token(actor, token_id, lock=True)
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        db.session().flush()
        record(actor, "token.revoked", token)
    return token


def revoke_all_of(user: User) -> None:
    """End every API token of a person."""
    alive = update(ApiToken).where(
        ApiToken.organization_id == user.organization_id, ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None)
    )
    db.session().execute(alive.values(revoked_at=clock.now(), version=ApiToken.version + 1))
