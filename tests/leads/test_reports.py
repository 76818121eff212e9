"""The reciprocity report: as of a moment, what counts as given, and what each month brought."""

from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any
from uuid import UUID

from flask import Flask

from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions import offering, watching
from partnercrm.leads.queries import standing
from tests.cast import Cast, partnership
from tests.factories import leads

WON = {"value": {"amount": "12000.00", "currency": "EUR"}}


def report(cast: Cast, **query: str) -> dict[str, Any]:
    path = f"/partnerships/{cast.partnership_id}/reciprocity"
    found: dict[str, Any] = cast.hank.call("GET", path, query_string=query, expect=200)
    return found


def place_of(name: str, told: dict[str, Any]) -> int:
    return [side["name"] for side in told["organizations"]].index(name)


def test_a_report_as_of_a_moment_never_changes_afterwards(cast: Cast) -> None:
    leads.offer_at(cast, "won")
    before = report(cast)

    leads.offer_at(cast, "declined")

    assert report(cast, as_of=before["as_of"]) == before
    assert report(cast) != before


def test_a_report_waits_for_steps_that_are_being_written(app: Flask, cast: Cast) -> None:
    draft = leads.lead(cast.sam)
    given = {"lead_id": draft["id"], "partnership_id": cast.partnership_id}
    found: list[dict[str, Any]] = []

    def read() -> None:
        with app.app_context():
            found.append(report(cast))

    sam = cast.sam.actor
    with db.transaction(sam):
        offering.offer_lead(sam, given)
        reader = Thread(target=read)
        reader.start()
        reader.join(0.5)
        assert reader.is_alive(), "the report did not wait for the step being written"
    reader.join(10)

    assert found[0]["organizations"][0]["given"]["offered"] + found[0]["organizations"][1]["given"]["offered"] == 1
    assert report(cast, as_of=found[0]["as_of"]) == found[0]


def test_a_moment_that_has_not_come_is_refused(cast: Cast) -> None:
    path = f"/partnerships/{cast.partnership_id}/reciprocity"
    refused = cast.hank.call("GET", path, query_string={"as_of": "2999-01-01T00:00:00Z"}, expect=422)
    assert [error["field"] for error in refused["errors"]] == ["as_of"]


def test_a_lead_that_was_taken_back_was_not_given(cast: Cast) -> None:
    leads.offer_at(cast, "accepted")
    offered = leads.offer(cast.sam, cast.partnership_id)
    before = report(cast)

    leads.step(cast.sam, offered["id"], "withdraw")
    for _ in range(2):
        again = {"lead_id": leads.lead(cast.sam)["id"], "partnership_id": str(cast.partnership_id)}
        leads.step(cast.sam, cast.sam.call("POST", "/offers", json=again, expect=201)["id"], "withdraw")

    after = report(cast)
    place = place_of("Acme", after)
    assert after["organizations"][place]["given"]["offered"] == 1
    assert after["organizations"][place]["given"]["withdrawn"] == 3
    assert [month[("first", "second")[place]]["offered"] for month in after["months"]] == [1]
    assert [one["first"] + one["second"] for one in after["exchanges"] if one["measure"] == "offered"] == [1]
    hank = cast.hank.actor
    with db.transaction(hank):
        gave = standing.given_counts(hank)
    assert gave == {(cast.partnership_id, cast.sam.actor.organization_id): (1, 1)}
    assert before["organizations"][place]["given"]["offered"] == 2
    assert report(cast, as_of=before["as_of"]) == before


def test_a_lead_that_nobody_answered_was_given_all_the_same(cast: Cast) -> None:
    with clock.at(datetime.now(UTC) - timedelta(days=60)):
        offered = leads.offer(cast.sam, cast.partnership_id)
    clockwork = Actor.system(cast.sam.actor.organization_id)
    with db.transaction(clockwork):
        watching.expire_offer(clockwork, UUID(offered["id"]))

    told = report(cast)

    given = told["organizations"][place_of("Acme", told)]["given"]
    assert (given["offered"], given["expired"]) == (1, 1)


def test_months_tell_what_was_won_in_them_and_sum_to_the_whole(app: Flask, cast: Cast) -> None:
    for days, amount, currency in (
        (100, "1000.10", "EUR"),
        (100, "0.20", "EUR"),
        (60, "7", "JPY"),
        (60, "3000000000000.01", "EUR"),
        (1, "250.999", "KWD"),
    ):
        with clock.at(datetime.now(UTC) - timedelta(days=days)):
            offered = leads.offer_at(cast, "converted")
            leads.step(cast.gina, offered["id"], "win", value={"amount": amount, "currency": currency})

    told = report(cast)

    side = ("first", "second")[place_of("Acme", told)]
    months = [month[side]["won_values"] for month in told["months"] if month[side]["won"]]
    assert [[(one["amount"], one["currency"]) for one in values] for values in months] == [
        [("1000.30", "EUR")],
        [("3000000000000.01", "EUR"), ("7", "JPY")],
        [("250.999", "KWD")],
    ]
    assert told["organizations"][place_of("Acme", told)]["won_values"] == [
        {"amount": "3000000001000.31", "currency": "EUR"},
        {"amount": "7", "currency": "JPY"},
        {"amount": "250.999", "currency": "KWD"},
    ]


def test_months_count_what_was_told_as_a_band(app: Flask, cast: Cast) -> None:
    banded = partnership(cast.dana, cast.ines, value_disclosure="band")
    offered = leads.offer(cast.dana, banded)
    for verb, body in (("accept", {}), ("qualify", {}), ("convert", {}), ("win", WON)):
        leads.step(cast.ines, offered["id"], verb, **body)

    told = cast.ines.call("GET", f"/partnerships/{banded}/reciprocity", expect=200)

    (month,) = told["months"]
    side = month[("first", "second")[place_of("Acme", told)]]
    assert (side["won"], side["won_values"], side["won_in_bands"]) == (1, [], 1)
