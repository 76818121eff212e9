"""Amounts as people write them in forms."""

import re

import pytest
from babel import Locale
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from partnercrm.kernel import money
from partnercrm.kernel.money import Money
from partnercrm.web import amounts
from tests.cast import Cast
from tests.factories import leads
from tests.surfer import Surfer


@pytest.mark.parametrize(
    ("language", "written", "currency", "plain"),
    [
        ("en", "1,200.50", "EUR", "1200.50"),
        ("en", "1200.5", "EUR", "1200.5"),
        ("en", "1,200", "EUR", "1200"),
        ("en", "1.200", "BHD", "1.200"),
        ("de", "1.200,50", "EUR", "1200.50"),
        ("de", "1.200", "EUR", "1200"),
        ("de", "1200.50", "EUR", "1200.50"),
        ("fr", "1 200,50", "EUR", "1200.50"),
    ],
)
def test_an_amount_is_read_as_the_pages_print_it(
    app: Flask, language: str, written: str, currency: str, plain: str
) -> None:
    assert amounts.plain(written, currency, Locale(language)) == plain


@settings(max_examples=300)
@given(st.integers(1, 10**12), st.sampled_from(["EUR", "JPY", "BHD", "CLF"]), st.sampled_from(["en", "de", "fr"]))
def test_an_amount_that_a_form_is_filled_with_is_read_back_exactly(minor: int, currency: str, language: str) -> None:
    value, locale = Money(minor, currency), Locale(language)

    read = amounts.plain(amounts.written(value, locale), currency, locale)

    assert money.parse(read, currency) == value


@pytest.mark.parametrize(("language", "written"), [("en", "1.200"), ("de", "1,200"), ("en", "12.345")])
def test_an_amount_that_reads_in_two_ways_is_asked_again(app: Flask, language: str, written: str) -> None:
    with app.test_request_context(), pytest.raises(ValueError, match=re.escape("two ways")):
        amounts.plain(written, "EUR", Locale(language))


@pytest.mark.parametrize("written", ["1.200,50", "12,00", "-5", "1e3", "1,200,", "NaN", "١٢", "five", "€5"])
def test_what_is_no_amount_is_refused(app: Flask, written: str) -> None:
    with app.test_request_context(), pytest.raises(ValueError, match=re.escape("1200.50 or 1,200.50")):
        amounts.plain(written, "EUR", Locale("en"))


def test_a_form_takes_the_amount_that_the_page_prints(app: Flask, cast: Cast) -> None:
    offer = leads.offer_at(cast, "converted")
    path = f"/offers/{offer['id']}"
    gina = Surfer.signed_in(app, "gina@globex.example")

    refused = gina.send(f"{path}/win", {"value.amount": "1.200", "value.currency": "eur"}, shown_on=path)
    won = gina.send(f"{path}/win", {"value.amount": "1,200.50", "value.currency": "eur"}, shown_on=path)

    assert refused.status_code == 422
    assert refused.text.count("This can be read in two ways. Write 1200 or 1.20.") == 2
    assert won.status_code == 303, won.text
    assert "1,200.50 EUR" in gina.open(path).text


def test_a_program_writes_amounts_in_one_way(app: Flask, cast: Cast) -> None:
    lead = {"company_name": "Contoso", "need": "ERP", "value": {"amount": "1,200.50", "currency": "eur"}}
    refusal = cast.sam.call("POST", "/leads", json=lead, expect=422)
    assert {error["field"] for error in refusal["errors"]} == {"value.amount", "value.currency"}
