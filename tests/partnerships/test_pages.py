"""The pages of partnerships, in what the browser journeys do not walk."""

from flask import Flask

from tests import cast as players
from tests.cast import Cast
from tests.surfer import Surfer


def test_a_colleague_is_named_and_released_again(app: Flask, cast: Cast) -> None:
    dana = Surfer.signed_in(app, "dana@acme.example")
    path = f"/partnerships/{cast.partnership_id}"
    nora = str(cast.nora.actor.user_id)

    assert dana.send(f"{path}/members", {"user_id": nora, "role": "seller"}, shown_on=path).status_code == 303
    members = cast.dana.call("GET", path, expect=200)["members"]
    named = next(member for member in members if member["name"] == "Nora")
    assert dana.send(f"{path}/members/{named['id']}/release", {}, shown_on=path).status_code == 303

    names = [member["name"] for member in cast.dana.call("GET", path, expect=200)["members"]]
    assert "Nora" not in names


def test_the_last_manager_stays_and_the_page_says_why(app: Flask, cast: Cast) -> None:
    dana = Surfer.signed_in(app, "dana@acme.example")
    path = f"/partnerships/{cast.partnership_id}"
    members = cast.dana.call("GET", path, expect=200)["members"]
    manager = next(member for member in members if member["name"] == "Dana")

    answer = dana.send(f"{path}/members/{manager['id']}/release", {}, shown_on=path)

    assert answer.status_code == 409
    assert "name another one first" in answer.text


def test_a_partnership_ends_only_when_that_is_confirmed(app: Flask, cast: Cast) -> None:
    dana = Surfer.signed_in(app, "dana@acme.example")
    path = f"/partnerships/{cast.partnership_id}"

    answer = dana.send(f"{path}/end", {}, shown_on=path)

    assert answer.status_code == 422
    assert 'href="#confirmed"' in answer.text
    assert cast.dana.call("GET", path, expect=200)["status"] != "ended"


def test_a_proposal_is_withdrawn_by_one_side_and_another_declined_by_the_other(app: Flask, cast: Cast) -> None:
    for _ in range(2):
        cast.ines.call("POST", "/proposals", json={"addressee": "dana@acme.example"}, expect=201)
        proposal = cast.ines.call("GET", "/proposals", expect=200)["items"][0]
        ines = Surfer.signed_in(app, "ines@initech.example")
        assert ines.send(f"/proposals/{proposal['id']}/withdraw", {}, shown_on="/proposals").status_code == 303
    cast.ines.call("POST", "/proposals", json={"addressee": "dana@acme.example"}, expect=201)
    dana = Surfer.signed_in(app, "dana@acme.example")
    received = cast.dana.call("GET", "/received-proposals", expect=200)["items"][0]

    answer = dana.send(f"/received-proposals/{received['id']}/decline", {}, shown_on="/proposals")

    assert answer.status_code == 303
    assert "Declined" in dana.open("/proposals").text


def test_with_two_partners_the_exchange_is_told_for_each(app: Flask, cast: Cast) -> None:
    players.partnership(cast.dana, cast.ines)

    page = Surfer.signed_in(app, "dana@acme.example").open("/exchange").text

    assert "Globex" in page
    assert "Initech" in page


def test_an_ended_partnership_says_that_sharing_has_ended(app: Flask, cast: Cast) -> None:
    path = f"/partnerships/{cast.partnership_id}"
    tag = cast.dana.response("GET", path).headers["ETag"]
    cast.dana.call("POST", f"{path}/end", if_match=tag, expect=200)

    page = Surfer.signed_in(app, "dana@acme.example").open(path).text

    assert "Sharing has ended" in page
    assert "0 members" not in page
    assert "Nobody is named yet" not in page


def test_both_sides_read_in_which_hours_each_others_clocks_run_and_a_stranger_nothing(app: Flask, cast: Cast) -> None:
    week = {**dict.fromkeys(("monday", "tuesday", "wednesday", "thursday"), "09:00-17:00"), "friday": "09:00-12:00"}
    hours = {"zone": "Europe/Berlin", "holidays": "DE-BY", "week": week}
    cast.ada.call("PUT", "/calendars/organization", json=hours, expect=200)
    cast.sam.call("PUT", "/calendars/me", json={"zone": "UTC", "week": {"sunday": "10:00-11:00"}}, expect=200)
    path = f"/partnerships/{cast.partnership_id}"

    for player in (cast.gina, cast.sam):
        page = " ".join(Surfer.signed_in(app, player.email).open(path).text.split())
        assert "<dt>Monday to Thursday</dt> <dd>09:00-17:00</dd> <dt>Friday</dt> <dd>09:00-12:00</dd>" in page
        assert "Europe/Berlin, without holidays of DE-BY" in page
        assert "always: no hours are said" in page
        assert "10:00-11:00" not in page
    assert Surfer.signed_in(app, cast.ines.email).open(path).status_code == 404
