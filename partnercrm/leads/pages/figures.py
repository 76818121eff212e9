"""Figures of oneself, of groups of teams, and of one colleague where the works agreement opens them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import render_template, url_for
from marshmallow import fields

from partnercrm.identity import queries as identity
from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions import publishing
from partnercrm.leads.figures import Figure
from partnercrm.leads.pages.blueprint import pages
from partnercrm.leads.queries import figures as queries
from partnercrm.web.page import Form
from partnercrm.web.shapes import Id, Shape


class AskMonth(Shape):
    """Which published month."""

    month = fields.String()


class LookAt(Shape):
    """Whose figures."""

    user_id = Id(required=True)


@pages.show("/figures", scope="leads:read")
def figures(actor: Actor, form: Form | None = None) -> str:
    """Show one's own figures, those of teams to who oversees leads, and a way to a colleague's where it is agreed."""
    asked = Form.asked()
    months = queries.published_months(actor) if queries.sees_team_figures(actor) else []
    month = asked.load(AskMonth).get("month")
    month = month if month in months else next(iter(months), None)
    opened = identity.sees_figures_of(actor, None)
    return render_template(
        "leads/figures.html",
        measures=Figure,
        own=queries.person_figures(actor, identity.oneself(actor)),
        oversees=queries.sees_team_figures(actor),
        months=[(one, one) for one in months],
        month=month,
        groups=_by_measure(actor, month) if month else {},
        agreed=identity.agreement(actor),
        people=[(str(one.id), one.name) for one in identity.colleagues(actor) if one.id != actor.user_id]
        if opened
        else [],
        form=form or Form({"month": month or ""}),
    )


@pages.act("/figures/look", scope="leads:read", again=figures)
def look(actor: Actor, form: Form) -> str:
    """Go to one colleague's figures."""
    return url_for("leads_pages.person_figures", user_id=form.load(LookAt)["user_id"])


@pages.show("/figures/people/<uuid:user_id>", scope="leads:read")
def person_figures(actor: Actor, user_id: UUID) -> str:
    """Show one person's figures; that somebody else looked is noted for them."""
    found = publishing.look_at_figures(actor, user_id)
    person = identity.user(actor, user_id)
    return render_template(
        "leads/person_figures.html", person=person, is_self=user_id == actor.user_id, measures=Figure, months=found
    )


def _by_measure(actor: Actor, month: str) -> Mapping[Figure, Any]:
    """Return for each figure its groups, as (names of teams, whether people without a team are in it, amount)."""
    names = {team.id: team.name for team in identity.teams(actor).items}
    told: dict[Figure, list[tuple[list[str], bool, int]]] = {measure: [] for measure in Figure}
    for group in queries.team_figures(actor, month, None).groups:
        teams = sorted(names[team_id] for team_id in group.team_ids if team_id in names)
        told[group.measure].append((teams, group.with_teamless, group.amount))
    return told
