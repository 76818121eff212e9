"""What a partnership is by what happens in it, beside what was signed. Pure, by one written rule.

A quarter shows *co-selling* where both sides worked on one deal, or qualified leads count in both directions; *customer
or project only* where something moved, but from one side; *logo only* where nothing did. The last two quarters that are
over show the most of what either does. Less in both than the kind that the terms claim is called drift; before two
quarters are over nothing is said (S8 and R3 of the mission).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from partnercrm.leads.spans import Span
from partnercrm.partnerships.agreements import PartnershipKind

QUARTERS: Final = 2


class Shown(StrEnum):
    """What happens in a partnership, least first."""

    LOGO = "logo_only"
    ONE_SIDED = "customer_or_project_only"
    CO_SELLING = "co_selling"


class Finding(StrEnum):
    """What is shown beside what is claimed."""

    AS_CLAIMED = "as_claimed"
    LESS = "less_than_claimed"
    NOTHING_CLAIMED = "nothing_claimed"
    TOO_EARLY = "too_early_to_tell"


class Evidence(NamedTuple):
    """What one side did in a quarter: leads it gave that count as qualified, deals it worked on."""

    organization_id: UUID
    qualified: int
    deals: int


class Quarter(NamedTuple):
    """A quarter that is over, what each side did, on how many deals both worked, how many were won."""

    months: Span
    sides: Sequence[Evidence]
    deals_of_both: int
    won: int

    @property
    def shown(self) -> Shown:
        """What it shows."""
        if self.deals_of_both or all(side.qualified for side in self.sides):
            return Shown.CO_SELLING
        moved = self.won or any(side.qualified or side.deals for side in self.sides)
        return Shown.ONE_SIDED if moved else Shown.LOGO


class Lived(NamedTuple):
    """The kind that is claimed, what it wants, and what the last two quarters show, the newest first."""

    claimed: PartnershipKind | None
    quarters: Sequence[Quarter]

    @property
    def wanted(self) -> Shown | None:
        """What the kind that is claimed wants to be shown."""
        return None if self.claimed is None else _WANTED[self.claimed]

    @property
    def shown(self) -> Shown | None:
        """The most that the last two quarters show; None before both are over."""
        if len(self.quarters) < QUARTERS:
            return None
        return max((quarter.shown for quarter in self.quarters), key=_MORE.index)

    @property
    def finding(self) -> Finding:
        """What is shown beside what is claimed."""
        if self.shown is None:
            return Finding.TOO_EARLY
        if self.wanted is None:
            return Finding.NOTHING_CLAIMED
        return Finding.LESS if _MORE.index(self.shown) < _MORE.index(self.wanted) else Finding.AS_CLAIMED


_MORE: Final = tuple(Shown)
_WANTED: Final[Mapping[PartnershipKind, Shown]] = {
    PartnershipKind.REFERRAL: Shown.ONE_SIDED,
    PartnershipKind.CO_SELL: Shown.CO_SELLING,
    PartnershipKind.RESELL: Shown.ONE_SIDED,
    PartnershipKind.TECHNOLOGY: Shown.ONE_SIDED,
    PartnershipKind.SERVICES: Shown.ONE_SIDED,
    PartnershipKind.STRATEGIC: Shown.CO_SELLING,
}


def quarters_over(begun: datetime, now: datetime) -> list[Span]:
    """Return the last two quarters (UTC) that began with the partnership or later and are over, the newest first."""
    first = date(now.year, now.month - (now.month - 1) % 3, 1)
    found = []
    for _ in range(QUARTERS):
        first = date(first.year - (first.month == 1), (first.month - 4) % 12 + 1, 1)
        if first >= begun.date():
            found.append(Span(f"{first.year:04}-{first.month:02}", f"{first.year:04}-{first.month + 2:02}"))
    return found
