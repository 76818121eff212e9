"""Leaving: nothing stays without anybody who does it, the partner sees the successor and not why, closed is closed."""

from typing import Any

from flask import Flask

from tests.cast import PASSWORD, Cast
from tests.factories import imports, leads
from tests.surfer import Surfer


def close(cast: Cast, name: str = "sam", *, to: str | None = None, expect: int = 200) -> Any:
    given = {"successor_id": str(getattr(cast, to).actor.user_id)} if to else {}
    return cast.ada.call("POST", f"/users/{user_id(cast, name)}/close", json=given, expect=expect)


def user_id(cast: Cast, name: str) -> str:
    found = cast.ada.call("GET", "/users", expect=200)["items"]
    return next(str(user["id"]) for user in found if user["name"].lower() == name)


def test_an_account_that_holds_work_stays_open_and_says_what_but_not_how_much(cast: Cast) -> None:
    leads.lead(cast.sam)
    leads.offer(cast.sam, cast.partnership_id)

    refused = close(cast, expect=409)

    assert refused["code"] == "account_still_holds"
    assert refused["facts"]["holds"] == ["leads", "open offers"]
    assert "leads, open offers" in refused["detail"]
    cast.sam.call("GET", "/me", expect=200)


def test_imports_and_absences_to_stand_in_for_pass_on_as_well(cast: Cast) -> None:
    one = imports.sent(cast.sam)
    days = {"from_on": "2031-01-06", "to_on": "2031-01-10"}
    away = {name: {"deputy_id": user_id(cast, "sam")} | days for name in ("nora", "dana")}
    for name, given in away.items():
        getattr(cast, name).call("POST", "/deputies", json=given, expect=201)
    cast.sam.call("POST", "/deputies", json={"deputy_id": user_id(cast, "nora")} | days, expect=201)

    held = close(cast, expect=409)["facts"]["holds"]
    close(cast, to="dana")

    assert held == ["imports under way", "absences to stand in for"]
    assert cast.dana.call("GET", f"/imports/{one['id']}", expect=200)["state"] == one["state"]
    every = cast.ada.call("GET", "/deputies", expect=200)["items"]
    standing = [(found["user_id"], found["deputy_id"]) for found in every if found["ended_at"] is None]
    assert standing == [(user_id(cast, "nora"), user_id(cast, "dana"))]


def test_in_one_step_work_passes_on_and_the_account_closes(app: Flask, cast: Cast) -> None:
    session = Surfer.signed_in(app, "sam@acme.example")
    draft = leads.lead(cast.sam)
    given = leads.offer(cast.sam, cast.partnership_id)
    taken = leads.offer(cast.gina, cast.partnership_id)
    leads.step(cast.sam, taken["id"], "accept")
    done = leads.offer(cast.sam, cast.partnership_id)
    leads.step(cast.gina, done["id"], "decline", reason="other")

    closed = close(cast, to="dana")

    assert closed["closed_at"] == closed["disabled_at"]
    assert session.open("/").status_code == 303
    cast.sam.call("GET", "/me", expect=401)
    assert cast.dana.call("GET", f"/leads/{draft['id']}", expect=200)["owner_id"] == user_id(cast, "dana")
    for offer, side in ((given, "giver_member"), (taken, "receiver_member")):
        seen = cast.gina.call("GET", f"/offers/{offer['id']}", expect=200)
        assert seen[side]["name"] == "Dana"
        timeline = cast.gina.call("GET", f"/offers/{offer['id']}/timeline", expect=200)["items"]
        assert (timeline[-1]["verb"], timeline[-1]["facts"]) == ("lead.handed_over", {})
    assert "named somebody else for it" in Surfer.signed_in(app, cast.gina.email).open(f"/offers/{given['id']}").text
    past = cast.gina.call("GET", f"/offers/{done['id']}", expect=200)
    assert past["giver_member"] is None
    assert cast.dana.call("GET", f"/offers/{done['id']}", expect=200)["giver_member"]["name"] == "Sam"
    names = [one["name"] for one in cast.gina.call("GET", f"/partnerships/{cast.partnership_id}")["members"]]
    assert "Sam" not in names
    leads.step(cast.dana, taken["id"], "qualify")
    cast.dana.call("POST", f"/offers/{given['id']}/withdraw", expect=200)


