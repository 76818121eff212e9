"""Erasing a person: nothing of them is left anywhere, and everything that was counted and sealed still holds."""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from io import BytesIO
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from psycopg import sql

from partnercrm.activity import cli as audit
from partnercrm.activity import jobs as activity_jobs
from partnercrm.kernel import migrations
from partnercrm.settings import ROOT
from tests.cast import PASSWORD, Cast, Player, person
from tests.conftest import on_database
from tests.factories import imports
from tests.factories.leads import KNOWN
from tests.servers import TestServer

NAME, ADDRESS = "Zebulon Quastenflosser", "zebulon.quast@acme.example"
CONTACT, CONTACT_ADDRESS = "Philippa Zwirbelstein", "Philippa.Zwirbel@northwind.example"
MARKS = ("zebulon", "quast", "philippa", "zwirbel")
Dump = Callable[[], dict[str, bytes]]
Worker = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def worker(app: Flask, database: str, test_server: TestServer) -> Worker:
    """Let the application work as the worker does."""
    return lambda: on_database(app, test_server.url("worker", database))


@pytest.fixture
def dump(database: str, test_server: TestServer) -> Iterator[Dump]:
    """Copy every table of the database out, the queue's included."""
    with psycopg.connect(test_server.admin(database), autocommit=True) as connection:
        yield lambda: {name: _copied(connection, name) for name in _tables(connection)}


def _tables(connection: psycopg.Connection[Any]) -> list[str]:
    query = "SELECT n.nspname || '.' || relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
    kinds = " WHERE relkind = 'r' AND nspname IN ('public', 'procrastinate') ORDER BY 1"
    return [name for (name,) in connection.execute(query + kinds).fetchall()]


def _copied(connection: psycopg.Connection[Any], table: str) -> bytes:
    name = sql.Identifier(*table.split("."))
    with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(name)) as copy:
        return b"".join(bytes(block) for block in copy)


def hits(tables: dict[str, bytes]) -> list[str]:
    """Return where a mark stands: as text, or as the hexadecimal digits of stored bytes."""
    forms = {
        mark: (mark.encode(), mark.encode().hex().encode(), mark.title().encode().hex().encode()) for mark in MARKS
    }
    return sorted(
        f"{table}: {mark}"
        for table, data in tables.items()
        for mark, found in forms.items()
        if any(form in data.lower() for form in found)
    )


@pytest.fixture
def zeb(app: Flask, cast: Cast) -> Player:
    """A colleague whose name and address stand everywhere a colleague's can."""
    zeb = person(app, cast.dana.actor.organization_id, NAME, ADDRESS, "partner_manager", "seller")
    member = {"user_id": str(zeb.actor.user_id), "role": "seller"}
    cast.dana.call("POST", f"/partnerships/{cast.partnership_id}/members", json=member, expect=201, key="m1")
    zeb.call("POST", "/tokens", json={"name": f"{NAME}'s sync", "scopes": ["leads:read"]}, expect=201)
    proposal = {"addressee": "ines@initech.example", "message": f"Yours, {NAME} <{ADDRESS}>"}
    zeb.call("POST", "/proposals", json=proposal, expect=201, key="p1")
    cast.hank.call("POST", "/proposals", json={"addressee": ADDRESS, "message": f"Dear {NAME}"}, expect=201)
    app.test_client().post("/sign-in", data={"email": ADDRESS, "password": PASSWORD})
    return zeb


