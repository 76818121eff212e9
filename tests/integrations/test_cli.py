"""Importing leads on the command line: as the owner of a token, with sentences for what is wrong."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from partnercrm.integrations.cli import import_leads
from tests.cast import Cast

MAPPING = "external_id=key,company_name=account,need=product"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "leads.csv"
    path.write_text("key,account,product\n1,Contoso,Kite\n2,Wingtip,Kite\n")
    return path


def run(app: Flask, file: Path, token: str, mapping: str = MAPPING) -> Result:
    words = [str(file), "--connector", "crm", "--mapping", mapping]
    return app.test_cli_runner().invoke(import_leads, words, env={"PARTNERCRM_TOKEN": token})


def test_a_file_is_imported_as_the_tokens_owner(app: Flask, cast: Cast, file: Path) -> None:
    done = run(app, file, cast.sam.token)

    assert done.exit_code == 0, done.output
    assert "2 rows: 2 leads were entered, 0 updated, 0 unchanged, 0 skipped, 0 left out." in done.output
    assert len(cast.sam.call("GET", "/leads", expect=200)["items"]) == 2


def test_a_token_that_does_not_do_is_told_from_one_that_is_missing(app: Flask, cast: Cast, file: Path) -> None:
    tokens = ("", "pcrm_user_mistyped", cast.ada.token)

    missing, wrong, narrow = (run(app, file, token) for token in tokens)

    assert "Set PARTNERCRM_TOKEN to an API token" in missing.output
    assert "is not valid: mistyped, revoked or expired." in wrong.output
    assert "lacks the scope leads:write." in narrow.output
    assert {each.exit_code for each in (missing, wrong, narrow)} == {1}


def test_what_is_wrong_in_the_file_is_told_by_line_and_column(app: Flask, cast: Cast, file: Path) -> None:
    file.write_text("key,account,product\n1,,Kite\n")

    refused = run(app, file, cast.sam.token)

    assert refused.exit_code == 1
    assert "line 2, column 2: company_name" in refused.output


def test_what_a_source_sends_again_needs_no_mapping_and_wrong_rows_may_be_left_out(
    app: Flask, cast: Cast, file: Path
) -> None:
    run(app, file, cast.sam.token)
    file.write_text("key,account,product\n1,Contoso,Kite\n3,,Kite\n4,Tailspin,Kite\n")
    words = [str(file), "--connector", "crm", "--leave-out"]

    done = app.test_cli_runner().invoke(import_leads, words, env={"PARTNERCRM_TOKEN": cast.sam.token})

    assert done.exit_code == 0, done.output
    assert "3 rows: 1 leads were entered, 0 updated, 1 unchanged, 0 skipped, 1 left out." in done.output


def test_a_trial_says_what_would_be_done_and_what_is_open_is_asked(app: Flask, cast: Cast, file: Path) -> None:
    words = [str(file), "--connector", "crm", "--mapping", MAPPING, "--dry-run"]
    tried = app.test_cli_runner().invoke(import_leads, words, env={"PARTNERCRM_TOKEN": cast.sam.token})
    assert "2 rows: 2 leads would be entered" in tried.output
    assert cast.sam.call("GET", "/leads", expect=200)["items"] == []

    file.write_text('key,account,product,worth\n1,Contoso,Kite,"1,234"\n')
    asked = run(app, file, cast.sam.token, f"{MAPPING},value.amount=worth,value.currency:=EUR")
    assert asked.exit_code == 1
    assert "decimal_mark: Say how amounts are written" in asked.output
