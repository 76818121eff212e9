"""Weighing checked rows against each other and against what is there: set by set, in the database."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import text

from partnercrm.integrations.actions import targets
from partnercrm.integrations.mapping import parse
from partnercrm.integrations.models import FileImport, ImportState
from partnercrm.kernel import db

_STANDS_TWICE: Final = "The key %(key)s stands in line %(line)d already."


def by_sets() -> None:
    """Have the open transaction's joins made set by set: of rows staged a moment ago the planner knows no number."""
    db.session().execute(text("SET LOCAL enable_nestloop = off"))


def parameters(one: FileImport) -> dict[str, object]:
    """Return what the statements about an import's rows are asked with."""
    columns = parse(one.mapping, one.brings, whole=False).columns
    places = {field: one.header.index(column) + 1 for field, column in columns.items() if column in one.header}
    return {
        "organization_id": one.organization_id,
        "import_id": one.id,
        "connector": one.connector,
        "oversees": one.oversees,
        "user_id": one.user_id,
        "key_column": places.get("external_id", 1),
        "owner_column": places.get("owner_email", 1),
        "parent_column": places.get("parent_external_id", 1),
    }


def weigh(one: FileImport) -> None:
    """Find keys that stand twice or belong to colleagues, count what would be done, and go on if it is to go on."""
    asked = parameters(one)
    by_sets()
    db.session().execute(text(targets.of(one).twice), asked | {"twice": _STANDS_TWICE})
    find_refused(one)
    tally(one)
    goes_on = not one.dry_run and (one.leave_out or not one.wrong)
    one.state = ImportState.APPLYING if goes_on else ImportState.CHECKED


def tally(one: FileImport) -> None:
    """Count what is wrong and what would be entered, updated and left as it is."""
    counted = db.session().execute(text(targets.of(one).count), parameters(one)).one()
    for name, count in counted._mapping.items():  # noqa: SLF001 - its public name
        setattr(one, name, count)


def find_given_to_leavers(one: FileImport, staying: Collection[UUID]) -> int:
    """Mark rows that give a thing to anybody but those who stay; return how many."""
    return _marked(targets.of(one).given_to_leavers, parameters(one) | {"staying": list(staying)})


def find_refused(one: FileImport) -> int:
    """Mark rows that whoever asks may not enter, such as those of leads that colleagues keep; return how many.

    What is wrong with one row may be wrong with those that name it, so this goes on until nothing more is found.
    """
    found, asked = 0, parameters(one)
    while marked := sum(_marked(statement, asked) for statement in targets.of(one).refused):
        found += marked
    return found


def _marked(statement: str, asked: Mapping[str, object]) -> int:
    return db.session().execute(text(statement), asked).rowcount  # type: ignore[attr-defined,no-any-return]
