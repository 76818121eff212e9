"""The calendars' pages: when the organization, a team and oneself work, and who stands in."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from partnercrm.calendars import actions, business_time, queries
from partnercrm.calendars.business_time import BusinessHours
from partnercrm.calendars.models import Calendar, Weekday
from partnercrm.calendars.opening_times import write_days, write_times
from partnercrm.calendars.schemas import DeputyQuery, NameDeputyFor, SetHours, written_week
from partnercrm.calendars.words import WORDS
from partnercrm.identity import queries as identity
from partnercrm.identity.models import Team
from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.web import authentication
from partnercrm.web.page import Form, Pages

_USUAL: Final = {
    "zone": "Europe/Berlin",
    **{f"week.{day.value}": "09:00-17:00" for day in list(Weekday)[:5]},
}
_EXAMPLES: Final = (8, 16, 40)

pages = Pages("calendars", __name__, WORDS)


@pages.show("/hours", scope="calendars:write")
def own_hours(actor: Actor, form: Form | None = None) -> str:
    """Show when the actor works, and what that means for what is due."""
    calendar = queries.own_calendar(actor, user_id=actor.user_id)
    in_force = queries.working_hours(actor, actor.user_id)
    return _hours(actor, form, endpoint="own_hours", title=_("My hours"), calendar=calendar, in_force=in_force)


@pages.act("/hours", scope="calendars:write", again=own_hours)
def set_own_hours(actor: Actor, form: Form) -> str:
    """Say when the actor works."""
    actions.set_own_hours(actor, _given(form), form.values.get("version"))
    return _set("own_hours")


@pages.act("/hours/follow", scope="calendars:write", again=own_hours)
def follow_team(actor: Actor, form: Form) -> str:
    """Work when the team or the organization does."""
    actions.follow_team(actor)
    return _set("own_hours")


@pages.show("/hours/organization", scope="identity:write")
def organization_hours(actor: Actor, form: Form | None = None) -> str:
    """Show when the organization works."""
    calendar, in_force = queries.own_calendar(actor), queries.working_hours(actor, None)
    return _hours(
        actor,
        form,
        endpoint="organization_hours",
        title=_("The organization's hours"),
        calendar=calendar,
        in_force=in_force,
    )


@pages.act("/hours/organization", scope="identity:write", again=organization_hours)
def set_organization_hours(actor: Actor, form: Form) -> str:
    """Say when the organization works."""
    actions.set_organization_hours(actor, _given(form), form.values.get("version"))
    return _set("organization_hours")


@pages.show("/hours/teams/<uuid:team_id>", scope="identity:write")
def team_hours(actor: Actor, team_id: UUID, form: Form | None = None) -> str:
    """Show when a team works."""
    team = identity.team(actor, team_id)
    calendar = queries.own_calendar(actor, team_id=team_id)
    in_force = calendar.hours if calendar else queries.working_hours(actor, None)
    return _hours(
        actor,
        form,
        endpoint="team_hours",
        title=team.name,
        calendar=calendar,
        in_force=in_force,
        team_id=team_id,
    )


@pages.act("/hours/teams/<uuid:team_id>", scope="identity:write", again=team_hours)
def set_team_hours(actor: Actor, team_id: UUID, form: Form) -> str:
    """Say when a team works."""
    actions.set_team_hours(actor, team_id, _given(form), form.values.get("version"))
    return _set("team_hours", team_id=team_id)


@pages.act("/hours/teams/<uuid:team_id>/follow", scope="identity:write", again=team_hours)
def follow_organization(actor: Actor, team_id: UUID, form: Form) -> str:
    """Let a team work when the organization does."""
    actions.follow_organization(actor, team_id)
    return _set("team_hours", team_id=team_id)


def _given(form: Form) -> dict[str, Any]:
    """Read the form by the API's shape; single days are written one a line."""
    lines = [line.strip() for line in form.values.get("days", "").splitlines() if line.strip()]
    values = {name: value for name, value in form.values.items() if name != "version" and (name != "days" or lines)}
    return Form(values, {**form.chosen, "days": lines}).load(SetHours)


def _set(endpoint: str, team_id: UUID | None = None) -> str:
    flash(gettext("Saved. What is offered from now on is due by these hours."))
    return url_for(f"calendars_pages.{endpoint}", team_id=team_id)


