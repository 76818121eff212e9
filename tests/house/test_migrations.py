"""Migrations lead both ways, wait for nobody, know nothing of the code, and end where the models are."""

import ast
import re
from collections.abc import Iterable, Iterator

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import Column, Enum, MetaData, Text, create_engine, pool

from partnercrm.kernel.db import Base
from partnercrm.settings import ROOT
from tests.house.code import Module, modules, planted
from tests.house.snapshot import snapshot
from tests.servers import TestServer

FOLDER = ROOT / "migrations"
LOCK_TIMEOUT = "op.execute(\"SET LOCAL lock_timeout = '5s'\")"
WITHOUT_MODEL = frozenset(
    {"exchange_facts", "exchange_settlements", "rate_counters", "reset_requests", "offer_marks", "partnership_salts"}
)
UPWARD = frozenset({"fk_shared_activities_sides", "fk_shared_audit_chains_sides"})

# An accepted offer as it stood before 0021; who exchanged it and in which partnership is of no interest here.
SHOWN_BEFORE = """
    BEGIN;
    SET LOCAL session_replication_role = replica;
    WITH one AS (SELECT gen_random_uuid() AS p, gen_random_uuid() AS g, gen_random_uuid() AS r, gen_random_uuid() AS o),
    first AS (
        INSERT INTO partnership_sides (partnership_id, organization_id, other_id, name)
        SELECT p, g, r, 'Acme' FROM one
    ),
    partnership AS (
        INSERT INTO partnerships (id, proposer_id, addressee_id, status, started_at)
        SELECT p, g, r, 'pilot', now() FROM one
    ),
    offer AS (
        INSERT INTO offers (id, partnership_id, giver_id, receiver_id, giver_member_id, status, country, need,
                            offered_at, respond_by, expires_at)
        SELECT o, p, g, r, g, 'accepted', 'DE', 'Kite', now(), now() + interval '1 day', now() + interval '2 days'
        FROM one
    )
    INSERT INTO offer_details (offer_id, partnership_id, giver_id, receiver_id, company_name, company_key, name_key,
                               message, revealed_at)
    SELECT o, p, g, r, 'Northwind', 'northwind', 'northwind', 'Soon.', now() FROM one;
    COMMIT
"""


def careless(code: Iterable[Module]) -> list[str]:
    """Return what a migration lacks: a time limit on locks, a way back, its place, independence of the code."""
    found, before = [], None
    for module in code:
        number = module.path.name[:4]
        names = {
            ast.unparse(node.targets[0]): node.value.value
            for node in module.tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        }
        if (names.get("revision"), names.get("down_revision")) != (number, before):
            found.append(module.at(module.tree, "is out of order"))
        before = number
        found += [
            module.at(node, f"imports {name}") for node, name in module.imports() if name.startswith("partnercrm")
        ]
        ways = {function.name: function for function in module.functions() if function.name in {"upgrade", "downgrade"}}
        found += [module.at(module.tree, f"has no {way}") for way in ("upgrade", "downgrade") if way not in ways]
        found += [
            module.at(function, f"{name} may wait for a lock without end")
            for name, function in ways.items()
            if ast.unparse(function.body[0]) != ast.unparse(ast.parse(LOCK_TIMEOUT))
        ]
    return found


def versions() -> list[Module]:
    return [module for module in modules("migrations/versions") if re.match(r"\d{4}_", module.path.name)]


def test_every_migration_is_careful() -> None:
    assert careless(versions()) == []


def test_a_careless_migration_is_found() -> None:
    text = "from partnercrm.kernel import db\nrevision = '0002'\ndown_revision = None\ndef upgrade(): op.execute('x')\n"

    assert [
        finding.partition(": ")[2] for finding in careless(planted("migrations/versions/0001_faulty.py", text))
    ] == [
        "is out of order",
        "imports partnercrm.kernel.db",
        "has no downgrade",
        "upgrade may wait for a lock without end",
    ]


@pytest.fixture
def empty(application: Flask, test_server: TestServer) -> Iterator[tuple[Config, psycopg.Connection]]:
    """A prepared database without migrations: how Alembic reaches it, and the administrator's connection."""
    name = f"{test_server.prefix}_migrations"
    test_server.prepare(name)
    given = {"url": test_server.url("owner", name), "role_prefix": test_server.prefix}
    config = Config(attributes=given)
    config.set_main_option("script_location", str(FOLDER))
    with psycopg.connect(test_server.admin(name), autocommit=True) as connection:
        yield config, connection
    test_server.drop(name)


def test_each_migration_can_be_undone_and_done_again(empty: tuple[Config, psycopg.Connection]) -> None:
    config, connection = empty
    standing = [snapshot(connection)]
    for module in versions():
        command.upgrade(config, "+1")
        standing.append(snapshot(connection))
        assert standing[-1] != standing[-2], f"{module.path} does nothing"

    whole = standing.pop()
    for module, before in zip(reversed(versions()), reversed(standing), strict=True):
        command.downgrade(config, "-1")
        assert snapshot(connection) ^ before == set(), f"{module.path} leaves something behind"
    command.upgrade(config, "head")
    assert snapshot(connection) ^ whole == set()


