"""Shapes of business hours and deputies on the wire."""

from typing import Any

from marshmallow import fields

from partnercrm.calendars import opening_times
from partnercrm.calendars.models import Calendar, Weekday
from partnercrm.calendars.opening_times import write_days, write_times
from partnercrm.web import limits
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Day, Id, Moment, Shape, Text, Whole, Written


class Times(Written):
    """The opening times of a day; empty when closed."""

    def __init__(self, **options: Any) -> None:
        wrong = "Write times such as 09:00-12:00, 13:00-17:00; leave it empty for a day off."
        super().__init__(opening_times.TIMES, wrong, most=60, least=0, example="09:00-17:00", **options)


Week = Shape.from_dict({weekday.value: Times(load_default="") for weekday in Weekday}, name="WeekShape")


class SetHours(Shape):
    """When work is done: a zone, a week, the holidays of a region, and what differs on single days."""

    zone = Text(most=60, example="Europe/Berlin", required=True, metadata={"description": "An IANA time zone."})
    holidays = Written(
        "[A-Z]{2}(-[A-Z0-9]{1,3})?",
        "Write a country or region such as DE or DE-BY.",
        least=2,
        most=6,
        example="DE-BY",
        allow_none=True,
        load_default=None,
        metadata={"description": "Whose public holidays are days off: an ISO 3166 country or subdivision."},
    )
    week = fields.Nested(Week, required=True)
    days = fields.List(
        Written(
            opening_times.DAY,
            "Write a date, and its times unless it is a day off: 2026-12-24 09:00-12:00.",
            least=10,
            most=70,
            example="2026-12-24 09:00-12:00",
        ),
        load_default=list,
        validate=limits.Length(max=200),
        metadata={"description": "Days that differ from their weekday: a day off, or open at other times."},
    )


class CalendarView(Shape):
    """Business hours as they are said of an organization, a team or a person."""

    id = Id(required=True)
    team_id = Id(required=True, allow_none=True)
    user_id = Id(required=True, allow_none=True)
    zone = Text(most=60, example="Europe/Berlin", required=True)
    holidays = Text(most=6, example="DE-BY", required=True, allow_none=True)
    week = fields.Nested(Week, required=True)
    days = fields.List(Text(most=70, example="2026-12-24 09:00-12:00"), required=True)
    changed_at = Moment(required=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Write the week and the days as they are sent."""
        if attr in {"week", "days"} and isinstance(obj, Calendar):
            return written_week(obj) if attr == "week" else write_days(obj.hours.days)
        return super().get_attribute(obj, attr, default)


def written_week(calendar: Calendar) -> dict[str, str]:
    """Return a calendar's week, weekday by weekday, as it is written."""
    week = calendar.hours.week
    return {day.value: write_times(spans) for day, spans in zip(Weekday, week, strict=True)}


class CalendarQuery(ListQuery):
    """Orders of calendars."""

    sort = sort_field("-changed_at", "changed_at")


class DueQuery(Shape):
    """Since when, and how much working time is to pass."""

    since = Moment(metadata={"description": "Now when left out."})
    hours = Whole(least=1, most=2160, example=16, load_default=8)


class DueView(Shape):
    """When that much of your working time has passed."""

    due_at = Moment(required=True)


class NameDeputy(Shape):
    """Who stands in, from the beginning of one day to the end of another, in the absent person's time zone."""

    deputy_id = Id(required=True)
    from_on = Day(required=True)
    to_on = Day(required=True)


class NameDeputyFor(NameDeputy):
    """Who stands in for whom; for the sender when nobody is named."""

    user_id = Id(load_default=None)


class DeputyView(Shape):
    """Who stands in for whom, and when; never why."""

    id = Id(required=True)
    user_id = Id(required=True)
    deputy_id = Id(required=True)
    from_on = Day(required=True)
    to_on = Day(required=True)
    begins_at = Moment(required=True)
    ends_at = Moment(required=True)
    ended_at = Moment(required=True, allow_none=True)


class DeputyQuery(ListQuery):
    """Orders of who stands in for whom."""

    sort = sort_field("-from_on", "from_on")
