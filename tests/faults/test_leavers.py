"""Whoever is given something to hold while their account closes does not get it: a closed account holds nothing."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any
from uuid import UUID

import psycopg
import pytest
from flask import Flask

from partnercrm.identity.actions import leaving
from partnercrm.integrations import jobs
from partnercrm.kernel import db
from tests.cast import Cast, Player, person
from tests.crowd import at_once
from tests.factories import cases, imports, leads
from tests.servers import TestServer

DRAFT = {"company_name": "Northwind", "need": "Anvils"}
PATIENCE = 5.0
# Who asks for what, of themselves or of the leaver, and how that is answered once the account is closed.
Asking = Callable[[Cast, Player], Callable[[], Any]]


def post(player: Player, path: str, given: Any) -> Callable[[], Any]:
    return lambda: player.response("POST", path, json=given)


def edit(cast: Cast, leaver: Player) -> Callable[[], Any]:
    path = f"/leads/{leads.lead(cast.dana)['id']}"
    tag = cast.dana.response("GET", path).headers["ETag"]
    given = {"owner_id": str(leaver.actor.user_id)}
    return lambda: cast.dana.response("PATCH", path, json=given, if_match=tag)


def accept(cast: Cast, leaver: Player) -> Callable[[], Any]:
    cast.ines.call("POST", "/proposals", json={"addressee": leaver.email}, expect=201)
    [received] = [one for one in leaver.call("GET", "/received-proposals")["items"] if one["status"] == "open"]
    return lambda: leaver.response("POST", f"/received-proposals/{received['id']}/accept")


def send(_: Cast, leaver: Player) -> Callable[[], Any]:
    file = {"connector": "crm", "file": (BytesIO(b"id,account,product"), "leads.csv")}
    return lambda: leaver.response("POST", "/imports", data=file)


def lead_of(leaver: Player) -> dict[str, Any]:
    return DRAFT | {"connector": "crm", "external_id": "1", "owner_id": str(leaver.actor.user_id)}


ASKED: dict[str, tuple[int, Asking]] = {
    "a lead given": (422, lambda cast, leaver: post(cast.dana, "/leads", lead_of(leaver))),
    "many leads given": (422, lambda cast, leaver: post(cast.dana, "/leads/bulk", {"leads": [lead_of(leaver)]})),
    "a lead passed on": (422, edit),
    "a lead of one's own": (401, lambda _, leaver: post(leaver, "/leads", DRAFT)),
    "a membership": (
        422,
        lambda cast, leaver: post(
            cast.dana,
            f"/partnerships/{cast.partnership_id}/members",
            {"user_id": str(leaver.actor.user_id), "role": "seller"},
        ),
    ),
    "a proposal": (401, lambda _, leaver: post(leaver, "/proposals", {"addressee": "gina@globex.example"})),
    "a partnership": (401, accept),
    "an import": (401, send),
    "an absence": (
        422,
        lambda cast, leaver: post(
            cast.dana,
            "/deputies",
            {"deputy_id": str(leaver.actor.user_id), "from_on": "2031-01-06", "to_on": "2031-01-10"},
        ),
    ),
}


@pytest.fixture
def leaver(app: Flask, cast: Cast) -> Player:
    """Somebody of Acme who may do much and holds nothing."""
    return person(app, cast.dana.actor.organization_id, "Lea", "lea@acme.example", "partner_manager")


@pytest.fixture
def waiting(database: str, test_server: TestServer) -> Callable[[], bool]:
    """Tell whether anybody waits for a lock in this test's database."""

    def ask() -> bool:
        with psycopg.connect(test_server.admin(database)) as connection:
            waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
            return connection.execute(waits, [database]).fetchone() != (0,)

    return ask


def held(cast: Cast, user_id: UUID, by: Player | None = None) -> list[str]:
    actor = (by or cast.ada).actor
    with db.transaction(actor):
        return [holding.what for holding in leaving.held_by(actor, leaving.queries.user(actor, user_id))]


