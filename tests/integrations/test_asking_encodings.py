"""An encoding in question is asked before a row is read, shown by the lines that differ, and known the next time."""

import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from partnercrm.integrations.cli import import_leads
from partnercrm.integrations.models import FileImport
from partnercrm.kernel import db
from tests.cast import Cast, Player
from tests.factories import imports
from tests.surfer import Surfer

FRENCH = "1,Crédit à la française,Kite\n2,Peña Maçon,Kite\n"
POLISH = "1,Łódź Śląsk,Kite\n2,Zażółć,Kite\n"


def said(player: Player, one: dict[str, Any], **given: str) -> dict[str, Any]:
    path = f"/imports/{one['id']}"
    tag = player.response("GET", path).headers["ETag"]
    read: dict[str, Any] = player.call("PATCH", path, json=given, if_match=tag, expect=200)
    return read


@pytest.mark.parametrize(
    ("text", "encoding", "first"),
    [(FRENCH, "cp1252", "windows-1252"), (POLISH, "cp1250", "windows-1250"), (FRENCH, "cp850", "cp850")],
)
def test_an_encoding_in_question_is_asked_and_the_answer_taken(
    cast: Cast, text: str, encoding: str, first: str
) -> None:
    sent = imports.sent(cast.sam, text.encode(encoding))
    assert (sent["state"], sent["asks"], sent["encoding"]) == ("asking", ["encoding"], None)
    assert first in sent["encodings"]

    refused = cast.sam.call("POST", f"/imports/{sent['id']}/start", json={}, expect=422)
    assert [error["field"] for error in refused["errors"]] == ["encoding"]
    assert refused["code"] == "import_not_understood"
    assert imports.kept(cast.sam) == {}

    read = said(cast.sam, sent, encoding=first)

    assert (read["state"], read["asks"], read["encoding"], read["encodings"]) == ("ready", [], first, [])
    assert imports.run(cast.sam, sent)["state"] == "applied"
    entered = {lead["company_name"] for lead in imports.kept(cast.sam).values()}
    assert entered == {line.split(",")[1] for line in text.splitlines()}


def test_the_deciding_lines_are_shown_as_each_encoding_reads_them(cast: Cast) -> None:
    sent = imports.sent(cast.sam, "1,Contoso,Kite\n2,Peña,Kite\n".encode("cp1252"))
    path = f"/imports/{sent['id']}/preview"

    [line] = cast.sam.call("GET", path, expect=200)["deciding_lines"]

    assert line["line"] == 3
    assert [one["encoding"] for one in line["readings"]] == sent["encodings"]
    assert line["readings"][0] == {"encoding": "windows-1252", "text": "2,Peña,Kite"}
    assert {"encoding": "windows-1250", "text": "2,Peńa,Kite"} in line["readings"]
    said(cast.sam, sent, encoding="windows-1252")
    assert cast.sam.call("GET", path, expect=200)["deciding_lines"] == []


def test_other_answers_leave_the_encoding_open(cast: Cast) -> None:
    sent = imports.sent(cast.sam, FRENCH.encode("cp1252"))

    assert said(cast.sam, sent, decimal_mark="comma")["asks"] == ["encoding"]


@pytest.mark.parametrize("given", [{"encoding": "windows-1250"}, {"encoding": "iso-8859-15"}])
def test_what_is_stated_with_the_file_is_taken(cast: Cast, given: dict[str, str]) -> None:
    sent = imports.sent(cast.sam, FRENCH.encode("cp1252"), **given)

    assert (sent["state"], sent["encoding"], sent["encodings"]) == ("ready", given["encoding"], [])


def test_what_was_said_of_a_source_is_known_of_its_next_file(cast: Cast) -> None:
    header = "id,Société à Genève,produit\n"
    mapping = "external_id=id,company_name=Société à Genève,need=produit"
    content = (header + FRENCH).encode("cp1252")
    first = send(cast.sam, content)
    said(cast.sam, first, encoding="windows-1252", mapping=mapping)
    imports.run(cast.sam, first)

    again = send(cast.sam, content)

    assert (again["state"], again["encoding"], again["mapping"]) == ("ready", "windows-1252", mapping)
    other = send(cast.sam, content, connector="erp")
    assert other["asks"] == ["encoding"]


