"""What a won deal comes to is on record once for both sides, and each side's books follow it, cent by cent."""

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from flask import Flask

from partnercrm.incentives import jobs
from partnercrm.kernel import clock, db
from tests.cast import Cast
from tests.crowd import at_once
from tests.factories import deals, earnings, notices, rates, splits, terms
from tests.servers import TestServer

EUROS = 120_000_00


def money(amount: str, currency: str = "EUR") -> dict[str, str]:
    return {"amount": amount, "currency": currency}


def test_a_win_is_on_record_for_both_and_earns_what_the_plan_says(cast: Cast) -> None:
    earnings.paid(cast)
    deal = earnings.won(cast)
    [win] = earnings.revenues(cast.sam, deal)

    assert (win["kind"], win["amount"], win["refunded"]) == ("won", money("120000.00"), money("0.00"))
    path = f"/deals/{deal['id']}/revenues"
    assert cast.sam.response("GET", path).data == cast.gina.response("GET", path).data
    assert cast.ines.response("GET", path).status_code == 404
    earnings.follow(cast.dana, cast.hank)
    earned = {cast.sam.actor.user_id: EUROS * 6 // 10 // 10}
    assert earnings.balance(cast.dana, "due") == earned
    assert earnings.balance(cast.dana, "commission") == {who: -minor for who, minor in earned.items()}
    assert earnings.balance(cast.hank, "due") == {}
    earnings.follow(cast.dana, cast.hank)
    assert earnings.balance(cast.dana, "due") == earned


def test_what_is_refunded_is_clawed_back_wherever_it_is_by_now(cast: Cast) -> None:
    earnings.paid(cast, holding_days=10)
    deal = earnings.won(cast)
    [win] = earnings.revenues(cast.sam, deal)
    earnings.follow(cast.dana)
    sam = cast.sam.actor.user_id
    assert earnings.balance(cast.dana, "held") == {sam: 7_200_00}

    part = earnings.refund(cast.hank, win, amount=money("40000.00"))
    assert (part["kind"], part["of_id"], part["organization_id"]) == (
        "refunded",
        win["id"],
        str(cast.hank.actor.organization_id),
    )
    earnings.follow(cast.dana)
    assert earnings.balance(cast.dana, "held") == {sam: 4_800_00}
    assert earnings.refund(cast.dana, win, amount=money("80000.01"), expect=409)["code"] == "refund_beyond"

    with clock.at(clock.now() + timedelta(days=11)):
        earnings.follow(cast.dana)
        assert (earnings.balance(cast.dana, "held"), earnings.balance(cast.dana, "due")) == ({}, {sam: 4_800_00})
        earnings.refund(cast.dana, win)
        earnings.follow(cast.dana)
    assert (earnings.balance(cast.dana, "held"), earnings.balance(cast.dana, "due")) == ({}, {})
    assert earnings.refund(cast.dana, win, expect=409)["code"] == "refund_beyond"
    again = earnings.recorded(cast.dana, deal, "won", "1000.00", reference="")
    assert earnings.refund(cast.dana, again)["amount"] == money("1000.00")


def test_everything_wrong_with_a_record_is_named_at_once(cast: Cast) -> None:
    deal = earnings.won(cast)
    [win] = earnings.revenues(cast.sam, deal)
    before = (clock.now() - timedelta(days=9)).isoformat()
    told = earnings.refund(cast.dana, win, amount=money("1.00", "CHF"), happened_at=before, expect=422)
    assert [one["field"] for one in told["errors"]] == ["amount.currency", "happened_at"]
    told = earnings.recorded(cast.dana, deal, "paid", "0.00", reference="", happened_at=before, expect=422)
    assert [one["field"] for one in told["errors"]] == ["happened_at", "reference", "amount.amount"]


def test_who_left_the_team_of_a_plan_gives_back_by_the_plan_that_paid(cast: Cast) -> None:
    teams = [cast.ada.call("POST", "/teams", json={"name": name}, expect=201)["id"] for name in ("North", "South")]
    place_in(cast, teams[0])
    plan = earnings.paid(cast, team_id=teams[0])
    [win] = earnings.revenues(cast.sam, earnings.won(cast))
    earnings.follow(cast.dana)
    place_in(cast, teams[1])
    earnings.refund(cast.dana, win, amount=money("60000.00"))
    earnings.follow(cast.dana)
    assert earnings.balance(cast.dana, "due") == {cast.sam.actor.user_id: 3_600_00}
    assert cast.sam.call("GET", f"/compensation-plans/{plan['id']}", expect=200)["versions"]
    cast.nora.call("GET", f"/compensation-plans/{plan['id']}", expect=404)


def test_who_only_knows_of_a_deal_refunds_nothing_of_it(cast: Cast) -> None:
    made = deals.opened(cast, cast.sam, involvement="visibility_only")
    for stage in ("committed", "closed_won"):
        made = deals.move(cast.sam, deals.read(cast.sam, made), stage)
    [win] = earnings.revenues(cast.sam, made)
    assert earnings.refund(cast.hank, win, expect=409)["code"] == "not_won"
    assert earnings.refund(cast.dana, win)["amount"] == money("120000.00")


def test_what_is_beyond_all_amounts_waits_and_stops_nothing_else(
    app: Flask, cast: Cast, test_server: TestServer, database: str
) -> None:
    rates.enter(app, test_server, database, {"IDR": "17000"}, [clock.now().date()])
    earnings.paid(cast, currency="IDR", trigger="paid")
    deal = earnings.won(cast)
    earnings.recorded(cast.hank, deal, "paid", "9999999999999.99")
    earnings.recorded(cast.hank, deal, "paid", "10.00", reference="R-2")
    earnings.follow(cast.dana)
    [have] = cast.sam.call("GET", "/earnings", expect=200)["balances"]
    assert have["due"] == money("10200.00", "IDR")


def test_a_rate_that_is_mended_changes_nothing_of_what_was_earned(
    app: Flask, cast: Cast, test_server: TestServer, database: str
) -> None:
    today = [clock.now().date()]
    earnings.paid(cast)
    [win] = earnings.revenues(cast.sam, earnings.won(cast, value=money("12000.00", "USD")))
    earnings.follow(cast.dana)
    assert earnings.balance(cast.dana, "due") == {}
    rates.enter(app, test_server, database, {"USD": "1.2"}, today)
    earnings.follow(cast.dana)
    assert earnings.balance(cast.dana, "due") == {cast.sam.actor.user_id: 600_00}
    rates.enter(app, test_server, database, {"USD": "1.5"}, today)
    earnings.refund(cast.dana, win, amount=money("6000.00", "USD"))
    earnings.follow(cast.dana)
    assert earnings.balance(cast.dana, "due") == {cast.sam.actor.user_id: 300_00}


def place_in(cast: Cast, team_id: str) -> None:
    path = f"/users/{cast.sam.actor.user_id}"
    tag = cast.ada.response("GET", path).headers["ETag"]
    cast.ada.call("PATCH", path, json={"team_id": team_id}, if_match=tag, expect=200)


def test_another_split_or_division_posts_the_differences(cast: Cast) -> None:
    earnings.paid(cast)
    deal = earnings.won(cast)
    earnings.follow(cast.dana)
    splits.agree(cast, deal, 500_000)
    earnings.follow(cast.dana)
    sam, dana = cast.sam.actor.user_id, cast.dana.actor.user_id
    assert earnings.balance(cast.dana, "due") == {sam: 6_000_00}
    splits.divide(
        cast.dana,
        deal,
        whole=3,
        participants=[{"user_id": str(sam), "parts": 2}, {"user_id": str(dana), "parts": 1}],
    )
    earnings.follow(cast.dana)
    assert earnings.balance(cast.dana, "due") == {sam: 4_000_00}

    earnings.paid(cast, cast.dana)
    earnings.follow(cast.dana)
    assert earnings.balance(cast.dana, "due") == {sam: 4_000_00, dana: 2_000_00}


def test_an_invoice_is_on_record_once_whoever_records_it(cast: Cast) -> None:
    earnings.paid(cast, trigger="paid")
    deal = earnings.won(cast)
    records = [partial(earnings.recorded, one, deal, "paid", "30000.00", expect=None) for one in (cast.dana, cast.hank)]
    assert Counter(one.get("code", "recorded") for one in at_once(records * 2)) == {
        "recorded": 1,
        "revenue_recorded_already": 3,
    }
    assert (
        earnings.recorded(cast.dana, deal, "won", "1.00", reference="", expect=409)["code"]
        == "revenue_recorded_already"
    )
    assert [
        one["field"] for one in earnings.recorded(cast.dana, deal, "paid", "0.00", reference="", expect=422)["errors"]
    ] == ["reference", "amount.amount"]
    earnings.recorded(cast.sam, deal, "paid", "1.00", reference="R-2", expect=403)
    earnings.recorded(cast.ines, deal, "paid", "1.00", reference="R-2", expect=404)
    earnings.follow(cast.dana)
    assert earnings.balance(cast.dana, "due") == {cast.sam.actor.user_id: 1_800_00}


def test_the_other_side_is_told_what_was_put_on_record(cast: Cast, test_server: TestServer, database: str) -> None:
    deal = earnings.won(cast)
    [win] = earnings.revenues(cast.sam, deal)
    earnings.refund(cast.hank, win, amount=money("5.00"))
    notices.Errands(test_server, database).run("notices.tell")
    told = [player.call("GET", "/notices", expect=200)["items"] for player in (cast.dana, cast.hank, cast.sam)]
    assert [sum(one["kind"] == "revenue.refunded" for one in found) for found in told] == [1, 0, 0]


def test_nothing_is_told_where_values_are_told_in_bands_nor_of_a_deal_that_is_open(cast: Cast) -> None:
    opened = deals.opened(cast, cast.sam)
    assert earnings.recorded(cast.dana, opened, "paid", "1.00", expect=409)["code"] == "not_won"
    terms.agree(cast, value_disclosure="band")
    deal = earnings.won(cast, company="Banded")
    assert earnings.revenues(cast.sam, deal) == []
    assert earnings.recorded(cast.dana, deal, "paid", "1.00", expect=409)["code"] == "values_in_bands"


ADDED = """INSERT INTO deal_revenues SELECT gen_random_uuid(), partnership_id, first_organization_id,
    second_organization_id, deal_id, organization_id, {}, currency, now(), now() FROM deal_revenues"""


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE deal_revenues SET minor = 1",
        "DELETE FROM deal_revenues",
        "TRUNCATE deal_revenues CASCADE",
        ADDED.format("'refunded', id, '', minor + 1"),
        ADDED.format("'won', NULL, '', 5"),
    ],
)
def test_the_database_keeps_what_a_deal_came_to(cast: Cast, test_server: Any, database: str, statement: str) -> None:
    earnings.won(cast)
    with pytest.raises(psycopg.Error), psycopg.connect(test_server.admin(database)) as connection:
        connection.execute(statement)
    with pytest.raises(psycopg.Error), db.transaction(cast.dana.actor):
        db.driver_connection().execute(statement)


def test_the_job_of_one_deal_leaves_the_others(cast: Cast) -> None:
    earnings.paid(cast)
    first, _ = (earnings.won(cast, company=name) for name in ("First", "Second"))
    own = str(cast.dana.actor.organization_id)
    jobs.accrue(own, first["id"])
    assert earnings.balance(cast.dana, "held") == {cast.sam.actor.user_id: 7_200_00}
    jobs.accrue(own)
    assert earnings.balance(cast.dana, "held") == {cast.sam.actor.user_id: 14_400_00}
