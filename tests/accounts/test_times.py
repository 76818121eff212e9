"""Time: told by whoever wishes, read by them alone, summed of enough people once nobody can add; what mapping saved."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask

from partnercrm.accounts.times import average, month_of, open_months, told_months, total
from partnercrm.identity.agreements import GROUP_MINIMUM
from partnercrm.kernel import clock
from tests.accounts.conftest import Run
from tests.cast import Cast, person
from tests.factories import mapping
from tests.surfer import Surfer

NEW_YEAR = datetime(2027, 1, 15, tzinfo=UTC)


def test_a_month_is_told_of_once_nobody_can_add_to_it() -> None:
    assert open_months(NEW_YEAR) == ("2027-01", "2026-12")
    assert told_months(NEW_YEAR)[0] == "2026-11"
    assert told_months(NEW_YEAR)[-1] == "2025-12"
    assert month_of(NEW_YEAR, back=25) == "2024-12"
    assert not set(open_months(NEW_YEAR)) & set(told_months(NEW_YEAR))


@pytest.mark.parametrize(("people", "told"), [(GROUP_MINIMUM - 1, None), (GROUP_MINIMUM, 30 * GROUP_MINIMUM)])
def test_totals_are_of_enough_people_who_said_something(people: int, told: int | None) -> None:
    by_person = {uuid4(): 30 for _ in range(people)} | {uuid4(): 0}

    assert total(by_person) == told
    assert average(by_person) == (None if told is None else 30)


def test_only_whoever_said_it_reads_it_and_the_partner_reads_nothing(cast: Cast) -> None:
    path, this = f"/partnerships/{cast.partnership_id}/time", month_of(clock.now())
    told = cast.sam.call("POST", path, json={"month": this, "minutes": 90}, expect=200)
    assert [(one["month"], one["minutes"]) for one in told["mine"]] == [(this, 90)]
    told = cast.sam.call("POST", path, json={"month": this, "minutes": 30}, expect=200)
    assert [one["minutes"] for one in told["mine"]] == [30]
    cast.dana.call("POST", f"{path}-baseline", json={"list_minutes": 480, "month_minutes": 600}, expect=200)

    assert cast.dana.call("GET", path, expect=200)["mine"] == []
    assert cast.sam.call("GET", path, expect=200)["baseline"]["list_minutes"] == 480
    theirs = cast.gina.call("GET", path, expect=200)
    assert (theirs["baseline"], theirs["mine"]) == (None, [])
    assert {one["minutes"] for one in theirs["months"]} == {None}
    assert cast.nora.response("GET", path).status_code == cast.ines.response("GET", path).status_code == 404


def test_months_that_are_over_are_closed(cast: Cast) -> None:
    path = f"/partnerships/{cast.partnership_id}/time"
    refused = cast.sam.call("POST", path, json={"month": "2020-01", "minutes": 90}, expect=422)
    assert [error["field"] for error in refused["errors"]] == ["month"]
    refused = cast.sam.call("POST", path, json={"month": "2020-13", "minutes": -1}, expect=422)
    assert {error["field"] for error in refused["errors"]} == {"month", "minutes"}


def test_a_total_stands_beside_the_sides_own_baseline(app: Flask, cast: Cast) -> None:
    path = f"/partnerships/{cast.partnership_id}/time"
    others = [
        person(app, cast.sam.actor.organization_id, f"T{one}", f"t{one}@acme.example", "seller")
        for one in range(GROUP_MINIMUM - 1)
    ]
    for one in others:
        named = {"user_id": str(one.actor.user_id), "role": "seller"}
        cast.dana.call("POST", f"/partnerships/{cast.partnership_id}/members", json=named, expect=201)
    then = clock.now() - timedelta(days=75)
    month = month_of(then)
    with clock.at(then):
        for player in (cast.sam, *others):
            player.call("POST", path, json={"month": month, "minutes": 60}, expect=200)
        assert {one["minutes"] for one in cast.dana.call("GET", path, expect=200)["months"]} == {None}

    told = cast.dana.call("GET", path, expect=200)["months"]
    (one,) = [one for one in told if one["minutes"] is not None]
    assert one == {"month": month, "minutes": 60 * GROUP_MINIMUM, "each": 60}
    assert "8 h 0 min" in Surfer.signed_in(app, "dana@acme.example").open(path).text


def test_mapping_reports_what_it_saved(app: Flask, listed: Cast, run: Run) -> None:
    path = f"/partnerships/{listed.partnership_id}/time"
    mapping.agreed(listed)
    assert listed.dana.call("GET", path, expect=200)["minutes_saved"] is None
    for week in (0, 1):
        run(mapping.later(week))
    dana = Surfer.signed_in(app, "dana@acme.example")
    baseline = {"list_minutes": "480", "month_minutes": "600"}
    assert dana.send(f"{path}-baseline", baseline, shown_on=path).status_code == 303

    told = listed.dana.call("GET", path, expect=200)
    assert (told["lists_compared"], told["minutes_saved"]) == (1, 480)
    page = dana.open(path).text
    assert "8 h 0 min" in page
    month = {"month": month_of(clock.now()), "minutes": "90"}
    assert dana.send(path, month, shown_on=path).status_code == 303
    assert "1 h 30 min" in dana.open(path).text
    assert dana.send(path, month | {"minutes": "x"}, shown_on=path).status_code == 422
