"""What the record tells of people: administration is done in the open, work is not watched."""

from typing import Final
from uuid import UUID

ADMINISTRATION: Final = frozenset(
    {"activity", "agreement", "member", "organization", "partnership", "person", "retention", "team", "user"}
)


def is_administration(verb: str) -> bool:
    """Tell whether lists may say who did it: what one does to an organization, its people and its partnerships."""
    return verb.partition(".")[0] in ADMINISTRATION


def names_who(verb: str, user_id: UUID | None, reader_id: UUID | None) -> bool:
    """Tell whether a list says who did it to this reader: work to themselves alone, administration to all."""
    return user_id == reader_id or is_administration(verb)
