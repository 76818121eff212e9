"""When people work: of the organization, a team or oneself, the most specific one; what is due by it."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from partnercrm.calendars import actions, queries
from partnercrm.calendars.business_time import ALWAYS, Span
from partnercrm.calendars.models import Calendar, Weekday, stored_week
from partnercrm.kernel import clock, db
from partnercrm.kernel.ids import new_id
from tests.cast import Cast, Player
from tests.factories import leads

OFFICE = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "09:00-17:00")
BERLIN = {
    "zone": "Europe/Berlin",
    "holidays": "DE-BY",
    "week": OFFICE,
    "days": ["2026-12-24", "2026-12-31 09:00-12:00"],
}
FRIDAY_EVENING = datetime(2026, 11, 20, 16, tzinfo=UTC)


def due(player: Player, hours: int, since: datetime = FRIDAY_EVENING) -> str:
    asked = {"since": since.isoformat(), "hours": hours}
    found: str = player.call("GET", "/calendars/me/due", query_string=asked, expect=200)["due_at"]
    return found


def team(cast: Cast, player: Player) -> str:
    made = cast.ada.call("POST", "/teams", json={"name": "Night shift"}, expect=201)["id"]
    path = f"/users/{player.actor.user_id}"
    tag = cast.ada.response("GET", path).headers["ETag"]
    cast.ada.call("PATCH", path, json={"team_id": made}, if_match=tag, expect=200)
    return str(made)


def test_the_most_specific_hours_hold(app: Flask, cast: Cast) -> None:
    assert due(cast.sam, 8) == "2026-11-21T00:00:00+00:00"

    cast.ada.call("PUT", "/calendars/organization", json=BERLIN, expect=200)
    assert due(cast.sam, 8) == "2026-11-23T16:00:00+00:00"

    nights = {"zone": "UTC", "week": {"monday": "20:00-24:00", "tuesday": "00:00-04:00"}}
    team_id = team(cast, cast.sam)
    cast.ada.call("PUT", f"/calendars/teams/{team_id}", json=nights, expect=200)
    assert due(cast.sam, 8) == "2026-11-24T04:00:00+00:00"

    cast.sam.call("PUT", "/calendars/me", json={"zone": "UTC", "week": {"sunday": "00:00-24:00"}}, expect=200)
    assert due(cast.sam, 8) == "2026-11-22T08:00:00+00:00"
    assert due(cast.nora, 8) == "2026-11-23T16:00:00+00:00"

    cast.sam.call("POST", "/calendars/me/follow", expect=204)
    cast.sam.call("POST", "/calendars/me/follow", expect=204)
    assert due(cast.sam, 8) == "2026-11-24T04:00:00+00:00"
    cast.ada.call("POST", f"/calendars/teams/{team_id}/follow", expect=204)
    assert due(cast.sam, 8) == "2026-11-23T16:00:00+00:00"


def test_a_day_without_a_time_is_over_where_the_reader_is(app: Flask, cast: Cast) -> None:
    cast.sam.call("PUT", "/calendars/me", json={"zone": "Asia/Tokyo", "week": OFFICE}, expect=200)
    with clock.at(datetime(2026, 11, 23, 23, 5, tzinfo=UTC)), db.transaction(cast.sam.actor):
        assert queries.end_of(cast.sam.actor, date(2026, 11, 24)) is None
        assert queries.end_of(cast.sam.actor, date(2026, 11, 23)) == datetime(2026, 11, 23, 14, 59, 59, tzinfo=UTC)
        assert queries.end_of(cast.nora.actor, date(2026, 11, 23)) is None
        assert queries.end_of(cast.nora.actor, None) is None


def test_hours_are_read_as_they_were_set_and_changed_as_a_whole(app: Flask, cast: Cast) -> None:
    first = cast.ada.call("PUT", "/calendars/organization", json=BERLIN, expect=200)
    assert (first["zone"], first["holidays"], first["days"]) == ("Europe/Berlin", "DE-BY", BERLIN["days"])
    assert first["week"] == {**OFFICE, "saturday": "", "sunday": ""}

    path, later = "/calendars/organization", {"zone": "UTC", "week": OFFICE}
    assert cast.ada.call("PUT", path, json=later, expect=428)["code"] == "match_required"
    read = cast.nora.response("GET", f"/calendars/{first['id']}").headers["ETag"]
    second = cast.ada.call("PUT", path, json=later, if_match=read, expect=200)

    assert cast.ada.call("PUT", path, json=BERLIN, if_match=read, expect=412)["code"] == "stale"
    assert cast.ada.call("PUT", "/calendars/me", json=later, if_match=read, expect=412)["code"] == "stale"
    assert (second["id"], second["holidays"], second["days"]) == (first["id"], None, [])
    assert cast.nora.call("GET", "/calendars", expect=200)["items"] == [second]


def test_nobody_else_reads_a_persons_hours(app: Flask, cast: Cast) -> None:
    cast.sam.call("PUT", "/calendars/me", json={"zone": "UTC", "week": OFFICE}, expect=200)

    [mine] = cast.sam.call("GET", "/calendars", expect=200)["items"]
    for other in (cast.ada, cast.dana, cast.hank, cast.ines):
        assert other.call("GET", "/calendars", expect=200)["items"] == []
        other.call("GET", f"/calendars/{mine['id']}", expect=404)
    assert cast.sam.call("GET", f"/calendars/{mine['id']}", expect=200) == mine


def test_every_wrong_field_is_named(app: Flask, cast: Cast) -> None:
    wrong = {
        "zone": "Europe/Atlantis",
        "holidays": "XX",
        "week": {"monday": "17:00-09:00"},
        "days": ["2026-02-30"],
    }
    refused = cast.sam.call("PUT", "/calendars/me", json=wrong, expect=422)

    assert {error["field"] for error in refused["errors"]} == {"zone", "holidays", "week.monday", "days"}


def test_hours_that_are_never_open_are_refused(app: Flask, cast: Cast) -> None:
    refused = cast.sam.call("PUT", "/calendars/me", json={"zone": "UTC", "week": {}}, expect=422)
    assert refused["errors"][0]["field"] == "week.monday"


def test_an_organization_cannot_void_its_partners_clocks_by_its_hours(app: Flask, cast: Cast) -> None:
    """Fifteen hours a week are the fewest; teams and people may have fewer, no partner waits by theirs."""
    week = {"monday": "09:00-12:00", "thursday": "09:00-20:59"}
    refused = cast.ada.call("PUT", "/calendars/organization", json={"zone": "UTC", "week": week}, expect=422)

    assert [error["field"] for error in refused["errors"]] == ["week.monday", "week.thursday"]
    assert "15 hours a week at least" in refused["errors"][0]["message"]
    cast.sam.call("PUT", "/calendars/me", json={"zone": "UTC", "week": week}, expect=200)
    cast.ada.call("PUT", f"/calendars/teams/{team(cast, cast.sam)}", json={"zone": "UTC", "week": week}, expect=200)
    week["thursday"] = "09:00-21:00"
    cast.ada.call("PUT", "/calendars/organization", json={"zone": "UTC", "week": week}, expect=200)


def test_hours_from_before_there_were_fewest_delay_no_clock_for_years(app: Flask, cast: Cast) -> None:
    globex = cast.hank.actor
    minute = Calendar(id=new_id(), organization_id=globex.organization_id, zone="UTC", changed_at=clock.now(), days={})
    minute.week = stored_week({Weekday.MONDAY: (Span(540, 541),)})
    with db.transaction(globex) as session:
        session.add(minute)
    begun = clock.now()

    offered = leads.offer(cast.sam, cast.partnership_id)
    accepted = leads.step(cast.gina, offered["id"], "accept")

    assert datetime.fromisoformat(offered["respond_by"]) < begun + timedelta(days=40)
    assert datetime.fromisoformat(accepted["returns_at"]) < begun + timedelta(days=400)


@pytest.mark.parametrize("path", ["organization", "teams/0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a"])
def test_only_administrators_set_the_hours_of_others(app: Flask, cast: Cast, path: str) -> None:
    cast.dana.call("PUT", f"/calendars/{path}", json=BERLIN, expect=403)


def test_an_answer_is_due_in_the_working_time_of_the_side_that_answers(app: Flask, cast: Cast) -> None:
    admin = cast.hank.actor
    with db.transaction(admin):
        actions.set_organization_hours(admin, BERLIN | {"week": OFFICE})
    with clock.at(FRIDAY_EVENING):
        made = leads.offer(cast.sam, cast.partnership_id)
        back = leads.offer(cast.gina, cast.partnership_id)

    assert made["respond_by"] == "2026-11-30T16:00:00+00:00"
    assert made["expires_at"] == "2026-12-20T16:00:00+00:00"
    assert back["respond_by"] == "2026-11-22T16:00:00+00:00"


def test_a_partners_hours_are_those_of_its_organization_and_end_with_the_partnership(app: Flask, cast: Cast) -> None:
    acme, globex = cast.sam.actor, cast.gina.actor
    with db.transaction(globex):
        actions.set_organization_hours(globex, {"zone": "Asia/Tokyo", "week": OFFICE})
        actions.set_own_hours(globex, {"zone": "UTC", "week": {"sunday": "00:00-24:00"}})

    def seen(player: Player) -> str:
        actor = player.actor
        with db.transaction(actor, read_only=True):
            return queries.hours_of_side(actor, globex.organization_id).zone.key

    assert (seen(cast.sam), seen(cast.gina)) == ("Asia/Tokyo", "Asia/Tokyo")
    assert seen(cast.ines) == ALWAYS.zone.key
    path = f"/partnerships/{cast.partnership_id}"
    cast.dana.call("POST", f"{path}/end", if_match=cast.dana.response("GET", path).headers["ETag"], expect=200)
    with db.transaction(acme, read_only=True):
        assert queries.hours_of_side(acme, globex.organization_id) == ALWAYS


def test_a_calendar_belongs_to_one_organization_team_or_person(app: Flask, cast: Cast) -> None:
    assert cast.ada.call("PUT", f"/calendars/teams/{UUID(int=7)}", json=BERLIN, expect=404)["code"] == "not_found"
