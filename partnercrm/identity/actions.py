"""Making and changing organizations, people, teams and tokens; signing in and out."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert

from partnercrm.activity.actions import record
from partnercrm.identity import passwords, queries
from partnercrm.identity.errors import (
    EmailTaken,
    LastAdmin,
    PasswordTooWeak,
    ScopesBeyondYours,
    TeamNameTaken,
    WrongSignIn,
)
from partnercrm.identity.models import ApiToken, Organization, Password, SignIn, Team, User
from partnercrm.identity.scopes import ALL_SCOPES
from partnercrm.identity.secrets import fingerprint, new_token
from partnercrm.kernel import clock, db, versions
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid, NotFound
from partnercrm.kernel.ids import new_id
from partnercrm.settings import settings
from partnercrm.web.rate_limits import spend


def found_organization(actor: Actor, name: str, mail_domains: Sequence[str]) -> Organization:
    """Enter a new organization, whose id is the actor's; its people have addresses of these domains only."""
    domains = sorted(domain.lower() for domain in mail_domains)
    organization = Organization(id=actor.organization_id, name=name, mail_domains=domains, created_at=clock.now())
    db.session().add(organization)
    db.session().flush()
    record(actor, "organization.founded", organization)
    return organization


def add_user(actor: Actor, given: Mapping[str, Any]) -> User:
    """Add a person to the actor's organization, with a first password. Raises EmailTaken, Invalid."""
    email = given["email"].lower()
    domains = queries.organization(actor).mail_domains
    if email.rpartition("@")[2] not in domains:
        raise Invalid.field("email", f"Your organization's addresses end in @{' or @'.join(domains)}.")
    user = User(
        id=new_id(),
        organization_id=actor.organization_id,
        email=email,
        name=given["name"],
        roles=sorted(given["roles"]),
        team_id=_own_team(actor, given.get("team_id")),
        created_at=clock.now(),
    )
    with db.unique("uq_users_organization_id_email", EmailTaken):
        db.session().add(user)
    _set_password(user, given["password"])
    record(actor, "user.added", user)
    return user


def edit_user(actor: Actor, user_id: UUID, given: Mapping[str, Any], expected: str) -> User:
    """Change a person's name, roles, team or whether they may sign in. Raises Stale, LastAdmin, Invalid."""
    administrators = queries.administrators(actor)
    user = queries.user(actor, user_id, lock=True)
    versions.require(expected, user.version_tag)
    if "roles" in given:
        user.roles = sorted(given["roles"])
    if "name" in given:
        user.name = given["name"]
    if "team_id" in given:
        user.team_id = _own_team(actor, given["team_id"])
    if "disabled" in given:
        user.disabled_at = clock.now() if given["disabled"] else None
    resigned = "admin" not in user.roles or user.disabled_at is not None
    if resigned and [administrator.id for administrator in administrators] == [user.id]:
        raise LastAdmin
    if user.disabled_at is not None:
        _end_sessions(user)
        _revoke_tokens(user)
    db.session().flush()
    record(actor, "user.edited", user)
    return user


def reset_password(actor: Actor, user_id: UUID, password: str) -> User:
    """Give a person a new first password and end their sessions; their API tokens live on. Raises PasswordTooWeak."""
    user = queries.user(actor, user_id, lock=True)
    _set_password(user, password)
    _end_sessions(user)
    record(actor, "user.password_reset", user)
    return user


def add_team(actor: Actor, given: Mapping[str, Any]) -> Team:
    """Add a team. Raises TeamNameTaken."""
    team = Team(id=new_id(), organization_id=actor.organization_id, name=given["name"])
    with db.unique("uq_teams_organization_id_name", TeamNameTaken):
        db.session().add(team)
    record(actor, "team.added", team)
    return team


