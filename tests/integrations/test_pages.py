"""What a person reads who brings a file in: how it is read, what would be done, what was, and the way back."""

import io

from flask import Flask

from partnercrm.integrations import jobs
from tests.cast import Cast
from tests.factories import imports
from tests.surfer import Surfer

ROWS = b"id;account;product;amount\n1;Contoso;Kite;1.234\n2;Fabrikam;;5\n"


def chosen(sam: Surfer, file: bytes | None, **filled: str) -> tuple[int, str, str]:
    files = {} if file is None else {"file": (io.BytesIO(file), "crm.csv")}
    answer = sam.send("/imports", filled | files, shown_on="/imports")
    return answer.status_code, answer.headers.get("Location", ""), answer.text


def test_a_missing_file_is_named_with_all_else_that_is_missing(app: Flask, cast: Cast) -> None:
    _, _, shown = chosen(Surfer.signed_in(app, "sam@acme.example"), None)
    for line in ("CSV file: Choose the file.", "Where it comes from: This is needed."):
        assert line in shown


def test_what_is_open_is_asked_before_anything_is_read(app: Flask, cast: Cast) -> None:
    sam = Surfer.signed_in(app, "sam@acme.example")
    _, place, _ = chosen(sam, ROWS, connector="crm")

    read = {
        "version": sam.open(place).text.split('name="version" value="')[1].split('"')[0],
        "delimiter": "semicolon",
        "has_header": "true",
        "column.external_id": "id",
        "column.company_name": "account",
        "column.need": "product",
        "column.value.amount": "amount",
        "always.value.currency": "EUR",
    }
    answer = sam.send(f"{place}/reading", read, shown_on=place)
    assert answer.status_code == 303, answer.text
    asked = sam.send(f"{place}/start", {}, shown_on=place)
    assert asked.status_code == 422
    assert 'href="#decimal_mark">Amounts: Say how amounts are written' in asked.text


def test_fields_a_lead_needs_are_asked_for_by_name(app: Flask, cast: Cast) -> None:
    sam = Surfer.signed_in(app, "sam@acme.example")
    _, place, _ = chosen(sam, b"a,b,c\n1,Contoso,Kite\n", connector="crm")

    answer = sam.send(f"{place}/reading", {"column.need": "c", "has_header": "true"}, shown_on=place)

    assert answer.status_code == 422
    assert answer.text.count("Say which column it is.") >= 2


def test_the_journey_shows_wrong_rows_and_enters_the_others(app: Flask, cast: Cast) -> None:
    sam = Surfer.signed_in(app, "sam@acme.example")
    place = f"/imports/{imports.sent(cast.sam, b'1,Contoso,Kite', connector='crm')['id']}"
    assert "Contoso" in sam.open(place).text
    one = imports.sent(cast.sam, "1,Contoso,Kite\n2,,Kite\n")
    place = f"/imports/{one['id']}"

    sam.send(f"{place}/start", {}, shown_on=place)
    assert "Every row is being checked" in sam.open(place).text
    jobs.run_import(str(cast.sam.actor.organization_id), one["id"])

    shown = sam.open(place).text
    assert "One row is not right; nothing was entered" in shown
    assert "<code>company_name</code>" in shown
    assert "2,,Kite" in sam.open(f"{place}/wrong-rows.csv").text
    sam.send(f"{place}/start", {"leave_out": "true"}, shown_on=place)
    jobs.run_import(str(cast.sam.actor.organization_id), one["id"])
    assert "The import is done" in sam.open(place).text
    sam.send(f"{place}/undo", {}, shown_on=place)
    jobs.undo_import(str(cast.sam.actor.organization_id), one["id"])
    assert "Everything is as it was before." in sam.open(place).text
    assert cast.sam.call("GET", "/leads", expect=200)["items"] == []


def test_a_page_says_that_a_file_is_read_as_the_last_one_was(app: Flask, cast: Cast) -> None:
    sam, told = Surfer.signed_in(app, "sam@acme.example"), "As the last file from crm with these columns was read on"
    first = imports.sent(cast.sam)
    assert told not in sam.open(f"/imports/{first['id']}").text
    imports.run(cast.sam, first)

    assert told in sam.open(f"/imports/{imports.sent(cast.sam)['id']}").text
