"""The worker is killed while it imports: the next one goes on, and no lead is lost or doubled."""

import asyncio
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import procrastinate
import psycopg
import pytest

from partnercrm.kernel import jobs
from partnercrm.kernel.roles import plain
from partnercrm.settings import ROOT
from tests.cast import Cast
from tests.factories import imports
from tests.live import most_memory, running
from tests.servers import TestServer

PROVE = os.environ.get("PARTNERCRM_PROVE") == "1"
ROWS, KILLS, PATIENCE = (200_000, 12, 900) if PROVE else (12_000, 2, 120)
# Of these some 130 are the application itself, whatever it imports.
MOST_MEGABYTES = 300


@pytest.fixture
def queue(database: str, test_server: TestServer) -> Iterator[psycopg.Connection[Any]]:
    """The administrator's view of this test's database."""
    with psycopg.connect(test_server.admin(database), autocommit=True) as connection:
        yield connection


def rescue(test_server: TestServer, database: str) -> int:
    """Give back what dead workers left, without the minute's wait."""

    async def now() -> int:
        connector = procrastinate.PsycopgConnector(conninfo=plain(test_server.url("worker", database)))
        with jobs.queue.replace_connector(connector) as opened:
            async with opened.open_async():
                return await jobs.rescue_stalled(0)

    return asyncio.run(now())


@contextmanager
def worker(database: str, test_server: TestServer) -> Iterator[Any]:
    environment = {
        **os.environ,
        "PARTNERCRM_DATABASE_URL": test_server.url("app", database),
        "PARTNERCRM_WORKER_DATABASE_URL": test_server.url("worker", database),
        "PYTHONPATH": str(ROOT),
    }
    with running("worker", environment=environment) as process:
        yield process


def eventually(holds: Callable[[], bool], seconds: float = 120) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_a_worker_killed_at_any_moment_of_an_import_loses_and_doubles_nothing(
    cast: Cast, database: str, test_server: TestServer, queue: psycopg.Connection[Any], record_property: Any
) -> None:
    rows = "".join(f"{number},Contoso {number},Kite\n" for number in range(ROWS))
    one = imports.sent(cast.sam, rows)
    cast.sam.call("POST", f"/imports/{one['id']}/start", json={}, expect=200)

    def standing() -> tuple[str, int, int]:
        found = queue.execute("SELECT state, rows, (SELECT count(*) FROM leads) FROM lead_imports").fetchone()
        assert found
        return found[0], found[1], found[2]

    chance, broken_off = random.Random(20261122), 0
    for _ in range(KILLS):
        with worker(database, test_server) as process:
            before = standing()
            assert eventually(lambda before=before: standing() != before), "the worker does nothing"
            time.sleep(chance.uniform(0, 0.3))
            process.send_signal(signal.SIGKILL)
            process.wait()
        state, _, leads = standing()
        assert leads == (ROWS if state == "applied" else 0), "readers see a part of an import"
        broken_off += state != "applied"
        queue.execute("UPDATE procrastinate.procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        rescue(test_server, database)
        if state == "applied":
            break
    with worker(database, test_server) as process:
        assert eventually(lambda: standing()[0] == "applied", PATIENCE)
        megabytes = most_memory(process.pid) // 1000
    assert megabytes < MOST_MEGABYTES

    record_property("megabytes of the worker at most", megabytes)
    record_property("kills of the worker amid an import", broken_off)
    found = queue.execute("SELECT count(*), count(DISTINCT external_id) FROM leads").fetchone()
    assert found == (ROWS, ROWS)
    assert queue.execute("SELECT count(*), max(number) FROM lead_import_rows").fetchone() == (ROWS, ROWS)
    assert broken_off > 0