OPEN_DOORS = "SELECT relname FROM pg_class WHERE relrowsecurity AND NOT relforcerowsecurity"
SHOWN_THEN = ["company_name", "message", "contact_basis", "contact_channels"]


def test_what_was_shown_before_there_were_receipts_and_marks_has_them(empty: tuple[Config, psycopg.Connection]) -> None:
    config, connection = empty
    command.upgrade(config, "0020")
    connection.execute(SHOWN_BEFORE)
    command.upgrade(config, "0038")
    connection.execute("UPDATE offer_details SET contact_basis = 'consent', contact_channels = '{post}'")

    command.upgrade(config, "head")

    found = connection.execute("SELECT part, fields FROM disclosures ORDER BY part DESC").fetchall()
    assert found == [("teaser", ["need", "country"]), ("details", SHOWN_THEN)]
    marks = connection.execute("SELECT count(*), count(DISTINCT company_mark) FROM offer_marks").fetchall()
    assert marks == [(1, 1)]
    assert connection.execute(OPEN_DOORS).fetchall() == []


# Two proposals sent before 0046, to an address that got its account afterwards and to one that has none.
SENT_BEFORE = """
    BEGIN;
    SET LOCAL session_replication_role = replica;
    WITH birch AS (
        INSERT INTO organizations (id, name, mail_domains, created_at)
        SELECT gen_random_uuid(), 'Birch', '{birch.example}', now() RETURNING id
    )
    INSERT INTO users (id, organization_id, email, name, roles, created_at)
    SELECT gen_random_uuid(), id, 'bob@birch.example', 'Bob', '{seller}', now() FROM birch;
    WITH sent AS (
        INSERT INTO proposals (id, organization_id, proposed_by, addressee, message, status, share_given_percent,
                               tolerance_points, response_hours, offer_days, value_disclosure, created_at)
        SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), whose, whose, 'sent', 50, 10, 48, 30, 'band',
               now() FROM unnest('{bob@birch.example,nobody@birch.example}'::text[]) AS whose
        RETURNING *
    )
    INSERT INTO received_proposals (id, proposal_id, proposer_id, proposer_name, proposed_by_name, message, status,
                                    share_given_percent, tolerance_points, response_hours, offer_days,
                                    value_disclosure, received_at)
    SELECT gen_random_uuid(), id, organization_id, 'Acme', 'Dana', addressee, 'open', 50, 10, 48, 30, 'band', now()
    FROM sent;
    COMMIT
"""


def test_a_proposal_that_stood_open_reaches_who_has_an_account_by_now(empty: tuple[Config, psycopg.Connection]) -> None:
    config, connection = empty
    command.upgrade(config, "0045")
    connection.execute(SENT_BEFORE)

    command.upgrade(config, "head")

    reached = connection.execute(
        "SELECT r.message FROM received_proposals r JOIN users u ON u.organization_id = r.organization_id"
    ).fetchall()
    assert reached == [("bob@birch.example",)]
    assert connection.execute(OPEN_DOORS).fetchall() == []


def test_a_difference_in_rights_is_seen(empty: tuple[Config, psycopg.Connection]) -> None:
    _, connection = empty
    before = snapshot(connection)
    connection.execute("CREATE TABLE stray (id uuid); GRANT SELECT ON stray TO PUBLIC")
    with_table = snapshot(connection)
    connection.execute("REVOKE SELECT ON stray FROM PUBLIC")

    assert before < with_table
    assert snapshot(connection) != with_table


def drift(url: str, models: MetaData) -> list[object]:
    """Return how models and migrated database differ; keys and text for enumerations stand in migrations alone."""
    engine = create_engine(url, poolclass=pool.NullPool)
    options = {"compare_type": _types_differ, "include_object": _is_compared}
    with engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection, opts=options), models)


def _is_compared(thing: object, name: str, kind: str, *rest: object) -> bool:
    if kind == "table":
        return name not in WITHOUT_MODEL and not name.startswith("procrastinate_")
    return kind not in {"index", "unique_constraint"} and name not in UPWARD


def _types_differ(context: object, found: object, declared: object, found_type: object, type_: object) -> bool | None:
    return False if isinstance(type_, Enum) and isinstance(found_type, Text) else None


def test_models_and_migrations_say_the_same(application: Flask, template: str, test_server: TestServer) -> None:
    assert drift(test_server.url("owner", template), Base.metadata) == []


@pytest.mark.parametrize("fault", ["a new column", "another type", "may be absent", "a new table"])
def test_a_model_that_drifts_is_found(fault: str, application: Flask, template: str, test_server: TestServer) -> None:
    models = MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.tables.values():
        table.to_metadata(models)
    leads = models.tables["leads"]
    if fault == "a new column":
        leads.append_column(Column("mood", Text))
    elif fault == "another type":
        leads.c.version.type = Text()
    elif fault == "may be absent":
        leads.c.need.nullable = True
    else:
        leads.to_metadata(models, name="more_leads")

    assert drift(test_server.url("owner", template), models) != []
