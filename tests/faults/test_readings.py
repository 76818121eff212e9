"""The worker is killed while it reads an exchange's month: nothing is left of it, and the next one reads it once."""

import asyncio
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask

from partnercrm.kernel import clock
from partnercrm.kernel.roles import plain
from partnercrm.settings import ROOT
from tests.cast import Cast
from tests.conftest import on_database
from tests.factories import leads, terms
from tests.faults.test_clocks import eventually, rescue, work
from tests.live import running
from tests.servers import TestServer

KILLS = 20 if os.environ.get("PARTNERCRM_PROVE") == "1" else 1
MONTH_OVER = (datetime.now(UTC).replace(day=1) - timedelta(days=1)).replace(day=15)
LEFT = """
    SELECT (SELECT count(*) FROM drift_readings), (SELECT count(*) FROM cases), (SELECT count(*) FROM case_entries),
           (SELECT count(*) FROM activities WHERE verb = 'case.begun')
"""
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


@pytest.fixture
def queue(database: str, test_server: TestServer) -> Iterator[psycopg.Connection[Any]]:
    """The administrator's view of this test's database."""
    with psycopg.connect(test_server.admin(database), autocommit=True) as connection:
        connection.execute("SET search_path = public, procrastinate")
        yield connection


def defer(queue: psycopg.Connection[Any]) -> None:
    """Queue what the night does."""
    queue.execute("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 'leads.read_months')")


def one_sided(cast: Cast) -> None:
    """Let a month be over in which Acme alone gave leads, by terms that look at every month."""
    with clock.at(MONTH_OVER - timedelta(days=45)):
        terms.agree(cast, window_months=1)
    with clock.at(MONTH_OVER):
        for _ in range(8):
            leads.step(cast.gina, leads.offer(cast.sam, cast.partnership_id)["id"], "accept")


def test_a_worker_killed_amid_a_reading_leaves_nothing_and_the_next_one_reads_it_once(
    cast: Cast,
    application: Flask,
    database: str,
    test_server: TestServer,
    queue: psycopg.Connection[Any],
    *,
    record_property: Callable[[str, object], None],
) -> None:
    one_sided(cast)
    environment = {
        **os.environ,
        "PARTNERCRM_DATABASE_URL": test_server.url("app", database),
        "PARTNERCRM_WORKER_DATABASE_URL": test_server.url("worker", database),
        "PYTHONPATH": str(ROOT),
    }
    defer(queue)
    for _ in range(KILLS):
        with psycopg.connect(test_server.admin(database)) as other:
            # The case is written by then; the reading that belongs to it waits.
            other.execute("LOCK TABLE drift_readings IN SHARE MODE")
            with running("worker", environment=environment) as worker:
                assert eventually(lambda: queue.execute(WAITING).fetchone() != (0,))
                worker.kill()
        assert queue.execute(LEFT).fetchone() == (0, 0, 0, 0)
        asyncio.run(rescue(plain(test_server.url("worker", database))))

    with on_database(application, test_server.url("worker", database)):
        work(test_server, database)
        read = queue.execute(LEFT).fetchone()
        defer(queue)
        work(test_server, database)

    record_property("kills of the worker amid a reading", KILLS)
    assert read is not None
    assert read[:2] == (1, 1)
    assert queue.execute(LEFT).fetchone() == read
    [opened] = cast.hank.call("GET", "/cases?kind=cause_analysis", expect=200)["items"]
    assert opened["status"] in {"open", "in_discussion"}
