"""What a company and its people agreed about figures of one person: the rule, whoever asks."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

GROUP_MINIMUM: Final = 8
"""The fewest people of whom a figure is shown to anybody else; fixed, no setting lowers it."""


class PersonFigures(StrEnum):
    """Who may see figures about one person, beside that person."""

    OFF = "off"
    MANAGERS = "managers"


def may_see_person(agreed: PersonFigures, *, is_oneself: bool, oversees: bool, is_program: bool) -> bool:
    """Tell whether figures about one person, or lists by person, are open to somebody of the same company.

    Everybody sees their own; who oversees all leads sees others' only where the agreement says so; programs never.
    """
    return is_oneself or (agreed is PersonFigures.MANAGERS and oversees and not is_program)


@dataclass(frozen=True, slots=True)
class Names:
    """Whom a list may name to its reader: themselves; colleagues where the works agreement opens lists by person.

    The partner's people are named on a single thing only, to say whom to talk to.
    """

    user_id: UUID | None
    organization_id: UUID
    colleagues: bool

    def may_tell(self, organization_id: UUID, user_id: UUID | None) -> bool:
        """Tell whether the list says that it was this person of this organization."""
        return organization_id == self.organization_id and (self.colleagues or user_id == self.user_id)
