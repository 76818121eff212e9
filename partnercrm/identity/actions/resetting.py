"""Another password for who lost theirs: asked for by anybody, started by an administrator, chosen behind a link."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text

from partnercrm.activity.actions import record
from partnercrm.identity import queries
from partnercrm.identity.actions import sessions
from partnercrm.identity.actions.passwords import set_password
from partnercrm.identity.errors import AccountDisabled, LinkSpent, MailNotSetUp
from partnercrm.identity.models import PasswordReset, User
from partnercrm.identity.secrets import fingerprint, new_token
from partnercrm.kernel import clock, db, jobs, mail
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import random_id
from partnercrm.settings import settings
from partnercrm.web.rate_limits import spend

LINK_LIVES: Final = timedelta(hours=1)
_NOT_AGAIN_FOR: Final = timedelta(minutes=2)


def ask_reset(email: str, address: str) -> None:
    """Let a link be mailed to whoever signs in with this address, if anybody does.

    The request is only noted, so that its answer and its work are the same for every address; the worker looks who it
    is. Runs outside a transaction. Raises TooMany.
    """
    sessions.spend_attempt("reset", email, address)
    if not mail.is_set_up():
        return
    with db.transaction(None):
        request_id = random_id()
        noted = text("INSERT INTO reset_requests (id, email) VALUES (:id, :email)")
        db.session().execute(noted, {"id": request_id, "email": email.lower()})
        jobs.defer("identity.find_accounts", None, request_id=request_id)


def find_accounts(request_id: UUID) -> None:
    """Let a link be mailed to everybody who signs in with the address of a request; the request is forgotten."""
    accounts = db.session().execute(text("SELECT * FROM auth_reset_accounts(:which)"), {"which": request_id})
    for account in accounts:
        jobs.defer("identity.mail_reset", account.organization_id, user_id=account.user_id)


def start_reset(actor: Actor, user_id: UUID) -> User:
    """Let a link be mailed to a person, by which they choose another password; who starts it learns neither.

    Raises AccountDisabled, MailNotSetUp.
    """
    user = queries.user(actor, user_id, lock=True)
    if user.disabled_at is not None:
        raise AccountDisabled
    if not mail.is_set_up():
        raise MailNotSetUp
    jobs.defer("identity.mail_reset", user.organization_id, user_id=user.id)
    record(actor, "user.reset_started", user)
    return user


def mailed_reset(actor: Actor, user_id: UUID) -> tuple[User, str] | None:
    """Return a person with the secret of a fresh link, to be mailed while they are locked.

    None for a disabled account, and when a link went out just before.
    """
    user = queries.user(actor, user_id, lock=True)
    reset, now = queries.reset_of(user), clock.now()
    if user.disabled_at is not None or (reset and reset.made_at > now - _NOT_AGAIN_FOR):
        return None
    secret = new_token("reset")
    if reset is None:
        reset = PasswordReset(organization_id=user.organization_id, user_id=user.id)
        db.session().add(reset)
    reset.secret_hash, reset.made_at, reset.expires_at = fingerprint(secret), now, now + LINK_LIVES
    db.session().flush()
    return user, secret


def use_reset(secret: str, password: str, address: str) -> None:
    """Give a person the password they chose and end their sessions; the link is spent, their API tokens live on.

    Runs outside a transaction. Raises LinkSpent, PasswordTooWeak, TooMany.
    """
    spend(settings().sign_in_rate_address, "link by address", address)
    sought = fingerprint(secret)
    with db.transaction(None, read_only=True):
        found = queries.behind_reset(sought)
    if found is None:
        raise LinkSpent
    actor = Actor(found.organization_id, found.user_id)
    with db.transaction(actor):
        user = queries.user(actor, found.user_id, lock=True)
        reset = queries.reset_of(user)
        if user.disabled_at is not None or reset is None or reset.secret_hash != sought:
            raise LinkSpent
        set_password(user, password)
        sessions.end_all_of(user)
        db.session().delete(reset)
        db.session().flush()
        record(actor, "user.password_chosen", user)
