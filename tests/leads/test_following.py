"""Accepted leads: given back, followed up, snoozed; the clock asks once, and at last gives back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from partnercrm.calendars import actions as calendars
from partnercrm.calendars import queries
from partnercrm.kernel import clock, db
from partnercrm.leads.jobs import ask_for_answer, ask_for_status
from tests.cast import Cast, Player
from tests.factories import leads


def reminded(player: Player) -> list[str]:
    """Return what the clock told one side, as its administrator reads it."""
    actor = player.actor
    with db.transaction(actor, read_only=True) as session:
        rows = session.execute(
            text("SELECT verb FROM activities WHERE verb ~ '^lead.(answer|status)_' ORDER BY recorded_at")
        )
        return [row.verb.removeprefix("lead.") for row in rows]


def read(player: Player, offer_id: str) -> dict[str, Any]:
    found: dict[str, Any] = player.call("GET", f"/offers/{offer_id}", expect=200)
    return found


def moment(written: str) -> datetime:
    return datetime.fromisoformat(written)


def test_an_accepted_lead_is_given_back_and_its_givers_to_offer_again(app: Flask, cast: Cast) -> None:
    returned = leads.offer_at(cast, "returned")

    assert (returned["status"], returned["reason"]) == ("returned", "no_capacity")
    [lead] = cast.sam.call("GET", "/leads", expect=200)["items"]
    assert lead["status"] == "returned"
    again = {"lead_id": lead["id"], "partnership_id": str(cast.partnership_id)}
    assert cast.sam.call("POST", "/offers", json=again, expect=201)["id"] != returned["id"]
    report = cast.dana.call("GET", f"/partnerships/{cast.partnership_id}/reciprocity", expect=200)
    assert sum(side["given"]["returned"] for side in report["organizations"]) == 1


@pytest.mark.parametrize("status", ["offered", "qualified", "disqualified"])
def test_only_the_receiver_gives_back_and_only_what_it_accepted(app: Flask, cast: Cast, status: str) -> None:
    made = leads.offer_at(cast, status)
    body = {"reason": "no_capacity"}

    cast.gina.call("POST", f"/offers/{made['id']}/return", json=body, expect=409)
    accepted = leads.offer_at(cast, "accepted")
    cast.sam.call("POST", f"/offers/{accepted['id']}/return", json=body, expect=409)
    cast.ines.call("POST", f"/offers/{accepted['id']}/return", json=body, expect=404)


def test_hours_that_change_remind_nobody_twice(app: Flask, cast: Cast) -> None:
    """Half-way to the agreed moment is another moment under other hours; who was asked has been asked."""
    hank, organization_id = cast.hank.actor, str(cast.hank.actor.organization_id)
    workdays = ("monday", "tuesday", "wednesday", "thursday", "friday")
    offered = leads.offer(cast.sam, cast.partnership_id)
    late = moment(offered["respond_by"])
    halfway = moment(offered["offered_at"]) + (late - moment(offered["offered_at"])) / 2

    with clock.at(halfway + timedelta(minutes=1)):
        ask_for_answer(organization_id, offered["id"])
    for times in ("07:00-10:00", "20:00-23:00", "11:00-14:00"):
        with db.transaction(hank):
            found = queries.own_calendar(hank)
            expected = found.version_tag if found else None
            calendars.set_organization_hours(hank, {"zone": "UTC", "week": dict.fromkeys(workdays, times)}, expected)
        with clock.at(late - timedelta(minutes=1)):
            ask_for_answer(organization_id, offered["id"])

    assert reminded(cast.hank) == ["answer_due"]
    notices = cast.gina.call("GET", "/notices", expect=200)["items"]
    assert len([one for one in notices if one["kind"] == "lead.answer_due"]) == 1


def test_a_status_is_due_in_the_receivers_working_time(app: Flask, cast: Cast) -> None:
    hank = cast.hank.actor
    office = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "09:00-17:00")
    with db.transaction(hank):
        calendars.set_organization_hours(hank, {"zone": "UTC", "week": office})
    with clock.at(datetime(2026, 11, 20, 17, tzinfo=UTC)):
        accepted = leads.offer_at(cast, "accepted")

    # 336 hours of eight a day are 42 working days.
    assert accepted["follow_up_by"] == "2027-01-19T17:00:00+00:00"
    assert accepted["returns_at"] == "2027-03-18T17:00:00+00:00"


def test_the_clock_asks_for_a_status_once_each_and_gives_back_what_nobody_tended(app: Flask, cast: Cast) -> None:
    accepted = leads.offer_at(cast, "accepted")
    ids = {"organization_id": accepted["receiver_id"], "offer_id": accepted["id"]}
    by, back = moment(accepted["follow_up_by"]), moment(accepted["returns_at"])

    for at, told in (
        (by - timedelta(seconds=1), []),
        (by, ["status_due"]),
        (by + timedelta(hours=1), ["status_due"]),
        (by + (back - by) / 2, ["status_due", "status_late"]),
    ):
        for _ in range(2):
            with clock.at(at):
                ask_for_status(**ids)
        assert reminded(cast.gina) == told
    for _ in range(2):
        with clock.at(back):
            ask_for_status(**ids)

    returned = read(cast.sam, accepted["id"])
    assert (returned["status"], returned["reason"]) == ("returned", "no_status")
    verbs = [one["verb"] for one in cast.sam.call("GET", f"/offers/{accepted['id']}/timeline", expect=200)["items"]]
    assert verbs == ["lead.offered", "lead.accepted", "lead.returned"]
    assert reminded(cast.sam) == []


def test_the_clock_reminds_of_an_answer_and_then_that_it_is_late(app: Flask, cast: Cast) -> None:
    offered = leads.offer(cast.sam, cast.partnership_id)
    ids = {"organization_id": offered["receiver_id"], "offer_id": offered["id"]}
    begun = moment(offered["offered_at"])

    for hours, told in (
        (23, []),
        (24, ["answer_due"]),
        (48, ["answer_due", "answer_late"]),
        (60, ["answer_due", "answer_late"]),
    ):
        with clock.at(begun + timedelta(hours=hours)):
            ask_for_answer(**ids)
        assert reminded(cast.gina) == told
    assert reminded(cast.sam) == []


@pytest.mark.parametrize("status", ["declined", "qualified", "returned", "withdrawn"])
def test_of_what_moved_on_nobody_is_reminded(app: Flask, cast: Cast, status: str) -> None:
    made = leads.offer_at(cast, status)

    with clock.at(datetime.now(UTC) + timedelta(days=60)):
        for ask in (ask_for_answer, ask_for_status):
            for organization_id in (made["receiver_id"], made["giver_id"], str(cast.ines.actor.organization_id)):
                ask(organization_id, made["id"])

    assert reminded(cast.gina) == []
    assert read(cast.gina, made["id"])["status"] == status


def test_in_a_partnership_that_has_ended_nobody_is_reminded(app: Flask, cast: Cast) -> None:
    accepted = leads.offer_at(cast, "accepted")
    path = f"/partnerships/{cast.partnership_id}"
    cast.dana.call("POST", f"{path}/end", if_match=cast.dana.response("GET", path).headers["ETag"], expect=200)

    with clock.at(datetime.now(UTC) + timedelta(days=60)):
        ask_for_status(accepted["receiver_id"], accepted["id"])

    assert reminded(cast.gina) == []


def until(accepted: dict[str, Any], days: int) -> str:
    return (moment(accepted["follow_up_by"]) + timedelta(days=days)).date().isoformat()


def test_more_time_moves_the_clock_once_and_the_giver_sees_it(app: Flask, cast: Cast) -> None:
    accepted = leads.offer_at(cast, "accepted")
    path = f"/offers/{accepted['id']}/snooze"

    snoozed = cast.gina.call("POST", path, json={"until": until(accepted, 5)}, expect=200)

    assert snoozed["follow_up_by"] == snoozed["snoozed_until"] == until(accepted, 6) + "T00:00:00+00:00"
    assert read(cast.sam, accepted["id"])["snoozed_until"] == snoozed["snoozed_until"]
    told = cast.sam.call("GET", f"/offers/{accepted['id']}/timeline", expect=200)["items"][-1]
    assert (told["verb"], told["facts"]) == ("lead.snoozed", {"until": until(accepted, 5)})
    assert cast.gina.call("POST", path, json={"until": until(accepted, 6)}, expect=409)["code"] == "already_snoozed"
    with clock.at(moment(accepted["follow_up_by"])):
        ask_for_status(accepted["receiver_id"], accepted["id"])
    assert reminded(cast.gina) == []
    with clock.at(moment(snoozed["follow_up_by"])):
        ask_for_status(accepted["receiver_id"], accepted["id"])
    assert reminded(cast.gina) == ["status_due"]


@pytest.mark.parametrize("days", [-30, -1, 15, 400])
def test_more_time_is_given_as_far_as_the_terms_allow(app: Flask, cast: Cast, days: int) -> None:
    accepted = leads.offer_at(cast, "accepted")

    refused = cast.gina.call(
        "POST", f"/offers/{accepted['id']}/snooze", json={"until": until(accepted, days)}, expect=422
    )

    assert refused["errors"][0]["field"] == "until"


def test_only_the_receiver_of_an_accepted_lead_asks_for_more_time(app: Flask, cast: Cast) -> None:
    accepted = leads.offer_at(cast, "accepted")
    given = {"until": until(accepted, 5)}

    cast.sam.call("POST", f"/offers/{accepted['id']}/snooze", json=given, expect=409)
    cast.ines.call("POST", f"/offers/{accepted['id']}/snooze", json=given, expect=404)
    qualified = leads.offer_at(cast, "qualified")
    cast.gina.call("POST", f"/offers/{qualified['id']}/snooze", json=given, expect=409)
