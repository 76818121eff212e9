"""What the clock tells the receiving side of an offer, and when: pure, from moments agreed before."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Generic, NamedTuple, TypeVar

from partnercrm.calendars.business_time import BusinessHours, between, due


class Alarm(StrEnum):
    """What is told: first those who answer, then their manager; at last an accepted lead goes back."""

    ANSWER_DUE = "answer_due"
    ANSWER_LATE = "answer_late"
    STATUS_DUE = "status_due"
    STATUS_LATE = "status_late"
    UNATTENDED = "unattended"


TO_MANAGERS: Final = frozenset({Alarm.ANSWER_LATE, Alarm.STATUS_LATE})
Alarms = Mapping[Alarm, datetime]


class FollowUp(NamedTuple):
    """By when the receiver says how a lead stands, and when it goes back if nothing is heard."""

    by: datetime
    returns_at: datetime


Kind = TypeVar("Kind", bound=StrEnum)


class Round(NamedTuple, Generic[Kind]):
    """Alarms to fire now, in their order, and when the next one comes, if any."""

    due: Sequence[tuple[Kind, datetime]]
    next_at: datetime | None


def answer_alarms(hours: BusinessHours, offered_at: datetime, respond_by: datetime) -> Alarms:
    """Return when an answer is asked for: half-way to the agreed moment in working time, and at that moment."""
    return {Alarm.ANSWER_DUE: halfway(hours, offered_at, respond_by), Alarm.ANSWER_LATE: respond_by}


def status_alarms(hours: BusinessHours, follow_up: FollowUp) -> Alarms:
    """Return when a status is asked for: at the agreed moment, half-way to the return, and at the return."""
    return {
        Alarm.STATUS_DUE: follow_up.by,
        Alarm.STATUS_LATE: halfway(hours, follow_up.by, follow_up.returns_at),
        Alarm.UNATTENDED: follow_up.returns_at,
    }


def follow_up(hours: BusinessHours, begins_at: datetime, follow_up_hours: int) -> FollowUp:
    """Return the moments for a lead accepted at `begins_at`: a status in so many working hours, back after twice."""
    by = due(hours, begins_at, timedelta(hours=follow_up_hours))
    return FollowUp(by, due(hours, by, timedelta(hours=follow_up_hours)))


def snoozed(hours: BusinessHours, until: datetime, follow_up_hours: int) -> FollowUp:
    """Return the moments for a lead for which more time was asked until `until`."""
    return FollowUp(until, due(hours, until, timedelta(hours=follow_up_hours)))


def round_at(alarms: Mapping[Kind, datetime], told: Collection[Kind], now: datetime) -> Round[Kind]:
    """Return what fires at `now` and has not been told yet, and the moment after `now` at which to look again.

    What was told stays told, also where other hours would put it at another moment today.
    """
    waiting = {alarm: at for alarm, at in alarms.items() if alarm not in told}
    come = [(alarm, at) for alarm, at in waiting.items() if at <= now]
    return Round(come, min((at for at in waiting.values() if at > now), default=None))


def halfway(hours: BusinessHours, start: datetime, end: datetime) -> datetime:
    """Return the moment half-way between two in working time, never after the second."""
    return min(due(hours, start, between(hours, start, end) / 2), end)
