"""The books: two people pay what is due, months are closed, and the database refuses whatever does not add up."""

from collections import Counter
from datetime import date, timedelta
from functools import partial
from typing import Any

import psycopg
import pytest

from partnercrm.incentives import jobs
from partnercrm.kernel import clock, db
from tests.cast import Cast, Player, person
from tests.crowd import at_once
from tests.factories import earnings
from tests.surfer import Surfer

PAID = {"amount": "7200.00", "currency": "EUR"}


@pytest.fixture
def due(cast: Cast) -> dict[str, Any]:
    """A deal of which 7,200 euros are due to Acme's seller."""
    earnings.paid(cast)
    deal = earnings.won(cast)
    earnings.follow(cast.dana, cast.hank)
    return deal


@pytest.fixture
def eve(cast: Cast) -> Player:
    """Acme's executive."""
    return person(cast.app, cast.dana.actor.organization_id, "Eve", "eve@acme.example", "executive")


def propose(player: Player, *, expect: int = 201) -> dict[str, Any]:
    told: dict[str, Any] = player.call("POST", "/pay-outs", json={"currency": "EUR"}, expect=expect)
    return told


def decide(player: Player, one: dict[str, Any], verb: str, *, expect: int | None = 200) -> dict[str, Any]:
    told: dict[str, Any] = player.call("POST", f"/pay-outs/{one['id']}/{verb}", expect=expect)
    return told


def have(player: Player) -> dict[str, str]:
    [found] = player.call("GET", "/earnings", expect=200)["balances"]
    return {name: value["amount"] for name, value in found.items() if name != "currency"}


def test_what_is_due_is_paid_once_by_two_people_and_said_in_the_statement(
    cast: Cast, due: dict[str, Any], eve: Player
) -> None:
    assert have(cast.sam) == {
        "earned": "7200.00",
        "clawed_back": "0.00",
        "held": "0.00",
        "due": "7200.00",
        "paid": "0.00",
    }
    one = propose(cast.dana)
    assert (one["total"], [line["amount"] for line in one["lines"]]) == (PAID, [PAID])
    assert propose(eve, expect=409)["code"] == "pay_out_open_already"
    assert decide(cast.dana, one, "approve", expect=409)["code"] == "own_pay_out"
    decide(cast.sam, one, "approve", expect=403)
    decide(cast.hank, one, "approve", expect=404)
    answers = at_once([partial(decide, eve, one, "approve", expect=None)] * 3)
    assert Counter(answer.get("code", answer.get("status")) for answer in answers) == {
        "approved": 1,
        "pay_out_decided": 2,
    }
    assert have(cast.sam) | {"due": "0.00", "paid": "7200.00"} == have(cast.sam)
    assert propose(cast.dana, expect=409)["code"] == "nothing_due"

    told = cast.sam.call("GET", "/earnings/statement", expect=200)["items"]
    assert [(item["kind"], item["total"]["amount"]) for item in told] == [
        ("pay_out", "7200.00"),
        ("release", "7200.00"),
        ("accrual", "7200.00"),
    ]
    [line] = told[2]["lines"]
    assert (line["deal_id"], line["rule"], line["plan_version"], line["co_sell"]) == (due["id"], "tier", 1, "alone")
    for other in (cast.dana, cast.gina, cast.hank):
        assert other.call("GET", "/earnings/statement", expect=200)["items"] == []
        assert other.call("GET", "/earnings", expect=200)["balances"] == []


