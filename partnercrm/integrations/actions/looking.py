"""Looking at the first rows of a file: its columns, and how its amounts and days are written."""

import csv
from collections.abc import Iterable
from itertools import islice
from typing import Final, NamedTuple

from partnercrm.integrations import mapping as columns
from partnercrm.integrations import recognition
from partnercrm.integrations.contents import Kind
from partnercrm.integrations.errors import TooManyColumns
from partnercrm.integrations.reading import MOST_COLUMNS, DateForm, DecimalMark, column_names, records
from partnercrm.kernel.errors import FieldError, Invalid, Told

_LOOKED_AT: Final = 2000


class Look(NamedTuple):
    """What the first rows of a file show under one encoding and one delimiter."""

    header: list[str]
    rows: list[list[str]]


def look(pieces: Iterable[bytes], encoding: str, delimiter: str, *, has_header: bool | None) -> tuple[Look, bool]:
    """Return what the first rows show, and whether there is a header. Raises Invalid, TooManyColumns."""
    rows: list[list[str]] = []
    try:
        for found in islice(records(pieces, encoding, delimiter), _LOOKED_AT):
            rows.append(found.cells)  # noqa: PERF401 - what was read before an error is wanted
    except UnicodeError as error:
        if not rows:
            raise Invalid([FieldError("encoding", "The file is not written in this encoding.")]) from error
    except csv.Error as error:
        if not rows:
            raise Invalid([FieldError("file", Told("The file is not CSV: %(reason)s.", reason=str(error)))]) from error
    if not rows:
        raise Invalid.field("file", "The file is empty.")
    if len(rows[0]) > MOST_COLUMNS:
        raise TooManyColumns([FieldError("file", Told("At most %(most)d columns are taken.", most=MOST_COLUMNS))])
    named = recognition.has_header(rows[:20]) if has_header is None else has_header
    return Look(column_names(rows[0], has_header=named), rows[1:] if named else rows), named


def decimal_mark(look: Look, mapping: str, kind: Kind) -> DecimalMark | None:
    """Return how the amounts of the mapped column seem to be written; None where that is in doubt."""
    return recognition.decimal_mark(_cells(look, mapping, kind, kind.amount) if kind.amount else ())


def date_form(look: Look, mapping: str, kind: Kind) -> DateForm | None:
    """Return how the days of the mapped columns seem to be written; None where that is in doubt."""
    return recognition.date_form(cell for field in kind.days for cell in _cells(look, mapping, kind, field))


def _cells(look: Look, mapping: str, kind: Kind, field: str) -> list[str]:
    read = columns.parse(mapping, kind, whole=False)
    if field in read.constants:
        return [read.constants[field]]
    column = read.columns.get(field)
    place = look.header.index(column) if column in look.header else len(look.header)
    return [row[place] for row in look.rows if len(row) > place]
