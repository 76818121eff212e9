"""Every column that could hold something of a person is erased with that person, or is named here as free of it."""

import re
from collections.abc import Mapping

import psycopg
import pytest
from flask import Flask

from partnercrm.reactions import SECTIONS
from tests.house.powers import Connection
from tests.servers import TestServer

_KINDS = ("text", "jsonb", "json", "bytea", "ARRAY", "character varying")
_ENUMERATED = (
    r"(status|stage|state|kind|role|roles|reason|step|verb|subject|outcome|decided_by|part|tier|fields|channels|act)"
)
FREE = {
    "*": rf"{_ENUMERATED}|currency|value_(band|currency|disclosure)|country|industry|size_band|.*_(hash|key)|month"
    r"|scopes|connector|external_id|company_domain|zone|holidays|locale|hash|fingerprint|headers|measure|tiers|regions",
    "account_contacts": "contact_(basis|channels|source|information)",
    "account_domains": "domain",
    "account_import_rows": "(web|mail)_domains|numbers|postal_code|city|region|relationship|parent_external_id",
    "account_keys": "name_key",
    "account_merges": "changed",
    "account_numbers": "scheme|number",
    "account_pairs": "reasons",
    "accounts": "postal_code|city|region|relationship",
    "accrual_states": "waits_for",
    "accruals": "co_sell|parts",
    "imported_earnings": "connector|external_id",
    "alembic_version": "version_num",
    "audit_chains": "head",
    "audit_links": "commitment",
    "calendars": "week|days",
    "candidate_pairs": "(first|second)_fingerprint",
    "candidates": "answer",
    "cases": "first_name|second_name",
    **dict.fromkeys(("deals", "deal_versions"), "involvement"),
    "deal_entries": "mentioned",
    "deal_revenues": "reference",
    "deal_books": "forecast|(value|price)_currency",
    "compensation_plans": "name|draft",
    "compensation_versions": "rules",
    "disclosures": "emptied",
    "drift_readings": "signal|change",
    "coverage_groups": "dimension|team_ids|countries",
    "enablement_item_versions": "roles",
    "enablement_programmes": "registering|receiving",
    "entries": "account|rule|portion",
    "exchange_facts": "name|seconds",
    "idempotency_keys": "key",
    "import_mappings": "encoding|decimal_mark|date_form",
    "joint_account_domains": "domain",
    "joint_account_numbers": "scheme|number",
    "joint_accounts": "city",
    "joint_plan_items": "stance",
    "lead_import_rows": "contact_role|contact_(basis|channels|source|information)",
    "lead_imports": "encodings?|delimiter|decimal_mark|date_form",
    "leads": "contact_role",
    "mapping_freezes": "wire",
    "mapping_listings": "mapping_ids",
    "mapping_secrets": "secret",
    "mapping_sides": "(listed|compared)_digest",
    "mappings": "shown",
    "moderations": "first_name|second_name",
    "offer_details": "sealed_salt",
    "offer_marks": "(company|company_name|need|name)_mark|opened_(as|company)",
    "offers": "contact_role",
    "organizations": "name|mail_domains|embedding_origins",
    "overlap_disclosures": "city|domain|relationship",
    "partnership_salts": "salt",
    "partnership_sides": "name",
    "partnerships": "paused_from",
    "phase_moves": "from_phase|to_phase",
    "partnership_terms": "product_lines|review_default|split_templates",
    "rate_counters": "key",
    "received_proposals": "proposer_name",
    "registration_drafts": "account_(domain|country)|involvement|entry_stage|steps",
    "registrations": "involvement|entry_stage|asked_fields|outweighed_by",
    "registration_reminders": "alarm",
    "reminders": "alarm",
    "retention": "periods|removed",
    "round_picks": "details_salt",
    "round_seals": "commitment|salt",
    "population_versions": "criteria",
    "populations": "criteria",
    "routing_plans": "rules",
    "sales_baselines": "currency",
    "sealed_documents": "salt",
    "sessions": "browser|system",
    "shared_audit_chains": "head",
    "shared_audit_links": "commitment",
    "team_figures": "team_ids",
    "teams": "name",
    "term_changes": "product_lines|review_default|split_templates",
    "term_drafts": "product_lines|review_default|split_templates",
    "window_totals": "first_month|last_month",
    "withheld_fields": "field",
    "works_agreements": "person_figures",
}


