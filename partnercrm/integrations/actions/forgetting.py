"""Forgetting what was sent: after its time an import keeps what it did, and nothing of the file."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete

from partnercrm.integrations.models import CHANGES, ROWS, Change, FileImport, ImportPiece, ImportState, Staged
from partnercrm.integrations.queries import imports
from partnercrm.kernel import clock, db, jobs
from partnercrm.kernel.actor import Actor

KEPT: Final = timedelta(days=30)
_LATER: Final = timedelta(days=1)
_AT_WORK: Final = frozenset({ImportState.APPLYING, ImportState.UNDOING})
_UNFINISHED: Final = frozenset({ImportState.READY, ImportState.CHECKED, ImportState.CHECKING, ImportState.FAILED})


def forget_later(one: FileImport) -> None:
    """Have the file and its rows deleted once nothing can be undone any more."""
    at = clock.now() + KEPT
    jobs.defer("integrations.forget_import", one.organization_id, at=at, import_id=one.id)


def forget_import(actor: Actor, import_id: UUID) -> None:
    """Delete the file, its rows and former values once their time has come; until then, or while in use, come back."""
    one = imports.import_at_work(actor, import_id, lock=True)
    due = (one.ended_at or one.created_at) + KEPT
    now = db.now()
    if one.state in _AT_WORK:
        due = max(due, now + _LATER)
    if now < due:
        jobs.defer("integrations.forget_import", actor.organization_id, at=due, import_id=one.id)
        return
    if one.state in _UNFINISHED:
        one.state = ImportState.CANCELLED
    forget_rows(one)
    _delete(ImportPiece, one)
    _delete(CHANGES[one.kind], one)


def forget_rows(one: FileImport) -> None:
    """Delete the rows as they were checked, to check them anew or never."""
    _delete(ROWS[one.kind], one)


def forget_file(one: FileImport) -> None:
    """Delete the file and its rows: nothing will be read from it any more."""
    forget_rows(one)
    _delete(ImportPiece, one)


def _delete(what: type[ImportPiece | Staged | Change], one: FileImport) -> None:
    db.session().execute(delete(what).where(*imports.part_of(what, one)))
