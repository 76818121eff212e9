"""Web server and database are killed again and again, and answers lost, while leads come in and are offered."""

import csv
import io
import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
import requests
from flask import Flask

from tests.cast import Cast
from tests.conftest import on_database
from tests.faults.installation import DATABASE, Installation, installed

PROVE = os.environ.get("PARTNERCRM_PROVE") == "1"
LEADS, KILLS, STOPS, BATCH = (20_000, 100, 20, 500) if PROVE else (120, 3, 2, 20)
PAUSE = (0.05, 5.0) if PROVE else (0.05, 0.8)
CLIENTS = 8 if PROVE else 4
LOST = 0.1


@dataclass
class Client:
    """A CRM that sends its leads and never gives up: same request, same key, until it gets an answer.

    One answer in ten is lost on its way, after the server did what it was asked.
    """

    address: str
    token: str
    deadline: float
    chance: random.Random
    repeated: int = 0
    lost: int = 0
    outages: dict[str, requests.Response] = field(default_factory=dict)
    acknowledged: dict[str, Any] = field(default_factory=dict)

    def send(self, key: str, path: str, **body: Any) -> Any:
        """Send until the answer is no outage; remember what was acknowledged."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        while True:
            assert time.monotonic() < self.deadline, f"{key} is not answered"
            answer = self._answered(f"{self.address}{path}", headers, body)
            if answer is not None:
                assert answer.ok, f"{key}: {answer.status_code} {answer.text[:500]}"
                self.acknowledged[key] = answer.json()
                return answer.json()
            self.repeated += 1
            time.sleep(0.05)

    def _answered(self, address: str, headers: dict[str, str], body: dict[str, Any]) -> requests.Response | None:
        try:
            answer = requests.post(address, headers=headers, timeout=20, **body)
        except requests.RequestException:
            return None
        if answer.status_code >= 500:
            self.outages[answer.headers["X-Request-ID"]] = answer
            return None
        if answer.ok and self.chance.random() < LOST:
            self.lost += 1
            return None
        return None if answer.status_code == 409 and answer.json()["code"] == "request_in_flight" else answer


@dataclass
class Run:
    """What happened: the leads sent, and what the client was told."""

    client: Client
    cast: Cast
    installation: Installation
    lead_ids: dict[str, str] = field(default_factory=dict)

    def synchronize(self) -> None:
        """Import half of the leads as a file, the others in batches, then offer every one."""
        numbers = [str(number) for number in range(LEADS)]
        half = LEADS // 2
        self.client.send("file", "/leads/import", data=_mapping(), files={"file": ("leads.csv", _csv(numbers[:half]))})
        batches = [numbers[start : start + BATCH] for start in range(half, LEADS, BATCH)]
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(self._batch, batches))
            self._read_ids()
            list(pool.map(self._offer, numbers))

    def _batch(self, numbers: list[str]) -> None:
        items = [{"connector": "crm", "external_id": number, **_lead(number)} for number in numbers]
        self.client.send(f"batch {numbers[0]}", "/leads/bulk", json={"leads": items})

    def _read_ids(self) -> None:
        with psycopg.connect(self.installation.server.admin(DATABASE)) as connection:
            self.lead_ids = {
                external_id: str(lead_id)
                for external_id, lead_id in connection.execute("SELECT external_id, id FROM leads").fetchall()
            }

    def _offer(self, number: str) -> None:
        given = {"lead_id": self.lead_ids[number], "partnership_id": str(self.cast.partnership_id)}
        self.client.send(f"offer {number}", "/offers", json=given)


def _lead(number: str) -> dict[str, str]:
    return {"company_name": f"Northwind {number}", "need": "Anvils"}


def _mapping() -> dict[str, str]:
    return {"connector": "crm", "mapping": "external_id=id,company_name=account,need=product"}


def _csv(numbers: list[str]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(
        [("id", "account", "product"), *((number, *_lead(number).values()) for number in numbers)]
    )
    return file.getvalue().encode()


@pytest.fixture(scope="module")
def run(application: Flask) -> Iterator[Run]:
    """The whole run: the client in a thread of its own, the kills in this one, as the servers' parent."""
    with installed() as installation:
        with on_database(application, installation.server.url("app", DATABASE)):
            cast = Cast.partners(application)
        installation.start_web()
        chance = random.Random(20261122)
        patience = time.monotonic() + 60 + (KILLS + STOPS) * 30
        client = Client(installation.address, cast.sam.token, patience, random.Random(chance.random()))
        made = Run(client, cast, installation)
        failed: list[BaseException] = []
        worker = threading.Thread(target=_guarded, args=(made.synchronize, failed))
        worker.start()
        for stops in chance.sample([False] * KILLS + [True] * STOPS, KILLS + STOPS):
            time.sleep(chance.uniform(*PAUSE))
            installation.stop_database_at_once() if stops else installation.kill(chance)
        worker.join()
        assert failed == []
        yield made


