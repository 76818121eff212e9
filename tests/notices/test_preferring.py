"""How a person wishes to be told: theirs alone, changed only from what they read, every wrong field named."""

import pytest
from flask import Flask

from tests.cast import Cast
from tests.surfer import Surfer

PATH = "/notice-preferences"


def test_what_nobody_chose_has_its_usual_value_and_urgent_things_come_by_mail(cast: Cast) -> None:
    usual = cast.gina.call("GET", PATH, expect=200)
    channels = {one["kind"]: one["channels"] for one in usual["channels"]}

    assert (usual["zone"], usual["digest_hour"], usual["quiet_from"], usual["language"]) == ("UTC", 8, None, "en")
    assert channels["lead.offered"] == ["mail", "page"]
    assert channels["lead.qualified"] == ["digest", "page"]


def test_a_change_keeps_the_rest_and_needs_what_was_read(cast: Cast) -> None:
    first = cast.gina.response("GET", PATH).headers["ETag"]
    given = {"zone": "Europe/Berlin", "quiet_from": "21:30", "quiet_until": "06:00"}
    cast.gina.call("PATCH", PATH, json=given, if_match=first, expect=200)

    cast.gina.call("PATCH", PATH, json={"zone": "UTC"}, if_match=first, expect=412)
    cast.gina.call("PATCH", PATH, json={"zone": "UTC"}, expect=428)
    second = cast.gina.response("GET", PATH).headers["ETag"]
    kept = cast.gina.call("PATCH", PATH, json={"digest_hour": None}, if_match=second, expect=200)
    assert {name: kept[name] for name in given} == given
    assert kept["digest_hour"] is None
    assert cast.hank.call("GET", PATH, expect=200)["zone"] == "UTC"


def test_one_end_of_the_quiet_hours_is_moved_alone(cast: Cast) -> None:
    tag = cast.gina.response("GET", PATH).headers["ETag"]
    chosen = cast.gina.response("PATCH", PATH, json={"quiet_from": "21:30", "quiet_until": "06:00"}, if_match=tag)

    moved = cast.gina.call("PATCH", PATH, json={"quiet_from": "22:00"}, if_match=chosen.headers["ETag"], expect=200)

    assert (moved["quiet_from"], moved["quiet_until"]) == ("22:00", "06:00")


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"zone": "Mars/Olympus", "digest_hour": 24}, ["digest_hour", "zone"]),
        ({"quiet_from": "25:00", "language": "tlh"}, ["language", "quiet_from"]),
        ({"quiet_from": "21:00"}, ["quiet_until"]),
        ({"channels": [{"kind": "lead.danced", "channels": []}]}, ["channels"]),
        ({"channels": [{"kind": "lead.offered", "channels": ["pigeon"]}]}, ["channels.0.channels.0"]),
    ],
)
def test_every_wrong_field_is_named_and_nothing_is_changed(
    cast: Cast, given: dict[str, object], fields: list[str]
) -> None:
    tag = cast.gina.response("GET", PATH).headers["ETag"]
    refused = cast.gina.call("PATCH", PATH, json=given, if_match=tag, expect=422)

    assert sorted(error["field"] for error in refused["errors"]) == fields
    assert cast.gina.response("GET", PATH).headers["ETag"] == tag


def test_the_page_keeps_what_was_ticked(app: Flask, cast: Cast) -> None:
    gina = Surfer.signed_in(app, cast.gina.email)
    version = f"{cast.gina.actor.user_id.hex}.0"
    chosen = {"zone": "Asia/Kolkata", "digest_hour": "", "version": version, "channels.lead.offered": "page"}
    done = gina.send("/notices/preferences", chosen, shown_on="/notices/preferences")
    assert done.status_code == 303, done.text

    kept = cast.gina.call("GET", PATH, expect=200)
    channels = {one["kind"]: one["channels"] for one in kept["channels"]}
    assert (kept["zone"], kept["digest_hour"]) == ("Asia/Kolkata", None)
    assert channels.pop("lead.offered") == ["page"]
    assert set(map(tuple, channels.values())) == {()}
    assert gina.send("/notices/preferences", chosen, shown_on="/notices/preferences").status_code == 409
