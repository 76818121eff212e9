"""Where a person starts."""

from flask import render_template

from partnercrm.identity import queries
from partnercrm.identity.pages.blueprint import pages
from partnercrm.identity.schemas import UserQuery
from partnercrm.identity.scopes import Role
from partnercrm.kernel.actor import Actor
from partnercrm.web import frame
from partnercrm.web.page import Form


@pages.show("/", scope=None)
def home(actor: Actor, form: Form | None = None) -> str:
    """Show what waits for this person and how it stands."""
    return render_template("identity/home.html", panels=frame.panels("home", actor))


@pages.panel("home", rank=3)
def people(actor: Actor) -> str | None:
    """Show administrators who is in the organization."""
    if not actor.has("identity:write"):
        return None
    found = queries.users(actor, UserQuery().load({}))
    roles = {user.id: [frame.words(Role(role)) for role in user.roles] for user in found.items}
    return render_template("identity/home_people.html", people=found.items, roles=roles, more=found.next)
