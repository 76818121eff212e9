"""Reading how far an installation and a new organization have come."""

from collections.abc import Sequence

from sqlalchemy import text

from partnercrm.identity.models import User
from partnercrm.identity.queries import invitations_seen_by, users_seen_by
from partnercrm.identity.scopes import SCOPES, Role
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor


def is_set_up() -> bool:
    """Tell whether the installation has an organization; precedes the tenant."""
    return bool(db.session().execute(text("SELECT auth_is_set_up()")).scalar_one())


def holders(actor: Actor, scope: str) -> Sequence[User]:
    """Return who of the organization may do what this scope allows, by name; at most three."""
    roles = [role.value for role, scopes in SCOPES.items() if scope in scopes]
    rows = users_seen_by(actor).where(User.roles.overlap(roles), User.disabled_at.is_(None))
    return db.session().scalars(rows.order_by(User.name, User.id).limit(3)).all()


def has_role(actor: Actor, role: Role) -> bool:
    """Tell whether anybody of the organization who can sign in has this role."""
    rows = users_seen_by(actor).where(User.roles.contains([role.value]), User.disabled_at.is_(None))
    return db.session().scalars(rows.limit(1)).first() is not None


def is_alone(actor: Actor) -> bool:
    """Tell whether the organization has one person and invited nobody."""
    some = db.session().scalars(users_seen_by(actor).limit(2)).all()
    return len(some) < 2 and db.session().scalars(invitations_seen_by(actor).limit(1)).first() is None
