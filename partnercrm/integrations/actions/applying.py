"""Entering the checked rows: one transaction, set by set, so that readers see all of an import or nothing."""

from typing import Final
from uuid import UUID

from sqlalchemy import func, select, text

from partnercrm.activity.actions import record
from partnercrm.identity import queries as identity
from partnercrm.identity.queries.staying import those_who_stay
from partnercrm.identity.scopes import scopes_of
from partnercrm.integrations.actions.failing import tell_starter
from partnercrm.integrations.actions.forgetting import forget_later
from partnercrm.integrations.actions.weighing import (
    BECOMES,
    DIFFERS,
    KNOWN,
    MINE,
    PLAIN,
    VALUES,
    by_sets,
    find_given_to_leavers,
    find_kept_by_others,
    parameters,
    tally,
)
from partnercrm.integrations.models import ImportState, LeadImport
from partnercrm.integrations.queries import imports
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor

# Known leads are taken in the order of their keys, as all who write many take them; nobody waits in a circle.
_LOCK: Final = f"""
    SELECT count(*) FROM (
        SELECT l.id FROM {KNOWN} WHERE {MINE} AND r.faults IS NULL ORDER BY l.external_id COLLATE "C" FOR UPDATE OF l
    ) AS locked
"""  # noqa: S608 - composed of constants
_FORMER: Final = ", ".join(f"'{name}', l.{name}" for name in VALUES)
_NOTE_CHANGES: Final = f"""
    INSERT INTO lead_import_changes (organization_id, import_id, lead_id, version, former)
    SELECT l.organization_id, :import_id, l.id, l.version + 1, jsonb_build_object({_FORMER})
    FROM {KNOWN} WHERE {MINE} AND r.faults IS NULL AND {DIFFERS}
"""  # noqa: S608
_SET: Final = ", ".join(f"{name} = {BECOMES[name]}" for name in VALUES)
_UPDATE: Final = f"""
    UPDATE leads AS l SET {_SET}, version = l.version + 1
    FROM lead_import_rows r, lead_import_changes c
    WHERE {MINE} AND r.faults IS NULL AND l.organization_id = r.organization_id AND l.connector = :connector
      AND l.external_id = r.external_id
      AND c.organization_id = r.organization_id AND c.import_id = r.import_id AND c.lead_id = l.id
"""  # noqa: S608
_ENTER: Final = f"""
    INSERT INTO leads (id, organization_id, owner_id, connector, external_id, created_at, notes, {", ".join(PLAIN)})
    SELECT r.lead_id, r.organization_id, coalesce(r.owner_id, :user_id), :connector, r.external_id, :now,
           coalesce(r.notes, ''), {", ".join(f"r.{name}" for name in PLAIN)}
    FROM lead_import_rows r
    WHERE {MINE} AND r.faults IS NULL AND NOT EXISTS (
        SELECT FROM leads l
        WHERE l.organization_id = r.organization_id AND l.connector = :connector AND l.external_id = r.external_id)
    ORDER BY r.external_id COLLATE "C"
"""  # noqa: S608


def apply_import(actor: Actor, import_id: UUID) -> None:
    """Enter and update the leads of the checked rows, once; IntegrityError when somebody entered one meanwhile."""
    db.session().execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"import/{import_id}", 0))))
    one = _of_who_stays(actor, import_id)
    if one.state is not ImportState.APPLYING:
        return
    starter = _starter(actor, one)
    if starter is None:
        one.state, one.problem = ImportState.CHECKED, "Who started this may no longer write leads."
        tell_starter(actor, one, "import.failed")
        return
    one.oversees = one.oversees and starter.has("leads:all")
    if not enter(starter, one):
        tell_starter(actor, one, "import.failed")
        return
    tell_starter(actor, one, "import.done")
    forget_later(one)


def enter(starter: Actor, one: LeadImport) -> bool:
    """Enter and update the leads of the checked rows in the open transaction.

    Nothing when rows proved wrong meanwhile that are not to be left out: then the import is checked, and it is False.
    """
    asked = parameters(one) | {"now": clock.now()}
    staying = those_who_stay(starter, imports.owners_named(one))
    by_sets()
    db.session().execute(text(_LOCK), asked)
    if find_kept_by_others(one) + find_given_to_leavers(one, staying):
        tally(one)
    if one.wrong and not one.leave_out:
        one.state = ImportState.CHECKED
        return False
    one.updated = _changed(_NOTE_CHANGES, asked)
    db.session().execute(text(_UPDATE), asked)
    one.entered = _changed(_ENTER, asked)
    one.unchanged = one.rows - one.skipped - one.wrong - one.entered - one.updated
    one.state, one.ended_at = ImportState.APPLIED, clock.now()
    db.session().flush()
    record(starter, "import.applied", one)
    return True


def _of_who_stays(actor: Actor, import_id: UUID) -> LeadImport:
    """Return the import; whose it is does not change before the transaction ends."""
    while True:
        starter = imports.import_at_work(actor, import_id).user_id
        those_who_stay(actor, {starter})
        one = imports.import_at_work(actor, import_id)
        if one.user_id == starter:
            return one


def _changed(statement: str, asked: dict[str, object]) -> int:
    return db.session().execute(text(statement), asked).rowcount  # type: ignore[attr-defined,no-any-return]


def _starter(actor: Actor, one: LeadImport) -> Actor | None:
    """Return who started the import, as they are now; None when they may no longer write leads."""
    user = identity.user(actor, one.user_id)
    scopes = scopes_of(user.roles)
    if user.disabled_at is not None or "leads:write" not in scopes:
        return None
    return Actor(actor.organization_id, user.id, user.name, frozenset(user.roles), scopes)