def test_a_preview_begins_where_the_books_have_the_seller(cast: Cast, due: dict[str, Any]) -> None:
    tiers = [{"from": "0", "to": "100000", "rate": 50_000}, {"from": "100000", "to": None, "rate": 100_000}]
    table = {"starts_on": "2020-01-01", "mode": "marginal", "tiers": tiers}
    earnings.paid(cast, tables=[table])
    earnings.won(cast, company="Second")
    earnings.follow(cast.dana)
    value = {"amount": "50000.00", "currency": "EUR"}
    told = cast.sam.call("POST", "/incentives/preview", json={"value": value}, expect=200)
    # 72,000 euros stand already: 28,000 of these at 5 %, 22,000 at 10 %.
    assert told["alone"]["earned"]["amount"] == "3600.00"
    nothing = {"value": value, "attained": {"amount": "0.00", "currency": "EUR"}}
    told = cast.sam.call("POST", "/incentives/preview", json=nothing, expect=200)
    assert told["alone"]["earned"]["amount"] == "2500.00"


def test_nobody_approves_their_own_pay_out_past_the_application(cast: Cast, due: dict[str, Any]) -> None:
    propose(cast.dana)
    approved = """UPDATE pay_outs SET status = 'approved', decided_by = {}, decided_at = now(),
        journal_id = (SELECT id FROM journals LIMIT 1)"""
    with db.transaction(cast.dana.actor):
        run = db.driver_connection().execute
        assert not taken(run, approved.format("proposed_by"))
        assert taken(run, approved.format(f"'{cast.nora.actor.user_id}'"))


def test_what_was_paid_and_is_refunded_is_taken_from_what_is_due_next(
    cast: Cast, due: dict[str, Any], eve: Player
) -> None:
    one = propose(cast.dana)
    [win] = earnings.revenues(cast.sam, due)
    earnings.refund(cast.dana, win, amount={"amount": "60000.00", "currency": "EUR"})
    earnings.follow(cast.dana)
    assert decide(eve, one, "approve", expect=409)["code"] == "pay_out_changed"
    decide(cast.dana, one, "withdraw")
    decide(eve, propose(cast.dana), "approve")
    earnings.refund(cast.dana, win)
    earnings.follow(cast.dana)
    assert have(cast.sam) == {
        "earned": "7200.00",
        "clawed_back": "7200.00",
        "held": "0.00",
        "due": "-3600.00",
        "paid": "3600.00",
    }
    assert propose(cast.dana, expect=409)["code"] == "nothing_due"
    body = {
        "user_id": str(cast.sam.actor.user_id),
        "amount": {"amount": "5000.00", "currency": "EUR"},
        "reason": "agreed",
    }
    cast.dana.call("POST", "/corrections", json=body, expect=201)
    cast.sam.call("POST", "/corrections", json=body, expect=403)
    cast.dana.call("POST", "/corrections", json=body | {"user_id": str(cast.dana.actor.user_id)}, expect=403)
    cast.hank.call("POST", "/corrections", json=body, expect=422)
    assert propose(cast.dana)["total"]["amount"] == "1400.00"


def test_what_is_released_at_once_in_two_currencies_stands_apart(cast: Cast) -> None:
    currencies = ("EUR", "CHF")
    for currency in currencies:
        earnings.paid(cast, currency=currency, holding_days=5)
        earnings.won(cast, company=f"In{currency}", value={"amount": "1000.00", "currency": currency})
        jobs.accrue(str(cast.dana.actor.organization_id))
    with clock.at(clock.now() + timedelta(days=6)):
        earnings.follow(cast.dana)
    told = cast.sam.call("GET", "/earnings/statement", expect=200)["items"]
    released = [one["total"] for one in told if one["kind"] == "release"]
    assert sorted(one["currency"] for one in released) == ["CHF", "EUR"]
    assert {one["amount"] for one in released} == {"60.00"}
    sent = Surfer.signed_in(cast.app, cast.sam.email).open("/my-earnings.csv").text.splitlines()
    assert sent[0].startswith("posted,kind,month,late_for,deal,event,rule")
    assert sorted(line.rsplit(",", 2)[1:] for line in sent[1:]) == [["60.00", "CHF"]] * 2 + [["60.00", "EUR"]] * 2


