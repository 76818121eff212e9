"""What the clock tells whoever a registration waits for, and when. Pure, from moments fixed when the waiting began."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from partnercrm.calendars.business_time import BusinessHours, due
from partnercrm.leads.watching import halfway


class Alarm(StrEnum):
    """What is told: first those who decide, then their managers; at last what was agreed for silence happens."""

    REVIEW_DUE = "review_due"
    REVIEW_LATE = "review_late"
    TIME_OVER = "time_over"


class Times(NamedTuple):
    """By when an answer is agreed, and when the time for it is over."""

    respond_by: datetime
    ends_at: datetime


def times(hours: BusinessHours, begins_at: datetime, review_hours: int) -> Times:
    """Return the moments of an answer waited for since `begins_at`: in so many working hours, over after twice."""
    by = due(hours, begins_at, timedelta(hours=review_hours))
    return Times(by, due(hours, by, timedelta(hours=review_hours)))


def alarms(hours: BusinessHours, waits_since: datetime, agreed: Times) -> Mapping[Alarm, datetime]:
    """Return when what is told: half-way in working time, at the agreed moment, and when the time is over."""
    return {
        Alarm.REVIEW_DUE: halfway(hours, waits_since, agreed.respond_by),
        Alarm.REVIEW_LATE: agreed.respond_by,
        Alarm.TIME_OVER: agreed.ends_at,
    }