def make_token(actor: Actor, given: Mapping[str, Any]) -> tuple[ApiToken, str]:
    """Make an API token of the actor's own; return it with its secret, which is never shown again.

    Raises ScopesBeyondYours, Invalid.
    """
    scopes = frozenset(given["scopes"])
    if unknown := sorted(scopes - ALL_SCOPES):
        raise Invalid([FieldError("scopes", f"There is no scope {name}.") for name in unknown])
    if not scopes <= actor.scopes:
        raise ScopesBeyondYours(scopes=sorted(scopes - actor.scopes))
    days = given.get("days") or min(90, settings().token_days)
    if days > settings().token_days:
        raise Invalid.field("days", f"A token lives {settings().token_days} days at most.")
    if actor.user_id is None:
        raise NotFound
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
    token = queries.token(actor, token_id, lock=True)
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        db.session().flush()
        record(actor, "token.revoked", token)
    return token


def sign_in(email: str, password: str, address: str) -> tuple[Actor, str]:
    """Open a session for who gives the right password; return the actor and the session's secret.

    Runs outside a transaction. Raises WrongSignIn, with the same answer and work for unknown addresses; TooMany.
    """
    rates, account_name = settings(), email.lower()
    # The narrowest first: who is refused here uses up nobody else's allowance.
    spend(rates.sign_in_rate_address, "sign-in by address", address)
    spend(rates.sign_in_rate_account, "sign-in to account by address", account_name, address)
    spend(rates.sign_in_rate_account_everywhere, "sign-in to account", account_name)
    spend(rates.sign_in_rate_global, "sign-in")
    with db.transaction(None, read_only=True):
        accounts = queries.accounts_by_email(email)
    account = passwords.first_match(password, [(found, found.hash) for found in accounts])
    if account is None:
        raise WrongSignIn
    actor = Actor(organization_id=account.organization_id, user_id=account.user_id)
    with db.transaction(actor):
        secret = _open_session(actor)
    return actor, secret


def sign_out(actor: Actor) -> None:
    """End the actor's session."""
    db.session().execute(
        delete(SignIn).where(SignIn.organization_id == actor.organization_id, SignIn.id == actor.session_id)
    )


def note_seen(actor: Actor) -> None:
    """Remember that the actor's session or token was used just now; a session's life begins anew."""
    now = clock.now()
    if actor.token_id:
        change = update(ApiToken).where(ApiToken.id == actor.token_id).values(last_used_at=now)
        db.session().execute(change.where(ApiToken.organization_id == actor.organization_id))
        return
    expires_at = now + timedelta(hours=settings().session_hours)
    change = update(SignIn).where(SignIn.id == actor.session_id).values(last_seen_at=now, expires_at=expires_at)
    db.session().execute(change.where(SignIn.organization_id == actor.organization_id))


def _open_session(actor: Actor) -> str:
    secret = new_token("session")
    now = clock.now()
    opened = SignIn(
        id=new_id(),
        organization_id=actor.organization_id,
        user_id=actor.user_id,
        secret_hash=fingerprint(secret),
        created_at=now,
        last_seen_at=now,
        expires_at=now + timedelta(hours=settings().session_hours),
    )
    db.session().add(opened)
    db.session().flush()
    record(actor, "session.opened", opened)
    return secret


def _end_sessions(user: User) -> None:
    signed_in = delete(SignIn).where(SignIn.organization_id == user.organization_id, SignIn.user_id == user.id)
    db.session().execute(signed_in)


def _revoke_tokens(user: User) -> None:
    alive = update(ApiToken).where(
        ApiToken.organization_id == user.organization_id, ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None)
    )
    db.session().execute(alive.values(revoked_at=clock.now(), version=ApiToken.version + 1))


def _own_team(actor: Actor, team_id: UUID | None) -> UUID | None:
    if team_id is None:
        return None
    try:
        return queries.team(actor, team_id).id
    except NotFound as error:
        raise Invalid.field("team_id", "Your organization has no such team.") from error


def _set_password(user: User, password: str) -> None:
    if len(password) < passwords.SHORTEST:
        raise PasswordTooWeak([FieldError("password", PasswordTooWeak.title)])
    key = {"organization_id": user.organization_id, "user_id": user.id}
    new = {"hash": passwords.hashed(password), "changed_at": clock.now()}
    statement = insert(Password).values(**key, **new)
    db.session().execute(statement.on_conflict_do_update(constraint="pk_passwords", set_=new))
