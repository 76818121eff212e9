"""What the record tells of people: administration is done in the open, work is not watched."""

from typing import Final

ADMINISTRATION: Final = frozenset(
    {"activity", "agreement", "member", "organization", "partnership", "person", "retention", "team", "user"}
)


def is_administration(verb: str) -> bool:
    """Tell whether lists may say who did it: what one does to an organization, its people and its partnerships."""
    return verb.partition(".")[0] in ADMINISTRATION
