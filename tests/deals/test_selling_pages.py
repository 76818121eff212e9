"""Deals on pages: the board, the list, one deal moved and changed by forms, two at it at the same time."""

from flask import Flask

from tests.cast import Cast
from tests.factories.deals import ago, change, opened, read
from tests.surfer import Surfer


def test_a_deal_is_found_on_the_board_moved_undone_and_won_by_forms(app: Flask, cast: Cast) -> None:
    made = opened(cast, cast.sam)
    sam, gina = Surfer.signed_in(app, "sam@acme.example"), Surfer.signed_in(app, "gina@globex.example")
    page = f"/deals/{made['id']}"
    assert "Northwind" in sam.open("/deals").text
    assert "Northwind" not in sam.open("/deals?direction=received").text

    def send(path: str, **given: str) -> int:
        version = read(cast.sam, made)["tag"].strip('"')
        return gina.send(f"{page}/{path}", {"version": version, **given}, shown_on=page).status_code

    assert send("move", stage="committed", moved_on="2020-01-01") == 422
    logged = {"kind": "meeting_held", "happened_on": ago(-1).date().isoformat()}
    assert gina.send(f"{page}/log", logged, shown_on=page).status_code == 422
    assert (
        gina.send(f"{page}/log", logged | {"happened_on": ago(3).date().isoformat()}, shown_on=page).status_code == 303
    )
    assert "Influenced by" in sam.open(page).text
    assert "A meeting was held" in sam.open(f"{page}/attribution").text
    assert "The deal was not open yet." in sam.open(f"{page}/attribution?on=2020-01-01").text
    assert send("move", stage="committed") == 303
    assert send("undo") == 303
    assert send("move", stage="committed") == 303
    assert send("move", stage="closed_lost") == 422
    assert send("change", **{"value.amount": "90000", "value.currency": "EUR"}) == 303
    assert send("move", stage="closed_won") == 303
    shown = sam.open(page).text
    for words in ("Won", "90,000 EUR", "undid its last change", "moved it"):
        assert words in shown
    assert "What you can do" not in shown
    assert "No deal is open" in sam.open("/deals").text
    assert "Northwind" in sam.open("/deals/list?open=false").text
    assert "Northwind" not in sam.open("/deals/list?open=true").text
    assert Surfer.signed_in(app, "ines@initech.example").open(page).status_code == 404


def test_who_is_late_reads_what_changed_and_keeps_what_was_typed(app: Flask, cast: Cast) -> None:
    made = opened(cast, cast.sam)
    page = f"/deals/{made['id']}"
    sam = Surfer.signed_in(app, "sam@acme.example")
    change(cast.gina, made, close_on="2040-01-31")

    late = {"version": made["tag"].strip('"'), "close_on": "2040-02-28"}
    refused = sam.send(f"{page}/change", late, shown_on=page)

    assert refused.status_code == 409
    for words in ("Somebody changed the deal", "Jan 31, 2040", 'value="2040-02-28"'):
        assert words in refused.text