def test_a_closed_month_takes_nothing_and_what_is_late_says_so(cast: Cast, due: dict[str, Any]) -> None:
    month = clock.now().date().replace(day=1)
    close = {"starts_on": month.isoformat()}
    assert cast.dana.call("POST", "/ledger-periods/close", json=close, expect=409)["code"] == "period_not_next"
    [win] = earnings.revenues(cast.sam, due)
    refunded = clock.now()
    with clock.at(clock.now() + timedelta(days=40)):
        cast.sam.call("POST", "/ledger-periods/close", json=close, expect=403)
        assert cast.dana.call("POST", "/ledger-periods/close", json=close, expect=200)["closed_at"]
        assert cast.dana.call("POST", "/ledger-periods/close", json=close, expect=409)["code"] == "period_not_next"
        earnings.refund(cast.dana, win, happened_at=refunded.isoformat())
        earnings.follow(cast.dana)
        late = cast.sam.call("GET", "/earnings/statement?limit=1", expect=200)["items"][0]
    assert (late["kind"], late["late_for"]) == ("clawback", month.isoformat())
    assert date.fromisoformat(late["period_on"]) > month
    told = cast.dana.call("GET", "/ledger-periods", expect=200)["items"]
    assert [(one["starts_on"], bool(one["closed_at"])) for one in told] == [
        (late["period_on"], False),
        (close["starts_on"], True),
    ]


COPIED = """INSERT INTO journals SELECT organization_id, gen_random_uuid(), kind, period_on, happened_on, late_for,
    lines, reason, made_by, now() FROM journals WHERE kind = 'accrual'"""
BEYOND = """INSERT INTO entries SELECT organization_id, journal_id, lines, lines + 1, account, minor, currency,
    user_id, partnership_id, deal_id, revenue_id, rule, place, portion FROM entries WHERE line = 1"""
UNBALANCED = """WITH one AS (
        INSERT INTO journals SELECT organization_id, gen_random_uuid(), kind, period_on, happened_on, late_for, lines,
            reason, made_by, now() FROM journals WHERE kind = 'accrual' RETURNING organization_id, id, lines
    )
    INSERT INTO entries SELECT one.organization_id, one.id, one.lines, e.line, e.account, e.minor + e.line % 2,
        e.currency, e.user_id, e.partnership_id, e.deal_id, e.revenue_id, e.rule, e.place, e.portion
    FROM one, entries e JOIN journals j ON j.id = e.journal_id AND j.kind = 'accrual'"""
LATE = """UPDATE ledger_periods SET closed_at = now(), closed_by = NULL; """ + UNBALANCED.replace(" + e.line % 2", "")
EDITED = [
    f"{verb} {table} {rest}"
    for table, column in (
        ("journals", "lines"),
        ("entries", "minor"),
        ("accruals", "credit_minor"),
        ("pay_out_lines", "minor"),
    )
    for verb, rest in (("UPDATE", f"SET {column} = 7"), ("DELETE FROM", ""), ("TRUNCATE", "CASCADE"))
]


REFUSED = (COPIED, BEYOND, UNBALANCED, LATE, *EDITED)


def taken(run: Any, statement: str) -> bool:
    """Tell whether the database takes a statement and all it leaves behind; what it did is undone."""
    run("SAVEPOINT before")
    try:
        run(statement)
        run("SET CONSTRAINTS ALL IMMEDIATE")
    except (psycopg.errors.SyntaxError, psycopg.errors.UndefinedColumn):
        raise
    except psycopg.Error:
        run("ROLLBACK TO before")
        return False
    run("ROLLBACK TO before")
    return True


def test_the_database_refuses_what_does_not_add_up(
    cast: Cast, due: dict[str, Any], test_server: Any, database: str
) -> None:
    sound = UNBALANCED.replace(" + e.line % 2", "")
    with psycopg.connect(test_server.admin(database)) as connection:
        assert [one for one in REFUSED if taken(connection.execute, one)] == []
        assert taken(connection.execute, sound)
    with db.transaction(cast.dana.actor):
        run = db.driver_connection().execute
        assert [one for one in REFUSED if taken(run, one)] == []
        assert taken(run, sound)
