"""A proposal to an address that nobody has yet reaches whoever gets an account with it; its proposer learns nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest
from flask import Flask

from partnercrm.identity.actions import add_user
from partnercrm.identity.actions.inviting import accept_invitation
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships.actions import propose_partnership
from tests.cast import PASSWORD, Cast, Player, organization, person
from tests.surfer import Surfer

BOB = "bob@birch.example"
TERMS = {
    "share_given_percent": 50,
    "tolerance_points": 10,
    "response_hours": 48,
    "offer_days": 30,
    "value_disclosure": "band",
}


def propose(player: Player, addressee: str = BOB) -> dict[str, Any]:
    made: dict[str, Any] = player.call("POST", "/proposals", json={"addressee": addressee}, expect=201)
    return made


def received(player: Player) -> list[str]:
    items = player.call("GET", "/received-proposals", expect=200)["items"]
    return [one["proposer_name"] for one in items if one["status"] == "open"]


def test_a_proposal_reaches_the_organization_that_is_founded_later(app: Flask, cast: Cast) -> None:
    propose(cast.dana)
    propose(cast.ines)

    bob = person(app, organization("Birch"), "Bob", BOB, "partner_manager", "admin")

    assert sorted(received(bob)) == ["Acme", "Initech"]
    assert "Acme" in Surfer.signed_in(app, BOB).open("/").text
    taken = next(one for one in bob.call("GET", "/received-proposals")["items"] if one["proposer_name"] == "Acme")
    begun = bob.call("POST", f"/received-proposals/{taken['id']}/accept", expect=201)
    assert {one["name"] for one in begun["members"]} == {"Bob", "Dana"}


def test_a_proposal_reaches_who_accepts_an_invitation_later(app: Flask, cast: Cast) -> None:
    propose(cast.dana, "ivo@initech.example")
    given = {"email": "ivo@initech.example", "name": "Ivo", "roles": ["partner_manager"]}
    invited = cast.ines.call("POST", "/invitations", json=given, expect=201)
    link = cast.ines.call("POST", f"/invitations/{invited['id']}/link", expect=200)["link"]
    assert received(cast.ines) == []

    accept_invitation(link.partition("link=")[2], {"name": "Ivo", "password": PASSWORD}, "127.0.0.1", "")

    assert received(cast.ines) == ["Acme"]


def test_a_proposal_sent_to_somebody_disabled_reaches_them_when_they_are_let_in_again(cast: Cast) -> None:
    admin = person(cast.app, cast.gina.actor.organization_id, "Greta", "greta@globex.example", "admin")
    path = f"/users/{cast.gina.actor.user_id}"

    def let_in(*, disabled: bool) -> None:
        tag = admin.response("GET", path).headers["ETag"]
        admin.call("PATCH", path, json={"disabled": disabled}, if_match=tag, expect=200)

    let_in(disabled=True)
    propose(cast.ines, cast.gina.email)
    assert received(cast.hank) == []
    let_in(disabled=False)
    assert received(cast.hank) == ["Initech"]


def test_what_was_withdrawn_or_is_for_somebody_else_reaches_nobody(app: Flask, cast: Cast) -> None:
    taken_back = propose(cast.dana)["id"]
    cast.dana.call("POST", f"/proposals/{taken_back}/withdraw", expect=200)
    propose(cast.dana, "bella@birch.example")

    bob = person(app, organization("Birch"), "Bob", BOB, "partner_manager")

    assert received(bob) == []
    assert bob.call("GET", "/received-proposals")["items"] == []


def test_the_proposer_reads_the_same_before_and_after(app: Flask, cast: Cast) -> None:
    made = propose(cast.dana)
    dana = Surfer.signed_in(app, cast.dana.email)

    def read() -> list[Any]:
        answers = (cast.dana.response("GET", path) for path in ("/proposals", f"/proposals/{made['id']}"))
        return [(one.status_code, one.headers.get("ETag"), one.data) for one in answers]

    before, page = read(), dana.open("/proposals").text
    assert "it waits for their account" in page

    person(app, organization("Birch"), "Bob", BOB, "partner_manager")

    assert read() == before
    assert "it waits for their account" in dana.open("/proposals").text


@pytest.mark.parametrize("first", ["sending", "adding"])
def test_neither_who_sends_nor_who_adds_overlooks_the_other(app: Flask, cast: Cast, first: str) -> None:
    birch = organization("Birch")
    bella = person(app, birch, "Bella", "bella@birch.example", "partner_manager")
    bob = {"email": BOB, "name": "Bob", "roles": ["seller"], "password": PASSWORD}

    def send() -> None:
        propose_partnership(cast.dana.actor, {"addressee": BOB, "terms": TERMS})

    def add() -> None:
        add_user(Actor.system(birch), bob)

    def beside(actor: Actor, act: Callable[[], None]) -> None:
        with app.app_context(), db.transaction(actor):
            act()

    steps = [(cast.dana.actor, send), (Actor.system(birch), add)]
    (actor, act), other = steps if first == "sending" else reversed(steps)
    with ThreadPoolExecutor(1) as pool:
        with db.transaction(actor):
            act()
            second = pool.submit(beside, *other)
            wait([second], 0.5)
        second.result(30)

    assert received(bella) == ["Acme"]
