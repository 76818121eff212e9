"""Earnings computed elsewhere: each key once, a changed one by the difference, wrong rows named, the rules idle."""

from typing import Any

from tests.cast import Cast, Player
from tests.factories import earnings, incentives

IMPORT = "/earnings/import"


def row(key: str, amount: str, player: Player, **given: Any) -> dict[str, Any]:
    told = {"external_id": key, "amount": amount, "currency": "EUR", "email": player.email, "earned_on": "2026-01-31"}
    return told | given


def bring(player: Player, *rows: dict[str, Any], expect: int = 200) -> Any:
    return player.call("POST", IMPORT, json={"connector": "payroll", "earnings": list(rows)}, expect=expect)


def due(cast: Cast) -> dict[str, int]:
    found = earnings.balance(cast.dana, "due")
    people = {cast.sam.actor.user_id: "sam", cast.nora.actor.user_id: "nora", cast.dana.actor.user_id: "dana"}
    return {people[who]: minor for who, minor in found.items()}


def test_a_key_is_posted_once_and_a_changed_one_by_the_difference(cast: Cast) -> None:
    both = row("1", "100.00", cast.sam), row("2", "-5.50", cast.nora)
    assert bring(cast.dana, *both) == {"posted": 2, "unchanged": 0}
    assert bring(cast.dana, *both) == {"posted": 0, "unchanged": 2}
    assert due(cast) == {"sam": 10_000, "nora": -550}

    assert bring(cast.dana, row("1", "80.00", cast.sam), both[1]) == {"posted": 1, "unchanged": 1}
    assert due(cast) == {"sam": 8_000, "nora": -550}
    bring(cast.dana, row("1", "80.00", cast.nora), row("2", "0.00", cast.nora))
    assert due(cast) == {"nora": 8_000}
    nothing = row("2", "0.00", cast.sam, earned_on="2026-02-01", currency="CHF")
    assert bring(cast.dana, nothing) == {"posted": 0, "unchanged": 1}

    items = cast.sam.call("GET", "/earnings/statement?sort=recorded_at", expect=200)["items"]
    assert [(one["kind"], one["total"]["amount"]) for one in items] == [
        ("import", "100.00"),
        ("import", "-20.00"),
        ("import", "-80.00"),
    ]
    assert {line["reference"] for one in items for line in one["lines"]} == {"1"}


def test_a_key_keeps_its_currency_while_it_stands(cast: Cast) -> None:
    bring(cast.dana, row("1", "100.00", cast.sam))
    dollars = row("1", "120.00", cast.sam, currency="USD")
    assert [one["field"] for one in bring(cast.dana, dollars, expect=422)["errors"]] == ["earnings.0.currency"]
    bring(cast.dana, row("1", "0.00", cast.sam))
    bring(cast.dana, dollars)
    items = cast.sam.call("GET", "/earnings/statement?sort=recorded_at", expect=200)["items"]
    assert [" ".join(one["total"].values()) for one in items] == ["100.00 EUR", "-100.00 EUR", "120.00 USD"]


def test_every_wrong_row_is_named_and_nothing_of_the_others_is_posted(cast: Cast) -> None:
    wrong = bring(
        cast.dana,
        row("1", "10.00", cast.sam),
        row("1", "10.00", cast.sam),
        row("2", "10.00", cast.gina),
        row("3", "10.00", cast.dana),
        row("4", "0.00", cast.sam),
        row("5", "10.00", cast.sam, earned_on="2999-01-01"),
        expect=422,
    )
    assert [one["field"] for one in wrong["errors"]] == [
        *("earnings.1.external_id", "earnings.2.email", "earnings.3.email", "earnings.4.amount"),
        "earnings.5.earned_on",
    ]
    assert [one["field"] for one in bring(cast.dana, row("1", "10.001", cast.sam), expect=422)["errors"]] == [
        "earnings.0.amount"
    ]
    assert due(cast) == {}
    bring(cast.sam, row("1", "10.00", cast.nora), expect=403)


def test_nobody_takes_what_stands_as_anothers_for_themselves(cast: Cast) -> None:
    bring(cast.dana, row("1", "10.00", cast.sam))
    mine = [one["field"] for one in bring(cast.dana, row("1", "10.00", cast.dana), expect=422)["errors"]]
    assert mine == ["earnings.0.email"]
    assert bring(cast.ada, row("1", "10.00", cast.sam), expect=403)["code"] == "not_allowed"


def test_a_plan_computed_elsewhere_earns_nothing_by_events_and_lets_nothing_wait(cast: Cast) -> None:
    made = incentives.published(
        cast.dana,
        incentives.drafted(
            cast.dana,
            starts_on="2020-01-01",
            trigger="elsewhere",
            tables=[{"starts_on": "2020-01-01", "mode": "marginal", "tiers": [{"from": "0", "rate": 100_000}]}],
        ),
    )
    incentives.assigned(cast.dana, made, starts_on="2020-01-01", user_id=str(cast.sam.actor.user_id))
    earnings.won(cast)
    earnings.follow(cast.dana)
    assert cast.sam.call("GET", "/earnings", expect=200)["balances"] == []
