"""The record as a file: the same bytes for both sides, and enough to count the report anew."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from partnercrm.kernel import clock
from partnercrm.leads.queries import record
from tests.cast import Cast
from tests.factories import leads, rates
from tests.leads.test_claiming import claimed
from tests.leads.test_contesting import contested, settle
from tests.leads.test_record import given
from tests.recounting import expected_of, exported, path
from tests.servers import TestServer

BEGUN = datetime(2026, 1, 12, 10, tzinfo=UTC)
RECOUNT = Path(__file__).parents[1] / "recount.py"


@pytest.fixture
def lived(application: Flask, app: Flask, cast: Cast, database: str, test_server: TestServer) -> Cast:
    """An exchange in which everything happened that can, in three currencies; of one of them no rate is known."""
    days = [date(2026, 1, 12) + timedelta(days=day) for day in range(9)]
    rates.enter(application, test_server, database, {"USD": "1.0850", "JPY": "161.50"}, days)
    for number in range(9):
        moment, currency = BEGUN + timedelta(days=number), ("EUR", "USD", "JPY")[number % 3]
        amount = f"{100 + number}" if currency == "JPY" else f"{100 + number}.01"
        given(cast, moment, amount, currency, won=amount if number % 2 else None, industry="=Rail, heavy")
    given(cast, BEGUN, "5.00", "GBP", won="4.00")
    one = {"company_name": "Contoso", "need": "Anvils"}
    with clock.at(BEGUN):
        first = leads.offer(cast.sam, cast.partnership_id, **one)
        leads.step(cast.gina, first["id"], "accept")
        leads.step(cast.gina, first["id"], "return", reason="no_capacity")
    given(cast, BEGUN + timedelta(days=5), "1.00", "EUR", won="1.00", **one)
    for status in ("offered", "withdrawn", "declined", "disqualified", "returned", "lost", "won"):
        leads.offer_at(cast, status)
    _, case_id = contested(cast)
    settle(cast, case_id, "corrected")
    _, case_id = claimed(cast)
    settle(cast, case_id, "corrected")
    with clock.at(BEGUN + timedelta(days=3)):
        leads.step(cast.sam, leads.offer(cast.gina, cast.partnership_id)["id"], "accept")
    with clock.at(BEGUN - timedelta(days=51)):
        came_back = leads.offer(cast.sam, cast.partnership_id)
    # A month in which one came back and nothing was given.
    with clock.at(BEGUN - timedelta(days=31)):
        leads.step(cast.gina, came_back["id"], "decline", reason="no_capacity")
    return cast


@pytest.mark.parametrize(("form", "currency"), [("csv", "EUR"), ("jsonl", "JPY")])
def test_a_script_that_knows_nothing_of_us_counts_the_same_report_from_the_export(
    lived: Cast, tmp_path: Path, form: str, currency: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "_MANY", 7)
    told = {
        measure: lived.dana.call(
            "GET", path(lived), query_string={"measure": measure, "currency": currency}, expect=200
        )
        for measure in ("won_value", "expected_value")
    }
    whole = told["expected_value"]
    ours, theirs = (exported(player, lived, form, whole["as_of"], currency) for player in (lived.dana, lived.gina))
    assert ours == theirs
    file = tmp_path / f"record.{form}"
    file.write_bytes(ours)

    command = [sys.executable, "-I", str(RECOUNT), str(file), whole["as_of"]]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    counted = json.loads(done.stdout)
    assert {side["credit"]["accepted_again"] for side in whole["organizations"]} == {0, 1}
    assert counted == expected_of(whole, told["won_value"])


def test_the_record_as_of_a_moment_gains_no_line(cast: Cast) -> None:
    leads.offer_at(cast, "won")
    as_of = cast.dana.call("GET", path(cast), expect=200)["as_of"]
    before = exported(cast.dana, cast, "jsonl", as_of)

    leads.offer_at(cast, "declined")

    assert exported(cast.gina, cast, "jsonl", as_of) == before
    now = cast.dana.response("GET", f"{path(cast)}/steps", query_string={"format": "jsonl"})
    assert len(now.data.splitlines()) == len(before.splitlines()) + 2


def test_formulas_in_the_record_are_neutralised(cast: Cast) -> None:
    leads.offer(cast.sam, cast.partnership_id, industry="=1+1")

    [_, line] = cast.gina.response("GET", f"{path(cast)}/steps").text.splitlines()

    assert "'=1+1" in line


def test_only_members_of_a_living_partnership_read_the_record(cast: Cast) -> None:
    for outsider in (cast.nora, cast.ines):
        expected = 404 if outsider.actor.has("reports:read") else 403
        outsider.call("GET", f"{path(cast)}/steps", expect=expected)
    refused = cast.dana.call("GET", f"{path(cast)}/steps?as_of=2999-01-01T00:00:00Z", expect=422)
    assert [error["field"] for error in refused["errors"]] == ["as_of"]
