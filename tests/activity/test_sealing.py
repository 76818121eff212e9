"""Sealing what was recorded: in commit order, without gaps, once; and every tampering found by the command."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo

from partnercrm.activity import actions, cli, jobs, queries
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.roles import plain
from tests.cast import Cast, Player, organization, person
from tests.conftest import on_database
from tests.factories import leads
from tests.factories.sealing import Ask, seal
from tests.servers import TestServer

COVERED = """
    SELECT count(*), max(place), count(DISTINCT l.activity_id), (SELECT count(*) FROM activities a WHERE a.{0} = l.{0})
    FROM {1} l GROUP BY l.{0}"""


@pytest.fixture
def worker(application: Flask, app: Flask, database: str, test_server: TestServer) -> Iterator[Flask]:
    """The application as the worker runs it."""
    with on_database(application, test_server.url("worker", database)):
        yield application


@pytest.fixture
def ask(database: str, test_server: TestServer) -> Iterator[Ask]:
    """Ask and tamper as the superuser, whom no trigger stops."""
    with psycopg.connect(test_server.admin(database), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")

        def asked(statement: str) -> list[tuple[Any, ...]]:
            cursor = connection.execute(statement)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

        yield asked


@pytest.fixture
def sealed(worker: Flask, cast: Cast, ask: Ask) -> Cast:
    """Some leads, offered and answered, and all of it sealed."""
    for status in ("accepted", "declined", "withdrawn"):
        leads.offer_at(cast, status)
    seal(ask)
    return cast


def told(app: Flask, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli.verify, arguments, obj=_info(app))
    return done.exit_code, done.output


def _info(app: Flask) -> ScriptInfo:
    return ScriptInfo(create_app=lambda: app)


def test_every_activity_is_sealed_once_without_gaps(sealed: Cast, ask: Ask) -> None:
    own = ask(
        "SELECT count(*), max(place), (SELECT count(*) FROM activities a WHERE a.organization_id = l.organization_id)"
        " FROM audit_links l GROUP BY organization_id"
    )
    shared = ask("SELECT count(*), max(place), (SELECT count(*) FROM shared_activities) FROM shared_audit_links")

    assert len(own) == 3
    assert all(links == last == rows > 0 for links, last, rows in [*own, *shared])
    assert ask("SELECT count(*) FROM audit_chains WHERE flaws = 0 AND length > 0") == [(3,)]


def test_sealing_again_seals_what_is_new_and_nothing_twice(sealed: Cast, ask: Ask) -> None:
    before = ask("SELECT * FROM audit_links ORDER BY 1, 2")

    seal(ask)
    assert ask("SELECT * FROM audit_links ORDER BY 1, 2") == before
    leads.lead(sealed.sam)
    seal(ask)
    after = ask("SELECT * FROM audit_links ORDER BY 1, 2")
    assert len(after) == len(before) + 1
    assert set(before) < set(after)


def test_more_than_a_batch_is_sealed_at_once(worker: Flask, cast: Cast, ask: Ask, monkeypatch: Any) -> None:
    monkeypatch.setattr(actions, "SEALED_AT_ONCE", 2)
    monkeypatch.setattr(queries, "BATCH", 2)
    leads.offer_at(cast, "won")

    seal(ask)

    assert ask("SELECT count(*) FROM activities") == ask("SELECT count(*) FROM audit_links")
    assert told(worker) == (0, "4 chains were read; no flaws were found.\n")


def test_a_transaction_still_running_holds_back_what_began_after_it(
    worker: Flask, cast: Cast, ask: Ask, test_server: TestServer, database: str
) -> None:
    seal(ask)
    before = ask("SELECT count(*) FROM audit_links")
    with psycopg.connect(test_server.admin(database)) as slow:
        slow.execute("SELECT pg_current_xact_id()")
        slow.execute(
            "INSERT INTO activities (id, organization_id, verb, subject, subject_id, request_id, facts, happened_at)"
            " SELECT gen_random_uuid(), organization_id, 'lead.slow', 'leads', gen_random_uuid(), '', '{}', now()"
            " FROM activities WHERE user_id IS NOT NULL LIMIT 1"
        )
        leads.lead(cast.sam)
        jobs.seal()
        assert ask("SELECT count(*) FROM audit_links") == before

    seal(ask)

    (early,), (late,) = ask(
        "SELECT l.place FROM audit_links l JOIN activities a ON a.id = l.activity_id"
        " WHERE a.verb = 'lead.slow' OR a.recorded_at = (SELECT max(recorded_at) FROM activities) ORDER BY a.xact"
    )
    assert early < late
    assert told(worker)[0] == 0


def test_two_sealers_at_once_make_one_chain(worker: Flask, cast: Cast, ask: Ask, monkeypatch: Any) -> None:
    for _ in range(20):
        leads.lead(cast.sam)
    monkeypatch.setattr(actions, "SEALED_AT_ONCE", 3)
    start, failed = threading.Barrier(4), []
    actor = Actor.system(cast.sam.actor.organization_id)

    def seal() -> None:
        with worker.app_context():
            start.wait()
            try:
                more = True
                while more:
                    with db.transaction(actor):
                        more = actions.seal(actor, None)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is shown
                failed.append(error)

    threads = [threading.Thread(target=seal) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    [(links, last, rows)] = ask(
        "SELECT count(*), max(place), (SELECT count(*) FROM activities a WHERE a.organization_id = l.organization_id)"
        f" FROM audit_links l WHERE organization_id = '{actor.organization_id}' GROUP BY organization_id"
    )
    assert links == last == rows


ANY = "(SELECT activity_id FROM audit_links WHERE place = 2 ORDER BY 1 LIMIT 1)"
TAMPERINGS = {
    "an edit": (f"UPDATE activities SET verb = 'lead.won' WHERE id = {ANY}", "something else"),
    "another person": (f"UPDATE activities SET user_id = gen_random_uuid() WHERE id = {ANY}", "something else"),
    "a deletion": (f"DELETE FROM activities WHERE id = {ANY}", "is gone"),
    "a deletion with its link": (
        f"DELETE FROM activities WHERE id = {ANY}; DELETE FROM audit_links WHERE place = 2",
        "does not follow",
    ),
    "an order changed": (
        (
            "UPDATE audit_links SET place = CASE place WHEN 2 THEN -3 ELSE -2 END WHERE place IN (2, 3);"
            "UPDATE audit_links SET place = -place WHERE place < 0"
        ),
        "does not follow",
    ),
    "a row put in": (
        (
            "INSERT INTO activities"
            " (id, organization_id, verb, subject, subject_id, request_id, facts, happened_at, xact)"
            " SELECT gen_random_uuid(), organization_id, 'lead.won', 'offers', gen_random_uuid(), '', '{}', now(), 1"
            " FROM activities LIMIT 1"
        ),
        "was put in behind",
    ),
    "a cut tail": ("DELETE FROM audit_links WHERE place > 3", "missing from the end"),
    "content erased and nobody told": (
        f"UPDATE activities SET facts = '{{}}', verb = 'lead.lost', erased_by = gen_random_uuid() WHERE id = {ANY}",
        "not what it told",
    ),
    "a shared row edited": (
        "UPDATE shared_activities SET facts = '{\"reason\": \"price\"}' WHERE verb = 'lead.declined'",
        "something else",
    ),
}


@pytest.mark.parametrize("how", TAMPERINGS)
def test_the_command_finds(how: str, sealed: Cast, ask: Ask, worker: Flask) -> None:
    assert told(worker) == (0, "4 chains were read; no flaws were found.\n")
    statement, sentence = TAMPERINGS[how]
    ask("ALTER TABLE audit_links DROP CONSTRAINT ck_audit_links_place")
    for part in statement.split(";"):
        ask(part)

    status, said = told(worker)

    assert status == 1
    assert sentence in said


def test_a_tail_cut_with_its_head_shows_against_heads_kept_outside(
    sealed: Cast, ask: Ask, worker: Flask, tmp_path: Path
) -> None:
    kept = tmp_path / "heads.json"
    kept.write_text(CliRunner().invoke(cli.heads, obj=_info(worker)).output)
    assert len(json.loads(kept.read_text())["heads"]) == 4
    assert told(worker, "--heads", str(kept))[0] == 0
    mine = str(sealed.sam.actor.organization_id)
    ask(f"DELETE FROM audit_links WHERE place > 3 AND organization_id = '{mine}'")
    ask(
        "UPDATE audit_chains c SET length = 3, head = hash FROM audit_links l"
        f" WHERE c.organization_id = l.organization_id AND l.place = 3 AND c.organization_id = '{mine}'"
    )
    ask(f"DELETE FROM activities WHERE organization_id = '{mine}' AND id NOT IN (SELECT activity_id FROM audit_links)")
    assert told(worker)[0] == 0

    status, said = told(worker, "--heads", str(kept))

    assert status == 1
    assert "missing from the end" in said


def test_a_chain_that_vanished_shows_against_heads_kept_outside(sealed: Cast, worker: Flask, tmp_path: Path) -> None:
    kept = tmp_path / "heads.json"
    gone = {"chain": "00000000-0000-4000-8000-000000000001", "length": 4, "hash": "00" * 32}
    kept.write_text(json.dumps({"heads": [gone]}))

    status, said = told(worker, "--heads", str(kept))

    assert (status, "is gone, but its head was kept" in said) == (1, True)


def test_a_file_without_heads_is_refused_with_a_sentence(sealed: Cast, worker: Flask, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text("[]")

    assert "does not hold heads" in told(worker, "--heads", str(other))[1]


def test_an_organization_without_anything_has_an_empty_chain_that_is_whole(worker: Flask, cast: Cast) -> None:
    actor = Actor.system(organization("Nobody"))

    with db.transaction(actor):
        assert actions.verify(actor, None) == []
    jobs.verify()


def test_after_a_restore_into_another_cluster_sealing_goes_on(sealed: Cast, ask: Ask, worker: Flask) -> None:
    """The numbers of transactions begin anew there: below all that is settled, while old rows lie beyond them."""
    ask("UPDATE audit_chains SET settled = settled + 1000000000")
    ask("UPDATE activities SET xact = xact + 1000000000")
    leads.lead(sealed.sam)

    seal(ask)

    assert ask("SELECT count(*) FROM activities") == ask("SELECT count(*) FROM audit_links")


def test_the_nightly_reading_notes_what_it_found(sealed: Cast, ask: Ask) -> None:
    jobs.verify()
    assert ask("SELECT count(*) FROM audit_chains WHERE flaws = 0 AND verified_length = length") == [(3,)]
    ask(f"UPDATE activities SET verb = 'lead.won' WHERE id = {ANY}")

    jobs.verify()

    assert ask("SELECT sum(flaws) FROM audit_chains") == [(1,)]


def test_both_sides_read_the_same_head_of_their_partnership_and_their_own_alone(sealed: Cast) -> None:
    def heads(player: Player) -> dict[str, dict[str, Any]]:
        return {one["chain"]: one for one in player.call("GET", "/activities/heads", expect=200)["heads"]}

    olga = person(sealed.app, sealed.gina.actor.organization_id, "Olga", "olga@globex.example", "admin")
    shared = str(sealed.partnership_id)
    ours, theirs, strangers = heads(sealed.ada), heads(olga), heads(sealed.ines)

    assert set(ours) == {shared, str(sealed.ada.actor.organization_id)}
    assert ours[shared] == theirs[shared]
    assert set(ours) & set(theirs) == {shared}
    assert set(strangers) == {str(sealed.ines.actor.organization_id)}
    assert ours[shared]["kind"] == "partnership"
    sealed.sam.call("GET", "/activities/heads", expect=403)


def test_the_web_server_cannot_write_chains(sealed: Cast, app: Flask, database: str, test_server: TestServer) -> None:
    with psycopg.connect(plain(test_server.url("app", database))) as connection:
        for statement in ("UPDATE audit_chains SET length = 0", "DELETE FROM audit_links"):
            with connection.transaction(force_rollback=True), pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
