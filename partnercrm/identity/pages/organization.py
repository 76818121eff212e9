"""The company itself: what it is called, whose addresses are its people's, and its teams."""

from flask import render_template, url_for

from partnercrm.identity import actions, queries
from partnercrm.identity.pages.blueprint import pages
from partnercrm.identity.schemas import AddTeam
from partnercrm.kernel.actor import Actor
from partnercrm.web.page import Form


@pages.show("/organization", scope="identity:write")
def organization(actor: Actor, form: Form | None = None) -> str:
    """Show the organization and its teams."""
    return render_template(
        "identity/organization.html",
        organization=queries.organization(actor),
        teams=queries.teams(actor).items,
        sizes=queries.team_sizes(actor),
        form=form or Form(),
    )


@pages.act("/organization/teams", scope="identity:write", again=organization)
def add_team(actor: Actor, form: Form) -> str:
    """Add a team."""
    actions.add_team(actor, form.load(AddTeam))
    return url_for("identity_pages.organization")
