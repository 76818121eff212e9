"""Importing leads from another system's CSV: all rows or none, what is wrong told by line and column."""

from io import BytesIO
from typing import Any

import pytest

from partnercrm.integrations.actions import at_once, checking
from tests.cast import Cast, Player
from tests.factories import imports

MAPPING = "external_id=key,company_name=account,need=product"


def load(player: Player, content: str | bytes | None, *, mapping: str = MAPPING, expect: int = 200, **form: str) -> Any:
    data: dict[str, Any] = {"connector": "crm", "mapping": mapping, **form}
    if content is not None:
        raw = content.encode() if isinstance(content, str) else content
        data["file"] = (BytesIO(raw), "leads.csv")
    return player.call("POST", "/leads/import", data=data, expect=expect)


def counts(done: dict[str, Any]) -> tuple[int, ...]:
    return tuple(done[name] for name in ("rows", "entered", "updated", "unchanged", "skipped"))


def places(refused: dict[str, Any]) -> list[tuple[str, int | None, int | None]]:
    return [(error["field"], error.get("line"), error.get("column")) for error in refused["errors"]]


def kept(player: Player) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = player.call("GET", "/leads?sort=company_name&limit=200", expect=200)["items"]
    return items


def test_a_file_as_spreadsheets_write_it_is_read_with_mark_quotes_and_line_breaks(cast: Cast) -> None:
    file = (
        "\ufeffkey,account,product,sector,note\r\n"
        '1,"Contoso, Ltd.",Kite,Trade,"Said ""soon"".\nThen left."\r\n'
        "2,Zürich Sails, Kite ,,\r\n"
        "\r\n"
    )

    done = load(cast.sam, file, mapping=f"{MAPPING},industry=sector,notes=note,country:=CH")

    assert counts(done) == (2, 2, 0, 0, 0)
    first, second = kept(cast.sam)
    assert (first["company_name"], first["industry"]) == ("Contoso, Ltd.", "Trade")
    assert first["notes"].splitlines() == ['Said "soon".', "Then left."]
    assert (second["company_name"], second["need"], second["industry"]) == ("Zürich Sails", "Kite", None)
    assert {(lead["connector"], lead["country"], lead["status"]) for lead in (first, second)} == {
        ("crm", "CH", "draft")
    }


def test_a_dry_run_says_what_would_be_done_and_does_nothing(cast: Cast) -> None:
    load(cast.sam, "key,account,product\n1,Contoso,Kite\n")
    before = kept(cast.sam)

    done = load(cast.sam, "key,account,product\n1,Renamed,Kite\n2,Fabrikam,Kite\n", dry_run="true")

    assert (counts(done), done["dry_run"], done["import_id"]) == ((2, 1, 1, 0, 0), True, None)
    assert kept(cast.sam) == before
    assert len(cast.sam.call("GET", "/imports", expect=200)["items"]) == 1


def test_every_wrong_cell_is_told_at_its_line_and_column_and_nothing_is_applied(cast: Cast) -> None:
    file = (
        "worth,key,account,product,land,keeper\n"
        "100.00,1,Contoso,Kite,DE,sam@acme.example\n"
        '1e3,2,"Two\nlines",Kite,Germany,nobody@acme.example\n'
        "5.001,,Fabrikam,,DE,\n"
        "7,1,Contoso,Kite,DE,\n"
        "short,row\n"
        "1,9,Contoso,Kite,DE,,extra\n"
    )
    mapping = f"{MAPPING},value.amount=worth,value.currency:=EUR,country=land,owner_email=keeper"

    refused = load(cast.dana, file, mapping=mapping, expect=422)

    assert refused["code"] == "rows_refused"
    assert sorted(places(refused), key=str) == sorted(
        [
            ("value.amount", 3, 1),
            ("country", 3, 5),
            ("owner_email", 3, 6),
            ("external_id", 5, 2),
            ("need", 5, 4),
            ("value.amount", 5, 1),
            ("external_id", 6, 2),
            ("row", 7, 1),
            ("row", 8, 1),
        ],
        key=str,
    )
    assert kept(cast.dana) == []


def test_one_wrong_row_after_a_thousand_right_ones_undoes_them_all(cast: Cast) -> None:
    rows = "".join(f"{number},Contoso {number},Kite\n" for number in range(1500))

    refused = load(cast.sam, f"key,account,product\n{rows}bad,,Kite\n", expect=422)

    assert places(refused) == [("company_name", 1502, 2)]
    assert kept(cast.sam) == []