def test_a_file_that_left_nothing_open_says_nothing_of_the_next(cast: Cast) -> None:
    plain = imports.sent(cast.sam, "1,Zürich,Kite\n".encode("cp1252"))
    assert (plain["state"], plain["encoding"]) == ("ready", "windows-1252")
    said(cast.sam, plain, encoding="windows-1252")
    imports.run(cast.sam, plain)

    assert imports.sent(cast.sam, POLISH.encode("cp1250"))["asks"] == ["encoding"]


def test_what_was_said_outlives_files_that_left_nothing_open(cast: Cast) -> None:
    imports.run(cast.sam, imports.sent(cast.sam, POLISH.encode("cp1250"), encoding="windows-1250"))
    imports.run(cast.sam, imports.sent(cast.sam, "3,Contoso,Kite\n"))

    assert imports.sent(cast.sam, POLISH.encode("cp1250"))["encoding"] == "windows-1250"


def test_an_import_that_is_over_asks_nothing(cast: Cast) -> None:
    sent = imports.sent(cast.sam, FRENCH.encode("cp1252"))

    over = cast.sam.call("POST", f"/imports/{sent['id']}/cancel", expect=200)

    assert (over["state"], over["asks"], over["encoding"]) == ("cancelled", [], None)


def test_an_import_whose_mapping_was_erased_is_read_on(cast: Cast) -> None:
    sent = imports.sent(cast.sam, FRENCH.encode("cp1252"))
    with db.transaction(cast.sam.actor):
        db.session().execute(update(FileImport).values(mapping="need="))

    assert cast.sam.call("GET", f"/imports/{sent['id']}", expect=200)["asks"] == ["encoding"]


def test_a_page_asks_and_shows_the_lines(app: Flask, cast: Cast) -> None:
    sam, sent = Surfer.signed_in(app, "sam@acme.example"), imports.sent(cast.sam, FRENCH.encode("cp1252"))
    place = f"/imports/{sent['id']}"

    shown = sam.open(place).text
    refused = sam.send(f"{place}/start", {}, shown_on=place)

    assert "Lines that read differently" in shown
    assert "1,Crédit à la française,Kite" in shown
    assert "1,Crédit ŕ la française,Kite" in shown
    assert '<option value="">Say how' in shown.partition('id="encoding"')[2].partition("</select>")[0]
    assert refused.status_code == 422
    assert 'href="#encoding">Letters: Say in which encoding the file is written' in refused.text
    read = {"version": shown.split('name="version" value="')[1].split('"')[0], "encoding": "windows-1252"}
    read |= {"has_header": "true", "delimiter": "comma", "column.external_id": "id"}
    read |= {"column.company_name": "account", "column.need": "product"}
    assert sam.send(f"{place}/reading", read, shown_on=place).status_code == 303
    assert "Lines that read differently" not in sam.open(place).text


def test_the_command_line_asks_and_takes_the_answer(app: Flask, cast: Cast, tmp_path: Any) -> None:
    file = tmp_path / "leads.csv"
    file.write_bytes(imports.HEADER.encode() + FRENCH.encode("cp1252"))
    words = [str(file), "--connector", "crm", "--mapping", imports.MAPPING]
    token = {"PARTNERCRM_TOKEN": cast.sam.token}

    asked = app.test_cli_runner().invoke(import_leads, words, env=token)
    taken = app.test_cli_runner().invoke(import_leads, [*words, "--encoding", "windows-1252"], env=token)

    assert asked.exit_code == 1
    assert "encoding: Say in which encoding the file is written" in asked.output
    assert taken.exit_code == 0, taken.output
    assert imports.kept(cast.sam)["2"]["company_name"] == "Peña Maçon"


def send(player: Player, content: bytes, connector: str = "crm") -> dict[str, Any]:
    form = {"connector": connector, "file": (io.BytesIO(content), "leads.csv")}
    made: dict[str, Any] = player.call("POST", "/imports", data=form, expect=201)
    return made
