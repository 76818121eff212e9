"""Which months time may be told of, from when on a month's total is told, and what mapping saved; pure."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from partnercrm.identity.agreements import GROUP_MINIMUM

SHOWN = 12
"""So many months are told of."""


def month_of(moment: datetime, *, back: int = 0) -> str:
    """Return the month a moment lies in, or one so many months before it, as `2026-03`."""
    months = moment.year * 12 + moment.month - 1 - back
    return f"{months // 12:04}-{months % 12 + 1:02}"


def open_months(now: datetime) -> tuple[str, str]:
    """Return the months time may be told of: the present one and the one before."""
    return month_of(now), month_of(now, back=1)


def told_months(now: datetime) -> list[str]:
    """Return the months whose totals are told, newest first: those nobody can add to any more."""
    return [month_of(now, back=back) for back in range(2, SHOWN + 2)]


def total(by_person: Mapping[UUID, int]) -> int | None:
    """Return what a side's people say a month took together; None of fewer than a group may have."""
    told = [minutes for minutes in by_person.values() if minutes]
    return sum(told) if len(told) >= GROUP_MINIMUM else None


def average(by_person: Mapping[UUID, int]) -> int | None:
    """Return that total by person, in whole minutes, to be set against a baseline; None of too few."""
    told, together = [minutes for minutes in by_person.values() if minutes], total(by_person)
    return None if together is None else together // len(told)
