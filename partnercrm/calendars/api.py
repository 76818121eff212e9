"""The calendars' API: when your people work, when something is due, who stands in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from partnercrm.calendars import actions, business_time, queries
from partnercrm.calendars.errors import AlreadyDeputised
from partnercrm.calendars.models import Calendar, Deputy
from partnercrm.calendars.schemas import (
    CalendarQuery,
    CalendarView,
    DeputyQuery,
    DeputyView,
    DueQuery,
    DueView,
    NameDeputy,
    SetHours,
)
from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door, Function
from partnercrm.web.paging import Page

api = Door("calendars", prefix="/api/v1", description="Business hours of your organization, and deputies.")


@api.get("/calendars", scope="identity:read", answers=CalendarView, query=CalendarQuery, pages=True)
def list_calendars(actor: Actor, query: dict[str, Any]) -> Page:
    """List the business hours of your organization, of its teams, and your own."""
    return queries.calendars(actor, query)


@api.get("/calendars/<uuid:calendar_id>", scope="identity:read", answers=CalendarView)
def read_calendar(actor: Actor, calendar_id: UUID) -> Calendar:
    """Read the business hours of your organization, of one of its teams, or your own."""
    return queries.calendar(actor, calendar_id)


def _set(path: str, scope: str) -> Callable[[Function], Function]:
    return api.put(path, scope=scope, body=SetHours, answers=CalendarView, rechecks=queries.calendar, replaces=True)


@_set("/calendars/organization", "identity:write")
def set_organization_hours(actor: Actor, given: dict[str, Any], expected: str | None) -> Calendar:
    """Say when your organization works: clocks on its side run in these hours."""
    return actions.set_organization_hours(actor, given, expected)


@_set("/calendars/teams/<uuid:team_id>", "identity:write")
def set_team_hours(actor: Actor, team_id: UUID, given: dict[str, Any], expected: str | None) -> Calendar:
    """Say when a team works."""
    return actions.set_team_hours(actor, team_id, given, expected)


@api.post("/calendars/teams/<uuid:team_id>/follow", scope="identity:write", status=204)
def follow_organization(actor: Actor, team_id: UUID) -> None:
    """Let a team work when your organization does."""
    actions.follow_organization(actor, team_id)


@_set("/calendars/me", "calendars:write")
def set_own_hours(actor: Actor, given: dict[str, Any], expected: str | None) -> Calendar:
    """Say when you work yourself; nobody else reads it."""
    return actions.set_own_hours(actor, given, expected)


@api.post("/calendars/me/follow", scope="calendars:write", status=204)
def follow_team(actor: Actor) -> None:
    """Work when your team or organization does."""
    actions.follow_team(actor)


@api.get("/calendars/me/due", scope="calendars:write", answers=DueView, query=DueQuery)
def read_due(actor: Actor, query: dict[str, Any]) -> dict[str, Any]:
    """Say when so many of your working hours have passed."""
    hours = queries.working_hours(actor, actor.user_id)
    return {"due_at": business_time.due(hours, query.get("since") or clock.now(), timedelta(hours=query["hours"]))}


@api.get("/deputies", scope="identity:read", answers=DeputyView, query=DeputyQuery, pages=True)
def list_deputies(actor: Actor, query: dict[str, Any]) -> Page:
    """List who stands in for you and for whom you do; an administrator lists the whole organization's."""
    return queries.deputies(actor, query)


@api.post(
    "/deputies",
    scope="calendars:write",
    body=NameDeputy,
    answers=DeputyView,
    status=201,
    refuses=(AlreadyDeputised,),
    rechecks=queries.deputy,
)
def name_deputy(actor: Actor, given: dict[str, Any]) -> Deputy:
    """Let a colleague stand in for you; your clocks, notices and rights to answer pass to them."""
    return actions.name_deputy(actor, given)


@api.post(
    "/users/<uuid:user_id>/deputies",
    scope="identity:write",
    body=NameDeputy,
    answers=DeputyView,
    status=201,
    refuses=(AlreadyDeputised,),
    rechecks=queries.deputy,
)
def name_deputy_for(actor: Actor, user_id: UUID, given: dict[str, Any]) -> Deputy:
    """Let a colleague stand in for one of your people."""
    return actions.name_deputy_for(actor, user_id, given)


@api.post("/deputies/<uuid:deputy_id>/end", scope="calendars:write", answers=DeputyView, rechecks=queries.deputy)
def end_deputy(actor: Actor, deputy_id: UUID) -> Deputy:
    """End a colleague's standing in at once."""
    return actions.end_deputy(actor, deputy_id)