def test_a_successor_must_be_able_and_a_colleague_who_is_there(cast: Cast) -> None:
    leads.offer(cast.sam, cast.partnership_id)
    for successor in ("ada", "sam"):
        refused = close(cast, to=successor, expect=422)
        assert [error["field"] for error in refused["errors"]] == ["successor_id"]
    given = {"successor_id": str(cast.gina.actor.user_id)}
    cast.ada.call("POST", f"/users/{user_id(cast, 'sam')}/close", json=given, expect=422)
    assert close(cast, "dana", to="sam", expect=422)["errors"][0]["field"] == "successor_id"

    members = cast.gina.call("GET", f"/partnerships/{cast.partnership_id}")["members"]
    assert {"Sam", "Dana"} <= {member["name"] for member in members}, "a refused handing-over changed something"


def test_the_last_manager_hands_over_first_and_open_proposals_pass_on(cast: Cast) -> None:
    sent = cast.dana.call("POST", "/proposals", json={"addressee": "ines@initech.example"}, expect=201)
    refused = close(cast, "dana", expect=409)
    assert refused["facts"]["holds"] == ["partnerships without another manager", "open proposals"]
    nora = f"/users/{user_id(cast, 'nora')}"
    tag = cast.ada.response("GET", nora).headers["ETag"]
    cast.ada.call("PATCH", nora, json={"roles": ["partner_manager"]}, if_match=tag, expect=200)

    cast.ada.call("POST", f"/users/{user_id(cast, 'dana')}/hand-over", json={"successor_id": nora[7:]}, expect=200)
    close(cast, "dana")

    members = cast.gina.call("GET", f"/partnerships/{cast.partnership_id}")["members"]
    assert [one["role"] for one in members if one["name"] == "Nora"] == ["partner_manager"]
    (received,) = cast.ines.call("GET", "/received-proposals", expect=200)["items"]
    assert received["proposed_by_name"] == "Nora"
    begun = cast.ines.call("POST", f"/received-proposals/{received['id']}/accept", expect=201)
    assert {one["name"] for one in begun["members"]} == {"Nora", "Ines"}
    assert sent["status"] == "sent"


def test_who_holds_nothing_closes_without_a_successor_and_stays_closed(cast: Cast) -> None:
    close(cast)

    path = f"/users/{user_id(cast, 'sam')}"
    tag = cast.ada.response("GET", path).headers["ETag"]
    refused = cast.ada.call("PATCH", path, json={"disabled": False}, if_match=tag, expect=409)
    assert refused["code"] == "account_closed"
    assert close(cast, expect=409)["code"] == "account_closed"
    members = cast.gina.call("GET", f"/partnerships/{cast.partnership_id}")["members"]
    assert "Sam" not in {member["name"] for member in members}


def test_only_an_administrator_closes_and_never_the_last_one(cast: Cast) -> None:
    sam = user_id(cast, "sam")
    cast.dana.call("POST", f"/users/{sam}/close", json={}, expect=403)
    cast.ines.call("POST", f"/users/{sam}/close", json={}, expect=404)
    assert close(cast, "ada", expect=409)["code"] == "last_admin"


def test_an_administrator_closes_an_account_by_page(app: Flask, cast: Cast) -> None:
    leads.lead(cast.sam)
    ada, path = Surfer.signed_in(app, "ada@acme.example"), f"/people/{user_id(cast, 'sam')}"
    refused = ada.send(f"{path}/close", {}, shown_on=path)
    assert refused.status_code == 409
    assert "still holds leads" in refused.text

    assert ada.send(f"{path}/hand-over", {"successor_id": user_id(cast, "nora")}, shown_on=path).status_code == 303
    assert ada.send(f"{path}/close", {}, shown_on=path).status_code == 303

    assert "Closed for good" in ada.open(path).text
    entry = {"email": "sam@acme.example", "password": PASSWORD}
    assert Surfer(app).send("/sign-in", entry, shown_on="/sign-in").status_code == 401
