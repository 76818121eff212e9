"""What one side keeps of a deal is its own: the other reads nothing of it, and nothing it reads changes."""

from flask import Flask

from tests.cast import Cast, Player
from tests.factories import terms
from tests.factories.deals import move, opened, read
from tests.surfer import Surfer

KEPT = {
    "own_stage": "Negotiation",
    "forecast": "commit",
    "value": {"amount": "131000.00", "currency": "EUR"},
    "price": {"amount": "99000.50", "currency": "CHF"},
    "notes": "They want to see it run first.",
}


def keep(player: Player, path: str, *, expect: int = 200, tag: str = "", **given: object) -> dict[str, object]:
    tag = tag or player.response("GET", path).headers["ETag"]
    told: dict[str, object] = player.call("PATCH", path, json=given, if_match=tag, expect=expect)
    return told


def test_a_book_is_its_sides_own_and_changes_nothing_that_the_other_reads(cast: Cast) -> None:
    terms.agree(cast, value_disclosure="band")
    made = opened(cast, cast.sam)
    path = f"/deals/{made['id']}/book"
    before = [read(cast.gina, made), cast.gina.call("GET", path), cast.gina.call("GET", f"/deals/{made['id']}/states")]

    assert cast.sam.call("GET", path, expect=200)["value"]["amount"] == "120000.00"
    assert {name: value for name, value in keep(cast.sam, path, **KEPT).items() if name in KEPT} == KEPT
    assert keep(cast.dana, path, forecast=None)["own_stage"] == "Negotiation"

    assert [
        read(cast.gina, made),
        cast.gina.call("GET", path),
        cast.gina.call("GET", f"/deals/{made['id']}/states"),
    ] == before
    assert before[1]["value"] is None
    cast.ines.call("GET", path, expect=404)
    cast.nora.call("GET", path, expect=404)
    wrong = keep(cast.sam, path, expect=422, price={"amount": "1.999", "currency": "EUR"}, forecast="sure")
    assert {one["field"] for one in wrong["errors"]} == {"price.amount", "forecast"}


def test_a_book_is_kept_of_a_closed_deal_too_and_by_one_at_a_time(cast: Cast) -> None:
    made = move(cast.sam, opened(cast, cast.sam), "closed_lost")
    path = f"/deals/{made['id']}/book"
    tag = cast.gina.response("GET", path).headers["ETag"]

    keep(cast.hank, path, notes="They chose another.")

    assert keep(cast.gina, path, expect=412, tag=tag, notes="Too dear.")["code"] == "stale"
    assert cast.gina.call("GET", path, expect=200)["notes"] == "They chose another."


def test_a_book_is_kept_on_a_page_where_what_is_emptied_is_empty(app: Flask, cast: Cast) -> None:
    page = f"/deals/{opened(cast, cast.sam)['id']}"
    sam = Surfer.signed_in(app, "sam@acme.example")
    first = {"version": f"{page.removeprefix('/deals/').replace('-', '')}.book.0", "value.currency": "EUR"}

    assert (
        sam.send(f"{page}/book", first | {"notes": "Mine.", "price.amount": "77"}, shown_on=f"{page}/book").status_code
        == 422
    )
    sent = first | {"notes": "Mine.", "forecast": "commit", "price.amount": "77", "price.currency": "EUR"}
    assert sam.send(f"{page}/book", sent, shown_on=f"{page}/book").status_code == 303
    shown = sam.open(page).text
    for words in ("Mine.", "77 EUR", "Counted on"):
        assert words in shown
    assert "Mine." not in Surfer.signed_in(app, "gina@globex.example").open(page).text
    again = sam.send(f"{page}/book", first | {"version": first["version"][:-1] + "1"}, shown_on=f"{page}/book")
    assert again.status_code == 303
    assert "Mine." not in sam.open(page).text
