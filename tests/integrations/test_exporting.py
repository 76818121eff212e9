"""Leads and offers as files: everything the reader sees and no more, no formula, and back in without a change."""

import csv
import io
import json

import pytest

from partnercrm.integrations.queries import exports
from partnercrm.kernel.errors import NotSignedIn
from tests.cast import Cast, Player
from tests.factories import imports, leads

TRICKY = ("=1+1", "+41 44", "-5", "@SUM(A1)", "'=quoted", 'plain, "quoted"\nand broken', "Zürich")


def table(player: Player, path: str) -> list[dict[str, str]]:
    answer = player.response("GET", path)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def test_no_cell_of_an_export_is_a_formula(cast: Cast) -> None:
    for number, text in enumerate(TRICKY):
        leads.lead(cast.sam, company_name=text, notes=text, connector="crm", external_id=str(number))

    rows = table(cast.sam, "/leads/export")

    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert rows[0]["company_name"] == "'=1+1"
    assert rows[0]["neutralised_fields"] == "company_name notes"
    assert rows[4] | {"company_name": "'=quoted", "neutralised_fields": ""} == rows[4]


def test_an_export_comes_back_in_without_a_change(cast: Cast) -> None:
    for number, text in enumerate(TRICKY):
        value = {"amount": "1234.50", "currency": "EUR"}
        leads.lead(cast.sam, company_name=text, notes=text, value=value, connector="crm", external_id=str(number))
    before = cast.sam.call("GET", "/leads", expect=200)["items"]
    file = cast.sam.response("GET", "/leads/export").get_data()
    mapping = "\n".join(
        f"{field}={field}"
        for field in ("external_id", "company_name", "need", "notes", "value.amount", "value.currency")
    )

    again = imports.run(cast.sam, imports.sent(cast.sam, file, header="", mapping=mapping))
    elsewhere = imports.run(cast.sam, imports.sent(cast.sam, file, header="", mapping=mapping, connector="copy"))

    assert (again["state"], again["unchanged"], again["updated"]) == ("applied", len(TRICKY), 0)
    assert elsewhere["entered"] == len(TRICKY)
    copies = cast.sam.call("GET", "/leads?connector=copy", expect=200)["items"]
    assert {lead["company_name"] for lead in copies} == set(TRICKY)
    assert cast.sam.call("GET", "/leads?connector=crm", expect=200)["items"] == before


def test_an_export_holds_what_the_list_shows_and_tells_nobody_else_apart(cast: Cast) -> None:
    mine, theirs = leads.lead(cast.dana), leads.lead(cast.sam)
    leads.lead(cast.gina)

    rows = {row["id"]: row for row in table(cast.dana, "/leads/export?format=csv")}

    assert {key: row["mine"] for key, row in rows.items()} == {mine["id"]: "yes", theirs["id"]: "no"}
    assert str(cast.sam.actor.user_id) not in str(rows)
    assert [row["id"] for row in table(cast.sam, "/leads/export")] == [theirs["id"]]


def test_json_lines_hold_one_lead_each(cast: Cast) -> None:
    leads.lead(cast.sam, value={"amount": "5.00", "currency": "EUR"}, notes="=1+1")

    answer = cast.sam.response("GET", "/leads/export?format=jsonl")

    (row,) = map(json.loads, answer.text.splitlines())
    assert answer.content_type.startswith("application/jsonl")
    assert (row["value.amount"], row["notes"], row["mine"]) == ("5.00", "=1+1", "yes")


def test_offers_are_exported_with_the_details_open_to_the_reader(cast: Cast) -> None:
    leads.offer(cast.sam, cast.partnership_id, company_name="Contoso Closed")
    opened = leads.offer(cast.sam, cast.partnership_id, company_name="Contoso Open")
    leads.step(cast.gina, opened["id"], "accept")

    given = table(cast.sam, "/offers/export?direction=given")
    received = table(cast.gina, "/offers/export?direction=received")

    assert [row["details.company_name"] for row in given] == ["Contoso Closed", "Contoso Open"]
    assert [row["details.company_name"] for row in received] == ["", "Contoso Open"]
    assert [row["mine"] for row in received] == ["no", "yes"]
    assert table(cast.ines, "/offers/export") == []


def test_whoever_loses_the_right_gets_no_further_part(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "_MANY", 1)
    for _ in range(3):
        leads.lead(cast.sam)
    path = f"/users/{cast.sam.actor.user_id}"
    tag = cast.ada.response("GET", path).headers["ETag"]
    parts = iter(cast.sam.response("GET", "/leads/export").response)

    assert [len(next(parts).splitlines()) for _ in range(2)] == [2, 1]
    cast.ada.call("PATCH", path, json={"disabled": True}, if_match=tag, expect=200)

    with pytest.raises(NotSignedIn):
        next(parts)
