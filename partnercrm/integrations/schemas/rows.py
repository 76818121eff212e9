"""A row of a file read as a thing: plain checks for the many right ones, the shape's own sentences for the wrong."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from itertools import chain, filterfalse
from typing import Any, ClassVar, Final, cast

from marshmallow import Schema, ValidationError

from partnercrm.integrations.contents import Kind
from partnercrm.integrations.mapping import ColumnMapping
from partnercrm.integrations.neutralising import MARK, restored
from partnercrm.integrations.reading import Reading, staged
from partnercrm.web.shapes import Choice, Text, Written

Row = list[str]
Check = Callable[[str], Any]
Convert = Callable[[str], str | None]
_UNFIT: Final = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff"
_ANY_UNFIT: Final = re.compile(f"[{_UNFIT}]")


class RowReader:
    """Reads the rows of one file; `columns` are the places of the fields in it, from 1, `today` the last day known.

    A row is staged as `fields`, in this order; a kind's own reader says of its fields which have a plain check, and
    which are read from a text into another one.
    """

    fields: ClassVar[tuple[str, ...]]
    shape: ClassVar[Schema]
    checks: ClassVar[Mapping[str, Check]]

    def __init__(
        self, kind: Kind, mapping: ColumnMapping, header: Sequence[str], reading: Reading, today: date
    ) -> None:
        self._needed = kind.needed
        self._mapping, self._reading, self._today = mapping, reading, today.isoformat()
        self._places = {name: place for place, name in enumerate(header)}
        self._marked = self._places.get(MARK)
        self.columns = {field: self._places[column] + 1 for field, column in mapping.columns.items()}
        self.width = len(header)
        self._only = [(self._places[column], wanted) for column, wanted in mapping.only.items()]
        self._mends: dict[str, dict[str, str]] = defaultdict(dict)
        for (field, wrong), right in mapping.spellings.items():
            self._mends[field][wrong] = right

    def takes(self, cells: Sequence[str]) -> bool:
        """Tell whether the row passes every `only` filter."""
        return all(
            (value := cells[place].strip()) in wanted or ("*" in wanted and value != "") for place, wanted in self._only
        )

    def read_all(self, rows: Sequence[Sequence[str]]) -> tuple[list[list[str]], set[int]]:
        """Return what rows that are right beyond doubt say: each field's values, in the order of `fields`.

        And the places of the others, whose values mean nothing: they are read one by one.
        """
        cells, many = list(zip(*rows, strict=True)), len(rows)
        doubtful = set[int]()
        if self._marked is not None:
            doubtful = {place for place, marks in enumerate(cells[self._marked]) if marks}
        values = {field: [""] * many for field in self.fields}
        for field, check in self.checks.items():
            said = values[field] = self._said(field, cells, many) or values[field]
            unfit = self._unfit(field, check, said)
            doubtful |= places(said, unfit | {""} if field in self._needed else unfit)
        for field, convert in self._converters().items():
            if said := self._said(field, cells, many):
                read = {text: convert(text) if text else "" for text in set(said)}
                doubtful |= places(said, {text for text in read if read[text] is None})
                values[field] = [read[text] or "" for text in said]
        doubtful |= self._settle(values, lambda field: self._said(field, cells, many))
        return [values[field] for field in self.fields], doubtful

    def read(self, cells: Sequence[str]) -> Row:
        """Return one row's values in the order of `fields`, "" where it has none. Raises ValidationError."""
        return self._by_shape(self.told(cells))

    def told(self, cells: Sequence[str]) -> dict[str, str]:
        """Return what the row says about each field, before it is checked."""
        marked = cells[self._marked].split() if self._marked is not None else ()
        named = {name: restored(cells[place], name, marked) for name, place in self._places.items()}
        return self._mapping.row(named)

    def faults(self, error: ValidationError) -> list[tuple[str, str]]:
        """Return (field, sentence) for everything that is wrong with a row."""
        return list(_flat(messages(error), ""))

    def place(self, field: str) -> int:
        """Return the column, from 1, in which one looks for what is wrong with a field."""
        return self.columns.get(field, 1)

    def wrong_constants(self) -> list[tuple[str, str]]:
        """Return (field, sentence) for every constant that no row can be right with."""
        constants = self._mapping.constants
        try:
            self._by_shape(self._alone(constants))
        except ValidationError as error:
            return [(field, message) for field, message in self.faults(error) if field in constants]
        return []

    def _converters(self) -> Mapping[str, Convert]:
        """Return what reads a field's text into what is staged, None where that is in doubt."""
        return {}

    def _settle(self, values: dict[str, list[str]], said: Callable[[str], list[str]]) -> set[int]:
        """Fill fields that follow from several others; return the places of rows in doubt."""
        return set()

    def _alone(self, constants: Mapping[str, str]) -> Mapping[str, str]:
        """Return what makes constants a row by which they can be judged."""
        return constants

    def _by_shape(self, told: Mapping[str, str]) -> Row:
        """Return a row's values as its shape reads them. Raises ValidationError."""
        loaded = cast("dict[str, Any]", self.shape.load(dict(told)))
        return [staged(loaded.get(name)) for name in self.fields]

    def _said(self, field: str, cells: Sequence[Sequence[str]], many: int) -> list[str]:
        """Return what each row says about a field, trimmed and mended; nothing where the file does not say it."""
        if field in self._mapping.constants:
            return [self._mapping.constants[field]] * many
        if field not in self.columns:
            return []
        said = list(map(str.strip, cells[self.columns[field] - 1]))
        mends = self._mends.get(field)
        return [mends.get(text, text) for text in said] if mends else said

    def _unfit(self, field: str, check: Check, said: Sequence[str]) -> set[str]:
        """Return the texts that do not fit; plain text is first looked at as one, which settles nearly all of it."""
        declared = self.shape.fields[field]
        longest = _most(declared) if isinstance(declared, Text) else 0
        if max(map(len, said)) <= longest and not _ANY_UNFIT.search("".join(said)):
            return set()
        return set(filterfalse(check, filter(None, set(said))))


def checks_of(shape: Schema, fields: Collection[str]) -> Mapping[str, Check]:
    """Return plain checks of trimmed, filled texts that let pass nothing that these fields of the shape refuse."""
    return {field: _check(shape.fields[field]) for field in fields}


def _check(declared: Any) -> Check:
    if isinstance(declared, Text):
        return re.compile(rf"[^{_UNFIT}]{{1,{_most(declared)}}}").fullmatch
    if isinstance(declared, Choice):
        return frozenset(member.value for member in declared.enum).__contains__
    if isinstance(declared, Written):
        pattern = str(declared.metadata["pattern"]).removeprefix("^").removesuffix("$")
        return re.compile(rf"(?=[\s\S]{{1,{_most(declared)}}}\Z)(?:{pattern})").fullmatch
    raise TypeError(f"{declared} has no plain check")


def places(values: Sequence[Any], wrong: Collection[Any]) -> set[int]:
    """Return where wrong values stand."""
    return {place for place, value in enumerate(values) if value in wrong} if wrong else set()


def messages(error: ValidationError) -> dict[str, Any]:
    """Return a shape's messages by field."""
    return cast("dict[str, Any]", error.normalized_messages())  # type: ignore[no-untyped-call]


def _most(declared: Any) -> int:
    return int(declared.validators[0].max)


def _flat(messages: Any, path: str) -> Any:
    if isinstance(messages, Mapping):
        return chain.from_iterable(_flat(inner, f"{path}.{name}".strip(".")) for name, inner in messages.items())
    return ((path, message) for message in messages)
