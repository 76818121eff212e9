"""Transactions that would wait for each other: one order of locks, and whoever was undone all the same begins anew."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import psycopg
import psycopg.errors
import pytest
from sqlalchemy.exc import OperationalError

from partnercrm.leads.actions import keeping
from tests.cast import Cast
from tests.factories import leads
from tests.faults.owners import eventually
from tests.servers import TestServer


def test_erasing_takes_hold_of_partnerships_before_anything_an_answer_under_way_may_need(
    cast: Cast, database: str, test_server: TestServer
) -> None:
    contact = {"contact_name": "Philippa Vale", "contact_email": "philippa@northwind.example", **leads.KNOWN}
    leads.offer(cast.sam, cast.partnership_id, **contact)
    address = contact["contact_email"]
    erase = partial(cast.ada.response, "POST", "/people/erase", json={"email": address, "confirmed_email": address})

    with psycopg.connect(test_server.admin(database)) as answering, ThreadPoolExecutor(1) as pool:
        answering.execute("SELECT FROM partnerships FOR SHARE")
        erasing = pool.submit(erase)
        waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
        with psycopg.connect(test_server.admin(database), autocommit=True) as watching:
            assert eventually(lambda: watching.execute(waits, [database]).fetchone() != (0,))
        for table in ("offers", "offer_details", "leads"):
            answering.execute(f"SELECT FROM {table} FOR UPDATE NOWAIT")
        answering.commit()
        assert erasing.result().status_code == 200


def test_a_deadlock_is_begun_anew_and_answered_as_if_there_had_been_none(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tangled = [1, 1]
    enter = keeping.enter_lead

    def sometimes(*given: Any) -> Any:
        entered = enter(*given)
        if tangled:
            tangled.pop()
            raise OperationalError("INSERT", None, psycopg.errors.DeadlockDetected())
        return entered

    monkeypatch.setattr(keeping, "enter_lead", sometimes)

    assert leads.lead(cast.sam)["status"] == "draft"
    assert len(cast.sam.call("GET", "/leads", expect=200)["items"]) == 1
    tangled[:] = [1, 1, 1]
    refused = cast.sam.response("POST", "/leads", json={"company_name": "Northwind", "need": "GTX"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
