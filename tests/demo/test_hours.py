"""When the demo's companies work."""

from flask import Flask

from partnercrm.demo import hours
from tests.cast import Cast


def test_both_companies_say_when_they_work_and_a_seller_is_away_next_week(app: Flask, cast: Cast) -> None:
    companies = {"acme": cast.sam.actor.organization_id, "globex": cast.gina.actor.organization_id}
    users = {"theo@acme.example": cast.nora.actor.user_id, "sam@acme.example": cast.sam.actor.user_id}

    hours.keep(companies, users)

    [acme] = cast.dana.call("GET", "/calendars", expect=200)["items"]
    [globex] = cast.hank.call("GET", "/calendars", expect=200)["items"]
    assert (acme["zone"], globex["zone"]) == ("Europe/Berlin", "America/New_York")
    assert len(cast.sam.call("GET", "/deputies", expect=200)["items"]) == 1
