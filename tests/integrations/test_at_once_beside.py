"""An import in one request beside somebody who enters a lead of the file at the same moment."""

import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import psycopg

from partnercrm.kernel import db
from partnercrm.leads.actions import keeping
from tests.cast import Cast
from tests.factories import imports
from tests.servers import TestServer

FILE = b"key,account,product\n0,Contoso,Kite\n1,Contoso,Kite\n"


def form() -> dict[str, Any]:
    mapping = "external_id=key,company_name=account,need=product"
    return {"connector": "crm", "mapping": mapping, "file": (BytesIO(FILE), "leads.csv")}


def test_who_enters_a_lead_under_the_same_key_at_the_same_moment_is_not_overwritten(
    cast: Cast, database: str, test_server: TestServer
) -> None:
    actor = cast.dana.actor
    lead = {"connector": "crm", "external_id": "1", "company_name": "Fabrikam", "need": "Moor"}
    waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"

    with psycopg.connect(test_server.admin(database), autocommit=True) as admin, ThreadPoolExecutor(1) as pool:
        with db.transaction(actor):
            keeping.upsert(actor, [lead])
            db.session().flush()
            sent = pool.submit(cast.dana.response, "POST", "/leads/import", data=form())
            deadline = time.monotonic() + 4
            while admin.execute(waits, (database,)).fetchone() == (0,) and time.monotonic() < deadline:
                time.sleep(0.01)
        answer = sent.result()

    assert (answer.status_code, answer.json["code"]) == (409, "done_at_the_same_moment")
    assert [one["company_name"] for one in imports.kept(cast.dana).values()] == ["Fabrikam"]
    again = cast.dana.call("POST", "/leads/import", data=form(), expect=200)
    assert [again[name] for name in ("rows", "entered", "updated", "unchanged", "skipped")] == [2, 1, 1, 0, 0]
