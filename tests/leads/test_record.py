"""Asking the record: any window, measure and breakdown, in one currency, the same bytes for both sides."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from partnercrm.kernel import clock
from tests.cast import Cast, partnership
from tests.factories import leads, rates
from tests.house.test_lists import statements
from tests.leads.test_contesting import contested, settle
from tests.partnerships.test_terms import agree
from tests.servers import TestServer

JANUARY = datetime(2026, 1, 12, 10, tzinfo=UTC)
MARCH = datetime(2026, 3, 2, 10, tzinfo=UTC)
WAY = ("accept", "qualify", "convert")
Correct = Callable[[str], None]


@pytest.fixture
def correct(application: Flask, app: Flask, database: str, test_server: TestServer) -> Correct:
    """Enter dollars for a euro in January and March; again: correct them."""

    def enter(dollars: str) -> None:
        for begins in (JANUARY.date(), MARCH.date()):
            days = [begins + timedelta(days=day) for day in range(3)]
            rates.enter(application, test_server, database, {"USD": dollars}, days)

    return enter


def path(cast: Cast) -> str:
    return f"/partnerships/{cast.partnership_id}/reciprocity"


def asked(cast: Cast, **query: str) -> dict[str, Any]:
    answers = [player.response("GET", path(cast), query_string=query) for player in (cast.dana, cast.gina)]
    as_of = answers[0].json["as_of"]
    again = [
        player.response("GET", path(cast), query_string=query | {"as_of": as_of}).data
        for player in (cast.dana, cast.gina)
    ]
    assert again[0] == again[1] == answers[0].data
    found: dict[str, Any] = answers[0].json
    return found


def reckoned(cast: Cast, **query: str) -> dict[str, Any]:
    """Return what Acme's leads came to by row, and in all."""
    told = asked(cast, **query)
    side = "first" if told["organizations"][0]["name"] == "Acme" else "second"
    found = told["reckoning"]
    return {"all": found[side], "realised": found[f"{side}_realised"], "rates": found["rates"]} | {
        "rows": {row["name"] or row["key"]: row[side] for row in found["rows"]}
    }


def given(cast: Cast, moment: datetime, value: str, currency: str, won: str | None = None, **fields: Any) -> Any:
    """Let Acme give a lead that is accepted on the day, and won the same day when an amount is given."""
    line = fields.pop("product_line_id", None)
    with clock.at(moment):
        lead = leads.lead(cast.sam, value={"amount": value, "currency": currency}, **fields)
        sent = {"lead_id": lead["id"], "partnership_id": str(cast.partnership_id), "product_line_id": line}
        made = cast.sam.call("POST", "/offers", json=sent, expect=201)
        for verb in WAY if won else WAY[:1]:
            leads.step(cast.gina, made["id"], verb)
        if won:
            leads.step(cast.gina, made["id"], "win", value={"amount": won, "currency": currency})
    return made


def money(amount: str, currency: str = "EUR") -> dict[str, str]:
    return {"amount": amount, "currency": currency}


def test_values_are_converted_at_the_rate_of_each_steps_day_and_stand_beside_as_they_were_told(
    cast: Cast, correct: Correct
) -> None:
    correct("1.25")
    for value, currency, moment in (("100.00", "USD", JANUARY), ("0.01", "USD", MARCH), ("50.00", "EUR", MARCH)):
        given(cast, moment, value, currency, won=value)
    given(cast, MARCH, "7", "JPY", won="7")
    given(cast, MARCH + timedelta(days=10), "9.00", "USD", won="9.00")

    found = reckoned(cast, measure="won_value")
    dollars = reckoned(cast, measure="won_value", currency="USD", window="2026-01..2026-01")

    assert (found["all"]["leads"], found["all"]["value"]) == (5, money("130.01"))
    assert found["all"]["as_told"] == [money("50.00"), money("7", "JPY"), money("109.01", "USD")]
    assert found["all"]["unconverted"] == [money("7", "JPY"), money("9.00", "USD")]
    assert {month: row["value"] for month, row in found["rows"].items()} == {
        "2026-01": money("80.00"),
        "2026-03": money("50.01"),
    }
    assert (found["rates"]["version"], found["rates"]["last_on"]) == (2, "2026-03-04")
    assert dollars["all"]["value"] == money("100.00", "USD")


