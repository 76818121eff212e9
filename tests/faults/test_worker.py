"""The job worker as a real process: it takes what requests defer, and what dead workers left."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import procrastinate
import psycopg
import pytest
from flask import Flask
from psycopg.errors import InsufficientPrivilege

from partnercrm.kernel import clock, jobs
from partnercrm.kernel.roles import plain
from partnercrm.settings import ROOT
from tests.cast import Cast
from tests.factories import leads
from tests.live import running
from tests.servers import TestServer


@pytest.fixture
def queue(database: str, test_server: TestServer) -> Iterator[psycopg.Connection[Any]]:
    """The administrator's view of the queue."""
    with psycopg.connect(test_server.admin(database), autocommit=True) as connection:
        connection.execute("SET search_path = procrastinate")
        yield connection


@pytest.fixture
def worker(database: str, test_server: TestServer, queue: psycopg.Connection[Any]) -> Iterator[None]:
    """A worker process on this test's database, waiting for jobs."""
    environment = {
        **os.environ,
        "PARTNERCRM_DATABASE_URL": test_server.url("app", database),
        "PARTNERCRM_WORKER_DATABASE_URL": test_server.url("worker", database),
        "PYTHONPATH": str(ROOT),
    }
    with running("worker", environment=environment):
        assert eventually(lambda: one(queue, "SELECT count(*) FROM procrastinate_workers") == 1)
        yield


def one(connection: psycopg.Connection[Any], query: str) -> Any:
    return connection.execute(query).fetchone()[0]


def eventually(holds: Callable[[], bool], seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_an_offer_nobody_answered_is_ended_by_the_worker(cast: Cast, worker: None) -> None:
    with clock.at(datetime.now(UTC) - timedelta(days=31)):
        offered = leads.offer(cast.sam, cast.partnership_id)

    def status() -> str:
        return cast.gina.call("GET", f"/offers/{offered['id']}", expect=200)["status"]

    assert eventually(lambda: status() == "expired")


def test_an_offer_that_was_answered_stays_as_it_is(cast: Cast, worker: None, queue: psycopg.Connection[Any]) -> None:
    offered = leads.offer(cast.sam, cast.partnership_id)
    leads.step(cast.gina, offered["id"], "accept")

    ends = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'leads.expire_offer'"
    assert one(queue, ends) == 1

    queue.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE task_name = 'leads.expire_offer'")

    # A job that was done is deleted; were the offer still open, the job would be there again, due later.
    assert eventually(lambda: one(queue, ends) == 0)
    assert cast.gina.call("GET", f"/offers/{offered['id']}", expect=200)["status"] == "accepted"


@pytest.mark.parametrize(
    "theft",
    [
        "SELECT args FROM procrastinate.procrastinate_jobs",
        "UPDATE procrastinate.procrastinate_jobs SET status = 'cancelled'",
        "DELETE FROM procrastinate.procrastinate_jobs",
    ],
)
def test_the_web_server_may_add_jobs_but_neither_read_nor_change_them(
    app: Flask, database: str, test_server: TestServer, theft: str
) -> None:
    with psycopg.connect(plain(test_server.url("app", database))) as web, pytest.raises(InsufficientPrivilege):
        web.execute(theft)


def test_a_job_whose_worker_is_gone_goes_back_into_the_queue(
    app: Flask, database: str, test_server: TestServer, queue: psycopg.Connection[Any]
) -> None:
    queue.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts)"
        " VALUES ('default', 'web.forget', 'doing', 0)"
    )

    async def rescue() -> int:
        connector = procrastinate.PsycopgConnector(conninfo=plain(test_server.url("worker", database)))
        with jobs.queue.replace_connector(connector) as opened:
            async with opened.open_async():
                return await jobs.rescue_stalled()

    assert asyncio.run(rescue()) == 1
    assert one(queue, "SELECT status FROM procrastinate_jobs WHERE task_name = 'web.forget'") == "todo"


def test_housekeeping_runs_as_the_worker(app: Flask, cast: Cast, worker: None, queue: psycopg.Connection[Any]) -> None:
    queue.execute("INSERT INTO public.rate_counters VALUES ('spent', 1, now() - interval '1 hour')")

    queue.execute("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 'web.forget')")

    assert eventually(lambda: one(queue, "SELECT count(*) FROM public.rate_counters WHERE key = 'spent'") == 0)
