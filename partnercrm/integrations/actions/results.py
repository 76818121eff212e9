"""A file of a learning system's results in one request: every row is right and entered once, or nothing of it is."""

import csv
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import IO, Any, Final

from partnercrm.enablement.actions import entering
from partnercrm.integrations import outcomes, recognition, suggesting
from partnercrm.integrations.actions.at_once import MOST_ERRORS, SURE, not_utf8
from partnercrm.integrations.actions.looking import Look, look
from partnercrm.integrations.actions.uploading import beginning, letters, pieces
from partnercrm.integrations.contents.results import NEEDED, RESULTS
from partnercrm.integrations.faults import torn_row
from partnercrm.integrations.reading import DateForm, Record, records
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid, Told
from partnercrm.leads.errors import RowsRefused

MOST_ROWS: Final = 20_000
_DAYS: Final = ("happened_at", "valid_until")


@dataclass(frozen=True, slots=True)
class Entered:
    """What a file of results did, or would do."""

    rows: int
    entered: int
    unchanged: int
    dry_run: bool


def import_results(actor: Actor, source: IO[bytes] | None, given: Mapping[str, Any]) -> Entered:
    """Enter a file's results under the ids of `given["connector"]`; one that stands already, as it is, stays.

    Nothing of the file is kept. Raises RowsRefused with every wrong row by line and column, Invalid, TooManyColumns,
    ResultDiffers.
    """
    if source is None:
        raise Invalid.field("file", "Send the CSV file as the form's part `file`.")
    found, _ = letters(source, given.get("encoding"))
    if "encoding" not in given and not found.encoding.startswith(SURE):
        raise RowsRefused([not_utf8(source, found.encoding)])
    delimiter = given.get("delimiter") or recognition.delimiter(beginning(source, found.encoding))
    shown, _ = look(pieces(source), found.encoding, delimiter, has_header=True)
    places = _places(shown)
    form = given.get("date_form") or _date_form(shown, places)
    rows, lines = _rows(_records(source, found.encoding, delimiter), places, form, len(shown.header))
    with db.trial() if given["dry_run"] else nullcontext():
        weighed = entering.weigh_results(actor, given["connector"], rows)
        if weighed.wrong:
            told = [(lines[one.place], one.field, one.message) for one in weighed.wrong]
            raise RowsRefused(_errors(told, places))
        entering.enter_results(actor, weighed)
    return Entered(len(rows), len(weighed.rows), weighed.unchanged, given["dry_run"])


def _places(shown: Look) -> dict[str, int]:
    """Return in which column, from 0, each field stands. Raises RowsRefused where a needed one is missing."""
    columns = suggesting.suggested(shown.header, RESULTS)
    missing = [field for field in NEEDED if field not in columns]
    if missing:
        names = ", ".join(name[:60] for name in shown.header[:50])
        sentence = "The file has no column for %(field)s; it has %(names)s."
        raise RowsRefused([FieldError("file", Told(sentence, field=field, names=names)) for field in missing])
    return {field: shown.header.index(column) for field, column in columns.items()}


def _date_form(shown: Look, places: Mapping[str, int]) -> DateForm:
    """Return how days are written. Raises Invalid where 3/4/2026 may be in March or in April."""
    cells = [row[places[field]] for field in _DAYS if field in places for row in shown.rows if len(row) > places[field]]
    form = recognition.date_form(cells)
    if form is None:
        raise Invalid.field("date_form", "Days can be read in two ways; say which.")
    return form


def _rows(
    found: Sequence[Record], places: Mapping[str, int], form: DateForm, width: int
) -> tuple[list[dict[str, Any]], list[int]]:
    """Return what the rows say, and in which line each begins. Raises RowsRefused with all that cannot be read."""
    rows, lines, wrong = list[dict[str, Any]](), list[int](), list[tuple[int, str, str]]()
    first: dict[str, int] = {}
    for record in found:
        if len(record.cells) != width:
            wrong.append((record.line, "row", torn_row(width, len(record.cells)).message))
            continue
        told = {field: record.cells[place].strip() for field, place in places.items()}
        read, faults = outcomes.result(told, form)
        key = read["external_id"]
        if key and first.setdefault(key, record.line) != record.line:
            faults.append(("external_id", Told("Line %(line)d has the same id.", line=first[key])))
        wrong += [(record.line, *fault) for fault in faults]
        rows.append(read)
        lines.append(record.line)
    if wrong:
        raise RowsRefused(_errors(wrong, places))
    return rows, lines


def _records(source: IO[bytes], encoding: str, delimiter: str) -> Sequence[Record]:
    """Return the rows after the header. Raises RowsRefused where they are too many or cannot be read."""
    found: list[Record] = []
    try:
        for record in records(pieces(source), encoding, delimiter):
            found.append(record)
            if len(found) > MOST_ROWS + 1:
                sentence = "At most %(most)d rows are imported in one request; cut the file."
                raise RowsRefused([FieldError("file", Told(sentence, most=MOST_ROWS))])
    except (UnicodeError, csv.Error) as error:
        line = found[-1].line if found else 1
        told = Told("After this line it is not CSV: %(reason)s.", reason=str(error))
        raise RowsRefused([FieldError("file", told, line=line, column=1)]) from error
    return found[1:]


def _errors(wrong: Sequence[tuple[int, str, str]], places: Mapping[str, int]) -> list[FieldError]:
    return [
        FieldError(field, message, line=line, column=places.get(field, 0) + 1)
        for line, field, message in wrong[:MOST_ERRORS]
    ]
