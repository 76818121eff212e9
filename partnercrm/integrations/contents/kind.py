"""What must be said of a kind of things before files can bring it in: its fields, and how they are to be read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class ImportKind(StrEnum):
    """What the rows of a file are."""

    LEADS = "leads"
    ACCOUNTS = "accounts"


@dataclass(frozen=True, slots=True)
class Kind:
    """What the rows of a file are, field by field.

    `aliases` names every field, with what systems and people call its column, reduced to small letters and figures and
    the likelier ones first; a row is nothing without the `needed` ones. `amount` and `days` are written in ways that a
    person may have to tell. Who holds `scope` may bring these in, who holds `oversight` those of others.
    """

    name: ImportKind
    scope: str
    oversight: str
    aliases: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]
    amount: str | None = None
    days: tuple[str, ...] = ()

    @property
    def fields(self) -> Collection[str]:
        """The names of all fields."""
        return self.aliases.keys()
