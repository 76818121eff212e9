"""Junk: which accepted leads were not worth taking, as their receivers found. Pure."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final, NamedTuple

from partnercrm.leads.lifecycle import DisqualifyReason

OF_QUALITY: Final = frozenset(
    {
        DisqualifyReason.NO_NEED,
        DisqualifyReason.NO_BUDGET,
        DisqualifyReason.WRONG_CONTACT,
        DisqualifyReason.UNREACHABLE,
    }
)


class Junk(NamedTuple):
    """Leads that were accepted, and how many of them were disqualified for their quality."""

    leads: int
    accepted: int

    @property
    def share(self) -> Fraction | None:
        """Which part of what was accepted they are; None before anything was."""
        return Fraction(self.leads, self.accepted) if self.accepted else None


def junk(disqualified_for: Mapping[str, int], accepted: int) -> Junk:
    """Return how many of the accepted leads were disqualified for a reason of their quality."""
    return Junk(sum(disqualified_for.get(reason.value, 0) for reason in OF_QUALITY), accepted)
