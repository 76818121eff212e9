"""Reading when people work and who stands in for them, always from what the actor may see."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, or_, select, text

from partnercrm.calendars.business_time import ALWAYS, BusinessHours
from partnercrm.calendars.models import Calendar, Deputy, Weekday, hours_of
from partnercrm.calendars.opening_times import write_week
from partnercrm.calendars.standing_in import stand_in, stood_in_for
from partnercrm.identity.models import User
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.web.paging import Page, page

_PARTNER_HOURS: Final = text("SELECT * FROM step_partner_hours(:which)")
CALENDAR_SORTS = {"changed_at": Calendar.changed_at}
DEPUTY_SORTS = {"from_on": Deputy.begins_at}


class OpeningTimes(NamedTuple):
    """When an organization works: always where it has not said; else zone, whose holidays, days alike in a row."""

    always: bool
    zone: str
    region: str | None
    runs: Sequence[tuple[Weekday, Weekday, str]]


def calendars_seen_by(actor: Actor) -> Select[Calendar]:
    """Return the calendars of the actor's organization and its teams, and the actor's own; nobody else's."""
    return select(Calendar).where(
        Calendar.organization_id == actor.organization_id,
        or_(Calendar.user_id.is_(None), Calendar.user_id == actor.user_id),
    )


def deputies_seen_by(actor: Actor) -> Select[Deputy]:
    """Return who stands in for the actor and for whom the actor does; administrators see the whole organization's."""
    rows = select(Deputy).where(Deputy.organization_id == actor.organization_id)
    if actor.has("identity:write"):
        return rows
    return rows.where(or_(Deputy.user_id == actor.user_id, Deputy.deputy_id == actor.user_id))


def calendars(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of calendars."""
    return page(actor, calendars_seen_by(actor), given, sorts=CALENDAR_SORTS, key=Calendar.id)


def calendar(actor: Actor, calendar_id: UUID) -> Calendar:
    """Return one calendar. Raises NotFound."""
    found = db.session().scalars(calendars_seen_by(actor).where(Calendar.id == calendar_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def own_calendar(actor: Actor, *, team_id: UUID | None = None, user_id: UUID | None = None) -> Calendar | None:
    """Return the calendar said of exactly the organization, this team or this person, if there is one."""
    rows = calendars_seen_by(actor).where(
        Calendar.team_id.is_not_distinct_from(team_id), Calendar.user_id.is_not_distinct_from(user_id)
    )
    return db.session().scalars(rows).one_or_none()


def working_hours(actor: Actor, user_id: UUID | None) -> BusinessHours:
    """Return when one of the organization's people works, or the organization itself: the most specific that is said.

    Where nothing is said the clock never stops.
    """
    team_id = select(User.team_id).where(User.organization_id == actor.organization_id, User.id == user_id)
    rows = select(Calendar).where(
        Calendar.organization_id == actor.organization_id,
        or_(Calendar.user_id.is_(None), Calendar.user_id == user_id),
        or_(Calendar.team_id.is_(None), Calendar.team_id == team_id.scalar_subquery()),
    )
    most_specific = rows.order_by(Calendar.user_id.nulls_last(), Calendar.team_id.nulls_last()).limit(1)
    found = db.session().scalars(most_specific).one_or_none()
    return found.hours if found else ALWAYS


def zone_of(actor: Actor) -> ZoneInfo:
    """Return the zone whose clocks the actor reads: their own, their team's or their organization's, or UTC."""
    return working_hours(actor, actor.user_id).zone


def today(actor: Actor) -> date:
    """Return which day it is in the zone of the actor's organization."""
    return clock.now().astimezone(working_hours(actor, None).zone).date()


def end_of(actor: Actor, day: date | None) -> datetime | None:
    """Return the last second of a day where the actor is: when something was of which only the day is told.

    None where no day is told, and of today, which is not over.
    """
    zone = zone_of(actor)
    if day is None or day == clock.now().astimezone(zone).date():
        return None
    return datetime.combine(day, time(23, 59, 59), zone)


def hours_of_side(actor: Actor, organization_id: UUID) -> BusinessHours:
    """Return when an organization as a whole works: the actor's own, or one it has a living partnership with.

    Of a partner's people and teams nothing is told. Where nothing is said the clock never stops.
    """
    if organization_id == actor.organization_id:
        return working_hours(actor, None)
    return next(map(hours_of, db.rows(_PARTNER_HOURS, {"which": organization_id})), ALWAYS)


def opening_times_of_side(actor: Actor, organization_id: UUID) -> OpeningTimes:
    """Return in which hours an organization's clocks run, as people read it: the actor's own, or a partner's."""
    hours, days = hours_of_side(actor, organization_id), list(Weekday)
    runs = [(days[first], days[last], times) for first, last, times in write_week(hours.week)]
    return OpeningTimes(hours is ALWAYS, hours.zone.key, getattr(hours.holidays, "region", None), runs)


def deputies(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of who stands in for whom."""
    return page(actor, deputies_seen_by(actor), given, sorts=DEPUTY_SORTS, key=Deputy.id)


def deputy(actor: Actor, deputy_id: UUID, *, lock: bool = False) -> Deputy:
    """Return one entry of who stands in for whom. Raises NotFound."""
    rows = deputies_seen_by(actor).where(Deputy.id == deputy_id)
    found = db.session().scalars(rows.with_for_update() if lock else rows).one_or_none()
    if found is None:
        raise NotFound
    return found


def stood_in_by(actor: Actor, user_id: UUID) -> Sequence[Deputy]:
    """Return where one of the organization's people stands in for somebody, now or later, locked."""
    return _not_over(actor, Deputy.deputy_id == user_id)


def standing_in_for(actor: Actor, user_id: UUID) -> Sequence[Deputy]:
    """Return who stands in for one of the organization's people, now or later, locked."""
    return _not_over(actor, Deputy.user_id == user_id)


def _not_over(actor: Actor, whose: ColumnElement[bool]) -> Sequence[Deputy]:
    rows = select(Deputy).where(
        Deputy.organization_id == actor.organization_id, whose, Deputy.ended_at.is_(None), Deputy.ends_at > clock.now()
    )
    return db.session().scalars(rows.order_by(Deputy.begins_at, Deputy.id).with_for_update()).all()


def deputy_of(actor: Actor, user_id: UUID, at: datetime) -> UUID | None:
    """Return who acts for one of the organization's people at a moment; None when nobody stands in."""
    return stand_in(_deputies_at(actor, at), user_id)


def stood_in_for_now(actor: Actor) -> frozenset[UUID]:
    """Return the colleagues for whom the actor acts at this moment of the database's clock."""
    if actor.user_id is None:
        return frozenset()
    return stood_in_for(_deputies_at(actor, func.clock_timestamp()), actor.user_id)


def absent_at(actor: Actor, at: datetime) -> frozenset[UUID]:
    """Return which of the organization's people have somebody standing in for them at a moment."""
    return frozenset(_deputies_at(actor, at))


def _deputies_at(actor: Actor, at: datetime | ColumnElement[datetime]) -> Mapping[UUID, UUID]:
    rows = select(Deputy.user_id, Deputy.deputy_id).where(
        Deputy.organization_id == actor.organization_id,
        Deputy.ended_at.is_(None),
        Deputy.begins_at <= at,
        Deputy.ends_at > at,
    )
    return {row.user_id: row.deputy_id for row in db.session().execute(rows)}
