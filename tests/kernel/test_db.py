"""Transactions: whose they are, what may be written, what survives."""

from contextlib import suppress
from functools import partial
from threading import Barrier
from typing import Any
from uuid import UUID

import psycopg
import psycopg.errors
import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from partnercrm.identity.models import Team
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Conflict
from partnercrm.kernel.ids import new_id
from partnercrm.web.rate_limits import COUNT
from tests.cast import Cast
from tests.crowd import at_once
from tests.servers import TestServer


def team(actor: Actor, name: str = "South") -> Team:
    made = Team(id=new_id(), organization_id=actor.organization_id, name=name)
    db.session().add(made)
    db.session().flush()
    return made


def refused(actor: Actor, aside: str | None = None) -> None:
    with db.transaction(actor):
        if aside:
            with db.aside(actor):
                team(actor, aside)
        team(actor, "undone")
        raise Conflict


def names(actor: Actor) -> list[str]:
    with db.transaction(actor, read_only=True):
        return list(db.session().scalars(select(Team.name).order_by(Team.name)))


def test_what_is_done_in_a_transaction_is_kept_at_its_end_and_undone_when_it_raises(cast: Cast) -> None:
    actor = cast.ada.actor
    with db.transaction(actor):
        team(actor, "kept")
    with pytest.raises(Conflict):
        refused(actor)

    assert names(actor) == ["kept"]


def test_a_read_only_transaction_writes_nothing(cast: Cast) -> None:
    actor = cast.ada.actor

    with pytest.raises(DBAPIError, match="read-only transaction"), db.transaction(actor, read_only=True):
        team(actor)

    assert names(actor) == []


