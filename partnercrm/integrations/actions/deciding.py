"""What a person decides about an import: how the file is read, that it runs, that it ends, that it is undone."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from partnercrm.activity.actions import record
from partnercrm.identity.queries import retention, staying
from partnercrm.integrations import mapping as columns
from partnercrm.integrations.actions.forgetting import KEPT, forget_file, forget_rows
from partnercrm.integrations.actions.looking import date_form, decimal_mark, look
from partnercrm.integrations.errors import ImportNotPossible, ImportNotUnderstood
from partnercrm.integrations.kept import FILES
from partnercrm.integrations.models import FileImport, ImportMapping, ImportState
from partnercrm.integrations.queries import imports
from partnercrm.kernel import clock, db, jobs, versions
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Told

UNDONE_WITHIN: Final = timedelta(days=30)
_OPEN: Final = frozenset({ImportState.READY, ImportState.CHECKED})
_LETTERS_ASKED: Final = "Say in which encoding the file is written; some letters read differently in %(names)s."
_ASKED: Final = {
    "decimal_mark": "Say how amounts are written: 1,234 can be a thousand or a little more than one.",
    "date_form": "Say how days are written: 3/4/2026 can be in March or in April.",
}


def choose_reading(actor: Actor, import_id: UUID, given: Mapping[str, Any], expected: str) -> FileImport:
    """Say how the file is read and which column is what; rows checked before are checked anew. Raises Invalid."""
    one = imports.file_import(actor, import_id, lock=True)
    versions.require(expected, one.version_tag)
    _require(one, _OPEN)
    forget_rows(one)
    one.state, one.problem = ImportState.READY, None
    # What merely repeats how the file is read is nobody's word for the next file of the source.
    if "encoding" in given and (one.encodings or given["encoding"] != one.encoding):
        one.encoding, one.encodings, one.encoding_said = given["encoding"], [], True
    one.delimiter = given.get("delimiter", one.delimiter)
    has_header = given.get("has_header", one.has_header)
    before = columns.parse(one.mapping, one.brings, whole=False).columns
    shown, one.has_header = look(imports.pieces(one), one.encoding, one.delimiter, has_header=has_header)
    one.header = shown.header
    if "mapping" in given:
        mapping = columns.parse(given["mapping"], one.brings)
        if wrong := columns.missing_columns(mapping, one.header):
            raise ImportNotUnderstood(wrong)
        one.mapping = given["mapping"]
    after = columns.parse(one.mapping, one.brings, whole=False).columns
    amounts = (one.brings.amount,) if one.brings.amount else ()
    for name, fields, seems in (("decimal_mark", amounts, decimal_mark), ("date_form", one.brings.days, date_form)):
        if name in given:
            setattr(one, name, given[name])
        elif any(before.get(field) != after.get(field) for field in fields):
            setattr(one, name, seems(shown, one.mapping, one.brings))
    db.session().flush()
    record(actor, "import.read", one)
    return one


def start_import(actor: Actor, import_id: UUID, given: Mapping[str, Any]) -> FileImport:
    """Check all rows, then enter them unless it is a dry run or some are wrong; what was checked is entered at once.

    With `leave_out` wrong rows are left out, else one wrong row keeps all out. Raises ImportNotUnderstood.
    """
    staying.stay(actor)
    one = imports.file_import(actor, import_id, lock=True)
    _require(one, _OPEN)
    if one.state is ImportState.CHECKED and not given["dry_run"]:
        if one.wrong and not given["leave_out"]:
            raise ImportNotPossible("Some rows are wrong: mend the file, or leave them out.", wrong=one.wrong)
        _begin(actor, one, given, ImportState.APPLYING)
    else:
        begin_checking(actor, one, given)
    jobs.defer("integrations.run_import", one.organization_id, import_id=one.id)
    return one


def begin_checking(actor: Actor, one: FileImport, given: Mapping[str, Any]) -> None:
    """Note that the rows are checked now, as whose and for what; the caller sees to it. Raises ImportNotUnderstood."""
    _require_understood(one)
    forget_rows(one)
    one.read_bytes = one.rows = one.skipped = one.wrong = one.entered = one.updated = one.unchanged = 0
    _begin(actor, one, given, ImportState.CHECKING)


def _begin(actor: Actor, one: FileImport, given: Mapping[str, Any], state: ImportState) -> None:
    one.dry_run, one.leave_out = given["dry_run"], given["leave_out"]
    one.user_id, one.oversees = actor.user_id or one.user_id, actor.has(one.brings.oversight)
    one.state, one.problem = state, None
    db.session().flush()
    record(actor, "import.started", one)
    _remember(actor, one)


def resume_import(actor: Actor, import_id: UUID) -> FileImport:
    """Go on with an import that failed: after the last rows that were checked, as whoever started it asked."""
    one = imports.file_import(actor, import_id, lock=True)
    _require(one, frozenset({ImportState.FAILED}))
    one.state, one.problem = ImportState.CHECKING, None
    db.session().flush()
    record(actor, "import.resumed", one)
    jobs.defer("integrations.run_import", one.organization_id, import_id=one.id)
    return one


def cancel_import(actor: Actor, import_id: UUID) -> FileImport:
    """End an import that has entered nothing yet; the file is forgotten."""
    one = imports.file_import(actor, import_id, lock=True)
    _require(one, _OPEN | {ImportState.CHECKING, ImportState.FAILED})
    one.state, one.ended_at = ImportState.CANCELLED, clock.now()
    forget_file(one)
    db.session().flush()
    record(actor, "import.cancelled", one)
    return one


def undo_import(actor: Actor, import_id: UUID) -> FileImport:
    """Take an import back within 30 days: what nobody touched since goes, changes nobody followed are put back."""
    staying.stay(actor)
    one = imports.file_import(actor, import_id, lock=True)
    _require(one, frozenset({ImportState.APPLIED}))
    if one.ended_at is None or clock.now() >= undone_until(actor, one.ended_at):
        raise ImportNotPossible("An import can be undone as long as its file is kept, at most 30 days.")
    one.state, one.problem = ImportState.UNDOING, None
    one.user_id, one.oversees = actor.user_id or one.user_id, actor.has(one.brings.oversight)
    db.session().flush()
    record(actor, "import.taken_back", one)
    jobs.defer("integrations.undo_import", one.organization_id, import_id=one.id)
    return one


def undone_until(actor: Actor, ended_at: datetime) -> datetime:
    """Return until when an import that ended then can be undone: as long as what that needs is kept."""
    return ended_at + min(UNDONE_WITHIN, KEPT, retention.period(actor, FILES))


def _require(one: FileImport, states: frozenset[ImportState]) -> None:
    if one.state not in states:
        raise ImportNotPossible(state=one.state.value)


def _require_understood(one: FileImport) -> None:
    mapping = columns.parse(one.mapping, one.brings)
    wrong = columns.missing_columns(mapping, one.header)
    asked = {"encoding": Told(_LETTERS_ASKED, names=", ".join(one.encodings))} | _ASKED
    wrong += [FieldError(name, asked[name]) for name in one.asks]
    if wrong:
        raise ImportNotUnderstood(wrong)


def _remember(actor: Actor, one: FileImport) -> None:
    """Keep how this source's files with these columns are read."""
    key = {"kind": one.kind, "connector": one.connector, "header_key": imports.header_key(one.header)}
    kept = {
        "user_id": one.user_id,
        "mapping": one.mapping,
        "decimal_mark": one.decimal_mark,
        "date_form": one.date_form,
        "saved_at": clock.now(),
    }
    if one.encoding_said:
        kept["encoding"] = one.encoding
    statement = insert(ImportMapping).values(organization_id=actor.organization_id, **key, **kept)
    db.session().execute(statement.on_conflict_do_update(index_elements=["organization_id", *key], set_=kept))