def ask_while_closing(
    app: Flask, by: Player, user_id: UUID, asking: Callable[[], Any], waiting: Callable[[], bool]
) -> Any:
    """Ask while the account's closing is not committed yet; return what was answered after it was."""

    def ask() -> Any:
        with app.app_context():
            return asking()

    with ThreadPoolExecutor(1) as pool:
        with db.transaction(by.actor):
            leaving.close_account(by.actor, user_id, None)
            asked = pool.submit(ask)
            until = time.monotonic() + PATIENCE
            while not asked.done() and not waiting() and time.monotonic() < until:
                time.sleep(0.01)
        return asked.result()


@pytest.mark.parametrize("what", ASKED)
def test_nothing_comes_to_an_account_that_is_being_closed(
    app: Flask, cast: Cast, leaver: Player, waiting: Callable[[], bool], what: str
) -> None:
    refused, asked = ASKED[what]
    user_id = leaver.actor.user_id
    assert user_id is not None
    asking = asked(cast, leaver)

    answer = ask_while_closing(app, cast.ada, user_id, asking, waiting)

    assert held(cast, user_id) == []
    assert answer.status_code == refused


def test_an_import_gives_nothing_to_who_left_since_it_was_checked(cast: Cast, leaver: Player) -> None:
    file = {"header": "id,account,product,owner\n", "mapping": f"{imports.MAPPING},owner_email=owner"}
    checked = imports.run(cast.dana, imports.sent(cast.dana, f"1,Contoso,Kite,{leaver.email}\n", **file), dry_run=True)
    cast.ada.call("POST", f"/users/{leaver.actor.user_id}/close", json={}, expect=200)

    done = imports.run(cast.dana, checked)

    assert (done["state"], done["wrong"]) == ("checked", 1)
    [row] = cast.dana.call("GET", f"/imports/{checked['id']}/wrong-rows", expect=200)["items"]
    assert row["faults"][0]["message"] == "This person cannot be given leads any more."
    assert imports.kept(cast.dana) == {}


def test_an_import_that_enters_leads_for_a_leaver_meanwhile_waits_and_gives_them_to_nobody(
    app: Flask, cast: Cast, leaver: Player, waiting: Callable[[], bool]
) -> None:
    file = {"header": "id,account,product,owner\n", "mapping": f"{imports.MAPPING},owner_email=owner"}
    checked = imports.run(cast.dana, imports.sent(cast.dana, f"1,Contoso,Kite,{leaver.email}\n", **file), dry_run=True)
    cast.dana.call("POST", f"/imports/{checked['id']}/start", json={}, expect=200)
    user_id = leaver.actor.user_id
    assert user_id is not None

    ask_while_closing(
        app, cast.ada, user_id, lambda: jobs.run_import(str(cast.ada.actor.organization_id), checked["id"]), waiting
    )

    assert held(cast, user_id) == []
    assert cast.dana.call("GET", f"/imports/{checked['id']}", expect=200)["wrong"] == 1


def test_whose_account_closes_while_they_are_asked_to_moderate_is_not_asked(
    app: Flask, cast: Cast, waiting: Callable[[], bool]
) -> None:
    ida = person(app, cast.ines.actor.organization_id, "Ida", "ida@initech.example", "seller")
    user_id = ida.actor.user_id
    assert user_id is not None
    opened = cases.case(cast.sam, cast)
    path = f"/cases/{opened['id']}/moderator"
    cast.sam.call("POST", path, json={"address": ida.email}, expect=200)

    answer = ask_while_closing(app, cast.ines, user_id, lambda: cast.gina.response("POST", f"{path}/confirm"), waiting)

    assert answer.status_code == 200
    assert held(cast, user_id, by=cast.ines) == []


def test_leads_given_many_at_once_while_an_account_closes_pass_to_the_successor_or_are_refused(
    cast: Cast, leaver: Player
) -> None:
    user_id = leaver.actor.user_id
    assert user_id is not None
    close = {"successor_id": str(cast.sam.actor.user_id)}
    calls = [post(cast.dana, "/leads", DRAFT | {"owner_id": str(user_id)})] * 6

    answers = at_once([*calls, post(cast.ada, f"/users/{user_id}/close", close)])

    assert {answer.status_code for answer in answers} <= {200, 201, 422}
    given = sum(answer.status_code == 201 for answer in answers)
    assert held(cast, user_id) == []
    assert len(cast.sam.call("GET", "/leads", expect=200)["items"]) == given
