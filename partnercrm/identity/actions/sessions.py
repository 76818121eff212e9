"""Signing in and out: sessions begun with a password, remembered while used, ended here or elsewhere."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, update

from partnercrm.activity.actions import record
from partnercrm.identity import passwords, queries
from partnercrm.identity.devices import device
from partnercrm.identity.errors import WrongSignIn
from partnercrm.identity.models import ApiToken, SignIn, User
from partnercrm.identity.queries import access
from partnercrm.identity.secrets import fingerprint, new_token
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id
from partnercrm.settings import settings
from partnercrm.web.rate_limits import spend


def sign_in(email: str, password: str, address: str, agent: str = "") -> tuple[Actor, str]:
    """Open a session for who gives the right password; return the actor and the session's secret.

    `agent` is how the browser calls itself. Runs outside a transaction. Raises WrongSignIn, with the same answer and
    work for unknown addresses; TooMany.
    """
    spend_attempt("sign-in", email, address)
    with db.transaction(None, read_only=True):
        accounts = queries.accounts_by_email(email)
    account = passwords.first_match(password, [(found, found.hash) for found in accounts])
    if account is None:
        raise WrongSignIn
    actor = Actor(organization_id=account.organization_id, user_id=account.user_id)
    with db.transaction(actor):
        user = queries.user(actor, account.user_id, lock=True)
        # Who was disabled, or got another password, while this one was compared, stays outside.
        if account not in queries.accounts_by_email(email):
            raise WrongSignIn
        secret = open_session(actor, user, agent)
    return actor, secret


def spend_attempt(what: str, email: str, address: str) -> None:
    """Use one attempt of an account's, an address' and everybody's allowance to do this. Raises TooMany."""
    rates, account_name = settings(), email.lower()
    # The narrowest first: who is refused here uses up nobody else's allowance.
    spend(rates.sign_in_rate_address, f"{what} by address", address)
    spend(rates.sign_in_rate_account, f"{what} to account by address", account_name, address)
    spend(rates.sign_in_rate_account_everywhere, f"{what} to account", account_name)
    spend(rates.sign_in_rate_global, what)


def open_session(actor: Actor, user: User, agent: str) -> str:
    """Begin a session of a person's; return its secret."""
    secret = new_token("session")
    now = clock.now()
    seen = device(agent)
    opened = SignIn(
        id=new_id(),
        organization_id=user.organization_id,
        user_id=user.id,
        secret_hash=fingerprint(secret),
        browser=seen.browser,
        system=seen.system,
        created_at=now,
        last_seen_at=now,
        expires_at=now + timedelta(hours=settings().session_hours),
    )
    db.session().add(opened)
    db.session().flush()
    record(actor, "session.opened", opened)
    return secret


def sign_out(actor: Actor) -> None:
    """End the actor's session."""
    db.session().execute(
        delete(SignIn).where(SignIn.organization_id == actor.organization_id, SignIn.id == actor.session_id)
    )


def end_session(actor: Actor, session_id: UUID) -> None:
    """End one of the actor's own sessions at once."""
    session = access.session(actor, session_id)
    db.session().delete(session)
    db.session().flush()
    record(actor, "session.ended", session)


def end_other_sessions(actor: Actor) -> None:
    """End the actor's own sessions, all but the one that asks."""
    user = queries.oneself(actor)
    end_all_of(user, but=actor.session_id)
    record(actor, "user.signed_out_elsewhere", user)


def end_sessions_of(actor: Actor, user_id: UUID) -> User:
    """End wherever one of the organization's people is signed in."""
    user = queries.user(actor, user_id)
    end_all_of(user)
    record(actor, "user.signed_out", user)
    return user


def end_all_of(user: User, *, but: UUID | None = None) -> None:
    """End a person's sessions, all but one if it is named."""
    signed_in = delete(SignIn).where(SignIn.organization_id == user.organization_id, SignIn.user_id == user.id)
    db.session().execute(signed_in.where(SignIn.id != but) if but else signed_in)


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
