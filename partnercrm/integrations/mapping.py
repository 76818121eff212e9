"""Reading another system's rows: which column is which field, and what a row lacks."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from partnercrm.integrations.contents import Kind
from partnercrm.kernel.errors import FieldError, Invalid, Told

FILTER: Final = "only"
FILLED: Final = "*"
MOST_TOLD: Final = 50
LONGEST_TOLD: Final = 60
_NO_FIELD: Final = "%(field)r is not a field of these rows; there are %(names)s."
_QUOTED: Final = re.compile(r'"(?:[^"]|"")*"')
_SIGNS: Final = frozenset(',"=:~|\n\r')


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Which column gives each field, which fields are constant, which spellings to mend, which rows are taken."""

    columns: Mapping[str, str]
    constants: Mapping[str, str]
    spellings: Mapping[tuple[str, str], str]
    only: Mapping[str, frozenset[str]]

    def row(self, cells: Mapping[str, str]) -> dict[str, str]:
        """Return a row's fields; empty cells are left out."""
        read = {name: cells[column].strip() for name, column in self.columns.items()}
        mended = {name: self.spellings.get((name, value), value) for name, value in read.items()}
        return {name: value for name, value in (mended | dict(self.constants)).items() if value}

    def takes(self, cells: Mapping[str, str]) -> bool:
        """Tell whether the row passes every `only` filter."""
        return all(_passes(cells[column].strip(), wanted) for column, wanted in self.only.items())


def parse(written: str, kind: Kind, *, whole: bool = True) -> ColumnMapping:
    """Read the parts of a mapping, separated by commas or lines.

    `field=column` and `field:=constant` fill a field, `field~wrong=right` mends a spelling, and
    `only=column:value|value` (or `only=column:*` for any value) takes the rows that have it. What holds a sign of the
    mapping itself is put into quotes: `company_name="Account, legal"`. A `whole` mapping has all that the kind needs.
    Raises Invalid naming every wrong part.
    """
    found = _Reading(kind, {}, {}, {}, {}, [])
    for part in (part.strip() for part in _cut(written, ",\n\r")):
        if part:
            found.take(part)
    for field in kind.needed if whole else ():
        if field not in found.columns and field not in found.constants:
            found.wrong.append(Told("%(field)r is needed and not mapped.", field=field))
    if found.wrong:
        raise Invalid([FieldError("mapping", sentence) for sentence in found.wrong[:MOST_TOLD]])
    return ColumnMapping(found.columns, found.constants, found.spellings, found.only)


@dataclass(slots=True)
class _Reading:
    kind: Kind
    columns: dict[str, str]
    constants: dict[str, str]
    spellings: dict[tuple[str, str], str]
    only: dict[str, frozenset[str]]
    wrong: list[str]

    def take(self, part: str) -> None:
        left, _, right = (piece.strip() for piece in _parted(part, "="))
        field, mends, wrong = (piece.strip() for piece in _parted(left.removesuffix(":"), "~"))
        source, misspelt = _bare(right), _bare(wrong)
        if not source or (mends and not misspelt):
            self.wrong.append(Told("%(part)r is not field=column, field:=constant or field~wrong=right.", part=part))
        elif field == FILTER:
            self._filter(part, left, right)
        elif field not in self.kind.fields:
            self.wrong.append(Told(_NO_FIELD, field=field, names=", ".join(sorted(self.kind.fields))))
        elif mends:
            self.spellings[field, misspelt] = source
        elif field in self.columns or field in self.constants:
            self.wrong.append(Told("%(field)r is mapped twice.", field=field))
        else:
            (self.constants if left.endswith(":") else self.columns)[field] = source

    def _filter(self, part: str, left: str, source: str) -> None:
        named, _, written = _parted(source, ":")
        column, values = _bare(named), frozenset(_bare(value) for value in _cut(written, "|"))
        if left != FILTER or not column or not all(values):
            self.wrong.append(Told("%(part)r is not only=column:value|value or only=column:*.", part=part))
        elif column in self.only:
            self.wrong.append(Told("%(column)r is filtered twice.", column=column))
        else:
            self.only[column] = values


def written(mapping: ColumnMapping) -> str:
    """Write a mapping as `parse` reads it, one part a line."""
    parts = [f"{field}={_quoted(column)}" for field, column in mapping.columns.items()]
    parts += [f"{field}:={_quoted(value)}" for field, value in mapping.constants.items()]
    parts += [f"{field}~{_quoted(wrong)}={_quoted(right)}" for (field, wrong), right in mapping.spellings.items()]
    for column, values in mapping.only.items():
        parts.append(f"{FILTER}={_quoted(column)}:{'|'.join(sorted(map(_quoted, values)))}")
    return "\n".join(parts)


def missing_columns(mapping: ColumnMapping, header: list[str]) -> list[FieldError]:
    """Return an error for every mapped column the file does not have, and one that says which it has."""
    there = frozenset(header)
    missing = [column for column in (*mapping.columns.values(), *mapping.only) if column not in there]
    told = [Told("The file has no column %(column)r.", column=column) for column in missing[:MOST_TOLD]]
    if told:
        more = ", …" if len(header) > MOST_TOLD else ""
        names = ", ".join(name[:LONGEST_TOLD] for name in header[:MOST_TOLD])
        told.append(Told("It has %(names)s.", names=names + more))
    return [FieldError("mapping", sentence) for sentence in told]


def _cut(text: str, signs: str) -> Iterator[str]:
    """Cut a text at any of the signs outside of quotes."""
    start, masked = 0, _QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)
    for place, sign in enumerate(masked):
        if sign in signs:
            yield text[start:place]
            start = place + 1
    yield text[start:]


def _parted(text: str, sign: str) -> tuple[str, str, str]:
    """Part a text at the first such sign outside of quotes, like str.partition."""
    first = next(_cut(text, sign))
    return first, text[len(first) : len(first) + 1], text[len(first) + 1 :]


def _bare(text: str) -> str:
    text = text.strip()
    return text[1:-1].replace('""', '"').strip() if _QUOTED.fullmatch(text) else text


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"' if _SIGNS & set(text) else text


def _passes(value: str, wanted: frozenset[str]) -> bool:
    return value in wanted or (FILLED in wanted and value != "")
