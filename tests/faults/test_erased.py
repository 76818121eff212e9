"""Erased people are in no dump, log, queue or mail; restored into a fresh cluster, chains and figures hold.

A whole installation runs as processes; what they write to their logs is kept. The dump is what an operator makes, and
the cluster it is restored into is new.
"""

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask

from tests import dumps
from tests.cast import Cast
from tests.conftest import on_database
from tests.faults.erased_story import Somebody, Trio, tell
from tests.faults.installation import DATABASE, Installation, installed
from tests.remote import Remote, cast_at

PROVE = os.environ.get("PARTNERCRM_PROVE") == "1"
TRIOS = (
    Trio(
        Somebody("Zebulon Quastenflosser", "zebulon.quast@acme.example"),
        Somebody("Philippa Zwirbelstein", "Philippa.Zwirbel@northwind.example"),
        Somebody("Korbinian Haferlschuh", "korbinian.hafer@acme.example"),
    ),
    Trio(
        Somebody("Zoë O'Quappenfang (Süd)", "zoe+quappen@acme.example"),
        Somebody("Dr. Ñandú-Müller, Wendelin", "wendelin.nandu@contoso.example"),
        Somebody("Vater & Söhne Ödipussel", "oedipussel@acme.example"),
    ),
    Trio(
        Somebody("Θεμιστοκλής Παπαδόπουλος", "themistokles@acme.example"),
        Somebody("Ioan-Ştefan Ţepeşelul", "tepeselul@fabrikam.example"),
        Somebody("Ægidius von Quittenbaum", "aegidius_quitten@acme.example"),
    ),
)[: 3 if PROVE else 1]
BYSTANDER = Somebody("Zebul Quasten", "zebul.q@acme.example")
MARKS = tuple(mark for trio in TRIOS for one in trio.everybody for mark in one.marks)


@dataclass
class Scene:
    """A running installation in which everybody stands everywhere, its people at its address, and its mails."""

    installation: Installation
    cast: Cast
    mails: Path
    as_of: str

    def dump(self) -> bytes:
        """Return all the database holds, queue and rows that were deleted logically included."""
        return dumps.dump(self.installation.server.admin(DATABASE))

    def written(self) -> dict[str, bytes]:
        """Return what is written outside the database: logs, and mails with what they carry decoded."""
        found = {one.name: one.read_bytes() for one in (self.installation.log, self.installation.worker_log)}
        found["database log"] = self.installation.database_log.read_bytes()
        for path in self.mails.glob("*"):
            found[f"mail {path.name}"] = _decoded(path.read_bytes())
        return found

    def report(self, by: str) -> bytes:
        """Return the reciprocity report as of the moment before the erasure, as it is sent."""
        player: Remote = getattr(self.cast, by)
        path = f"/partnerships/{self.cast.partnership_id}/reciprocity"
        answer = player.response("GET", path, query_string={"as_of": self.as_of})
        assert answer.status_code == 200, answer.text
        data: bytes = answer.data
        return data

    def settle(self) -> None:
        """Let the worker do everything that is due, and seal the record."""
        with psycopg.connect(self.installation.server.admin(DATABASE), autocommit=True) as connection:
            queue = "procrastinate.procrastinate_jobs"
            connection.execute("SET search_path = procrastinate")
            for _ in range(2):
                connection.execute(
                    f"INSERT INTO {queue} (queue_name, task_name, args) VALUES ('default', 'activity.seal', '{{}}')"
                )
                _eventually(lambda: _is_done(connection, queue))


def _is_done(connection: psycopg.Connection[Any], queue: str) -> bool:
    due = "status = 'doing' OR status = 'todo' AND coalesce(scheduled_at, now()) <= now()"
    return connection.execute(f"SELECT count(*) FROM {queue} WHERE {due}").fetchone() == (0,)