def test_a_file_full_of_errors_is_given_up_early(cast: Cast) -> None:
    refused = load(cast.sam, "key,account,product\n" + ",,\n" * 5000, expect=422)
    assert 200 <= len(refused["errors"]) <= 203


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"key,account,product\n1,Caf\xe9,Kite\n", "encoding"),
        (b'key,account,product\n1,"Contoso,Kite\n', "file"),
        (b'key,account,product\n1,"Con"toso,Kite\n', "file"),
        (b"\xff\xfek\x00e\x00y\x00", "mapping"),
        (b"key,account\n1,Contoso\n", "mapping"),
        (b"", "file"),
        (b"key,account,product\na\x00b,Contoso,Kite\n", "encoding"),
        (None, "file"),
    ],
    ids=["latin-1", "open quote", "stray quote", "utf-16", "no column", "empty", "NUL", "no file"],
)
def test_what_is_no_such_file_is_refused_with_where_it_fails(cast: Cast, content: bytes | None, field: str) -> None:
    refused = load(cast.sam, content, expect=422)
    assert {error["field"] for error in refused["errors"]} == {field}
    assert kept(cast.sam) == []


def test_a_wrong_mapping_is_told_in_all_its_parts(cast: Cast) -> None:
    refused = load(cast.sam, "key\n1\n", mapping="colour=red,external_id=key", expect=422)
    assert places(refused) == [("mapping", None, None)] * 3


def test_misspelt_values_are_mended_and_rows_are_chosen(cast: Cast) -> None:
    file = (
        "key,account,product,stage\n1,Contoso,GTXPro,Won\n2,,GTX Pro,Won\n3,Fabrikam,GTX Pro,Open\n4,Tailspin,MG,Lost\n"
    )

    done = load(cast.sam, file, mapping=f"{MAPPING},need~GTXPro=GTX Pro,only=stage:Won|Lost,only=account:*")

    assert counts(done) == (4, 2, 0, 0, 2)
    assert [(lead["company_name"], lead["need"]) for lead in kept(cast.sam)] == [
        ("Contoso", "GTX Pro"),
        ("Tailspin", "MG"),
    ]


def test_importing_again_changes_only_what_is_mapped_and_filled(cast: Cast) -> None:
    load(
        cast.sam,
        "key,account,product,land,worth\n1,Contoso,Kite,DE,99.95\n",
        mapping=f"{MAPPING},country=land,value.amount=worth,value.currency:=EUR",
    )
    [before] = kept(cast.sam)

    done = load(cast.sam, "key,account,product,land\n1,Contoso SE,Kite,\n", mapping=f"{MAPPING},country=land")

    assert (done["entered"], done["updated"]) == (0, 1)
    assert kept(cast.sam) == [before | {"company_name": "Contoso SE"}]
    assert load(cast.sam, "key,account,product\n1,Contoso,Kite\n", connector="other")["entered"] == 1
    assert len(kept(cast.sam)) == 2


def test_leads_are_given_to_the_colleagues_a_file_names(cast: Cast) -> None:
    file = "key,account,product,keeper\n1,Contoso,Kite,SAM@acme.example\n2,Fabrikam,Kite,\n"

    load(cast.dana, file, mapping=f"{MAPPING},owner_email=keeper")

    assert [lead["external_id"] for lead in kept(cast.sam)] == ["1"]
    assert [lead["owner_id"] for lead in kept(cast.dana)] == [None, str(cast.dana.actor.user_id)]
    refused = load(
        cast.sam, file.replace("SAM", "nora").replace("\n2", "\n3"), mapping=f"{MAPPING},owner_email=keeper", expect=422
    )
    assert (refused["code"], places(refused)) == ("rows_refused", [("owner_email", 2, 4)])


def test_a_day_that_has_not_come_is_told_at_its_line_and_column_or_as_what_the_mapping_says(cast: Cast) -> None:
    file = "key,account,product,told\n1,Contoso,Kite,2026-03-02\n2,Fabrikam,Kite,2999-01-01\n"

    refused = load(cast.sam, file, mapping=f"{MAPPING},contact_informed_on=told", expect=422)
    by_mapping = load(cast.sam, file, mapping=f"{MAPPING},contact_informed_on:=2999-01-01", expect=422)

    assert places(refused) == [("contact_informed_on", 3, 4)]
    assert places(by_mapping) == [("mapping", None, None)]
    assert kept(cast.sam) == []


def test_a_key_that_cannot_be_kept_is_told_at_its_line(cast: Cast) -> None:
    refused = load(cast.sam, f"key,account,product\n{'k' * 201},Contoso,Kite\n", expect=422)
    assert places(refused) == [("external_id", 2, 1)]


def test_only_who_may_write_leads_imports_them(cast: Cast) -> None:
    load(cast.ada, "key,account,product\n1,Contoso,Kite\n", expect=403)


@pytest.mark.parametrize("key", ["a\x07b", "\x9f", "x" * 201])
def test_a_key_that_the_api_would_not_take_is_refused_in_a_file_too(cast: Cast, key: str) -> None:
    refused = load(cast.sam, f"account,key,product\nContoso,{key},Kite\n", expect=422)

    assert places(refused) == [("external_id", 2, 2)]


