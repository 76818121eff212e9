"""The first rows of a file as they would be entered: new, updated, unchanged, left out or wrong."""

import csv
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from marshmallow import ValidationError

from partnercrm.calendars import queries as calendars
from partnercrm.integrations import faults
from partnercrm.integrations.faults import Fault
from partnercrm.integrations.letters import Line, deciding_lines
from partnercrm.integrations.mapping import missing_columns, parse
from partnercrm.integrations.models import FileImport
from partnercrm.integrations.queries import imports, things
from partnercrm.integrations.queries.things import KEY, Held
from partnercrm.integrations.reading import Record, records
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, Told

SHOWN: Final = 20
_STOPS: Final = "The file cannot be read on from row %(row)d: %(reason)s."


class PreviewRow(NamedTuple):
    """A row: what it says about each field, what would become of it, what is wrong with it."""

    line: int
    outcome: str
    told: dict[str, str]
    faults: Sequence[Fault]


class Preview(NamedTuple):
    """The first rows, why there are no more where the file cannot be read, and lines that decide on its encoding."""

    rows: Sequence[PreviewRow]
    problem: str | None
    deciding_lines: Sequence[Line] = ()


def preview(actor: Actor, one: FileImport, make_reader: Callable[..., Any], *, most: int = SHOWN) -> Preview:
    """Read the first rows as the import is now said to be read."""
    deciding = deciding_lines(imports.pieces(one), one.encodings) if one.encodings else ()
    try:
        mapping = parse(one.mapping, one.brings, whole=False)
        if wrong := missing_columns(mapping, one.header):
            return Preview((), wrong[0].message, deciding)
    except Invalid as refusal:
        return Preview((), refusal.errors[0].message, deciding)
    reader = make_reader(one.brings, mapping, one.header, one.reading, calendars.today(actor))
    taken: list[Record] = []
    problem = None
    try:
        taken.extend(islice(records(imports.pieces(one), one.encoding, one.delimiter), one.has_header, most + 1))
    except (UnicodeError, csv.Error) as error:
        problem = Told(_STOPS, row=len(taken) + 1, reason=str(error))
    return Preview(_rows(actor, one, reader, taken[:most]), problem, deciding)


def _rows(actor: Actor, one: FileImport, reader: Any, taken: Sequence[Record]) -> list[PreviewRow]:
    read: list[tuple[Record, dict[str, str], list[str] | None, list[Fault]]] = []
    for found in taken:
        if len(found.cells) != reader.width:
            read.append((found, {}, None, [faults.torn_row(reader.width, len(found.cells))]))
        elif not reader.takes(found.cells):
            read.append((found, reader.told(found.cells), None, []))
        else:
            values, wrong = _checked(reader, found.cells)
            read.append((found, reader.told(found.cells), values, wrong))
    known = things.known(actor, one, [values[0] for _, _, values, _ in read if values])
    return [
        PreviewRow(found.line, _outcome(reader, values, wrong, known), told, wrong)
        for found, told, values, wrong in read
    ]


def _checked(reader: Any, cells: Sequence[str]) -> tuple[list[str] | None, list[Fault]]:
    try:
        return reader.read(cells), []
    except ValidationError as error:
        return None, [Fault(name, message, reader.place(name)) for name, message in reader.faults(error)]


def _outcome(reader: Any, values: list[str] | None, wrong: Sequence[Fault], known: Mapping[str, Held]) -> str:
    if values is None:
        return "wrong" if wrong else "left_out"
    held = known.get(values[0])
    if held is None:
        return "new"
    named = dict(zip(reader.fields, values, strict=True))
    same = (held.says(name, value) for name, value in named.items() if value and name not in {"owner_email", KEY})
    return "unchanged" if all(same) else "updated"
