"""Passwords: given by an administrator, changed by their owner."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from partnercrm.activity.actions import record
from partnercrm.identity import passwords, queries
from partnercrm.identity.actions import sessions
from partnercrm.identity.errors import PasswordTooWeak
from partnercrm.identity.models import Password, User
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid, NotFound
from partnercrm.settings import settings
from partnercrm.web.rate_limits import spend


def change_password(actor: Actor, present: str, fresh: str) -> User:
    """Change the actor's own password and end their other sessions; their API tokens live on.

    Raises Invalid, PasswordTooWeak, TooMany.
    """
    if actor.user_id is None:
        raise NotFound
    spend(settings().sign_in_rate_account, "password change", str(actor.user_id))
    user = queries.user(actor, actor.user_id, lock=True)
    accounts = [found for found in queries.accounts_by_email(user.email) if found.user_id == user.id]
    if passwords.first_match(present, [(found, found.hash) for found in accounts]) is None:
        raise Invalid.field("present_password", "This is not your present password.")
    set_password(user, fresh)
    sessions.end_all_of(user, but=actor.session_id)
    record(actor, "user.password_changed", user)
    return user


def reset_password(actor: Actor, user_id: UUID, password: str) -> User:
    """Give a person a new first password and end their sessions; their API tokens live on. Raises PasswordTooWeak."""
    user = queries.user(actor, user_id, lock=True)
    set_password(user, password)
    sessions.end_all_of(user)
    record(actor, "user.password_reset", user)
    return user


def set_password(user: User, password: str) -> None:
    """Keep the hash of a person's new password. Raises PasswordTooWeak."""
    if len(password) < passwords.SHORTEST:
        raise PasswordTooWeak([FieldError("password", PasswordTooWeak.title)])
    key = {"organization_id": user.organization_id, "user_id": user.id}
    new = {"hash": passwords.hashed(password), "changed_at": clock.now()}
    statement = insert(Password).values(**key, **new)
    db.session().execute(statement.on_conflict_do_update(constraint="pk_passwords", set_=new))
