"""Canaries: distinctive words, amounts and ids planted in private places, each with the people who may read it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple

from itsdangerous import URLSafeSerializer

_MARK = re.compile(
    rb"cnry[0-9a-z]{6}"
    rb"|(?<![0-9])8,?[0-9]{3},?[0-9]{3}(?![0-9])"
    rb"|[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}"
)
_CURSOR = re.compile(rb"\.?[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{27}")


class Canary(NamedTuple):
    """What a mark stands for, and who may read it."""

    place: str
    readers: frozenset[str]


@dataclass
class Canaries:
    """Everything planted, by its mark."""

    planted: dict[str, Canary] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def word(self, place: str, readers: Iterable[str]) -> str:
        """Return a new word that only these people may read."""
        return self.plant(f"cnry{next(self._numbers):06d}", place, readers)

    def amount(self, place: str, readers: Iterable[str]) -> str:
        """Return a new amount that only these people may read."""
        return self.plant(f"{8_000_000 + next(self._numbers) * 37}", place, readers) + ".00"

    def plant(self, mark: str, place: str, readers: Iterable[str]) -> str:
        """Watch for a mark that is in place already; who may read it in one place may read it."""
        known = self.planted.get(mark, Canary(place, frozenset()))
        self.planted[mark] = Canary(known.place, known.readers | frozenset(readers))
        return mark

    def leaks(self, response: Any, reader: str | None, sent: frozenset[str] = frozenset()) -> list[Canary]:
        """Return what stands in the response, headers and cursors included, that the reader may not read.

        What the reader `sent` may come back.
        """
        found = (self.planted.get(mark) for mark in sorted(_marks_of(response) - sent))
        return [canary for canary in found if canary and reader not in canary.readers]


def marks_in(text: bytes) -> frozenset[str]:
    """Return every mark that stands in the text; ids without dashes, as ETags write them, amounts without commas."""
    return frozenset(mark.decode().replace("-", "").replace(",", "") for mark in _MARK.findall(text))


def _marks_of(response: Any) -> frozenset[str]:
    whole = str(response.headers).encode() + b"\n" + response.get_data()
    return marks_in(whole).union(*(marks_in(_opened(cursor)) for cursor in _CURSOR.findall(whole)))


def _opened(cursor: bytes) -> bytes:
    """Return what a cursor carries, which anybody can read."""
    return repr(URLSafeSerializer("").loads_unsafe(cursor)[1]).encode()