def test_a_corrected_rate_changes_no_report_as_of_an_earlier_moment(cast: Cast, correct: Correct) -> None:
    given(cast, JANUARY, "100.00", "USD", won="100.00")
    without = asked(cast, measure="won_value")
    correct("1.25")
    before = asked(cast, measure="won_value")

    correct("2")

    assert asked(cast, measure="won_value", as_of=without["as_of"]) == without
    assert asked(cast, measure="won_value", as_of=before["as_of"]) == before
    found = [one["reckoning"] for one in (without, before, asked(cast, measure="won_value"))]
    assert [one["rates"] and one["rates"]["version"] for one in found] == [None, 2, 4]
    values = [[one[side]["value"]["amount"] for side in ("first", "second")] for one in found]
    assert [max(pair) for pair in values] == ["0.00", "80.00", "50.00"]


def test_a_window_narrows_every_figure_but_the_index(cast: Cast) -> None:
    given(cast, JANUARY, "100.00", "EUR", won="90.00")
    given(cast, MARCH, "100.00", "EUR")
    with clock.at(MARCH):
        leads.step(cast.gina, leads.offer(cast.sam, cast.partnership_id)["id"], "decline", reason="no_fit")

    whole = asked(cast)
    for window, counts, months in (
        ("2026-02..", (2, 1, 0, 1), ["2026-03"]),
        ("..2026-02", (1, 1, 1, 0), ["2026-01"]),
        ("2026-02..2026-02", (0, 0, 0, 0), []),
    ):
        found = asked(cast, window=window)
        [acme] = [one for one in found["organizations"] if one["name"] == "Acme"]
        [globex] = [one for one in found["organizations"] if one["name"] == "Globex"]
        assert tuple(acme["given"][step] for step in ("offered", "accepted", "won", "declined")) == counts
        assert [month["month"] for month in found["months"]] == months
        assert found["reckoning"]["window"] == window
        assert sum(one["count"] for one in acme["declined_for"]) == counts[3]
        assert globex["responses"]["answered"] == counts[1] + counts[3]
        assert found["index"] == whole["index"]


def test_leads_are_divided_by_product_line_country_and_industry_with_a_row_for_what_was_not_given(cast: Cast) -> None:
    agree(cast, product_lines=[{"name": "Storage"}, {"name": "Anvils"}])
    lines = {
        one["name"]: one["id"]
        for one in cast.dana.call("GET", f"/partnerships/{cast.partnership_id}")["terms"]["product_lines"]
    }
    now = datetime.now(UTC)
    given(cast, now, "10.00", "EUR", product_line_id=lines["Anvils"], country="DE", industry="Rail")
    given(cast, now, "10.00", "EUR", product_line_id=lines["Anvils"], country="AT")
    given(cast, now, "10.00", "EUR", product_line_id=lines["Storage"], industry="Rail")
    given(cast, now, "10.00", "EUR")

    for by, counts in (
        ("product", {"Anvils": 2, "Storage": 1, None: 1}),
        ("region", {"AT": 1, "DE": 1, None: 2}),
        ("industry", {"Rail": 2, None: 2}),
    ):
        found = reckoned(cast, measure="accepted", by=by)
        assert {key: row["leads"] for key, row in found["rows"].items()} == counts
        assert list(found["rows"]) == list(counts)
        assert found["all"]["leads"] == 4


def test_a_product_line_that_was_not_agreed_is_refused(cast: Cast) -> None:
    sent = {"lead_id": leads.lead(cast.sam)["id"], "partnership_id": str(cast.partnership_id)}
    refused = cast.sam.call("POST", "/offers", json=sent | {"product_line_id": sent["lead_id"]}, expect=422)

    assert [error["field"] for error in refused["errors"]] == ["product_line_id"]


