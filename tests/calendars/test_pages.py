"""Business hours and deputies on pages."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask

from tests.cast import Cast
from tests.factories import leads
from tests.surfer import Surfer


def test_hours_are_set_shown_again_and_removed(app: Flask, cast: Cast) -> None:
    sam = Surfer.signed_in(app, cast.sam.email)
    assert "the hours of whom this belongs to hold" in sam.open("/hours").text

    form = {
        "zone": "Europe/Berlin",
        "holidays": "DE",
        "week.monday": "09:00-12:00",
        "days": "2030-01-07\n\n2030-01-08 10:00-11:00",
    }
    assert sam.send("/hours", form, shown_on="/hours").status_code == 303

    page = sam.open("/hours").text
    assert "2030-01-07\n2030-01-08 10:00-11:00" in page
    assert "A lead offered on" in page
    assert sam.send("/hours/follow", {}, shown_on="/hours").status_code == 303
    assert "the hours of whom this belongs to hold" in sam.open("/hours").text


def test_moments_are_shown_in_the_zone_of_whoever_reads_and_the_zone_is_named(app: Flask, cast: Cast) -> None:
    for player, whose, zone in ((cast.ada, "organization", "Europe/Berlin"), (cast.sam, "me", "Asia/Kolkata")):
        week = {"zone": zone, "week": {"monday": "00:00-24:00"}}
        player.call("PUT", f"/calendars/{whose}", json=week, expect=200)
    offer = leads.offer(cast.sam, cast.partnership_id)
    due = datetime.fromisoformat(offer["respond_by"])

    for player, zone, city in (
        (cast.sam, "Asia/Kolkata", "Kolkata"),
        (cast.dana, "Europe/Berlin", "Berlin"),
        (cast.gina, "UTC", "UTC"),
    ):
        there = due.astimezone(ZoneInfo(zone))
        told = f"{there:%b} {there.day}, {there.year}, {there:%H:%M} {city}</time>"
        assert told in Surfer.signed_in(app, player.email).open(f"/offers/{offer['id']}").text


def test_every_wrong_field_is_named_and_what_was_written_stays(app: Flask, cast: Cast) -> None:
    sam = Surfer.signed_in(app, cast.sam.email)

    refused = sam.send(
        "/hours", {"zone": "Atlantis", "week.monday": "12:00-09:00", "days": "2030-02-30"}, shown_on="/hours"
    )

    assert refused.status_code == 422
    for told in ("no such time zone", "write times in their order", "no such day", 'value="Atlantis"'):
        assert told in refused.text


def test_administrators_set_the_hours_of_the_organization_and_its_teams(app: Flask, cast: Cast) -> None:
    team = cast.ada.call("POST", "/teams", json={"name": "Central"}, expect=201)["id"]
    ada = Surfer.signed_in(app, cast.ada.email)
    form = {"zone": "UTC", "week.monday": "09:00-12:00", "week.friday": "09:00-21:00"}

    for path in ("/hours/organization", f"/hours/teams/{team}"):
        assert ada.send(path, form, shown_on=path).status_code == 303
        assert "09:00-12:00" in ada.open(path).text
        [version] = re.findall('name="version" value="([^"]+)"', ada.open(path).text)
        assert "changed in the meantime" in ada.send(path, form, shown_on=path).text
        assert ada.send(path, form | {"version": version}, shown_on=path).status_code == 303
        stale = ada.send(path, form | {"version": version}, shown_on=path)
        assert (stale.status_code, version in stale.text) == (409, True)
    assert ada.send(f"/hours/teams/{team}/follow", {}, shown_on="/hours").status_code == 303
    sam = Surfer.signed_in(app, cast.sam.email)
    assert sam.open("/hours/organization").status_code == 403


def test_a_deputy_is_named_and_ended(app: Flask, cast: Cast) -> None:
    sam = Surfer.signed_in(app, cast.sam.email)
    form = {"deputy_id": str(cast.nora.actor.user_id), "from_on": "2030-01-07", "to_on": "2030-01-09"}

    assert sam.send("/deputies", form, shown_on="/deputies").status_code == 303
    [named] = cast.sam.call("GET", "/deputies", expect=200)["items"]
    assert "Nora" in sam.open("/deputies").text
    assert sam.send("/deputies", form, shown_on="/deputies").status_code == 409
    assert sam.send(f"/deputies/{named['id']}/end", {}, shown_on="/deputies").status_code == 303
    assert "Over" in sam.open("/deputies").text


def test_only_administrators_name_deputies_for_others(app: Flask, cast: Cast) -> None:
    form = {"deputy_id": str(cast.nora.actor.user_id), "from_on": "2030-01-07", "to_on": "2030-01-09"}
    form["user_id"] = str(cast.dana.actor.user_id)

    assert Surfer.signed_in(app, cast.sam.email).send("/deputies", form, shown_on="/deputies").status_code == 403
    assert cast.dana.call("GET", "/deputies", expect=200)["items"] == []
    assert Surfer.signed_in(app, cast.ada.email).send("/deputies", form, shown_on="/deputies").status_code == 303
    assert len(cast.dana.call("GET", "/deputies", expect=200)["items"]) == 1
