"""For how long each kind of data is kept: the kinds that slices name, their bounds, what goes when time is over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask_babel import LazyString

from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Told


class Remover(Protocol):
    """What removes, and counts, things of one kind that are older than a moment, at most so many at once."""

    def remove(self, actor: Actor, before: datetime, most: int) -> int:
        """Remove some of them; return how many."""

    def count(self, actor: Actor, before: datetime, most: int) -> int:
        """Return how many there are, up to `most`."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of data: what it is, how many days it is kept unless the organization says otherwise, within which bounds.

    What tells of one's own colleagues' work is removed uncounted: in a small company a count is a figure of a person.
    """

    name: str
    label: LazyString
    meaning: LazyString
    days: int
    least: int
    most: int
    remover: Remover
    counted: bool = True


_kinds: dict[str, Kind] = {}


def install(kinds: Iterable[Kind]) -> None:
    """Say which kinds there are, in the order they are shown."""
    _kinds.clear()
    _kinds.update({kind.name: kind for kind in kinds})


def kinds() -> Sequence[Kind]:
    """Return the kinds there are."""
    return tuple(_kinds.values())


def out_of_bounds(periods: Mapping[str, int]) -> Mapping[str, str]:
    """Return a sentence for every period that cannot be, by kind."""
    wrong = {}
    for name, days in periods.items():
        kind = _kinds.get(name)
        if kind is None:
            wrong[name] = Told("There are %(names)s.", names=", ".join(_kinds))
        elif not kind.least <= days <= kind.most:
            wrong[name] = Told("Between %(least)d and %(most)d days.", least=kind.least, most=kind.most)
    return wrong
