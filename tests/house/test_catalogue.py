"""The database guards what may not happen; each check of the audit finds the fault it is for."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from flask import Flask
from psycopg import errors

from partnercrm.kernel import roles
from tests.house import catalogue
from tests.house.catalogue import CHECKS
from tests.house.powers import APPEND_ONLY, Connection
from tests.servers import TestServer

Check = Callable[[Connection, str], list[str]]
FAULTS: tuple[tuple[Check, str, str], ...] = (
    (catalogue.missing_walls, "CREATE TABLE stray (id uuid PRIMARY KEY)", "stray: row security is not enabled"),
    (catalogue.missing_walls, "CREATE SCHEMA aside; CREATE TABLE aside.stray (id uuid)", "outside the known schemas"),
    (catalogue.missing_walls, "ALTER TABLE leads DISABLE ROW LEVEL SECURITY", "leads: row security is not enabled"),
    (catalogue.missing_walls, "ALTER TABLE leads NO FORCE ROW LEVEL SECURITY", "leads: row security is not forced"),
    (catalogue.missing_walls, "DROP POLICY wall ON offers", "offers: 0 walls"),
    (
        catalogue.missing_walls,
        "CREATE POLICY second ON offers AS RESTRICTIVE TO {app}, {worker} USING (giver_id = (SELECT ctx_org()))",
        "offers: 2 walls",
    ),
    (catalogue.missing_walls, "ALTER POLICY wall ON users TO {app}", "users: its wall is for"),
    (catalogue.missing_walls, "ALTER POLICY wall ON users USING (true)", "users: its wall is"),
    (
        catalogue.missing_walls,
        "ALTER POLICY wall ON users WITH CHECK (organization_id = (SELECT ctx_org()) OR true)",
        "users: its wall is",
    ),
    (
        catalogue.missing_walls,
        (
            "DROP POLICY wall ON users; CREATE POLICY wall ON users TO {app}, {worker}"
            " USING (organization_id = (SELECT ctx_org()))"
        ),
        "users: 0 walls",
    ),
    (
        catalogue.missing_walls,
        "ALTER POLICY wall ON offers USING (giver_id = (SELECT ctx_org()))",
        "offers: its wall is",
    ),
    (
        catalogue.missing_walls,
        "ALTER POLICY wall ON offer_details USING ((SELECT ctx_org()) IN (giver_id, receiver_id))",
        "offer_details: its wall is",
    ),
    (catalogue.widening_policies, "CREATE POLICY everyone ON users USING (true)", "everyone lets in ['public']"),
    (catalogue.powers, "ALTER ROLE {app} BYPASSRLS", "has BYPASSRLS"),
    (catalogue.powers, "ALTER ROLE {worker} SUPERUSER", "has SUPERUSER"),
    (catalogue.powers, "ALTER ROLE {steps} LOGIN", "can log in"),
    (catalogue.powers, "GRANT {steps} TO {app}", "is a member of"),
    (catalogue.powers, "ALTER TABLE teams OWNER TO {app}", "owns relation teams"),
    (catalogue.powers, "GRANT TRUNCATE ON teams TO {app}", "has TRUNCATE on teams"),
    (catalogue.powers, "GRANT REFERENCES ON teams TO {worker}", "has REFERENCES on teams"),
    (catalogue.powers, "GRANT TRIGGER ON teams TO {app}", "has TRIGGER on teams"),
    (catalogue.powers, "GRANT SELECT ON teams TO PUBLIC", "PUBLIC has SELECT on teams"),
    (catalogue.powers, "GRANT CREATE ON SCHEMA public TO {steps}", "has CREATE on public"),
    (catalogue.powers, "GRANT UPDATE ON activities TO {app}", "has UPDATE on activities"),
    (catalogue.powers, "GRANT SELECT (hash) ON passwords TO {app}", "can read passwords.hash"),
    (
        catalogue.definers,
        (
            "CREATE FUNCTION peek() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp"
            " AS 'SELECT 1'"
        ),
        "peek() runs as",
    ),
    (catalogue.definers, "GRANT EXECUTE ON FUNCTION step_send_proposal(uuid) TO PUBLIC", "can be called by"),
    (catalogue.definers, "GRANT EXECUTE ON FUNCTION sweep_expired(integer) TO {app}", "can be called by"),
    (catalogue.definers, "ALTER FUNCTION auth_by_token(bytea) RESET search_path", "does not fix its search_path"),
    (catalogue.definers, "ALTER FUNCTION ctx_org() SET search_path = public", "does not fix its search_path"),
    (catalogue.definers, "ALTER FUNCTION auth_by_token(bytea) OWNER TO {owner}", "belongs to"),
    (catalogue.definers, "DROP FUNCTION step_reveal_offer(uuid, timestamptz)", "is missing"),
    (catalogue.leaking_views, "CREATE VIEW all_leads AS SELECT * FROM leads", "all_leads reads with"),
    (catalogue.leaking_views, "CREATE MATERIALIZED VIEW sums AS SELECT count(*) FROM leads", "sums reads with"),
    (catalogue.guessable_keys, "CREATE UNIQUE INDEX taken ON leads (company_domain)", "taken starts with"),
    (catalogue.guessable_keys, "ALTER TABLE users ADD CONSTRAINT taken UNIQUE (email, organization_id)", "taken"),
    (
        catalogue.loose_references,
        "ALTER TABLE offered_leads ADD CONSTRAINT loose FOREIGN KEY (lead_id) REFERENCES leads (id)",
        "loose points at leads",
    ),
    (catalogue.sequences, "CREATE SEQUENCE numbers", "numbers counts"),
    (catalogue.sequences, "ALTER TABLE teams ADD number bigint GENERATED ALWAYS AS IDENTITY", "counts"),
    (catalogue.loose_triggers, "ALTER TABLE activities DISABLE TRIGGER append_only", "switched off"),
    (catalogue.loose_triggers, "DROP TRIGGER append_only ON lead_steps", "lead_steps can be changed"),
    (
        catalogue.loose_triggers,
        (
            "DROP TRIGGER append_only ON lead_steps; CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON lead_steps"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        ),
        "lead_steps can be changed",
    ),
    (catalogue.time_outs, "ALTER ROLE {app} SET statement_timeout = 0", "lacks statement_timeout=20s"),
    (catalogue.time_outs, "ALTER ROLE {worker} RESET lock_timeout", "lacks lock_timeout=10s"),
)


@pytest.fixture(scope="module")
def scratch(application: Flask, template: str, test_server: TestServer) -> Iterator[Connection]:
    """The administrator's connection to a migrated database of its own."""
    name = test_server.copy(template)
    with psycopg.connect(test_server.admin(name)) as connection:
        yield connection
    test_server.drop(name)


