"""What is written about a deal, and who may be mentioned in it. Pure."""

from collections.abc import Collection
from enum import StrEnum
from typing import Final
from uuid import UUID

from partnercrm.kernel.errors import FieldError

MOST_PEOPLE: Final = 50
MOST_MENTIONED: Final = 20


class EntryKind(StrEnum):
    """What an entry is."""

    COMMENT = "comment"
    NEXT_STEP = "next_step"


def wrong_entry(
    kind: EntryKind, *, has_day: bool, mentioned: Collection[UUID], people: Collection[UUID]
) -> list[FieldError]:
    """Return what is wrong with an entry: only who works on the deal is mentioned, only a next step has a day."""
    wrong = []
    if not set(people).issuperset(mentioned):
        wrong.append(FieldError("mentioned", "Mention people who work on this deal."))
    if has_day and kind is not EntryKind.NEXT_STEP:
        wrong.append(FieldError("due_on", "Only a next step has a day."))
    return wrong
