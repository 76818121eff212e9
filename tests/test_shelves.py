"""A database that served a test is what it was: the same rows in the same tables, whatever the test did to them."""

import re

import psycopg
import pytest
from flask import Flask

from partnercrm.kernel.db import db
from tests.cast import Cast
from tests.conftest import on_database
from tests.dumps import dump
from tests.factories import leads
from tests.servers import TestServer
from tests.shelves import Shelf

UNGUARDED = "-c session_replication_role=replica"
KEY = re.compile(rb"^\\(un)?restrict .*$", re.MULTILINE)


@pytest.fixture
def own(peopled: tuple[str, Cast], test_server: TestServer) -> Shelf:
    """A shelf that no other test takes from."""
    return Shelf.beside(test_server, peopled[0])


def lines(server: TestServer, database: str) -> list[bytes]:
    """Return what a dump says, rows in no order."""
    return sorted(KEY.sub(b"", dump(server.inside(database))).splitlines())


def test_what_was_written_changed_and_deleted_is_as_it_was(
    application: Flask, peopled: tuple[str, Cast], own: Shelf, test_server: TestServer
):
    original = lines(test_server, peopled[0])
    name = own.take()
    try:
        for _ in range(2):
            with on_database(application, test_server.url("app", name)):
                write_and_change(peopled[1])
            with psycopg.connect(test_server.inside(name), options=UNGUARDED) as connection:
                connection.execute("DELETE FROM organizations")
            assert lines(test_server, name) != original
            own.put_back(name)
            assert own.spare == [name]
            assert lines(test_server, name) == original
            assert own.take() == name
    finally:
        test_server.drop(name)


def write_and_change(cast: Cast) -> None:
    """Offer a lead, which tells people and queues jobs, and found a team."""
    leads.step(cast.gina, leads.offer(cast.sam, cast.partnership_id)["id"], "accept")
    cast.ada.call("POST", "/teams", json={"name": "North"}, expect=201)
    db.engine.dispose()


def test_one_that_its_owner_built_in_or_that_was_written_full_is_not_used_again(
    own: Shelf, test_server: TestServer, monkeypatch: pytest.MonkeyPatch
):
    opened, full, worn = own.take(), own.take(), own.take()
    test_server.url("owner", opened)
    with psycopg.connect(test_server.inside(full), options=UNGUARDED) as connection:
        connection.execute(
            "INSERT INTO procrastinate.procrastinate_jobs (task_name, queue_name)"
            " SELECT 'a', 'b' FROM generate_series(1, 2001)"
        )
    monkeypatch.setitem(own.uses, worn, 24)

    for name in (opened, full, worn):
        own.put_back(name)

    assert own.spare == []
    with psycopg.connect(test_server.inside("postgres")) as connection:
        names = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
    assert names.isdisjoint({opened, full, worn})
