"""A page of a long list reads what it shows and little more: by an index, in its order, whatever stands behind it."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.rows import dict_row
from sqlalchemy import event

from benchmarks.enlarging import statements
from partnercrm.kernel import db
from tests.cast import Cast, Player
from tests.factories import leads
from tests.servers import TestServer

MANY = 3000
SHOWN = 20
LISTS = [
    ("gina", "offers", "/offers?direction=received&status=offered&sort=respond_by"),
    ("gina", "offers", "/offers?direction=received&sort=-offered_at"),
    ("sam", "offers", "/offers?direction=given&sort=-offered_at"),
    ("dana", "leads", "/leads?sort=-created_at"),
    ("sam", "leads", "/leads?sort=-created_at"),
    ("sam", "accounts", "/accounts?sort=name"),
    ("nora", "accounts", "/accounts?sort=-updated_at"),
]


@pytest.fixture
def crowded(cast: Cast, database: str, test_server: TestServer) -> Cast:
    """Make many leads and offers of a few."""
    for _ in range(3):
        leads.offer(cast.sam, cast.partnership_id)
        keys = [{"connector": "crm", "external_id": str(uuid4())} for _ in range(MANY // 3)]
        items = [{"company_name": "Northwind", "need": "GTX Plus Basic"} | key for key in keys]
        cast.sam.call("POST", "/leads/bulk", json={"leads": items}, expect=200)
        companies = [key | {"name": f"Northwind {key['external_id']}"} for key in keys]
        cast.sam.call("POST", "/accounts/bulk", json={"accounts": companies}, expect=200)
    with psycopg.connect(test_server.admin(database)) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in statements(connection, MANY // 3):
            connection.execute(statement)
    with psycopg.connect(test_server.admin(database), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return cast


def plan(player: Player, path: str, table: str) -> dict[str, Any]:
    """Return how the database ran the statement by which the player reads the list."""
    sent: list[tuple[str, Any]] = []

    def note(connection: object, cursor: object, statement: str, values: Any, *rest: object) -> None:
        sent.append((statement, values))

    event.listen(db.db.engine, "before_cursor_execute", note)
    player.call("GET", f"{path}&limit={SHOWN}", expect=200)
    event.remove(db.db.engine, "before_cursor_execute", note)
    # What is loaded beside the page's rows is read by their ids, from the table under another name.
    [(statement, values)] = [one for one in sent if re.search(rf"\nFROM {table}(?! AS)\b", one[0])]
    with db.transaction(player.actor, read_only=True), db.driver_connection().cursor(row_factory=dict_row) as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values)
        found: dict[str, Any] = cursor.fetchone()["QUERY PLAN"][0]["Plan"]
    return found


def nodes(top: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield top
    for below in top.get("Plans", ()):
        yield from nodes(below)


def rows_read(found: list[dict[str, Any]]) -> int:
    """Return how many rows were read from tables, those not taken included."""
    scans = [node for node in found if "Relation Name" in node]
    read = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    return sum(round(sum(node.get(name, 0) for name in read) * node["Actual Loops"]) for node in scans)


def is_bounded(cast: Cast, who: str, table: str, path: str) -> bool:
    """Tell whether a page is read in its order and without what it does not show."""
    found = list(nodes(plan(getattr(cast, who), path, table)))
    return "Sort" not in {node["Node Type"] for node in found} and rows_read(found) < 5 * SHOWN


def test_a_page_of_a_long_list_reads_little_more_than_it_shows(
    crowded: Cast, database: str, test_server: TestServer
) -> None:
    assert [path for who, table, path in LISTS if not is_bounded(crowded, who, table, path)] == []

    with psycopg.connect(test_server.admin(database)) as connection:
        connection.execute("DROP INDEX ix_offers_receiver_id_status")
    assert not is_bounded(crowded, *LISTS[0])
