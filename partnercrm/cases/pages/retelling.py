"""A case's file in its reader's language: what the record wrote down is said again, what people wrote stays."""

from collections.abc import Iterable
from typing import Any

from partnercrm.cases import facts
from partnercrm.cases.models import CaseEntry
from partnercrm.web.speaking import spoken


class Retold:
    """An entry of a case's file as a page says it."""

    def __init__(self, entry: CaseEntry) -> None:
        self._entry = entry
        self.facts = [{part: spoken(facts.told(fact, part)) for part in facts.PARTS} for fact in entry.facts]

    def __getattr__(self, name: str) -> Any:
        """Read everything else from the entry."""
        return getattr(self._entry, name)


def retold(entries: Iterable[CaseEntry]) -> list[Retold]:
    """Return the entries of a file as its reader reads them."""
    return [Retold(entry) for entry in entries]