def _eventually(holds: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "the worker does not come to an end"
        time.sleep(0.1)


def _decoded(raw: bytes) -> bytes:
    message = message_from_bytes(raw, policy=policy.default)
    headers = "\n".join(f"{name}: {value}" for name, value in message.items())
    texts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return b"\n".join((raw, headers.encode(), *(text.encode() for text in texts)))


@pytest.fixture
def scene(application: Flask, tmp_path: Path) -> Iterator[Scene]:
    """The installation after everything has been told, in rows, requests, files and mails."""
    mails = tmp_path / "mails"
    with (
        installed(PARTNERCRM_MAILBOX_DIRECTORY=str(mails)) as installation,
        on_database(application, installation.server.url("app", DATABASE)),
    ):
        cast = cast_at(Cast.partners(application), installation.address)
        installation.start_web()
        installation.start_worker()
        made = Scene(installation, cast, mails, "")
        for number, trio in enumerate(TRIOS):
            tell(cast, trio, f"story {number}")
        given = {"name": BYSTANDER.name, "email": BYSTANDER.address, "roles": ["seller"], "password": "p" * 12}
        cast.ada.call("POST", "/users", json=given, expect=201)
        made.settle()
        made.as_of = datetime.now(UTC).isoformat()
        yield made


def test_of_erased_people_nothing_is_left_and_what_is_restored_elsewhere_holds(
    scene: Scene, application: Flask, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    before, kept = scene.dump(), tmp_path / "heads.json"
    assert dumps.marked(before, MARKS) == list(MARKS), "a mark that never stood there proves nothing"
    assert any(dumps.marked(content, MARKS) for name, content in scene.written().items() if name.startswith("mail"))
    kept.write_text(scene.installation.run("audit", "heads"))
    reports = {scene.report("dana"), scene.report("hank")}
    assert len(reports) == 1
    assert any(json.loads(next(iter(reports)))["organizations"][0]["given"].values())

    for trio in TRIOS:
        for one in trio.everybody:
            given = {"email": one.address, "confirmed_email": one.address}
            scene.cast.ada.call("POST", "/people/erase", json=given, expect=200, key=f"erase {one.address[:3]}")
    scene.settle()

    after = scene.dump()
    assert not (left := _places(after)), "\n".join(f"{table}: {said}" for table, said in left.items())
    assert {name: found for name, told in scene.written().items() if (found := dumps.marked(told, MARKS))} == {}
    assert dumps.marked(after, BYSTANDER.marks) == list(BYSTANDER.marks)
    assert {scene.report("dana"), scene.report("hank")} == reports
    record_property("people erased", len(TRIOS) * 3)
    record_property("bytes of the dump looked through", len(after))
    with installed(is_migrated=False) as elsewhere:
        dumps.restore(elsewhere.server.admin(DATABASE), dumps.saved(scene.installation.server.admin(DATABASE)))
        assert "no flaws were found" in elsewhere.run("audit", "verify", "--heads", str(kept))
        elsewhere.start_web()
        restored = Scene(elsewhere, cast_at(scene.cast, elsewhere.address), scene.mails, scene.as_of)
        assert {restored.report("dana"), restored.report("hank")} == reports
        assert _counts(elsewhere) == _counts(scene.installation)


def _places(dumped: bytes) -> dict[str, tuple[int, str]]:
    """Return each table of a dump in which somebody stands: in how many rows, and one of them."""
    found, table = dict[str, tuple[int, str]](), ""
    for line in dumped.split(b"\n"):
        if begun := re.match(rb"COPY (\S+) \(", line):
            table = begun[1].decode()
        elif dumps.marked(line, MARKS):
            found[table] = (found.get(table, (0, ""))[0] + 1, line.decode())
    return found


def _counts(installation: Installation) -> list[tuple[Any, ...]]:
    """Return how many rows of each kind that counts there are."""
    with psycopg.connect(installation.server.admin(DATABASE)) as connection:
        tables = ("leads", "offers", "lead_steps", "activities", "shared_activities", "audit_links", "users")
        return [connection.execute(f"SELECT '{table}', count(*) FROM {table}").fetchone() for table in tables]


def test_a_mark_is_found_however_it_is_written() -> None:
    mark = "Philippa.Zwirbel@northwind.example"

    assert dumps.marked(b"PHILIPPA.ZWIRBEL@NORTHWIND.EXAMPLE", (mark,)) == [mark]
    assert dumps.marked(rb"\\x" + b"so: philippa.zwirbel@northwind.example!".hex().encode(), (mark,)) == [mark]
    assert dumps.marked(b"c286IFBoaWxpcHBhLlp3aXJiZWxAbm9ydGh3aW5kLmV4YW1wbGUh", (mark,)) == [mark]
    assert dumps.marked(b"philippa.zwirbel%40northwind.example", (mark,)) == [mark]
    assert dumps.marked(b"somebody.else@northwind.example", (mark,)) == []