def _hours(
    actor: Actor,
    form: Form | None,
    *,
    endpoint: str,
    title: LazyString | str,
    calendar: Calendar | None,
    in_force: BusinessHours,
    team_id: UUID | None = None,
) -> str:
    teams = identity.teams(actor).items if actor.has("identity:write") else []
    return render_template(
        "calendars/hours.html",
        endpoint=endpoint,
        places={"team_id": team_id} if team_id else {},
        title=title,
        is_set=calendar is not None,
        version=form.values.get("version", "") if form else calendar.version_tag if calendar else "",
        in_force=in_force,
        fortnight=_fortnight(in_force),
        due=_due(in_force),
        weekdays=[(f"week.{day.value}", day) for day in Weekday],
        tabs=_tabs(actor, endpoint, teams, team_id),
        form=form or Form(_written(calendar) if calendar else _USUAL),
    )


def _written(calendar: Calendar) -> dict[str, str]:
    week = {f"week.{day}": times for day, times in written_week(calendar).items()}
    days = "\n".join(write_days(calendar.hours.days))
    return {"zone": calendar.zone, "holidays": calendar.holidays or "", "days": days, **week}


def _tabs(actor: Actor, endpoint: str, teams: Sequence[Team], team_id: UUID | None) -> list[tuple[Any, str, bool]]:
    if not actor.has("identity:write"):
        return []
    own = [(_("Mine"), "own_hours"), (_("Organization"), "organization_hours")]
    found = [(words, url_for(f"calendars_pages.{name}"), name == endpoint) for words, name in own]
    return found + [
        (team.name, url_for("calendars_pages.team_hours", team_id=team.id), team.id == team_id) for team in teams
    ]


def _fortnight(hours: BusinessHours) -> list[dict[str, Any]]:
    today = clock.now().astimezone(hours.zone).date()
    days = [today + timedelta(days=number) for number in range(14)]
    return [
        {
            "day": day,
            "times": write_times(hours.spans_on(day)),
            "holiday": day in hours.holidays and day not in hours.days,
        }
        for day in days
    ]


def _due(hours: BusinessHours) -> dict[str, Any]:
    """Return when answers are due for a lead offered next Friday at five in the afternoon."""
    today = clock.now().astimezone(hours.zone).date()
    friday = today + timedelta(days=(4 - today.weekday()) % 7)
    offered = datetime.combine(friday, time(17), hours.zone)
    return {
        "offered_at": offered,
        "zone": hours.zone,
        "by": [
            (each, business_time.due(hours, offered, timedelta(hours=each)).astimezone(hours.zone))
            for each in _EXAMPLES
        ],
    }


@pages.show("/deputies", scope="calendars:write")
def deputies(actor: Actor, form: Form | None = None, **_places: Any) -> str:
    """Show who stands in for whom, and a form that names somebody."""
    colleagues = [(person.id, person.name) for person in identity.colleagues(actor)]
    names = dict(colleagues)
    found = queries.deputies(actor, DeputyQuery().load({"limit": 200}))
    return render_template(
        "calendars/deputies.html",
        deputies=found.items,
        names=names,
        now=clock.now().astimezone(UTC),
        mine=actor.user_id,
        people=[(one, name) for one, name in colleagues if one != actor.user_id],
        absent=colleagues if actor.has("identity:write") else [],
        form=form or Form({"user_id": str(actor.user_id)}),
    )


@pages.act("/deputies", scope="calendars:write", again=deputies)
def name_deputy(actor: Actor, form: Form) -> str:
    """Let a colleague stand in for the actor; an administrator also for somebody else."""
    given = form.load(NameDeputyFor)
    if given["user_id"] in {None, actor.user_id}:
        actions.name_deputy(actor, given)
    else:
        authentication.require(actor, "identity:write")
        actions.name_deputy_for(actor, given["user_id"], given)
    return url_for("calendars_pages.deputies")


@pages.act("/deputies/<uuid:deputy_id>/end", scope="calendars:write", again=deputies)
def end_deputy(actor: Actor, deputy_id: UUID, form: Form) -> str:
    """End a colleague's standing in at once."""
    actions.end_deputy(actor, deputy_id)
    return url_for("calendars_pages.deputies")


pages.way(
    "own",
    "own_hours",
    _("Business hours"),
    "set_own_hours",
    "organization_hours",
    "set_organization_hours",
    "team_hours",
    "set_team_hours",
)
pages.way("own", "deputies", _("Deputies"), "name_deputy")
