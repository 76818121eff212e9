"""What the code counts up and what the database allows are the same."""

import re
from collections.abc import Iterator, Mapping, Sequence

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Enum

from partnercrm.cases import lifecycle
from partnercrm.deals import registering, stages
from partnercrm.identity.scopes import Role
from partnercrm.kernel.db import Base
from partnercrm.leads.lifecycle import STEPS
from tests.house.powers import Connection
from tests.servers import TestServer

Column = tuple[str, str]


@pytest.fixture(scope="module")
def migrated(application: Flask, template: str, test_server: TestServer) -> Iterator[Connection]:
    """The administrator's connection to a migrated database of its own."""
    name = test_server.copy(template)
    with psycopg.connect(test_server.admin(name)) as connection:
        yield connection
    test_server.drop(name)


def declared() -> dict[Column, set[str]]:
    """Return the values of every column that holds an enumeration."""
    values = {
        (table.name, column.name): set(column.type.enums)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Enum)
    }
    return values | {("users", "roles"): {role.value for role in Role}}


def differing(connection: Connection, enumerations: Mapping[Column, set[str]]) -> list[str]:
    """Return the columns whose CHECK constraint does not allow exactly the values of their enumeration."""
    return [
        f"{table}.{column} allows {sorted(allowed)}"
        for (table, column), values in enumerations.items()
        if (allowed := _allowed(connection, table, column)) != values
    ]


def _allowed(connection: Connection, table: str, column: str) -> set[str]:
    rows = connection.execute(
        """SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k
           JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attname = %s
           WHERE k.contype = 'c' AND k.conrelid = %s::regclass AND k.conkey = ARRAY[a.attnum]""",
        [column, table],
    ).fetchall()
    return {value for (constraint,) in rows for value in re.findall(r"'([^']*)'::text", constraint)}


def legal_steps(connection: Connection, function: str, parts: int) -> set[tuple[str, ...]]:
    """Return the tuples of so many words that a function names."""
    row = connection.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [function]).fetchone()
    pattern = r"\(" + ", ".join([r"'(\w+)'"] * parts) + r"\)"
    return set(re.findall(pattern, row[0])) if row else set()


def test_the_database_allows_exactly_the_values_of_each_enumeration(migrated: Connection) -> None:
    assert differing(migrated, declared()) == []


def test_a_missing_value_is_found(migrated: Connection) -> None:
    faulty = declared() | {("partnerships", "status"): {"proof_of_concept", "pilot", "roll_out", "ended"}}

    assert len(differing(migrated, faulty)) == 1


@pytest.mark.parametrize(
    ("function", "steps"),
    [
        ("offers_step_is_legal", STEPS),
        ("cases_step_is_legal", lifecycle.STEPS),
        ("registrations_step_is_legal", registering.STEPS),
        ("deals_move_is_legal", stages.MOVES),
    ],
)
def test_the_database_allows_exactly_the_steps_of_the_lifecycle(
    migrated: Connection, function: str, steps: Sequence[tuple[str, ...]]
) -> None:
    assert legal_steps(migrated, function, len(steps[0])) == {tuple(str(part) for part in step) for step in steps}
