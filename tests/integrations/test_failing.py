"""An import whose tries are used up says so, with the reason, and is gone on with; nothing of it was entered."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask

from partnercrm.integrations.actions import applying, checking, forgetting, undoing
from partnercrm.integrations.jobs import forget_import, run_import
from partnercrm.kernel import clock, jobs
from partnercrm.kernel.roles import plain
from tests.cast import Cast
from tests.factories import imports
from tests.servers import TestServer
from tests.surfer import Surfer

TRIES = 5
Queue = psycopg.Connection[Any]


@pytest.fixture
def queue(database: str, test_server: TestServer) -> Iterator[Queue]:
    """The administrator's view of this test's queue."""
    with psycopg.connect(test_server.admin(database), autocommit=True) as connection:
        connection.execute("SET search_path = procrastinate")
        yield connection


@pytest.fixture
def worker(queue: Queue, database: str, test_server: TestServer) -> Any:
    """Do everything that is due, failed tries without their wait, so many times; return what is left of imports."""

    def work(times: int) -> list[tuple[Any, ...]]:
        for _ in range(times):
            queue.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo' AND attempts > 0")
            jobs.work(plain(test_server.url("worker", database)), wait=False)
        left = "SELECT status, attempts FROM procrastinate_jobs WHERE task_name ~ 'import' AND task_name !~ 'forget'"
        return queue.execute(left).fetchall()

    return work


def broken(*_: Any, **__: Any) -> None:
    raise OSError("No space left on device: Contoso")


def stands(cast: Cast, one: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = cast.sam.call("GET", f"/imports/{one['id']}", expect=200)
    return found


@pytest.mark.parametrize("step", [(applying, "apply_import"), (checking, "checking")])
def test_an_import_that_fails_each_time_says_so_and_goes_on_when_told(
    cast: Cast, worker: Any, monkeypatch: pytest.MonkeyPatch, step: tuple[Any, str]
) -> None:
    one = imports.sent(cast.sam, "1,Contoso,Kite\n2,Fabrikam,Kite\n")
    cast.sam.call("POST", f"/imports/{one['id']}/start", json={}, expect=200)
    with monkeypatch.context() as patched:
        patched.setattr(*step, broken)
        assert worker(TRIES - 1) == [("todo", TRIES - 1)]
        assert stands(cast, one)["state"] in {"checking", "applying"}
        assert worker(1) == [("failed", TRIES)]

    failed = stands(cast, one)
    assert (failed["state"], cast.sam.call("GET", "/leads", expect=200)["items"]) == ("failed", [])
    assert "failed each time (OSError). Nothing was entered" in failed["problem"]
    assert "Contoso" not in failed["problem"]
    assert [told["kind"] for told in cast.sam.call("GET", "/notices", expect=200)["items"]] == ["import.failed"]

    cast.sam.call("POST", f"/imports/{one['id']}/resume", expect=200)
    worker(1)

    done = stands(cast, one)
    assert (done["state"], done["problem"], done["rows"], done["entered"]) == ("applied", None, 2, 2)
    cast.sam.call("POST", f"/imports/{one['id']}/resume", expect=409)


def test_what_fails_while_it_is_given_up_is_tried_again(
    cast: Cast, worker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = imports.sent(cast.sam)
    cast.sam.call("POST", f"/imports/{one['id']}/start", json={}, expect=200)
    monkeypatch.setattr(applying, "apply_import", broken)
    with monkeypatch.context() as patched:
        patched.setattr("partnercrm.integrations.jobs.failing.give_up", broken)
        assert worker(TRIES) == [("todo", TRIES)]

    assert worker(1) == [("failed", TRIES + 1)]
    assert stands(cast, one)["state"] == "failed"


def test_an_import_that_failed_can_be_cancelled(cast: Cast) -> None:
    one = imports.sent(cast.sam)
    imports.fail(cast.sam, one)

    assert cast.sam.call("POST", f"/imports/{one['id']}/cancel", expect=200)["state"] == "cancelled"


def test_an_undo_that_fails_each_time_leaves_the_import_as_it_was(
    cast: Cast, worker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = imports.run(cast.sam, imports.sent(cast.sam))
    worker(1)
    cast.sam.call("POST", f"/imports/{one['id']}/undo", expect=200)
    with monkeypatch.context() as patched:
        patched.setattr(undoing, "take_back", broken)
        worker(TRIES)

    left = stands(cast, one)
    assert (left["state"], len(cast.sam.call("GET", "/leads", expect=200)["items"])) == ("applied", 1)
    assert "Nothing was undone" in left["problem"]
    cast.sam.call("POST", f"/imports/{one['id']}/undo", expect=200)
    worker(1)
    assert (stands(cast, one)["state"], stands(cast, one)["problem"]) == ("undone", None)


def test_the_page_says_why_and_leads_on(app: Flask, cast: Cast) -> None:
    one = imports.sent(cast.sam)
    imports.fail(cast.sam, one)
    sam, place = Surfer.signed_in(app, "sam@acme.example"), f"/imports/{one['id']}"

    assert "failed each time (OSError)" in sam.open(place).text
    sam.send(f"{place}/resume", {}, shown_on=place)

    assert "Every row is being checked" in sam.open(place).text


def test_who_may_no_longer_give_leads_to_colleagues_gives_none(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    mapping = "external_id=id,company_name=account,need=product,owner_email=keeper"
    rows, header = "1,Contoso,Kite,sam@acme.example\n", "id,account,product,keeper\n"
    one = imports.sent(cast.dana, rows, header, mapping=mapping)
    with monkeypatch.context() as patched:
        patched.setattr(applying, "apply_import", lambda *_: None)
        assert imports.run(cast.dana, one)["state"] == "applying"
    path = f"/partnerships/{cast.partnership_id}"
    cast.dana.call("POST", f"{path}/end", if_match=cast.dana.response("GET", path).headers["ETag"], expect=200)
    path = f"/users/{cast.dana.actor.user_id}"
    tag = cast.ada.response("GET", path).headers["ETag"]
    cast.ada.call("PATCH", path, json={"roles": ["seller"]}, if_match=tag, expect=200)

    run_import(str(cast.dana.actor.organization_id), one["id"])

    done = cast.dana.call("GET", f"/imports/{one['id']}", expect=200)
    assert (done["state"], done["wrong"], done["entered"]) == ("checked", 1, 0)
    assert imports.kept(cast.sam) == {}


@pytest.mark.parametrize(("rows", "kind"), [("1,,Kite\n", "import.checked"), ('1,"Con"toso,Kite\n', "import.failed")])
def test_who_waits_long_for_a_check_is_told_when_it_ends(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, rows: str, kind: str
) -> None:
    imports.run(cast.sam, imports.sent(cast.sam, rows))
    assert cast.sam.call("GET", "/notices", expect=200)["items"] == []
    monkeypatch.setattr("partnercrm.integrations.jobs._LONG", timedelta())

    imports.run(cast.sam, imports.sent(cast.sam, rows))

    assert [told["kind"] for told in cast.sam.call("GET", "/notices", expect=200)["items"]] == [kind]


@pytest.mark.parametrize("state", ["applying", "undoing"])
def test_what_is_worked_with_is_not_forgotten(cast: Cast, queue: Queue, state: str) -> None:
    one = imports.run(cast.sam, imports.sent(cast.sam))
    queue.execute("UPDATE public.lead_imports SET state = %s", (state,))
    queue.execute("DELETE FROM procrastinate_jobs")
    now = datetime.now(UTC) + forgetting.KEPT + timedelta(hours=1)

    with clock.at(now):
        forget_import(str(cast.sam.actor.organization_id), one["id"])

    assert queue.execute("SELECT count(*) FROM public.lead_import_pieces").fetchone() == (1,)
    [(again,)] = queue.execute("SELECT scheduled_at FROM procrastinate_jobs").fetchall()
    assert again == now + timedelta(days=1)
    queue.execute("UPDATE public.lead_imports SET state = 'applied'")
    with clock.at(again):
        forget_import(str(cast.sam.actor.organization_id), one["id"])
    assert queue.execute("SELECT count(*) FROM public.lead_import_pieces").fetchone() == (0,)
