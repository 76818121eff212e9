"""A small file in one request: sent, checked and entered in the caller's transaction, or nothing of it is kept."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import IO, Any, Final
from uuid import UUID

from partnercrm.integrations import mapping as columns
from partnercrm.integrations import problems
from partnercrm.integrations.actions import applying, checking, deciding, uploading
from partnercrm.integrations.actions.checking import MakeReader
from partnercrm.integrations.contents import LEADS
from partnercrm.integrations.models import FileImport, ImportState
from partnercrm.integrations.queries import imports
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Told
from partnercrm.leads.errors import RowsRefused

MOST_ERRORS: Final = 200
MOST_ROWS: Final = 100_000
SURE: Final = "utf-"
_TOO_MANY: Final = "At most %(most)d rows are imported in one request; send a larger file by POST /imports."


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do; one on trial leaves no import behind."""

    import_id: UUID | None
    rows: int
    entered: int
    updated: int
    unchanged: int
    skipped: int
    dry_run: bool


def import_at_once(
    actor: Actor, source: IO[bytes] | None, name: str, given: Mapping[str, Any], make_reader: MakeReader
) -> Imported:
    """Import a file of leads under `given["connector"]`; nothing is applied when a row is wrong, or in a dry run.

    Raises RowsRefused, ImportNotUnderstood, TooManyColumns, Invalid.
    """
    columns.parse(given["mapping"], LEADS)
    is_trial = given["dry_run"]
    with db.trial() if is_trial else nullcontext():
        one = uploading.send_file(actor, source, name, given)
        if source is not None and "encoding" not in given and not one.encoding.startswith(SURE):
            raise RowsRefused([not_utf8(source, one.encoding)])
        deciding.begin_checking(actor, one, {"dry_run": is_trial, "leave_out": False})
        _check(actor, one, make_reader)
        if one.state is ImportState.APPLYING and not applying.enter(actor, one):
            raise RowsRefused(_faults(one))
        import_id = None if is_trial else one.id
        return Imported(import_id, one.rows, one.entered, one.updated, one.unchanged, one.skipped, is_trial)


def _check(actor: Actor, one: FileImport, make_reader: MakeReader) -> None:
    """Check the rows, no further than a caller can be told what is wrong. Raises RowsRefused."""
    way = checking.checking(actor, one.id, make_reader)
    if wrong := way.wrong_constants():
        raise RowsRefused(wrong)
    while way.piece():
        if len(faults := _faults(one)) == MOST_ERRORS:
            raise RowsRefused(faults)
        if one.rows > MOST_ROWS:
            raise RowsRefused([FieldError("file", Told(_TOO_MANY, most=MOST_ROWS))])
    if one.problem:
        raise RowsRefused([FieldError("file", problems.known(one.problem))])
    if one.wrong:
        raise RowsRefused(_faults(one))


def _faults(one: FileImport) -> list[FieldError]:
    rows = imports.wrong_rows_after(one, 0, MOST_ERRORS)
    found = ((row.line, fault) for row in rows for fault in row.told)
    told = [FieldError(fault.field, fault.message, line=line, column=fault.column) for line, fault in found]
    return told[:MOST_ERRORS]


def not_utf8(source: IO[bytes], guess: str) -> FieldError:
    """Nobody sees how the file would be read before it is entered, so a guess is not enough."""
    source.seek(0)
    line = next(number for number, raw in enumerate(source, 1) if not _is_utf8(raw))
    told = Told("This line is not UTF-8; the file seems to be %(guess)s. Say its encoding.", guess=guess)
    return FieldError("encoding", told, line=line)


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
