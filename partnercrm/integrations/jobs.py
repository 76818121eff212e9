"""What becomes of imports in the background: run, undone, forgotten."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from partnercrm.integrations.actions import applying, checking, failing, forgetting, undoing
from partnercrm.integrations.schemas import row_reader
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.jobs import job

_OVERTAKEN = 5
# Somebody waits for an import: after some six minutes it is better told than tried.
_TRIES = 5
# Nobody looks at a bar for longer.
_LONG = timedelta(seconds=20)


def _give_up(error: Exception, organization_id: str, import_id: str) -> None:
    actor = Actor.system(UUID(organization_id))
    with db.transaction(actor):
        failing.give_up(actor, UUID(import_id), error)


@job("integrations.run_import", attempts=_TRIES, given_up=_give_up)
def run_import(organization_id: str, import_id: str) -> None:
    """Check an import's rows from where the last run stopped, then enter them, if that is what was asked."""
    actor, which = Actor.system(UUID(organization_id)), UUID(import_id)
    with db.transaction(actor):
        way = checking.checking(actor, which, row_reader, tell_after=_LONG)
    goes_on = True
    while goes_on:
        with db.transaction(actor):
            goes_on = way.piece()
    _apply(actor, which)


def _apply(actor: Actor, import_id: UUID) -> None:
    """Enter the rows; anew when somebody entered a lead under the same key at the same moment."""
    for attempt in range(1, _OVERTAKEN + 1):
        try:
            with db.transaction(actor):
                applying.apply_import(actor, import_id)
        except IntegrityError:
            if attempt == _OVERTAKEN:
                raise
        else:
            return


@job("integrations.undo_import", attempts=_TRIES, given_up=_give_up)
def undo_import(organization_id: str, import_id: str) -> None:
    """Take an import back."""
    actor = Actor.system(UUID(organization_id))
    with db.transaction(actor):
        undoing.take_back(actor, UUID(import_id))


@job("integrations.forget_import")
def forget_import(organization_id: str, import_id: str) -> None:
    """Delete an import's file and rows when their time has come."""
    actor = Actor.system(UUID(organization_id))
    with db.transaction(actor):
        forgetting.forget_import(actor, UUID(import_id))
