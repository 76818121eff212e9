"""How a file of rows is read: its bytes as text, its text as cells, and cells as amounts and days."""

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain
from typing import Any, Final, NamedTuple

# The likelier ones first.
OF_ONE_BYTE: Final = (
    *("windows-1252", "iso-8859-15", "iso-8859-1", "windows-1250", "iso-8859-2", "windows-1254", "windows-1257"),
    *("windows-1251", "windows-1253", "cp850", "cp852", "mac-roman", "cp866", "koi8-r"),
)
ENCODINGS: Final = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", *OF_ONE_BYTE)
DELIMITERS: Final = (",", ";", "\t", "|")
MOST_COLUMNS: Final = 200
LONGEST_NAME: Final = 100
_MARK: Final = "\ufeff"
_SPACES: Final = str.maketrans(dict.fromkeys(" \u00a0\u202f'’"))  # noqa: RUF001 - what separates thousands somewhere
_LINES: Final = re.compile(r"[^\r\n]*(?:\r?\n|\r(?=[^\n]))")  # what follows a last carriage return may be its line feed
_PLAIN: Final = re.compile(r"[0-9]+")
_POINT: Final = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]{1,4})?")
_COMMA: Final = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)(?:,[0-9]{1,4})?")
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ].*)?")
_PARTS: Final = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})(?:[T ].*)?")


class DecimalMark(StrEnum):
    """What stands before the decimals of an amount; `plain` means that there are neither decimals nor separators."""

    PLAIN = "plain"
    POINT = "point"
    COMMA = "comma"


class DateForm(StrEnum):
    """In which order day and month of a date stand; year-month-day is read in every form."""

    ISO = "iso"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read; what nobody has said yet, and the file does not tell, is None."""

    encoding: str
    delimiter: str
    has_header: bool
    decimal_mark: DecimalMark | None
    date_form: DateForm | None


class Record(NamedTuple):
    """A row: the line it begins in (from 1) and its cells."""

    line: int
    cells: list[str]


def records(pieces: Iterable[bytes], encoding: str, delimiter: str) -> Iterator[Record]:
    """Yield the file's rows, empty lines left out. UnicodeError, or csv.Error, where it cannot be read."""
    rows = csv.reader(_lines(_text(pieces, encoding)), delimiter=delimiter, strict=True)
    before = 0
    for cells in rows:
        if cells:
            yield Record(before + 1, cells)
        before = rows.line_num


def column_names(first: Sequence[str], *, has_header: bool) -> list[str]:
    """Return a name for each column, no two alike: those of the first row, or numbers where it is no header."""
    names: dict[str, None] = {}
    for place, cell in enumerate(first, 1):
        name = " ".join(cell.split())[:LONGEST_NAME] if has_header else ""
        name = name or f"Column {place}"
        while name in names:
            name = f"{name} ({place})"
        names[name] = None
    return list(names)


def plain_amount(written: str, mark: DecimalMark) -> str | None:
    """Return an amount as a plain decimal string, without separators; None when it is not written by this mark."""
    tidy = written.translate(_SPACES)
    if mark is DecimalMark.COMMA:
        return tidy.replace(".", "").replace(",", ".") if _COMMA.fullmatch(tidy) else None
    if mark is DecimalMark.POINT:
        return tidy.replace(",", "") if _POINT.fullmatch(tidy) else None
    return tidy if _PLAIN.fullmatch(tidy) else None


def iso_day(written: str, form: DateForm) -> str | None:
    """Return a day as ISO 8601 writes it; None when there is no such day in this form."""
    if found := _ISO.fullmatch(written):
        year, month, day = found.groups()
    elif form is not DateForm.ISO and (found := _PARTS.fullmatch(written)):
        day, month, year = found.groups() if form is DateForm.DAY_FIRST else (found[2], found[1], found[3])
    else:
        return None
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def staged(value: Any) -> str:
    """Return a lead's value as the text a checked row is sent to the database with; "" for none."""
    if isinstance(value, (list, tuple)):
        return f"{{{','.join(value)}}}" if value else ""
    return "" if value is None else str(value)


def _text(pieces: Iterable[bytes], encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    is_first = True
    for piece in pieces:
        text = decoder.decode(piece)
        if "\x00" in text:
            raise csv.Error("it holds a NUL")
        if text:
            yield text.removeprefix(_MARK) if is_first else text
            is_first = False
    decoder.decode(b"", final=True)


def _lines(text: Iterable[str]) -> Iterator[str]:
    """Return lines with their ends, whichever of the three each has, as the csv module wants them."""
    return chain.from_iterable(_line_lists(text))


def _line_lists(text: Iterable[str]) -> Iterator[list[str]]:
    rest = ""
    for piece in text:
        whole = rest + piece
        lines = _LINES.findall(whole)
        yield lines
        rest = whole[sum(map(len, lines)) :]
    if rest:
        yield [rest]
