"""Who acts for whom, from who stands in for whom at one moment: pure."""

from collections.abc import Mapping
from uuid import UUID


def stand_in(deputies: Mapping[UUID, UUID], user_id: UUID) -> UUID | None:
    """Return who acts for a person: the deputy, or the deputy's deputy; a circle ends before it closes."""
    met, last = {user_id}, None
    while (following := deputies.get(last or user_id)) is not None and following not in met:
        met.add(following)
        last = following
    return last


def stood_in_for(deputies: Mapping[UUID, UUID], user_id: UUID) -> frozenset[UUID]:
    """Return everybody for whom a person may act: those who named them, and those who named these, in turn."""
    found: set[UUID] = set()
    waiting = [user_id]
    while waiting:
        one = waiting.pop()
        new = {absent for absent, deputy in deputies.items() if deputy == one} - found - {user_id}
        found |= new
        waiting += new
    return frozenset(found)
