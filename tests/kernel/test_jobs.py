"""Jobs: there when the transaction is kept and only then, done once though run twice, rescued when a worker dies."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import procrastinate
import psycopg
import pytest
from procrastinate.exceptions import TaskNotFound
from sqlalchemy import text

from partnercrm.kernel import clock, db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Conflict
from partnercrm.kernel.ids import new_id
from partnercrm.kernel.roles import plain
from partnercrm.leads import jobs as leads_jobs
from partnercrm.settings import ROOT
from tests.cast import Cast
from tests.factories import leads
from tests.live import running
from tests.servers import TestServer

Rows = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def rows(database: str, test_server: TestServer) -> Iterator[Rows]:
    """Ask this test's database as the administrator."""
    with psycopg.connect(test_server.admin(database), autocommit=True) as connection:
        connection.execute("SET search_path = public, procrastinate")
        yield lambda query: connection.execute(query).fetchall()  # type: ignore[arg-type]


def work(server: TestServer, database: str) -> None:
    """Do everything that is due, then stop."""
    jobs.work(plain(server.url("worker", database)), wait=False)


def overdue(cast: Cast) -> dict[str, Any]:
    """Return an offer whose time has passed."""
    with clock.at(datetime.now(UTC) - timedelta(days=31)):
        return leads.offer(cast.sam, cast.partnership_id)


def test_a_queue_that_keeps_a_request_waiting_is_told_as_an_outage(
    cast: Cast, database: str, test_server: TestServer
) -> None:
    with psycopg.connect(test_server.admin(database)) as other:
        other.execute("LOCK TABLE procrastinate.procrastinate_jobs IN ACCESS EXCLUSIVE MODE")

        with pytest.raises(psycopg.OperationalError):
            deferred_impatiently(cast.sam.actor)


def deferred_impatiently(actor: Actor) -> None:
    with db.transaction(actor):
        db.session().execute(text("SET LOCAL lock_timeout = '50ms'"))
        jobs.defer("leads.expire_offer", actor.organization_id, offer_id=new_id())


def test_a_job_is_queued_with_its_transaction_and_carries_ids_only(cast: Cast, rows: Rows) -> None:
    organization_id, offer_id, due = cast.sam.actor.organization_id, new_id(), datetime(2030, 1, 1, tzinfo=UTC)
    with db.transaction(cast.sam.actor):
        jobs.defer("leads.expire_offer", organization_id, at=due, offer_id=offer_id)
        assert rows("SELECT * FROM procrastinate_jobs WHERE task_name LIKE 'leads.%'") == []

    queued = "SELECT task_name, args, scheduled_at, status FROM procrastinate_jobs WHERE task_name LIKE 'leads.%'"
    assert rows(queued) == [
        (
            "leads.expire_offer",
            {"organization_id": str(organization_id), "offer_id": str(offer_id)},
            due,
            "todo",
        )
    ]


def test_the_jobs_of_a_transaction_are_queued_in_their_order_and_none_of_what_was_on_trial(
    cast: Cast, rows: Rows
) -> None:
    organization_id, due = cast.sam.actor.organization_id, datetime(2030, 1, 1, tzinfo=UTC)
    with db.transaction(cast.sam.actor):
        jobs.defer("leads.ask_for_answer", organization_id, at=due, offer_id=new_id())
        with db.trial():
            jobs.defer("leads.return_round", organization_id, round_id=new_id())
        jobs.defer("leads.expire_offer", organization_id, offer_id=new_id())
        jobs.defer("leads.ask_for_answer", organization_id, offer_id=new_id())

    queued = rows("SELECT task_name, scheduled_at FROM procrastinate_jobs WHERE task_name LIKE 'leads.%' ORDER BY id")
    assert queued == [("leads.ask_for_answer", due), ("leads.expire_offer", None), ("leads.ask_for_answer", None)]


def test_a_job_of_a_transaction_that_was_undone_never_runs(
    cast: Cast, rows: Rows, test_server: TestServer, database: str
) -> None:
    offered = leads.offer(cast.sam, cast.partnership_id)
    rows("DELETE FROM procrastinate_jobs RETURNING 1")

    with pytest.raises(Conflict):
        refused(cast, UUID(offered["id"]))

    assert rows("SELECT * FROM procrastinate_jobs") == []
    work(test_server, database)
    assert cast.gina.call("GET", f"/offers/{offered['id']}")["status"] == "offered"


def refused(cast: Cast, offer_id: UUID) -> None:
    actor = cast.sam.actor
    with db.transaction(actor):
        jobs.defer("leads.expire_offer", actor.organization_id, offer_id=offer_id)
        raise Conflict


def test_a_job_that_does_not_exist_cannot_be_deferred(cast: Cast) -> None:
    actor = cast.sam.actor
    with db.transaction(actor), pytest.raises(TaskNotFound):
        jobs.defer("leads.dance", actor.organization_id)


