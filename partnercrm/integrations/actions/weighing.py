"""Weighing checked rows against each other and against the leads there are: set by set, in the database."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import text

from partnercrm.integrations.mapping import parse
from partnercrm.integrations.models import ImportState, LeadImport
from partnercrm.kernel import db

TEXTS: Final = (
    *("company_name", "company_domain", "country", "industry", "size_band", "need", "contact_name", "contact_role"),
    *("contact_email", "contact_basis", "contact_source", "contact_source_note", "contact_information"),
)
PLAIN: Final = (*TEXTS, "contact_channels", "contact_informed_on", "value_minor", "currency", "expected_close_on")
VALUES: Final = (*PLAIN, "notes", "owner_id")
MINE: Final = "r.organization_id = :organization_id AND r.import_id = :import_id"
KNOWN: Final = (
    "lead_import_rows r JOIN leads l ON l.organization_id = r.organization_id"
    " AND l.connector = :connector AND l.external_id = r.external_id"
)
# What an empty cell leaves as it is; somebody who is not informed any more was so on no day.
BECOMES: Final = {name: f"coalesce(r.{name}, l.{name})" for name in VALUES} | {
    "contact_informed_on": "CASE WHEN coalesce(r.contact_information, 'informed') = 'informed'"
    " THEN coalesce(r.contact_informed_on, l.contact_informed_on) END"
}
_NEW: Final = ", ".join(BECOMES[name] for name in VALUES)
_OLD: Final = ", ".join(f"l.{name}" for name in VALUES)
DIFFERS: Final = f"({_NEW}) IS DISTINCT FROM ({_OLD})"
THEIRS: Final = "NOT :oversees AND l.owner_id <> :user_id"

_STANDS_TWICE: Final = "The key %(key)s stands in line %(line)d already."
_TWICE: Final = f"""
    UPDATE lead_import_rows AS r
    SET faults = jsonb_build_array(jsonb_build_object('field', 'external_id', 'column', CAST(:key_column AS int),
        'message', format('The key %L stands in line %s already.', left(r.external_id, 60), twice.first),
        'sentence', CAST(:twice AS text),
        'values', jsonb_build_object('key', quote_literal(left(r.external_id, 60)), 'line', twice.first)))
    FROM (
        SELECT number, min(line) OVER same AS first, row_number() OVER same AS place
        FROM lead_import_rows r WHERE {MINE} AND r.faults IS NULL
        WINDOW same AS (PARTITION BY external_id ORDER BY number)
    ) AS twice
    WHERE {MINE} AND r.number = twice.number AND twice.place > 1
"""  # noqa: S608 - composed of the constants above
_KEPT_BY_OTHERS: Final = f"""
    UPDATE lead_import_rows AS r
    SET faults = jsonb_build_array(jsonb_build_object('field', 'external_id', 'column', CAST(:key_column AS int),
        'message', 'A colleague keeps the lead under this key.'))
    FROM leads l
    WHERE {MINE} AND r.faults IS NULL AND l.organization_id = r.organization_id AND l.connector = :connector
      AND l.external_id = r.external_id AND {THEIRS}
"""  # noqa: S608
_GIVEN_TO_OTHERS: Final = f"""
    UPDATE lead_import_rows AS r
    SET faults = jsonb_build_array(jsonb_build_object('field', 'owner_email', 'column', CAST(:owner_column AS int),
        'message', 'Leads of your own alone can be entered by you now.'))
    WHERE {MINE} AND r.faults IS NULL AND NOT :oversees AND r.owner_id <> :user_id
"""  # noqa: S608
_GIVEN_TO_LEAVERS: Final = f"""
    UPDATE lead_import_rows AS r
    SET faults = jsonb_build_array(jsonb_build_object('field', 'owner_email', 'column', CAST(:key_column AS int),
        'message', 'This person cannot be given leads any more.'))
    WHERE {MINE} AND r.faults IS NULL AND r.owner_id IS NOT NULL AND r.owner_id <> ALL(CAST(:staying AS uuid[]))
"""  # noqa: S608
_COUNT: Final = f"""
    SELECT count(*) FILTER (WHERE r.faults IS NOT NULL) AS wrong,
           count(*) FILTER (WHERE r.faults IS NULL AND l.id IS NULL) AS entered,
           count(*) FILTER (WHERE r.faults IS NULL AND l.id IS NOT NULL AND {DIFFERS}) AS updated,
           count(*) FILTER (WHERE r.faults IS NULL AND l.id IS NOT NULL AND NOT ({DIFFERS})) AS unchanged
    FROM {KNOWN.replace(" JOIN ", " LEFT JOIN ")}
    WHERE {MINE}
"""  # noqa: S608


def by_sets() -> None:
    """Have the open transaction's joins made set by set: of rows staged a moment ago the planner knows no number."""
    db.session().execute(text("SET LOCAL enable_nestloop = off"))


def parameters(one: LeadImport) -> dict[str, object]:
    """Return what the statements about an import's rows are asked with."""
    columns = parse(one.mapping, whole=False).columns
    places = {field: one.header.index(column) + 1 for field, column in columns.items() if column in one.header}
    return {
        "organization_id": one.organization_id,
        "import_id": one.id,
        "connector": one.connector,
        "oversees": one.oversees,
        "user_id": one.user_id,
        "key_column": places.get("external_id", 1),
        "owner_column": places.get("owner_email", 1),
    }


def weigh(one: LeadImport) -> None:
    """Find keys that stand twice or belong to colleagues, count what would be done, and go on if it is to go on."""
    asked = parameters(one)
    by_sets()
    db.session().execute(text(_TWICE), asked | {"twice": _STANDS_TWICE})
    find_kept_by_others(one)
    tally(one)
    goes_on = not one.dry_run and (one.leave_out or not one.wrong)
    one.state = ImportState.APPLYING if goes_on else ImportState.CHECKED


def tally(one: LeadImport) -> None:
    """Count what is wrong and what would be entered, updated and left as it is."""
    counted = db.session().execute(text(_COUNT), parameters(one)).one()
    for name, count in counted._mapping.items():  # noqa: SLF001 - its public name
        setattr(one, name, count)


def find_given_to_leavers(one: LeadImport, staying: Collection[UUID]) -> int:
    """Mark rows that give a lead to anybody but those who stay; return how many."""
    marked = db.session().execute(text(_GIVEN_TO_LEAVERS), parameters(one) | {"staying": list(staying)})
    return marked.rowcount  # type: ignore[attr-defined,no-any-return]


def find_kept_by_others(one: LeadImport) -> int:
    """Mark rows whose lead a colleague keeps or would get, for who may not give leads to others; return how many."""
    marked = (db.session().execute(text(what), parameters(one)) for what in (_KEPT_BY_OTHERS, _GIVEN_TO_OTHERS))
    return sum(done.rowcount for done in marked)  # type: ignore[attr-defined]
