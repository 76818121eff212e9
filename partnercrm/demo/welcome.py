"""What the demo says when it is up: where it is, who may sign in, and a fresh API token."""

from partnercrm.demo.people import DANA, NAMES, PASSWORD, PEOPLE
from partnercrm.identity import actions, queries
from partnercrm.identity.queries import access
from partnercrm.identity.scopes import scopes_of
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor

TOKEN_NAME = "demo"  # noqa: S105 - its name, not its secret


def fresh_token() -> str:
    """Make Dana's API token for this start and revoke those of earlier starts; return its secret."""
    with db.transaction(None, read_only=True):
        account = queries.accounts_by_email(DANA.email)[0]
    actor = Actor(account.organization_id, account.user_id, DANA.name, scopes=scopes_of(DANA.roles))
    with db.transaction(actor):
        for token in access.tokens(actor, {"sort": "-created_at", "limit": 200}).items:
            if token.name == TOKEN_NAME and token.revoked_at is None:
                actions.revoke_token(actor, token.id)
        _, secret = actions.make_token(actor, {"name": TOKEN_NAME, "scopes": sorted(actor.scopes), "days": 30})
    return secret


def greeting(address: str, token: str) -> str:
    """Return the sentences a start ends with."""
    lines = [f"partnercrm is up: {address}", "", f"Sign in with the password {PASSWORD!r} as"]
    lines += [
        f"  {person.email:24}{person.name}, {NAMES[person.company]}: {', '.join(person.roles).replace('_', ' ')}"
        for person in PEOPLE
    ]
    lines += ["", f"API token of {DANA.name}, good until the next start:", f"  {token}"]
    lines += [
        f"API documentation: {address}/api/docs",
        f"Mails it would send: {address}/mailbox",
        "",
        "Ctrl-C stops everything; the data stay.",
    ]
    return "\n".join(lines)