def test_a_write_within_a_get_fails(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from partnercrm.identity import queries

    monkeypatch.setattr(queries, "organization", team)

    assert cast.ada.response("GET", "/me").status_code == 500
    assert names(cast.ada.actor) == []


def test_what_is_done_aside_survives_a_refusal(cast: Cast) -> None:
    actor = cast.ada.actor

    with pytest.raises(Conflict):
        refused(actor, aside="aside")

    assert names(actor) == ["aside"]


def test_what_is_done_aside_of_a_read_is_written_although_the_read_is_read_only(cast: Cast) -> None:
    actor = cast.ada.actor
    with db.transaction(actor, read_only=True):
        with db.aside(actor):
            team(actor, "aside")
        with pytest.raises(DBAPIError, match="read-only transaction"):
            team(actor, "refused")
        db.session().rollback()

    assert names(actor) == ["aside"]


def test_what_is_done_on_trial_is_undone(cast: Cast) -> None:
    actor = cast.ada.actor
    with db.transaction(actor):
        with db.trial():
            team(actor, "tried")
        team(actor, "kept")

    assert names(actor) == ["kept"]


def test_transactions_do_not_nest_and_outside_of_one_there_is_no_session(cast: Cast) -> None:
    actor = cast.ada.actor
    with db.transaction(actor), pytest.raises(RuntimeError, match="already open"), db.transaction(actor):
        pass
    with pytest.raises(RuntimeError, match="no transaction is open"):
        db.session()


def context() -> tuple[str, UUID | None]:
    row = db.session().execute(text("SELECT current_setting('partnercrm.organization', true), ctx_org()")).one()
    return row[0], row[1]


def test_the_database_knows_for_whom_it_works_and_forgets_it_at_the_end(cast: Cast) -> None:
    actor = cast.ada.actor
    for _ in range(3):
        with db.transaction(actor):
            assert context() == (str(actor.organization_id), actor.organization_id)
        with db.transaction(None):
            assert context() == ("", None)
            assert list(db.session().scalars(select(Team.name))) == []


def test_the_one_aside_does_not_change_for_whom_the_other_works(cast: Cast) -> None:
    acme, initech = cast.ada.actor, cast.ines.actor
    with db.transaction(acme):
        with db.aside(initech):
            assert context()[1] == initech.organization_id
        assert context()[1] == acme.organization_id


def test_who_comes_second_is_refused_by_the_named_constraint_and_by_no_other(cast: Cast) -> None:
    actor = cast.ada.actor
    with db.transaction(actor):
        team(actor, "South")

    with pytest.raises(Conflict), db.transaction(actor), db.unique("uq_teams_organization_id_name", Conflict):
        db.session().add(Team(id=new_id(), organization_id=actor.organization_id, name="South"))
    with pytest.raises(IntegrityError), db.transaction(actor), db.unique("pk_teams", Conflict):
        db.session().add(Team(id=new_id(), organization_id=actor.organization_id, name="South"))


def closed_by_the_server(admin: str) -> int:
    """End every connection to the database that is idle in a pool; return how many there were."""
    with psycopg.connect(admin, autocommit=True) as server:
        ended = server.execute(
            "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone()
    assert ended is not None
    return int(ended[0])


def test_connections_the_server_closed_meanwhile_are_replaced_unseen(
    cast: Cast, database: str, test_server: TestServer
) -> None:
    for _ in range(3):
        assert cast.ada.response("GET", "/me").status_code == 200
        assert closed_by_the_server(test_server.admin(database)) >= 1
    assert cast.ada.response("GET", "/me").status_code == 200


def test_a_server_that_closes_each_new_connection_at_once_is_an_outage(
    cast: Cast, database: str, test_server: TestServer
) -> None:
    def closed(connection: psycopg.Connection, _record: object) -> None:
        connection.close()

    # The engine outlives the test, and the dialect asks its first connection whatever it must know.
    cast.ada.call("GET", "/me", expect=200)
    closed_by_the_server(test_server.admin(database))
    event.listen(db.db.engine, "connect", closed)
    try:
        answer = cast.ada.response("GET", "/me")
    finally:
        event.remove(db.db.engine, "connect", closed)

    assert (answer.status_code, answer.json["code"], "Retry-After" in answer.headers) == (503, "unavailable", True)
    assert cast.ada.response("GET", "/me").status_code == 200


def test_one_statement_alone_is_kept_at_once_and_sees_no_tenant(cast: Cast) -> None:
    written = {"key": "alone", "seconds": 60}
    with db.transaction(cast.ada.actor):
        assert db.alone(text(COUNT), written)[0].hits == 1
        db.session().rollback()
    assert db.alone(text(COUNT), written)[0].hits == 2
    assert db.alone(text("SELECT name FROM teams UNION ALL SELECT name FROM users"), {}) == []


def test_a_request_takes_one_exchange_to_recognise_its_caller_and_two_around_its_work(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.ada.call("GET", "/me", expect=200)
    exchanges, wait = [], psycopg.Connection.wait

    def counted(connection: psycopg.Connection, *given: Any, **options: Any) -> Any:
        exchanges.append(connection)
        return wait(connection, *given, **options)

    monkeypatch.setattr(psycopg.Connection, "wait", counted)
    cast.ada.call("GET", "/me", expect=200)

    given_back = 2
    assert len(exchanges) - given_back == len(["who and how often", "BEGIN", "the organization", "COMMIT"])


def test_new_things_are_written_together_and_read_as_columns_after_what_waits(cast: Cast) -> None:
    actor = cast.ada.actor
    with db.transaction(actor):
        db.session().add(Team(id=new_id(), organization_id=actor.organization_id, name="East"))
        db.insert(*(Team(id=new_id(), organization_id=actor.organization_id, name=name) for name in ("North", "West")))
        assert [row.name for row in db.rows(select(Team.name).order_by(Team.name))] == ["East", "North", "West"]
    with pytest.raises(IntegrityError), db.transaction(actor):
        db.insert(*(Team(id=new_id(), organization_id=actor.organization_id, name=name) for name in ("South", "West")))

    assert names(actor) == ["East", "North", "West"]


def test_what_is_put_together_is_written_at_its_end_or_not_at_all(cast: Cast) -> None:
    actor = cast.ada.actor
    with db.transaction(actor):
        with db.together():
            db.insert(Team(id=new_id(), organization_id=actor.organization_id, name="North"))
            db.insert((Team, {"id": new_id(), "organization_id": actor.organization_id, "name": "West"}))
            assert db.rows(select(Team.name)) == []
        assert len(db.rows(select(Team.name))) == 2
        with pytest.raises(RuntimeError, match="together already"), db.together(), db.together():
            pass
        with suppress(LookupError), db.together():
            db.insert(Team(id=new_id(), organization_id=actor.organization_id, name="South"))
            raise LookupError
        with db.together():
            pass

    assert names(actor) == ["North", "West"]


def test_of_two_who_wait_for_each_other_both_come_through_and_nothing_is_doubled(cast: Cast) -> None:
    actor, met, tries = cast.ada.actor, Barrier(2), list[str]()

    def named(name: str, *locks: int) -> None:
        with db.transaction(actor):
            team(actor, name)
            tries.append(name)
            for lock in locks:
                db.session().execute(text(f"SELECT pg_advisory_xact_lock({lock})"))
                if len(tries) <= 2 and lock == locks[0]:
                    met.wait()

    def at_first_crosswise(name: str, *locks: int) -> None:
        with cast.app.app_context():
            db.untangled(partial(named, name, *locks))

    at_once([partial(at_first_crosswise, "first", 1, 2), partial(at_first_crosswise, "second", 2, 1)])

    assert (len(tries), names(actor)) == (3, ["first", "second"])


def test_a_deadlock_that_comes_again_and_again_is_told_in_the_end() -> None:
    tries = []

    def always() -> None:
        tries.append(1)
        raise OperationalError("UPDATE", None, psycopg.errors.DeadlockDetected())

    with pytest.raises(OperationalError):
        db.untangled(always)

    assert len(tries) == 3


def test_an_outage_is_no_deadlock() -> None:
    tries = []

    def out() -> None:
        tries.append(1)
        raise OperationalError("UPDATE", None, psycopg.errors.AdminShutdown())

    with pytest.raises(OperationalError):
        db.untangled(out)

    assert len(tries) == 1
