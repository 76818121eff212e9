"""Which years of lost accounts are told, and of how many people; pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from partnercrm.identity.agreements import GROUP_MINIMUM


def year_of(year: int) -> tuple[datetime, datetime]:
    """Return the moments between which a year lies, the second excluded."""
    return datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)


def is_over(year: int, now: datetime) -> bool:
    """Tell whether a year is over: before that every new loss would show in the total as one person's."""
    return year_of(year)[1] <= now


def total(by_person: Mapping[UUID, int]) -> int | None:
    """Return how many accounts a company's people lost together; None of fewer people than a group may have."""
    told = [lost for lost in by_person.values() if lost]
    return sum(told) if len(told) >= GROUP_MINIMUM else None