def test_a_refusal_does_not_repeat_whole_cells(cast: Cast) -> None:
    rows = "".join(f"{number},Contoso,Kite,{'x' * 10_000}\n" for number in range(50))

    refused = load(cast.sam, f"key,account,product,owner\n{rows}", mapping=f"{MAPPING},owner_email=owner", expect=422)

    assert sum(len(error["message"]) for error in refused["errors"]) < 10_000


def test_one_byte_a_letter_is_read_as_somebody_says_and_never_guessed(cast: Cast) -> None:
    file = "key;account;product;worth\n0;Contoso;Kite;1.234,50\n1;Café;Kite;2\n".encode("cp1252")
    mapping = f"{MAPPING},value.amount=worth,value.currency:=EUR"

    refused = load(cast.sam, file, mapping=mapping, expect=422)
    done = load(cast.sam, file, mapping=mapping, encoding="windows-1252")

    assert places(refused) == [("encoding", 3, None)]
    assert counts(done) == (2, 2, 0, 0, 0)
    assert [(lead["company_name"], lead["value"]["amount"]) for lead in kept(cast.sam)] == [
        ("Café", "2.00"),
        ("Contoso", "1234.50"),
    ]


def test_doubtful_amounts_and_days_are_asked_about(cast: Cast) -> None:
    file = 'key,account,product,worth,closes\n1,Contoso,Kite,"1,234",3/4/2026\n'
    mapping = f"{MAPPING},value.amount=worth,value.currency:=EUR,expected_close_on=closes"

    refused = load(cast.sam, file, mapping=mapping, expect=422)
    load(cast.sam, file, mapping=mapping, decimal_mark="point", date_form="day_first")

    assert [error["field"] for error in refused["errors"]] == ["decimal_mark", "date_form"]
    [lead] = kept(cast.sam)
    assert (lead["value"]["amount"], lead["expected_close_on"]) == ("1234.00", "2026-04-03")


def test_what_is_wrong_in_every_row_is_told_once(cast: Cast) -> None:
    rows = "".join(f"{number},Contoso,Kite,5\n" for number in range(300))
    wrong = ("country:=Germany", "owner_email:=nobody@acme.example", "value.currency:=EURO")
    mapping = ",".join((MAPPING, "value.amount=worth", *wrong))

    refused = load(cast.dana, f"key,account,product,worth\n{rows}", mapping=mapping, expect=422)

    assert places(refused) == [("mapping", None, None)] * 3
    assert all(any(error["message"].startswith(part) for error in refused["errors"]) for part in wrong)


def test_a_constant_amount_is_read_as_it_is_written(cast: Cast) -> None:
    load(cast.sam, "key,account,product\n1,A,Kite\n", mapping=f"{MAPPING},value.amount:=12.50,value.currency:=EUR")

    assert kept(cast.sam)[0]["value"] == {"amount": "12.50", "currency": "EUR"}


def test_what_changes_nothing_is_counted_as_unchanged_and_leaves_the_version(cast: Cast) -> None:
    load(cast.sam, "key,account,product\n1,Contoso,Kite\n")
    before = cast.sam.response("GET", "/leads/by-key/crm/1").headers["ETag"]

    assert counts(load(cast.sam, "key,account,product\n1,Contoso,Kite\n")) == (1, 0, 0, 1, 0)
    assert cast.sam.response("GET", "/leads/by-key/crm/1").headers["ETag"] == before


def test_an_import_at_once_is_listed_and_undone_as_any_other_and_tells_nobody(cast: Cast) -> None:
    done = load(cast.sam, "key,account,product\n1,Contoso,Kite\n")

    assert cast.sam.call("GET", f"/imports/{done['import_id']}", expect=200)["state"] == "applied"
    assert cast.sam.call("GET", "/notices", expect=200)["items"] == []
    cast.sam.call("POST", f"/imports/{done['import_id']}/undo", expect=200)
    imports.undo(cast.sam, done["import_id"])
    assert kept(cast.sam) == []


def test_a_refused_file_leaves_nothing_behind(cast: Cast) -> None:
    load(cast.sam, "key,account,product\n1,,Kite\n", expect=422)

    assert cast.sam.call("GET", "/imports", expect=200)["items"] == []


def test_a_lead_a_colleague_keeps_is_told_at_its_line(cast: Cast) -> None:
    load(cast.dana, "key,account,product\n2,Contoso,Kite\n")

    refused = load(cast.sam, "key,account,product\n1,Contoso,Kite\n2,Mine,Kite\n", expect=422)

    assert places(refused) == [("external_id", 3, 1)]
    assert kept(cast.sam) == []


def test_a_file_too_long_for_one_request_is_sent_another_way(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(at_once, "MOST_ROWS", 5)
    monkeypatch.setattr(checking, "PIECE", 3)
    rows = "".join(f"{number},Contoso,Kite\n" for number in range(9))

    refused = load(cast.sam, f"key,account,product\n{rows}", expect=422)

    assert [error["message"][:14] for error in refused["errors"]] == ["At most 5 rows"]
