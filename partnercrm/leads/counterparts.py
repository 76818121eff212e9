"""Whom an offer names: one's own people; the other side's person to who must speak to them, while there is need."""

from dataclasses import dataclass
from uuid import UUID

from partnercrm.leads.lifecycle import IN_PROGRESS, OfferStatus


def must_speak(status: OfferStatus, *, may_answer: bool, works_on_it: bool) -> bool:
    """Tell whether a reader is told the person of the other side.

    Until it is answered, whoever may answer it; then who works on it on the reader's side; once it is over nobody, or
    reading the offers one by one would tell how many each person of the partner gave, took on and won.
    """
    if status is OfferStatus.OFFERED:
        return may_answer
    return status in IN_PROGRESS and works_on_it


@dataclass(frozen=True, slots=True)
class Named:
    """Whom one offer names to its reader: everybody of the own side, and of the other side where they must speak."""

    organization_id: UUID
    other_side: bool = False

    def may_tell(self, organization_id: UUID, user_id: UUID | None) -> bool:
        """Tell whether the offer says that it was this person of this organization."""
        return self.other_side or organization_id == self.organization_id


@dataclass(frozen=True, slots=True)
class NamedToPartner:
    """Whom one offer names to whoever must speak to them on the other side, as shown to this side: its own people."""

    organization_id: UUID
    is_needed: bool

    def may_tell(self, organization_id: UUID, user_id: UUID | None) -> bool:
        """Tell whether the other side reads that it was this person of this organization."""
        return self.is_needed and organization_id == self.organization_id
