"""The first organization of an installation, founded by who can read the set-up code."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import func, select

from partnercrm.identity.actions.people import add_user, found_organization
from partnercrm.identity.actions.sessions import open_session
from partnercrm.identity.errors import SetUpAlready
from partnercrm.identity.queries import beginnings
from partnercrm.identity.scopes import Role
from partnercrm.identity.setup_codes import fits, setup_code
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid
from partnercrm.kernel.ids import new_id
from partnercrm.settings import settings
from partnercrm.web.rate_limits import spend

_LOCK: Final = "the first organization"


def waiting_code() -> str | None:
    """Return the code that opens the set-up page; None once an organization is there. Runs outside a transaction."""
    with db.transaction(None, read_only=True):
        if beginnings.is_set_up():
            return None
    key = settings().secret_key
    return setup_code(key.get_secret_value()) if key else None


def set_up(given: Mapping[str, Any], address: str, agent: str) -> tuple[Actor, str]:
    """Found the installation's first organization with its administrator; return them and their session's secret.

    Runs outside a transaction. Raises SetUpAlready, Invalid, TooMany.
    """
    spend(settings().sign_in_rate_address, "set-up by address", address)
    key = settings().secret_key
    if key is None or not fits(given["code"], key.get_secret_value()):
        raise Invalid.field("code", "This is not the code of this installation.")
    system = Actor.system(new_id())
    with db.transaction(system):
        db.session().execute(select(func.pg_advisory_xact_lock(func.hashtextextended(_LOCK, 0))))
        if beginnings.is_set_up():
            raise SetUpAlready
        found_organization(system, given["organization"], [given["email"].rpartition("@")[2]])
        roles = [Role.ADMIN, Role.PARTNER_MANAGER] if given["manages"] else [Role.ADMIN]
        user = add_user(system, {**given, "roles": roles})
        actor = Actor(user.organization_id, user.id, user.name)
        return actor, open_session(actor, user, agent)