def unnamed(connection: Connection, free: Mapping[str, str]) -> list[str]:
    """Return the columns that an erasure passes by and that nobody declared free of personal data.

    What the database makes of another column is rewritten with that one.
    """
    found = connection.execute("SELECT prosrc FROM pg_proc WHERE proname = 'step_erase_person'").fetchall()
    erased = _erased(found[0][0])
    columns = connection.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type = ANY (%s) AND is_generated = 'NEVER' ORDER BY 1, 2",
        [list(_KINDS)],
    ).fetchall()
    return [
        f"{table}.{column}"
        for table, column in columns
        if (table, column) not in erased
        and (table, "*") not in erased
        and not re.fullmatch(f"{free['*']}|{free.get(table, '')}", column)
    ]


def _erased(source: str) -> set[tuple[str, str]]:
    """Read from the function which columns it rewrites, and from which tables it deletes."""
    found = {(table, "*") for table in re.findall(r"DELETE FROM (\w+)", source)} - {("notices", "*")}
    for table, changes in re.findall(r"UPDATE (\w+) SET (.*?)\s+WHERE", source, re.DOTALL):
        found |= {(table, column) for column in re.findall(r"(\w+) = ", changes)}
    return found


# What an erasure goes through and a person's export does not hold, with the reason.
EXCUSED = {
    "idempotency_keys": "answers kept for repeated requests, which say again what other sections hold",
    "lead_import_pieces": "a file as it was sent, in which nothing can be sought; its rows are written out",
    "passwords": "a hash that nobody can read",
    "password_resets": "a link's hash and its end",
    "reset_requests": "an address until the worker has looked whose it is, within seconds",
    "partnerships": "a version",
    "activities.salt": "a random number",
    "activities.erased_by": "which erasure emptied the row",
    "shared_activities.salt": "a random number",
    "shared_activities.erased_by": "which erasure emptied the row",
    "lead_imports.state": "where an import stands",
    "lead_imports.ended_at": "when an import ended",
}


def unwritten(connection: Connection, excused: Mapping[str, str]) -> list[str]:
    """Return what an erasure goes through that a person's export neither holds nor is excused of."""
    [[source]] = connection.execute("SELECT prosrc FROM pg_proc WHERE proname = 'step_erase_person'").fetchall()
    deleted = re.findall(r"DELETE FROM (\w+)", source)
    held = {(section.table, column) for section in SECTIONS for column in section.columns}
    tables = {section.table for section in SECTIONS} | set(excused)
    gone = [table for table in deleted if table not in tables]
    return gone + sorted(
        f"{table}.{column}"
        for table, column in _erased(source)
        if column not in {"*", "version"} | {name for held_table, name in held if held_table == table}
        and table not in excused
        and f"{table}.{column}" not in excused
    )


@pytest.fixture
def catalogue(application: Flask, template: str, test_server: TestServer) -> Connection:
    """The administrator's connection to the migrated database."""
    with psycopg.connect(test_server.admin(template)) as connection:
        yield connection  # type: ignore[misc]


def test_every_column_of_text_is_erased_or_free_of_persons(catalogue: Connection) -> None:
    assert unnamed(catalogue, FREE) == []


def test_a_column_nobody_thought_of_is_found(catalogue: Connection) -> None:
    with catalogue.transaction(force_rollback=True):
        catalogue.execute("ALTER TABLE offers ADD COLUMN gossip text")
        assert unnamed(catalogue, FREE) == ["offers.gossip"]


def test_what_is_erased_of_a_person_can_be_written_out_for_them_before(catalogue: Connection) -> None:
    assert unwritten(catalogue, EXCUSED) == []


def test_what_is_erased_and_never_written_out_is_found(catalogue: Connection) -> None:
    assert unwritten(catalogue, {}) != []
    without = {name: reason for name, reason in EXCUSED.items() if name != "passwords"}
    assert unwritten(catalogue, without) == ["passwords"]