@pytest.fixture
def known(cast: Cast, zeb: Player) -> dict[str, Any]:
    """A customer's person, in leads, offers, notes, files and answers on both sides; and a colleague in notes."""
    contact = {
        "contact_name": CONTACT,
        "contact_email": CONTACT_ADDRESS,
        **KNOWN,
        "contact_source_note": f"Card of {CONTACT}",
    }
    notes = {"notes": f"{CONTACT} asked; {NAME} answered from {ADDRESS}."}
    lead = zeb.call("POST", "/leads", json={"company_name": "Northwind", "need": "Kite", **contact, **notes}, key="l1")
    given = {
        "lead_id": lead["id"],
        "partnership_id": str(cast.partnership_id),
        "message": f"Ask {CONTACT}, says {NAME}.",
    }
    offered = zeb.call("POST", "/offers", json=given, expect=201, key="o1")
    cast.gina.call("POST", f"/offers/{offered['id']}/accept", expect=200, key="a1")
    told = {"reason": "no_budget", "note": f"{CONTACT} said no to {NAME}."}
    cast.gina.call("POST", f"/offers/{offered['id']}/disqualify", json=told, expect=200, key="d1")
    rows = f"id,account,product,who,mail,says\n7,Contoso,Kite,{CONTACT},{CONTACT_ADDRESS},met {NAME}\n".encode()
    mapping = "external_id=id,company_name=account,need=product,contact_name=who,contact_email=mail,notes=says"
    upload = {"connector": "file", "mapping": mapping, "file": (BytesIO(rows), "leads.csv")}
    zeb.call("POST", "/leads/import", data=upload, expect=200)
    imports.fail(zeb, _without_header(zeb))
    [done] = cast.ada.call("GET", "/activities?verb=lead.offered", expect=200)["items"]
    cast.ada.call("POST", f"/activities/{done['id']}/open", json={"purpose": f"{NAME} asked"}, expect=200)
    report = cast.dana.call("GET", f"/partnerships/{cast.partnership_id}/reciprocity", expect=200)
    return {"offer": offered, "lead": lead, "report": totals(report)}


def _without_header(zeb: Player) -> dict[str, Any]:
    """Send a file whose first row is taken for the columns' names, with a contact in every row; it is remembered."""
    mapping = f"external_id=1,company_name=Contoso,need=Kite,contact_name:={CONTACT},contact_email:={CONTACT_ADDRESS}"
    upload = {"connector": "fair", "mapping": mapping, "has_header": "true"}
    return imports.sent(zeb, "2,Fabrikam,Kite,\n", header=f"1,Contoso,Kite,{CONTACT}\n", **upload)


def totals(report: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in report.items() if name != "as_of"}


def erase(cast: Cast, email: str) -> dict[str, Any]:
    given = {"email": email, "confirmed_email": email}
    done: dict[str, Any] = cast.ada.call("POST", "/people/erase", json=given, expect=200)
    return done


def verified(app: Flask) -> str:
    return CliRunner().invoke(audit.verify, [], obj=ScriptInfo(create_app=lambda: app)).output


def test_of_an_erased_person_nothing_is_left_and_everything_still_holds(
    worker: Worker, cast: Cast, known: dict[str, Any], dump: Dump, caplog: pytest.LogCaptureFixture
) -> None:
    app = cast.app
    caplog.set_level(logging.DEBUG)
    with worker():
        activity_jobs.seal()
    assert {hit.partition(":")[0] for hit in hits(dump())} >= {
        *("public.users", "public.leads", "public.offers", "public.offer_details", "public.partnership_members"),
        *("public.activities", "public.shared_activities", "public.idempotency_keys", "public.received_proposals"),
    }

    erased = erase(cast, ADDRESS)
    contacts = erase(cast, CONTACT_ADDRESS)

    assert erased["users"] == 1
    assert (contacts["users"], contacts["leads"], contacts["offers"]) == (0, 2, 1)
    assert hits(dump()) == []
    assert not [record for record in caplog.records if any(mark in str(record.msg).lower() for mark in MARKS)]
    with worker():
        activity_jobs.seal()
        assert "no flaws were found" in verified(app)
    report = cast.dana.call("GET", f"/partnerships/{cast.partnership_id}/reciprocity", expect=200)
    assert totals(report) == known["report"]


def test_restored_into_an_empty_database_chains_and_totals_are_the_same(
    worker: Worker, cast: Cast, known: dict[str, Any], dump: Dump, test_server: TestServer
) -> None:
    app, server = cast.app, test_server
    erase(cast, ADDRESS)
    erase(cast, CONTACT_ADDRESS)
    with worker():
        activity_jobs.seal()
    name = f"{server.prefix}_restored"
    server.prepare(name)
    try:
        migrations.upgrade(ROOT / "migrations", server.url("owner", name))
        with psycopg.connect(server.admin(name)) as connection:
            connection.execute("SET session_replication_role = replica")
            for table, data in dump().items():
                if table.endswith("alembic_version"):
                    continue
                place = sql.Identifier(*table.split("."))
                connection.execute(sql.SQL("DELETE FROM {}").format(place))
                with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(place)) as copy:
                    copy.write(data)
        with on_database(app, server.url("worker", name)):
            assert "no flaws were found" in verified(app)
        with on_database(app, server.url("app", name)):
            report = cast.dana.call("GET", f"/partnerships/{cast.partnership_id}/reciprocity", expect=200)
            assert totals(report) == known["report"]
    finally:
        server.drop(name)


