"""What a monthly report tells of what flowed: counts from eight on, and the month that is over; pure."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

LEAST: Final = 8


class FlowKind(StrEnum):
    """By what something flowed."""

    LEAD = "lead"
    OVERLAP = "overlap"
    JOINT_ACCOUNT = "joint_account"


def told(disclosed: int, fields: int) -> tuple[int | None, int | None]:
    """Return how many things flowed, with how many fields; nothing of fewer than eight things."""
    return (disclosed, max(fields, LEAST)) if disclosed >= LEAST else (None, None)


def month_before(now: datetime) -> tuple[date, date]:
    """Return the first day of the month before a moment, and the first day after it."""
    end = now.date().replace(day=1)
    return (end - timedelta(days=1)).replace(day=1), end
