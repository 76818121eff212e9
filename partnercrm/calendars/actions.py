"""Saying when work is done, and who stands in."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import func, select

from partnercrm.activity.actions import record
from partnercrm.calendars import business_time, queries
from partnercrm.calendars.business_time import BusinessHours, NeverOpen
from partnercrm.calendars.errors import AlreadyDeputised
from partnercrm.calendars.models import Calendar, Deputy, Weekday, stored_days, stored_week
from partnercrm.calendars.opening_times import read_days, read_times
from partnercrm.calendars.public_holidays import PublicHolidays, regions
from partnercrm.identity import queries as identity
from partnercrm.identity.actions.leaving import Holding
from partnercrm.identity.models import User
from partnercrm.identity.queries.staying import those_who_stay
from partnercrm.kernel import clock, db, versions
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid, NotFound, Told
from partnercrm.kernel.ids import new_id

LONGEST_ABSENCE = timedelta(days=731)


def set_organization_hours(actor: Actor, given: Mapping[str, Any], expected: str | None = None) -> Calendar:
    """Say when the organization works, and with it everybody of whom nothing else is said.

    Partners wait by them, so a week has fifteen hours at least. `expected` names the hours that are replaced, None
    where none were said. Raises MatchRequired, Stale, Invalid.
    """
    _require_fewest(given)
    return _set(actor, given, expected)


def set_team_hours(actor: Actor, team_id: UUID, given: Mapping[str, Any], expected: str | None = None) -> Calendar:
    """Say when a team works. Raises NotFound, MatchRequired, Stale, Invalid."""
    return _set(actor, given, expected, team_id=identity.team(actor, team_id).id)


def set_own_hours(actor: Actor, given: Mapping[str, Any], expected: str | None = None) -> Calendar:
    """Say when the actor works. Raises MatchRequired, Stale, Invalid."""
    return _set(actor, given, expected, user_id=_person(actor))


def follow_organization(actor: Actor, team_id: UUID) -> None:
    """Let a team work when its organization does; saying it twice changes nothing. Raises NotFound."""
    _drop(actor, team_id=identity.team(actor, team_id).id)


def follow_team(actor: Actor) -> None:
    """Let the actor work when the team or the organization does; saying it twice changes nothing."""
    _drop(actor, user_id=_person(actor))


def name_deputy(actor: Actor, given: Mapping[str, Any]) -> Deputy:
    """Let a colleague stand in for the actor. Raises Invalid, AlreadyDeputised."""
    return _deputise(actor, _person(actor), given)


def name_deputy_for(actor: Actor, user_id: UUID, given: Mapping[str, Any]) -> Deputy:
    """Let a colleague stand in for one of the organization's people. Raises NotFound, Invalid, AlreadyDeputised."""
    return _deputise(actor, identity.user(actor, user_id).id, given)


def end_deputy(actor: Actor, deputy_id: UUID) -> Deputy:
    """End a colleague's standing in at once; ending it twice changes nothing. Raises NotFound."""
    deputy = queries.deputy(actor, deputy_id, lock=True)
    if deputy.ended_at is None:
        _end(actor, deputy)
    return deputy


def held_by(actor: Actor, leaver: User) -> Sequence[Holding]:
    """Return for how many absences the leaver is the deputy."""
    return (Holding("absences to stand in for", len(queries.stood_in_by(actor, leaver.id))),)


def hand_over(actor: Actor, leaver: User, successor: User) -> None:
    """Let the successor stand in where the leaver did; nobody stands in for themselves."""
    for deputy in queries.stood_in_by(actor, leaver.id):
        _end(actor, deputy)
        if deputy.user_id != successor.id:
            begins_at = max(deputy.begins_at, clock.now())
            rest = Deputy(
                id=new_id(),
                organization_id=actor.organization_id,
                user_id=deputy.user_id,
                deputy_id=successor.id,
                from_on=deputy.from_on,
                to_on=deputy.to_on,
                begins_at=begins_at,
                ends_at=deputy.ends_at,
                named_at=clock.now(),
            )
            db.session().add(rest)
            db.session().flush()
            record(actor, "deputy.named", rest)


def let_go(actor: Actor, leaver: User) -> None:
    """End what stands of who stands in for whoever leaves."""
    for deputy in queries.standing_in_for(actor, leaver.id):
        _end(actor, deputy)


def _set(
    actor: Actor,
    given: Mapping[str, Any],
    expected: str | None,
    *,
    team_id: UUID | None = None,
    user_id: UUID | None = None,
) -> Calendar:
    hours = read_hours(given)
    lock = func.hashtextextended(f"calendar/{actor.organization_id}/{team_id}/{user_id}", 0)
    db.session().execute(select(func.pg_advisory_xact_lock(lock)))
    calendar = queries.own_calendar(actor, team_id=team_id, user_id=user_id)
    versions.require_of_standing(expected, calendar.version_tag if calendar else None)
    if calendar is None:
        calendar = Calendar(id=new_id(), organization_id=actor.organization_id, team_id=team_id, user_id=user_id)
        db.session().add(calendar)
    calendar.zone, calendar.holidays = given["zone"], given.get("holidays")
    calendar.week = stored_week(dict(zip(Weekday, hours.week, strict=True)))
    calendar.days = stored_days(hours.days)
    calendar.changed_at = clock.now()
    db.session().flush()
    record(actor, "calendar.set", calendar)
    return calendar