def _guarded(work: Callable[[], None], failed: list[BaseException]) -> None:
    try:
        work()
    except BaseException as error:  # noqa: BLE001 - the test's own thread raises it
        failed.append(error)


@pytest.fixture
def rows(run: Run) -> Iterator[Callable[[str], list[tuple[Any, ...]]]]:
    """Ask the database, after everything, as the administrator."""
    with psycopg.connect(run.installation.server.admin(DATABASE)) as connection:
        yield lambda query: connection.execute(query).fetchall()  # type: ignore[arg-type]


Rows = Callable[[str], list[tuple[Any, ...]]]


def test_no_lead_is_lost_and_none_is_doubled(run: Run, rows: Rows) -> None:
    found = sorted(int(external_id) for (external_id,) in rows("SELECT external_id FROM leads"))

    assert found == list(range(LEADS))
    assert run.client.acknowledged["file"]["rows"] == LEADS // 2


def test_every_lead_is_offered_exactly_once(run: Run, rows: Rows) -> None:
    (counted,) = rows("SELECT count(*), count(DISTINCT lead_id), count(*) FILTER (WHERE is_current) FROM offered_leads")
    tables = "offers", "offer_details", "lead_steps", "(SELECT 1 FROM activities WHERE verb = 'lead.offered')"
    shared = "(SELECT 1 FROM shared_activities WHERE verb = 'lead.offered')"

    assert counted == (LEADS, LEADS, LEADS)
    for table in (*tables, shared):
        assert rows(f"SELECT count(*) FROM {table} AS counted") == [(LEADS,)], table


def test_what_was_acknowledged_is_there(run: Run, rows: Rows) -> None:
    told = {answer["id"] for key, answer in run.client.acknowledged.items() if key.startswith("offer ")}
    batches = [answer for key, answer in run.client.acknowledged.items() if key.startswith("batch ")]

    assert told == {str(offer_id) for (offer_id,) in rows("SELECT id FROM offers")}
    assert len(told) == LEADS
    assert len(batches) == -(-(LEADS - LEADS // 2) // BATCH)
    keys = {key for (key,) in rows("SELECT key FROM idempotency_keys WHERE key ~ '^(file|batch|offer)'")}
    assert keys == set(run.client.acknowledged)


def test_the_end_of_every_offer_is_queued_exactly_once(run: Run, rows: Rows) -> None:
    queued = rows(
        "SELECT args->>'offer_id', count(*) FROM procrastinate.procrastinate_jobs"
        " WHERE task_name = 'leads.expire_offer' GROUP BY 1"
    )

    assert {count for _, count in queued} == {1}
    assert {offer_id for offer_id, _ in queued} == {str(offer_id) for (offer_id,) in rows("SELECT id FROM offers")}


def test_every_outage_is_told_as_one_and_logged_in_one_line(run: Run) -> None:
    lines = [json.loads(line) for line in run.installation.log.read_text().splitlines() if line.startswith("{")]
    told = Counter(line.get("request_id") for line in lines if line["event"] == "database.unavailable")

    faults = [line for line in lines if line["event"] == "request.failed"]
    assert not faults, "\n".join(json.dumps(fault, indent=1) for fault in faults)
    assert [answer.text for answer in run.client.outages.values() if answer.status_code != 503] == []
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in run.client.outages.values())
    assert {request_id: told[request_id] for request_id in run.client.outages} == dict.fromkeys(run.client.outages, 1)


def test_the_kills_hit_the_work(run: Run, record_property: Callable[[str, object], None]) -> None:
    record_property("kills of the web server", KILLS)
    record_property("immediate stops of the database", STOPS)
    record_property("requests repeated", run.client.repeated)
    record_property("answers lost after the commit", run.client.lost)
    record_property("outages told", len(run.client.outages))

    assert run.installation.killed["database server"] == STOPS
    assert run.installation.killed.total() == KILLS + STOPS
    assert min(run.client.repeated, run.client.lost, len(run.client.outages)) > 0
