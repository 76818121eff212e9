"""Until when an approved registration is protected, and how logged activity extends that. Pure.

A partnership has no calendar of its own: its business day is one on which each side has worked until it closes. So a
window ends when the later side closes on the first working day that is due, never while one of them is away.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from partnercrm.calendars.business_time import BusinessHours, due_days

LONGEST: Final = timedelta(days=365)


def window(both: Sequence[BusinessHours], begins_at: datetime, days: int) -> datetime:
    """Return when protection of so many days ends that begins at a moment, in the working time of both sides."""
    last = begins_at + timedelta(days=days - 1)
    return max(due_days(hours, last, 1) for hours in both)


def extended(
    both: Sequence[BusinessHours], approved_at: datetime, until: datetime, *, happened_at: datetime, days: int
) -> datetime:
    """Return until when activity at a moment protects: as long again from then, within a year of the approval.

    Never earlier than before.
    """
    return max(until, min(window(both, happened_at, days), approved_at + LONGEST))
