"""Results of a learning system by file: every wrong row at once, nothing half entered, none twice."""

import io
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from partnercrm.enablement.items import Outcome
from partnercrm.integrations.actions import results
from partnercrm.integrations.outcomes import result
from partnercrm.integrations.reading import DateForm
from tests.cast import Cast, Player
from tests.factories.enablement import item
from tests.surfer import Surfer

HEADER = "Record ID;E-Mail;Course;Passed;Score;Completed on\n"
PAGE = "/enablement/results/import"


def load(player: Player, rows: str, *, header: str = HEADER, expect: int = 200, **form: str) -> Any:
    data = {"connector": "lms", **form, "file": (io.BytesIO((header + rows).encode()), "lms.csv")}
    return player.call("POST", "/enablement-results/import", data=data, expect=expect)


def told(refused: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(one.get("line"), one.get("column"), one["field"]) for one in refused["errors"]]


def own(player: Player) -> list[tuple[Any, ...]]:
    found = player.call("GET", "/enablement-results", expect=200)["items"]
    return [(one["outcome"], one["score"], one["happened_at"][:10]) for one in found]


def test_a_file_sent_twice_counts_once_and_enables_whom_it_names(cast: Cast) -> None:
    course = item(cast.dana, cast.partnership_id, "certificate", title="Terminals")
    rows = f"41;Sam@acme.example;terminals;yes;91 %;14.03.2026\n42;nora@acme.example;{course['id']};no;12;13.03.2026\n"
    nothing = {"rows": 2, "entered": 2, "unchanged": 0, "dry_run": True}
    assert load(cast.dana, rows, dry_run="true") == nothing
    assert own(cast.sam) == []

    first = load(cast.dana, rows)
    again = load(cast.dana, rows + "43;sam@acme.example;Terminals;passed;;15.03.2026\n")

    assert first == nothing | {"dry_run": False}
    assert again == {"rows": 3, "entered": 1, "unchanged": 2, "dry_run": False}
    assert own(cast.sam) == [("passed", None, "2026-03-15"), ("passed", 91, "2026-03-14")]
    assert own(cast.nora) == [("failed", 12, "2026-03-13")]
    standing = cast.sam.call("GET", f"/partnerships/{cast.partnership_id}/enablement", expect=200)
    assert standing["status"] == "enabled"


def test_every_wrong_row_is_named_by_line_and_column_and_nothing_is_entered(cast: Cast) -> None:
    item(cast.dana, cast.partnership_id, "certificate", title="Terminals")
    item(cast.dana, cast.partnership_id, "acknowledge", title="Charter")
    load(cast.dana, "40;sam@acme.example;Terminals;yes;90;14.03.2026\n")
    unread = (
        ";sam@acme.example;Terminals;perhaps;101;31.02.2026\n1;a;b\n40;sam@acme.example;Terminals;yes;1;14.03.2026\n"
    )

    cells = load(cast.dana, unread + "40;sam@acme.example;Terminals;yes;;14.03.2026\n", expect=422)
    unknown = load(
        cast.dana,
        "41;gina@globex.example;Charter;yes;;14.03.2099\n42;sam@acme.example;Nothing;no;;13.03.2026\n"
        "40;sam@acme.example;Terminals;no;90;14.03.2026\n43;sam@acme.example;Terminals;yes;1;14.03.2026\n",
        expect=422,
    )

    assert cells["code"] == unknown["code"] == "rows_refused"
    assert told(cells) == [
        *[(2, 1, "external_id"), (2, 4, "outcome"), (2, 5, "score"), (2, 6, "happened_at")],
        *[(3, 1, "row"), (5, 1, "external_id")],
    ]
    assert told(unknown) == [
        *[(2, 3, "item"), (2, 2, "email"), (2, 6, "happened_at"), (3, 3, "item")],
        (4, 1, "external_id"),
    ]
    assert own(cast.sam) == [("passed", 90, "2026-03-14")]


