"""What leads that were not taken and then pursued, or were known before they were offered, do to a credit. Pure.

A window tells a rounded total, a case one lead. Of the leads whose time was over in a window the greater of the two
numbers is credited, never their sum: a lead that a case credited may be among those of the total.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

from partnercrm.leads.spans import Span


class Restored(NamedTuple):
    """A lead that a case credited to its giver, and in which month `YYYY-MM` its time was over."""

    giver_id: UUID
    over_in: str


class Total(Protocol):
    """What a window told of one side's leads; None where they are too few to tell."""

    giver_id: UUID
    first_month: str
    last_month: str
    pursued: int | None
    influenced: int | None


class Beside(NamedTuple):
    """What totals credit beyond qualified leads and cases, and what they take off because it was known before."""

    pursued: int
    influenced: int


def beside(giver_id: UUID, totals: Sequence[Total], restored: Iterable[Restored], asked: Span) -> Beside:
    """Return what totals change in one side's credit; a total counts where all months of its window are asked for."""
    cases = [one for one in restored if one.giver_id == giver_id]
    told = [one for one in totals if one.giver_id == giver_id and _is_within(one, asked)]
    return Beside(
        pursued=sum(max(0, (one.pursued or 0) - _settled(one, cases)) for one in told),
        influenced=sum(one.influenced or 0 for one in told),
    )


def _is_within(total: Total, asked: Span) -> bool:
    return asked.holds(total.first_month) and asked.holds(total.last_month)


def _settled(total: Total, cases: Iterable[Restored]) -> int:
    return sum(total.first_month <= one.over_in <= total.last_month for one in cases)