def test_an_erased_colleague_is_out_at_once_and_stands_in_the_record_without_a_name(cast: Cast, zeb: Player) -> None:
    user_id = str(zeb.actor.user_id)

    erase(cast, ADDRESS)

    assert zeb.response("GET", "/me").status_code == 401
    left = cast.ada.call("GET", f"/users/{user_id}", expect=200)
    assert left["name"] == "Erased person"
    assert left["disabled_at"] is not None
    members = cast.hank.call("GET", f"/partnerships/{cast.partnership_id}", expect=200)["members"]
    assert "Erased person" in {member["name"] for member in members}


def test_both_sides_are_told_without_a_name(cast: Cast, known: dict[str, Any]) -> None:
    olga = person(cast.app, cast.gina.actor.organization_id, "Olga", "olga@globex.example", "admin")

    erase(cast, CONTACT_ADDRESS)

    [ours] = [
        one
        for one in cast.ada.call("GET", "/activities?verb=person.erased", expect=200)["items"]
        if one["subject"] == "partnerships"
    ]
    assert set(ours["facts"]) == {"remains"}
    assert olga.call("GET", "/activities?verb=person.erased", expect=200)["items"] == []
    offer = cast.gina.call("GET", f"/offers/{known['offer']['id']}", expect=200)
    assert (offer["details"]["contact_name"], offer["contact_role"]) == (None, None)


def test_an_erasure_nobody_told_is_found(
    app: Flask, cast: Cast, known: dict[str, Any], database: str, test_server: TestServer
) -> None:
    erase(cast, ADDRESS)
    with on_database(app, test_server.url("worker", database)):
        activity_jobs.seal()
        with psycopg.connect(test_server.admin(database), autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("UPDATE activities SET verb = 'lead.lost' WHERE erased_by IS NOT NULL")

        assert "not what it told" in verified(app)


def test_what_is_kept_of_a_person_is_written_out_for_them(cast: Cast, known: dict[str, Any]) -> None:
    mine = cast.ada.call("POST", "/people/export", json={"email": ADDRESS}, expect=200)["kept"]
    contact = cast.ada.call("POST", "/people/export", json={"email": CONTACT_ADDRESS.lower()}, expect=200)["kept"]

    assert (mine["accounts"][0]["name"], mine["memberships"][0]["role"]) == (NAME, "seller")
    assert "lead.offered" in {one["verb"] for one in mine["activities"]}
    assert {one["contact_name"] for one in contact["contacts"]} == {CONTACT}
    assert len(contact["contacts"]) == 2
    for player in (cast.sam, cast.dana):
        player.call("POST", "/people/export", json={"email": ADDRESS}, expect=403)
    cast.ines.call("POST", "/people/export", json={"email": CONTACT_ADDRESS}, expect=404)
    proposed = cast.ines.call("POST", "/people/export", json={"email": ADDRESS}, expect=200)["kept"]
    assert proposed.keys() == {"received_proposals"}


def test_nobody_is_erased_by_a_slip_of_the_hand_or_from_outside(cast: Cast, known: dict[str, Any]) -> None:
    slip = {"email": ADDRESS, "confirmed_email": "other@acme.example"}
    assert cast.ada.call("POST", "/people/erase", json=slip, expect=422)["errors"][0]["field"] == "confirmed_email"
    right = {"email": ADDRESS, "confirmed_email": ADDRESS}
    unknown = {"email": CONTACT_ADDRESS, "confirmed_email": CONTACT_ADDRESS}
    cast.ines.call("POST", "/people/erase", json=unknown, expect=404)
    cast.sam.call("POST", "/people/erase", json=right, expect=403)
    last = {"email": cast.ada.email, "confirmed_email": cast.ada.email}
    assert cast.ada.call("POST", "/people/erase", json=last, expect=409)["code"] == "last_admin"