def test_a_job_defers_another_in_its_own_transaction(
    cast: Cast, rows: Rows, test_server: TestServer, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor, offer_id, due = cast.sam.actor, new_id(), datetime(2030, 1, 1, tzinfo=UTC)

    def again(one: object, other: object) -> None:
        jobs.defer("leads.expire_offer", actor.organization_id, at=due, offer_id=offer_id)

    monkeypatch.setattr(leads_jobs.watching, "expire_offer", again)
    with db.transaction(actor):
        jobs.defer("leads.expire_offer", actor.organization_id, offer_id=offer_id)

    work(test_server, database)

    kept = rows("SELECT scheduled_at, status FROM procrastinate_jobs WHERE task_name = 'leads.expire_offer'")
    assert kept == [(due, "todo")]


def test_an_offer_expires_once_though_its_job_runs_twice(
    cast: Cast, rows: Rows, test_server: TestServer, database: str
) -> None:
    offered = overdue(cast)
    organization_id = cast.sam.actor.organization_id
    with db.transaction(cast.sam.actor):
        jobs.defer("leads.expire_offer", organization_id, offer_id=UUID(offered["id"]))

    work(test_server, database)
    leads_jobs.expire_offer(str(organization_id), offered["id"])

    steps = rows(f"SELECT step FROM lead_steps WHERE offer_id = '{offered['id']}' ORDER BY recorded_at")
    assert steps == [("offered",), ("expired",)]
    assert rows("SELECT count(*) FROM shared_activities WHERE verb = 'lead.expired'") == [(1,)]
    assert rows("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'leads.expire_offer'") == [(0,)]


def test_an_offer_does_not_expire_before_its_time(cast: Cast) -> None:
    offered = leads.offer(cast.sam, cast.partnership_id)

    leads_jobs.expire_offer(str(cast.sam.actor.organization_id), offered["id"])

    assert cast.gina.call("GET", f"/offers/{offered['id']}")["status"] == "offered"


def test_only_the_givers_own_hand_expires_an_offer(cast: Cast) -> None:
    offered = overdue(cast)

    for organization_id in (cast.gina.actor.organization_id, cast.ines.actor.organization_id, new_id()):
        leads_jobs.expire_offer(str(organization_id), offered["id"])

    assert cast.gina.call("GET", f"/offers/{offered['id']}")["status"] == "offered"


def test_nothing_expires_in_a_partnership_that_has_ended(cast: Cast, rows: Rows) -> None:
    offered = overdue(cast)
    path = f"/partnerships/{cast.partnership_id}"
    cast.dana.call("POST", f"{path}/end", if_match=cast.dana.response("GET", path).headers["ETag"], expect=200)

    leads_jobs.expire_offer(str(cast.sam.actor.organization_id), offered["id"])

    assert rows("SELECT status FROM offers") == [("offered",)]
    assert rows("SELECT count(*) FROM lead_steps") == [(1,)]


def test_a_job_whose_worker_is_killed_at_work_is_rescued_and_done_once(
    cast: Cast, rows: Rows, test_server: TestServer, database: str
) -> None:
    offered = overdue(cast)
    environment = {
        **os.environ,
        "PARTNERCRM_DATABASE_URL": test_server.url("app", database),
        "PARTNERCRM_WORKER_DATABASE_URL": test_server.url("worker", database),
        "PYTHONPATH": str(ROOT),
    }
    with psycopg.connect(test_server.admin(database)) as other:
        other.execute("SELECT 1 FROM offers FOR UPDATE")
        with running("worker", environment=environment) as worker:
            assert eventually(lambda: waits_for_a_lock(rows))
            worker.kill()
    status = "SELECT status FROM procrastinate_jobs WHERE task_name = 'leads.expire_offer'"
    assert rows(status) == [("doing",)]

    assert asyncio.run(rescue(plain(test_server.url("worker", database)))) >= 1
    work(test_server, database)

    assert rows(status) == []
    assert rows("SELECT count(*) FROM lead_steps WHERE step = 'expired'") == [(1,)]
    assert cast.gina.call("GET", f"/offers/{offered['id']}")["status"] == "expired"


def waits_for_a_lock(rows: Rows) -> bool:
    return rows("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") != [(0,)]


def eventually(holds: Callable[[], bool], seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


async def rescue(url: str) -> int:
    connector = procrastinate.PsycopgConnector(conninfo=url)
    with jobs.queue.replace_connector(connector) as opened:
        async with opened.open_async():
            return await jobs.rescue_stalled(after_seconds=0)


def test_the_organizations_own_hand_has_no_scopes_and_no_name_of_a_person() -> None:
    hand = Actor.system(new_id())

    assert (hand.user_id, hand.scopes, hand.partnership_ids) == (None, frozenset(), frozenset())
    assert hand.principal == hand.organization_id