def test_expectations_are_scaled_by_what_came_of_eight_closed_leads(cast: Cast) -> None:
    for _ in range(7):
        given(cast, JANUARY, "100.00", "EUR", won="50.00")
    given(cast, MARCH, "0.01", "EUR")
    unscaled = reckoned(cast, measure="expected_value")
    given(cast, MARCH, "100.00", "EUR", won="50.00")
    scaled = reckoned(cast, measure="expected_value")

    assert unscaled["all"]["value"] == money("700.01")
    assert (unscaled["realised"]["closed"], unscaled["realised"]["ratio"]) == (7, None)
    assert scaled["realised"] == {
        "closed": 8,
        "expected": money("800.00"),
        "won": money("400.00"),
        "ratio": "0.5000",
    }
    # Each by itself: eight times 50.00, and half a cent goes to the even one, none.
    assert scaled["all"]["value"] == money("400.00")
    assert scaled["all"]["as_told"] == [money("800.01")]


def test_expectations_told_in_bands_are_counted_by_band_and_never_summed(cast: Cast) -> None:
    banded = partnership(cast.dana, cast.ines, value_disclosure="band")
    offered = leads.offer(cast.dana, banded, value={"amount": "12345.67", "currency": "EUR"})
    leads.step(cast.ines, offered["id"], "accept")
    leads.step(cast.ines, leads.offer(cast.dana, banded)["id"], "accept")

    query = {"measure": "expected_value"}
    told = cast.ines.call("GET", f"/partnerships/{banded}/reciprocity", query_string=query, expect=200)

    side = max((told["reckoning"][side] for side in ("first", "second")), key=lambda one: one["leads"])
    assert side["value"] == money("0.00")
    assert (side["in_bands"], side["untold"]) == ([{"band": "10k_50k", "currency": "EUR", "leads": 1}], 1)
    assert "12345" not in str(told)


def test_a_corrected_disqualification_counts_as_qualified_in_every_breakdown(cast: Cast) -> None:
    _, case_id = contested(cast)
    before = {by: reckoned(cast, measure="qualified", by=by)["all"]["leads"] for by in ("month", "industry")}

    settle(cast, case_id, "corrected")

    after = {by: reckoned(cast, measure="qualified", by=by)["all"]["leads"] for by in ("month", "industry")}
    assert (before, after) == ({"month": 0, "industry": 0}, {"month": 1, "industry": 1})


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("window", "2026-03..2026-01"), ("window", "2026"), ("measure", "weight"), ("by", "seller"), ("currency", "XXX")],
)
def test_what_cannot_be_asked_is_named(cast: Cast, field: str, wrong: str) -> None:
    refused = cast.dana.call("GET", path(cast), query_string={field: wrong}, expect=422)

    assert [error["field"] for error in refused["errors"]] == [field]


@pytest.mark.parametrize("query", [{"by": "industry"}, {"measure": "expected_value"}, {"measure": "won_value"}])
def test_a_long_record_takes_no_more_statements_than_a_short_one(cast: Cast, query: dict[str, str]) -> None:
    costs = []
    for count in (1, 6):
        for number in range(count):
            given(cast, JANUARY, "10.00", "EUR", won="10.00", industry=f"Industry {number}")
        cast.dana.call("GET", path(cast), query_string=query, expect=200)
        with statements() as sent:
            cast.dana.call("GET", path(cast), query_string=query, expect=200)
        costs.append(len(sent))

    assert costs[0] == costs[1]


def test_the_shared_report_is_divided_by_no_seller_and_says_where_ones_own_figures_are(cast: Cast) -> None:
    for player in (cast.dana, cast.gina):
        refused = player.call("GET", path(cast), query_string={"by": "seller"}, expect=422)
        assert "/reciprocity/sellers" in refused["errors"][0]["message"]
