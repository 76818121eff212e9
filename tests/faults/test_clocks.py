"""Each thing the clock does is done once: whatever kills the worker, and wherever its clock has moved."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import procrastinate
import psycopg
import pytest

from partnercrm.kernel import clock, jobs
from partnercrm.kernel.roles import plain
from partnercrm.leads.jobs import ask_for_answer, ask_for_status, expire_offer
from partnercrm.settings import ROOT
from tests.cast import Cast
from tests.factories import leads
from tests.live import running
from tests.servers import TestServer

Rows = Callable[[str], list[tuple[Any, ...]]]
KILLS = 20 if os.environ.get("PARTNERCRM_PROVE") == "1" else 3
HOUR = timedelta(hours=1)
ALARMS = "SELECT alarm, count(*) FROM reminders GROUP BY alarm ORDER BY min(due_at)"
CLOCKS = "('leads.ask_for_answer', 'leads.ask_for_status', 'leads.expire_offer')"


@pytest.fixture
def rows(database: str, test_server: TestServer) -> Iterator[Rows]:
    """Ask this test's database as the administrator."""
    with psycopg.connect(test_server.admin(database), autocommit=True) as connection:
        connection.execute("SET search_path = public, procrastinate")
        yield lambda query: connection.execute(query).fetchall()  # type: ignore[arg-type]


@pytest.fixture
def worker_at(database: str, test_server: TestServer, monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Let a worker do what is due whose clock has moved by so much, and go on with that clock."""

    def run(moved: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + moved)
        work(test_server, database)

    return run


def work(server: TestServer, database: str) -> None:
    """Do everything that is due, then stop."""
    jobs.work(plain(server.url("worker", database)), wait=False)


def accepted(cast: Cast, ago: timedelta) -> dict[str, Any]:
    """Return a lead that was offered and accepted so long ago."""
    with clock.at(datetime.now(UTC) - ago):
        return leads.offer_at(cast, "accepted")


async def rescue(url: str) -> None:
    connector = procrastinate.PsycopgConnector(conninfo=url)
    with jobs.queue.replace_connector(connector) as opened:
        async with opened.open_async():
            await jobs.rescue_stalled(after_seconds=0)


def eventually(holds: Callable[[], bool], seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_reminders_and_the_return_happen_once_though_workers_are_killed_over_them(
    cast: Cast, rows: Rows, test_server: TestServer, database: str, record_property: Callable[[str, object], None]
) -> None:
    lead = accepted(cast, timedelta(days=60))
    environment = {
        **os.environ,
        "PARTNERCRM_DATABASE_URL": test_server.url("app", database),
        "PARTNERCRM_WORKER_DATABASE_URL": test_server.url("worker", database),
        "PYTHONPATH": str(ROOT),
    }
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    for _ in range(KILLS):
        with psycopg.connect(test_server.admin(database)) as other:
            other.execute("SELECT 1 FROM offers FOR UPDATE")
            with running("worker", environment=environment) as worker:
                assert eventually(lambda: rows(waiting) != [(0,)])
                worker.kill()
        asyncio.run(rescue(plain(test_server.url("worker", database))))
    work(test_server, database)
    work(test_server, database)
    ask_for_status(lead["receiver_id"], lead["id"])

    record_property("kills of the worker over a clock's job", KILLS)
    assert rows(ALARMS) == [("status_due", 1), ("status_late", 1), ("unattended", 1)]
    assert rows("SELECT step, count(*) FROM lead_steps GROUP BY step ORDER BY min(recorded_at)") == [
        ("offered", 1),
        ("accepted", 1),
        ("returned", 1),
    ]
    told = "SELECT kind, count(*) FROM notices WHERE kind ~ 'status' GROUP BY kind, user_id ORDER BY kind"
    assert rows(told) == [("lead.status_due", 1), ("lead.status_late", 1)]
    assert rows(f"SELECT count(*) FROM procrastinate_jobs WHERE task_name IN {CLOCKS} AND status <> 'todo'") == [(0,)]


@pytest.mark.parametrize("moved", [-HOUR, HOUR])
def test_a_worker_whose_clock_has_moved_does_what_is_due_and_nothing_else(
    cast: Cast, rows: Rows, worker_at: Callable[[timedelta], None], moved: timedelta
) -> None:
    half_an_hour = timedelta(minutes=30)
    due = accepted(cast, timedelta(days=14) + half_an_hour)
    to_come = accepted(cast, timedelta(days=14) - half_an_hour)
    with clock.at(datetime.now(UTC) - timedelta(days=30) - half_an_hour):
        ended = leads.offer(cast.sam, cast.partnership_id)
    with clock.at(datetime.now(UTC) - timedelta(days=30) + half_an_hour):
        open_ = leads.offer(cast.sam, cast.partnership_id)

    for _ in range(2):
        worker_at(moved)
        for lead in (due, to_come, ended, open_):
            ask_for_status(lead["receiver_id"], lead["id"])
            expire_offer(lead["giver_id"], lead["id"])

    told = rows("SELECT offer_id::text, alarm FROM reminders WHERE alarm ~ 'status' ORDER BY 1")
    assert told == [(due["id"], "status_due")]
    statuses = dict(rows("SELECT id::text, status FROM offers"))
    assert (statuses[ended["id"]], statuses[open_["id"]]) == ("expired", "offered")


def test_a_run_before_its_time_looks_again_when_it_has_come(cast: Cast, rows: Rows) -> None:
    lead, offered = accepted(cast, timedelta()), leads.offer(cast.sam, cast.partnership_id)
    rows("DELETE FROM procrastinate_jobs RETURNING 1")

    ask_for_status(lead["receiver_id"], lead["id"])
    ask_for_answer(offered["receiver_id"], offered["id"])
    expire_offer(offered["giver_id"], offered["id"])

    assert rows("SELECT task_name, scheduled_at FROM procrastinate_jobs ORDER BY id") == [
        ("leads.ask_for_status", datetime.fromisoformat(lead["follow_up_by"])),
        ("leads.ask_for_answer", datetime.fromisoformat(offered["offered_at"]) + timedelta(hours=24)),
        ("leads.expire_offer", datetime.fromisoformat(offered["expires_at"])),
    ]
    assert rows("SELECT count(*) FROM reminders") == [(0,)]
