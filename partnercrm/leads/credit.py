"""What a side is credited for, and what its leads were worth taking: rules that a giver cannot bend. Pure.

Credit begins when a lead is qualified, by whoever received it; one company's need is credited once in 90 days, to
whoever's lead of it was qualified first; leads disqualified for their quality are shown beside.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple
from uuid import UUID

from partnercrm.leads.lifecycle import DisqualifyReason

APART: Final = timedelta(days=90)
OF_QUALITY: Final = frozenset(
    {
        DisqualifyReason.NO_NEED,
        DisqualifyReason.NO_BUDGET,
        DisqualifyReason.WRONG_CONTACT,
        DisqualifyReason.UNREACHABLE,
    }
)


class Qualified(NamedTuple):
    """A qualified lead of a company's need that was qualified more than once; `need` tells which belong together."""

    need: int
    giver_id: UUID
    happened_at: datetime


class Junk(NamedTuple):
    """Leads that were accepted, and how many of them were disqualified for their quality."""

    leads: int
    accepted: int

    @property
    def share(self) -> Fraction | None:
        """Which part of what was accepted they are; None before anything was."""
        return Fraction(self.leads, self.accepted) if self.accepted else None


def uncredited(qualified: Iterable[Qualified]) -> Counter[tuple[UUID, str]]:
    """Return how many leads by (giver, month in UTC) were qualified within 90 days of the need's last credit.

    A need is credited when it is first qualified, and again 90 days after each credit, whoever gave it. What comes
    first among those of the same moment is what is given first.
    """
    found: Counter[tuple[UUID, str]] = Counter()
    for _need, same in groupby(sorted(qualified, key=attrgetter("need", "happened_at")), key=attrgetter("need")):
        credited_at: datetime | None = None
        for one in same:
            if credited_at is None or one.happened_at - credited_at >= APART:
                credited_at = one.happened_at
            else:
                found[one.giver_id, f"{one.happened_at.astimezone(UTC):%Y-%m}"] += 1
    return found


def junk(disqualified_for: Mapping[str, int], accepted: int) -> Junk:
    """Return how many of the accepted leads were disqualified for a reason of their quality."""
    return Junk(sum(disqualified_for.get(reason.value, 0) for reason in OF_QUALITY), accepted)
