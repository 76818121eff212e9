"""Entering the checked rows: one transaction, set by set, so that readers see all of an import or nothing."""

from uuid import UUID

from sqlalchemy import func, select, text

from partnercrm.activity.actions import record
from partnercrm.identity import queries as identity
from partnercrm.identity.queries.staying import those_who_stay
from partnercrm.identity.scopes import scopes_of
from partnercrm.integrations.actions import targets
from partnercrm.integrations.actions.failing import tell_starter
from partnercrm.integrations.actions.forgetting import forget_later
from partnercrm.integrations.actions.weighing import by_sets, find_given_to_leavers, find_refused, parameters, tally
from partnercrm.integrations.models import FileImport, ImportState
from partnercrm.integrations.queries import imports
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor


def apply_import(actor: Actor, import_id: UUID) -> None:
    """Enter and update what the checked rows say, once; IntegrityError when somebody entered one of it meanwhile."""
    db.session().execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"import/{import_id}", 0))))
    one = _of_who_stays(actor, import_id)
    if one.state is not ImportState.APPLYING:
        return
    starter = _starter(actor, one)
    if starter is None:
        one.state, one.problem = ImportState.CHECKED, "Who started this may no longer write leads."
        tell_starter(actor, one, "import.failed")
        return
    one.oversees = one.oversees and starter.has(one.brings.oversight)
    if not enter(starter, one):
        tell_starter(actor, one, "import.failed")
        return
    tell_starter(actor, one, "import.done")
    forget_later(one)


def enter(starter: Actor, one: FileImport) -> bool:
    """Enter and update what the checked rows say in the open transaction.

    Nothing when rows proved wrong meanwhile that are not to be left out: then the import is checked, and it is False.
    """
    asked = parameters(one) | {"now": clock.now()}
    target = targets.of(one)
    staying = those_who_stay(starter, imports.owners_named(one))
    by_sets()
    db.session().execute(text(target.lock), asked)
    if find_refused(one) + find_given_to_leavers(one, staying):
        tally(one)
    if one.wrong and not one.leave_out:
        one.state = ImportState.CHECKED
        return False
    one.updated = _changed(target.note_changes, asked)
    db.session().execute(text(target.update), asked)
    one.entered = _changed(target.enter, asked)
    for statement in target.after_entering:
        db.session().execute(text(statement), asked)
    one.unchanged = one.rows - one.skipped - one.wrong - one.entered - one.updated
    one.state, one.ended_at = ImportState.APPLIED, clock.now()
    db.session().flush()
    record(starter, "import.applied", one)
    return True


def _of_who_stays(actor: Actor, import_id: UUID) -> FileImport:
    """Return the import; whose it is does not change before the transaction ends."""
    while True:
        starter = imports.import_at_work(actor, import_id).user_id
        those_who_stay(actor, {starter})
        one = imports.import_at_work(actor, import_id)
        if one.user_id == starter:
            return one


def _changed(statement: str, asked: dict[str, object]) -> int:
    return db.session().execute(text(statement), asked).rowcount  # type: ignore[attr-defined,no-any-return]


def _starter(actor: Actor, one: FileImport) -> Actor | None:
    """Return who started the import, as they are now; None when they may no longer bring this in."""
    user = identity.user(actor, one.user_id)
    scopes = scopes_of(user.roles)
    if user.disabled_at is not None or one.brings.scope not in scopes:
        return None
    return Actor(actor.organization_id, user.id, user.name, frozenset(user.roles), scopes)
