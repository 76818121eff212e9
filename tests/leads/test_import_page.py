"""What a person reads who imports a file: all that is wrong at once, in words that say what to do."""

import io

from flask import Flask

from tests.cast import Cast
from tests.surfer import Surfer

MAPPING = "external_id=id,company_name=account,need=product"
HEADER = b"id,account,product\n"


def page(app: Flask, file: bytes | None, **filled: str) -> str:
    sam = Surfer.signed_in(app, "sam@acme.example")
    files = {} if file is None else {"file": (io.BytesIO(file), "crm.csv")}
    return sam.send("/leads/import", filled | files, shown_on="/leads/import").text


def test_a_missing_file_is_named_with_all_else_that_is_missing(app: Flask, cast: Cast) -> None:
    shown = page(app, None)
    for line in ("CSV file: Choose the file.", "Where it comes from: This is needed.", "Which column is what: This is"):
        assert line in shown


def test_a_wrong_constant_is_told_once_and_where_it_was_written(app: Flask, cast: Cast) -> None:
    rows = HEADER + b"1,Contoso,Kite\n2,,Kite\n3,Fabrikam,Kite\n"

    refused = page(app, rows, connector="crm", mapping=f"{MAPPING},country:=Germany")

    assert refused.count('href="#mapping">Which column is what: country:=Germany: ') == 1
    assert "One place in the file is not right" in refused
    assert refused.count("<code>company_name</code></td>") == 1


def test_a_file_that_is_no_such_table_is_told_why(app: Flask, cast: Cast) -> None:
    for file, said in (
        (b"", "The file is empty."),
        (b"id;account;product\n1;Contoso;Kite\n", "The columns seem to be separated by semicolons."),
        (HEADER + b"1,Contoso,Kite\n2,Z\xfcrich Sails,Kite\n", "This line is not UTF-8."),
    ):
        assert said in page(app, file, connector="crm", mapping=MAPPING)


def test_the_page_lists_what_a_lead_has(app: Flask, cast: Cast) -> None:
    shown = Surfer.signed_in(app, "sam@acme.example").open("/leads/import").text
    assert "<code>company_name</code> (needed)" in shown
    assert "<code>contact_basis</code></li>" in shown
    assert "field~wrong=right" in shown
