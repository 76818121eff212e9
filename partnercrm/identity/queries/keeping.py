"""What identity keeps of a person, for handing it out; where nothing is, nobody is erased."""

from collections.abc import Mapping, Sequence
from typing import Any

from partnercrm.identity.models import Invitation, User
from partnercrm.identity.queries import invitations_seen_by, users_seen_by
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor


def people_known_by(actor: Actor, email: str) -> Sequence[User]:
    """Return who of the organization has this address."""
    return db.session().scalars(users_seen_by(actor).where(User.email == email.lower())).all()


def accounts(actor: Actor, email: str) -> Sequence[Mapping[str, Any]]:
    """Return the account of the person with this address."""
    found = people_known_by(actor, email)
    names = ("id", "email", "name", "roles", "team_id", "locale", "created_at", "disabled_at")
    return [{name: getattr(person, name) for name in names} for person in found]


def invitations(actor: Actor, email: str) -> Sequence[Mapping[str, Any]]:
    """Return the invitations to this address."""
    found = db.session().scalars(invitations_seen_by(actor).where(Invitation.email == email)).all()
    return [{name: getattr(one, name) for name in ("id", "email", "name", "roles", "created_at")} for one in found]
