"""Deciding for how long what is kept, and removing what is past that, by the clock."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy.dialects.postgresql import insert

from partnercrm.activity.actions import record
from partnercrm.identity import queries
from partnercrm.identity.models import Retention
from partnercrm.identity.queries import retention
from partnercrm.identity.queries.retention import Kept
from partnercrm.identity.retention import Kind, out_of_bounds
from partnercrm.kernel import db, versions
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid

BATCH: Final = 500


def change_retention(actor: Actor, given: Mapping[str, Any], expected: str) -> Kept:
    """Say for how many days kinds of data are kept; what is left out stays. Raises Stale, Invalid.

    The record keeps who changed what from how long to how long.
    """
    kept = _held(actor)
    versions.require(expected, retention.retention(actor).version_tag)
    chosen: Mapping[str, int] = given.get("periods", {})
    if wrong := out_of_bounds(chosen):
        raise Invalid([FieldError(f"periods.{name}", sentence) for name, sentence in wrong.items()])
    before = retention.periods(actor)
    changed = {name: days for name, days in chosen.items() if days != before[name]}
    if changed:
        kept.periods = {**kept.periods, **changed}
        kept.version += 1
        db.session().flush()
        was = {name: before[name] for name in changed}
        record(actor, "retention.changed", queries.organization(actor), was=was, now=changed)
    return retention.retention(actor)


def remove_some(actor: Actor, kind: Kind) -> int:
    """Remove one batch of what is past its time by the database's clock; return how many."""
    before = db.now() - timedelta(days=retention.periods(actor)[kind.name])
    return kind.remover.remove(actor, before, BATCH)


def note_run(actor: Actor, removed: Mapping[str, int]) -> None:
    """Note what a run removed, in numbers; a run that removed nothing is no entry of the record."""
    kept = _held(actor)
    kept.ran_at, kept.removed = db.now(), dict(removed)
    db.session().flush()
    if any(removed.values()):
        record(actor, "retention.applied", queries.organization(actor), removed=dict(removed))


def _held(actor: Actor) -> Retention:
    """Return the organization's row, made if there is none, locked."""
    made = insert(Retention).values(organization_id=actor.organization_id, periods={}, removed={}, version=0)
    db.session().execute(made.on_conflict_do_nothing())
    kept = retention.stored(actor, lock=True)
    if kept is None:
        raise LookupError("the row that was just made is gone")
    return kept