def read_hours(given: Mapping[str, Any]) -> BusinessHours:
    """Return the business hours that a form or request says. Raises Invalid naming every wrong field."""
    wrong = []
    if given["zone"] not in available_timezones():
        wrong.append(FieldError("zone", "There is no such time zone; write one such as Europe/Berlin."))
    if given.get("holidays") and given["holidays"] not in regions():
        wrong.append(FieldError("holidays", "No public holidays are known for this region."))
    week: list[business_time.Spans] = []
    for weekday in Weekday:
        try:
            week.append(read_times(given["week"].get(weekday.value, "")))
        except ValueError as error:
            wrong.append(FieldError(f"week.{weekday.value}", error.args[0]))
    try:
        days = read_days(given.get("days", ()))
    except ValueError as error:
        wrong.append(FieldError("days", error.args[0]))
    if wrong:
        raise Invalid(wrong)
    holidays = PublicHolidays(given["holidays"]) if given.get("holidays") else frozenset[date]()
    hours = BusinessHours(ZoneInfo(given["zone"]), tuple(week), holidays, days)
    _require_open(hours)
    return hours


def _require_fewest(given: Mapping[str, Any]) -> None:
    """Refuse a week of an organization that voids what it agreed with its partners, naming its working days."""
    hours = read_hours(given)
    if business_time.weekly(hours) < business_time.FEWEST:
        few = Told(
            "An organization works %(fewest)d hours a week at least: its partners' clocks run in them.",
            fewest=business_time.FEWEST // timedelta(hours=1),
        )
        worked = (weekday for weekday, spans in zip(Weekday, hours.week, strict=True) if spans)
        raise Invalid([FieldError(f"week.{weekday.value}", few) for weekday in worked])


def _require_open(hours: BusinessHours) -> None:
    """Refuse hours in which no clock could ever run out."""
    if not any(hours.week):
        raise Invalid.field("week.monday", "Say at least one day on which there is work; no clock runs without one.")
    try:
        business_time.add(hours, clock.now(), timedelta(minutes=1))
    except NeverOpen as error:
        raise Invalid.field("days", "With these days off there is no work for years.") from error


def _drop(actor: Actor, *, team_id: UUID | None = None, user_id: UUID | None = None) -> None:
    calendar = queries.own_calendar(actor, team_id=team_id, user_id=user_id)
    if calendar is not None:
        record(actor, "calendar.dropped", calendar)
        db.session().delete(calendar)
        db.session().flush()


def _deputise(actor: Actor, user_id: UUID, given: Mapping[str, Any]) -> Deputy:
    staying = those_who_stay(actor, {user_id, given["deputy_id"]})
    hours = queries.working_hours(actor, user_id)
    begins_at, ends_at = _from_to(hours.zone, given["from_on"], given["to_on"])
    wrong = []
    if given["to_on"] < given["from_on"]:
        wrong.append(FieldError("to_on", "The last day comes before the first one."))
    elif ends_at <= clock.now():
        wrong.append(FieldError("to_on", "These days are over."))
    elif ends_at - begins_at > LONGEST_ABSENCE:
        wrong.append(FieldError("to_on", "Name a deputy for two years at most."))
    if given["deputy_id"] not in staying - {user_id}:
        wrong.append(FieldError("deputy_id", "Choose a colleague who can sign in."))
    if wrong:
        raise Invalid(wrong)
    deputy = Deputy(
        id=new_id(),
        organization_id=actor.organization_id,
        user_id=user_id,
        deputy_id=given["deputy_id"],
        from_on=given["from_on"],
        to_on=given["to_on"],
        begins_at=begins_at,
        ends_at=ends_at,
        named_at=clock.now(),
    )
    with db.unique("ex_deputies_one_at_a_time", AlreadyDeputised):
        db.session().add(deputy)
    record(actor, "deputy.named", deputy)
    return deputy


def _end(actor: Actor, deputy: Deputy) -> None:
    deputy.ended_at = clock.now()
    db.session().flush()
    record(actor, "deputy.ended", deputy)


def _from_to(zone: ZoneInfo, from_on: date, to_on: date) -> tuple[datetime, datetime]:
    """Return the first moment of one day and the first moment after another, in UTC."""
    return tuple(  # type: ignore[return-value]
        datetime.combine(day, time(), zone).astimezone(UTC) for day in (from_on, to_on + timedelta(days=1))
    )


def _person(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise NotFound
    return actor.user_id