def test_what_is_in_doubt_about_a_file_is_asked(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    item(cast.dana, cast.partnership_id, "certificate", title="Terminals")
    row = "40;sam@acme.example;Terminals;yes;;03/04/2026\n"

    doubtful = load(cast.dana, row, expect=422)
    lacking = load(cast.dana, "1;2\n", header="id;score\n", expect=422)

    assert told(doubtful) == [(None, None, "date_form")]
    assert [one["message"].split("; ")[0] for one in lacking["errors"]] == [
        f"The file has no column for {name}" for name in ("email", "item", "outcome", "happened_at")
    ]
    assert load(cast.dana, row, date_form="day_first")["entered"] == 1
    assert own(cast.sam) == [("passed", None, "2026-04-03")]
    assert told(load(cast.dana, row, encoding="utf-16", expect=422))[0][2] in {"file", "encoding"}
    assert told(load(cast.dana, 'x;"', expect=422))[0][2] == "file"
    cast.dana.call("POST", "/enablement-results/import", data={"connector": "lms"}, expect=422)
    monkeypatch.setattr(results, "MOST_ROWS", 1)
    assert told(load(cast.dana, row * 2, date_form="iso", expect=422)) == [(None, None, "file")]


def test_who_keeps_no_programme_enters_nothing(cast: Cast) -> None:
    item(cast.dana, cast.partnership_id, "certificate", title="Terminals")
    row = "40;sam@acme.example;Terminals;yes;;14.03.2026\n"

    load(cast.sam, row, expect=403)
    assert told(load(cast.hank, row, expect=422)) == [(2, 3, "item"), (2, 2, "email")]
    assert own(cast.sam) == []


def test_one_file_sent_by_two_at_once_is_entered_once(app: Flask, cast: Cast) -> None:
    item(cast.dana, cast.partnership_id, "certificate", title="Terminals")
    rows = "".join(f"{number};sam@acme.example;Terminals;yes;;14.03.2026\n" for number in range(20))

    with ThreadPoolExecutor(2) as pool:
        sent = [pool.submit(Context().run, load, cast.dana, rows) for _ in range(2)]
        done = [one.result() for one in sent]

    assert sorted((one["entered"], one["unchanged"]) for one in done) == [(0, 20), (20, 0)]


def test_results_are_brought_in_on_a_page_that_shows_what_is_wrong(app: Flask, cast: Cast) -> None:
    item(cast.dana, cast.partnership_id, "certificate", title="Terminals")
    dana = Surfer.signed_in(app, "dana@acme.example")
    assert PAGE in dana.open(f"/partnerships/{cast.partnership_id}/enablement").text

    def send(rows: str, **more: str) -> Any:
        file = (io.BytesIO((HEADER + rows).encode()), "lms.csv")
        return dana.send(PAGE, {"connector": "lms", "file": file, **more}, shown_on=PAGE)

    right = "40;sam@acme.example;Terminals;yes;;14.03.2026\n"
    wrong = send(right + "41;nobody@acme.example;Terminals;yes;;14.03.2026\n")
    assert wrong.status_code == 422
    assert "There is no such person." in wrong.text
    assert "All 1 rows are right" in send(right, dry_run="true").text
    assert own(cast.sam) == []
    assert send(right).status_code == 303
    assert "1 result is entered" in dana.open(PAGE).text
    assert dana.send(PAGE, {"connector": "lms"}, shown_on=PAGE).status_code == 422


@pytest.mark.parametrize(
    ("cell", "field", "read"),
    [
        ("Passed", "outcome", Outcome.PASSED),
        ("not completed", "outcome", None),
        ("In progress", "outcome", Outcome.OPENED),
        ("87.0%", "score", 87),
        ("87.5", "score", None),
        ("2026-03-14T23:30:00-05:00", "happened_at", datetime(2026, 3, 15, 4, 30, tzinfo=UTC)),
        ("2026-03-14 10:00", "happened_at", datetime(2026, 3, 14, 10, tzinfo=UTC)),
        ("14.3.2026 10:00", "happened_at", datetime(2026, 3, 14, tzinfo=UTC)),
        ("14.3.2026", "valid_until", datetime(2026, 3, 15, tzinfo=UTC)),
        ("9999-12-31", "valid_until", None),
        ("soon, but not yet", "valid_until", None),
    ],
)
def test_a_cell_is_read_or_refused(cell: str, field: str, read: Any) -> None:
    whole = {"external_id": "1", "email": "a@b.example", "item": "x", "outcome": "yes", "happened_at": "2026-01-01"}

    found, wrong = result(whole | {field: cell}, DateForm.DAY_FIRST)

    assert found[field] == read
    assert [name for name, _ in wrong] == ([field] if read is None else [])


def test_texts_that_cannot_be_kept_are_refused() -> None:
    _, wrong = result({"external_id": "x" * 201, "email": "a\tb", "item": ""}, DateForm.ISO)

    assert [name for name, _ in wrong] == ["external_id", "email", "item", "outcome", "happened_at"]
