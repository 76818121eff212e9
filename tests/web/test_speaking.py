"""Sentences of refusals: English for programs, through the translations on pages."""

import pytest
from flask import Flask

from partnercrm.kernel.errors import Told
from partnercrm.web import speaking
from tests.cast import Cast
from tests.surfer import Surfer

_GERMAN = {
    "A token lives %(days)d days at most.": "Ein Token lebt höchstens %(days)d Tage.",
    "There is nothing here.": "Hier ist nichts.",
}


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    """Know three sentences in German."""
    monkeypatch.setattr(speaking, "gettext", lambda text, **values: _GERMAN.get(text, text) % values)


def test_a_sentence_with_values_is_the_english_text_and_knows_what_it_is_made_of() -> None:
    told = Told("A token lives %(days)d days at most.", days=90)

    assert told == "A token lives 90 days at most."
    assert (told.sentence, told.values) == ("A token lives %(days)d days at most.", {"days": 90})


@pytest.mark.usefixtures("german")
def test_a_refused_form_speaks_the_language_of_the_page(app: Flask, cast: Cast) -> None:
    sam = Surfer.signed_in(app, "sam@acme.example")

    page = sam.send("/tokens", {"name": "sync", "scopes": "leads:read", "days": "999"}, shown_on="/tokens").text

    assert "Ein Token lebt höchstens 365 Tage." in page


@pytest.mark.usefixtures("german")
def test_pages_that_are_not_there_speak_it_too_and_programs_read_english(app: Flask, cast: Cast) -> None:
    assert "Hier ist nichts." in Surfer.signed_in(app, "sam@acme.example").open("/nothing-here").text
    assert cast.sam.call("GET", "/nothing-here", expect=404)["title"] == "There is nothing here."
    refused = cast.sam.call("POST", "/tokens", json={"name": "s", "scopes": ["leads:read"], "days": 999}, expect=422)
    assert refused["errors"][0]["message"].startswith("A token lives ")