@pytest.mark.parametrize("check", CHECKS)
def test_the_migrated_database_is_safe(check: Check, scratch: Connection, test_server: TestServer) -> None:
    assert check(scratch, test_server.prefix) == []


@pytest.mark.parametrize(("check", "fault", "finding"), FAULTS)
def test_a_planted_fault_is_found(
    check: Check, fault: str, finding: str, scratch: Connection, test_server: TestServer
) -> None:
    names = {kind: f'"{test_server.prefix}_{kind}"' for kind in roles.KINDS}
    with scratch.transaction(force_rollback=True):
        scratch.execute(fault.format(**names))
        found = check(scratch, test_server.prefix)
    assert [each for each in found if finding in each], found


def test_every_check_has_a_planted_fault() -> None:
    assert {check for check, _, _ in FAULTS} == set(CHECKS)


@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = NULL", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_what_is_append_only_refuses_even_its_owner(
    table: str, change: str, scratch: Connection, test_server: TestServer
) -> None:
    with scratch.transaction(force_rollback=True):
        scratch.execute(f'SET LOCAL ROLE "{test_server.prefix}_owner"')
        column = {"entries": "minor", "pay_out_lines": "minor"}.get(table, "recorded_at")
        with pytest.raises(errors.RestrictViolation):
            scratch.execute(change.format(table, "hash" if table.endswith("_links") else column))


@pytest.mark.parametrize("kind", sorted(roles.TIMEOUTS))
def test_time_outs_read_back(kind: str, scratch: Connection, test_server: TestServer) -> None:
    with psycopg.connect(roles.plain(test_server.url(kind, scratch.info.dbname))) as connection:
        read = {name: connection.execute(f"SHOW {name}").fetchone() for name in roles.TIMEOUTS[kind]}
    assert read == {name: (value,) for name, value in roles.TIMEOUTS[kind].items()}
