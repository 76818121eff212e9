"""A draft tried on past sales: the plan that pays gives what the books say, few are told nothing, names are agreed."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.incentives.plans import CoSell, Plan, RateTable, Tier, TierMode
from partnercrm.incentives.queries import simulating as queries
from partnercrm.incentives.simulating import Change, Sale, changes, coarse, is_tellable, quartiles
from partnercrm.kernel import clock
from tests.cast import Cast
from tests.factories import earnings, incentives, splits
from tests.surfer import Surfer

SAM, NORA = UUID(int=1), UUID(int=2)


def plan(*tiers: Tier) -> Plan:
    table = RateTable(None, date(2026, 1, 1), None, TierMode.MARGINAL, tiers)
    return Plan(currency="EUR", starts_on=date(2026, 1, 1), ends_on=None, tables=(table,))


def sale(who: UUID, minor: int, left: Fraction = Fraction(1), month: int = 2) -> Sale:
    return Sale(who, date(2026, month, 1), None, minor, left, CoSell.ALONE, plan(Tier(0, None, 100_000)))


def test_each_is_paid_anew_in_order_by_period_and_a_refund_stays_one() -> None:
    rising = plan(Tier(0, 1_000, 0), Tier(1_000, None, 200_000))
    sales = [sale(SAM, 1_000), sale(SAM, 1_000), sale(NORA, 1_000), sale(NORA, 1_000, month=4)]
    assert changes(sales, rising) == {SAM: Change(200, 200), NORA: Change(200, 0)}

    assert changes([sale(SAM, 1_000, Fraction(1, 2)), sale(SAM, 1_000)], rising) == {SAM: Change(150, 100)}


@given(st.lists(st.integers(-100, 100), min_size=8))
def test_of_eight_no_quartile_is_the_least_alone(values: list[int]) -> None:
    lower, middle, upper = quartiles(values)
    for part, value in ((1, lower), (2, middle), (3, upper)):
        assert 4 * sum(one <= value for one in values) >= part * len(values)
        assert 4 * sum(one < value for one in values) < part * len(values)
    assert lower >= sorted(values)[1]


def test_a_plan_made_to_pay_one_person_tells_nothing() -> None:
    even = [Change(100, 110) for _ in range(8)]
    assert is_tellable(even, 8)
    assert is_tellable([Change(100, 100) for _ in range(8)], 8)
    assert not is_tellable(even[:7], 8)
    assert not is_tellable([*even[:7], Change(0, 110)], 8)
    assert not is_tellable([*even, Change(100, 5_000)], 8)
    assert not is_tellable([Change(100, 0) for _ in range(8)] + [Change(100, 900)], 8)
    assert not is_tellable([Change(100, 100) for _ in range(8)] + [Change(100, 101)], 8)


def test_amounts_are_told_in_two_digits() -> None:
    assert [coarse(one) for one in (0, 7, -99, 1_049, -1_051, 998_877)] == [0, 7, -99, 1_000, -1_100, 1_000_000]


def test_the_months_that_are_tried_are_over() -> None:
    assert queries.window(date(2026, 11, 24)) == (date(2025, 11, 1), date(2026, 11, 1))
    assert queries.window(date(2024, 2, 29)) == (date(2023, 2, 1), date(2024, 2, 1))


RATES = {"tables": [{"starts_on": "2020-01-01", "mode": "marginal", "tiers": [{"from": "0", "rate": 100_000}]}]}


@pytest.fixture
def sold(cast: Cast) -> dict[str, Any]:
    """A plan of Sam's and Nora's, who halve two won deals."""
    made = incentives.published(cast.dana, incentives.drafted(cast.dana, starts_on="2020-01-01", **RATES))
    people = (cast.sam, cast.nora)
    for one in people:
        incentives.assigned(cast.dana, made, starts_on="2020-01-01", user_id=str(one.actor.user_id))
    parts = [{"user_id": str(one.actor.user_id), "parts": 1} for one in people]
    for company in ("Northwind", "Fabrikam"):
        splits.divide(cast.dana, earnings.won(cast, company=company), whole=2, participants=parts)
    earnings.follow(cast.dana)
    return made


@pytest.fixture
def among_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two are enough to tell of, and this month counts."""
    monkeypatch.setattr(queries, "GROUP_MINIMUM", 2)
    monkeypatch.setattr(queries, "window", lambda today: (date(2026, 1, 1), today + timedelta(days=1)))


def simulated(cast: Cast, plan: dict[str, Any], *, expect: int = 200) -> dict[str, Any]:
    told: dict[str, Any] = cast.dana.call("GET", f"/compensation-plans/{plan['id']}/simulation", expect=expect)
    return told


def test_of_few_nothing_is_told_and_nothing_without_a_draft(app: Flask, cast: Cast, sold: dict[str, Any]) -> None:
    assert simulated(cast, sold, expect=409)["code"] == "nothing_to_simulate"
    incentives.changed(cast.dana, sold, starts_on="2020-01-01", **RATES)
    told = simulated(cast, sold)
    assert (told["people"], told["now"], told["quartiles"], told["persons"]) == (None,) * 4
    assert told["until_on"] < clock.now().date().isoformat()
    page = Surfer.signed_in(app, "dana@acme.example").open(f"/compensation-plans/{sold['id']}/simulation").text
    assert "Too few to tell" in page
    assert "Nora" not in page


@pytest.mark.usefixtures("among_two")
def test_what_pays_now_simulated_is_what_the_books_say(cast: Cast, sold: dict[str, Any]) -> None:
    incentives.changed(cast.dana, sold, starts_on="2020-01-01", **RATES)
    told = simulated(cast, sold)
    books = sum(earnings.balance(cast.dana, "held").values()) + sum(earnings.balance(cast.dana, "due").values())
    assert told["people"] == 2
    assert told["now"] == told["then"] == {"amount": f"{coarse(books) / 100:.2f}", "currency": "EUR"}
    assert [one["amount"] for one in told["quartiles"]] == ["0.00"] * 3
    assert books > 0

    agreed = {"person_figures": "managers", "reason": "Agreed with the works council."}
    cast.ada.call("POST", "/works-agreement", json=agreed, expect=201)
    persons = simulated(cast, sold)["persons"]
    assert [one["name"] for one in persons] == ["Nora", "Sam"]
    assert all(one["now"] == one["then"] for one in persons)


@pytest.mark.usefixtures("among_two")
def test_a_group_beside_one_person_is_not_told(cast: Cast, sold: dict[str, Any]) -> None:
    incentives.changed(cast.dana, sold, starts_on="2020-01-01", **RATES)
    paid_nobody = incentives.drafted(cast.dana, starts_on="2020-01-01", **RATES)
    earnings.paid(cast, cast.ada)
    hers = [{"user_id": str(cast.ada.actor.user_id), "parts": 1}]
    splits.divide(cast.dana, earnings.won(cast, company="Contoso"), whole=1, participants=hers)
    earnings.follow(cast.dana)

    assert simulated(cast, sold)["now"] is None
    everybody = simulated(cast, paid_nobody)
    assert (everybody["people"], everybody["left_out"]) == (3, 0)
