"""Two lists of companies and which of them are one: what every way to match is measured on."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from partnercrm.accounts.matching import Company

Truth = frozenset[tuple[UUID, UUID]]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Two lists with the pairs that are one company."""

    name: str
    left: Sequence[Company]
    right: Sequence[Company]
    truth: Truth


def numbered(side: int, place: int) -> UUID:
    """Return the id of a company by its side and its place in the list."""
    return UUID(int=(side + 1) << 64 | place)
