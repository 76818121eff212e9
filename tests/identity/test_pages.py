"""The way in and out, the start page by role, tokens."""

import re

import pytest
from flask import Flask

from partnercrm.identity.scopes import ALL_SCOPES
from partnercrm.identity.words import SCOPES
from tests.cast import PASSWORD, Cast
from tests.surfer import Surfer


def _without_varying(page: str) -> str:
    return re.sub(r'(name="(?:csrf_token|form_key|email)"[^>]* )?value="[^"]*"', "", page)


def test_an_unknown_address_and_a_wrong_password_read_the_same(app: Flask, cast: Cast) -> None:
    answers = []
    for email in ("sam@acme.example", "nobody@acme.example"):
        surfer = Surfer(app)
        sent = {"email": email, "password": "not the password"}
        answers.append(surfer.send("/sign-in", sent, shown_on="/sign-in"))

    assert [answer.status_code for answer in answers] == [401, 401]
    assert _without_varying(answers[0].text) == _without_varying(answers[1].text)


def test_a_password_never_comes_back_in_the_page(app: Flask, cast: Cast) -> None:
    sent = {"email": "sam@acme.example", "password": "my other password"}
    assert "my other password" not in Surfer(app).send("/sign-in", sent, shown_on="/sign-in").text


def test_an_empty_form_is_shown_again_with_what_is_missing(app: Flask, cast: Cast) -> None:
    answer = Surfer(app).send("/sign-in", {}, shown_on="/sign-in")
    assert answer.status_code == 422
    assert 'href="#email"' in answer.text


def test_a_visitor_is_sent_to_the_way_in_and_back(app: Flask, cast: Cast) -> None:
    surfer = Surfer(app)
    asked = surfer.open("/tokens")
    assert asked.headers["Location"] == "/sign-in?next=/tokens"

    sent = {"email": "sam@acme.example", "password": PASSWORD, "next": "/tokens"}
    assert surfer.send("/sign-in", sent, shown_on="/sign-in").headers["Location"] == "/tokens"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_the_way_in_leads_nowhere_else(app: Flask, cast: Cast, elsewhere: str) -> None:
    sent = {"email": "sam@acme.example", "password": PASSWORD, "next": elsewhere}
    assert Surfer(app).send("/sign-in", sent, shown_on="/sign-in").headers["Location"] == "/"


def test_after_signing_out_the_copied_cookie_opens_nothing(app: Flask, cast: Cast) -> None:
    surfer = Surfer.signed_in(app, "sam@acme.example")
    cookie = surfer._client.get_cookie("partnercrm")
    assert cookie is not None
    assert surfer.send("/sign-out", {}, shown_on="/").headers["Location"] == "/sign-in"

    thief = Surfer(app)
    thief._client.set_cookie("partnercrm", cookie.value)
    assert thief.open("/").headers["Location"].startswith("/sign-in")


def test_a_form_without_its_token_is_refused(app: Flask, cast: Cast) -> None:
    surfer = Surfer.signed_in(app, "sam@acme.example")
    assert surfer.post("/sign-out", {}).status_code == 400
    assert surfer.open("/").status_code == 200


def test_everyone_starts_with_what_their_role_needs(app: Flask, cast: Cast) -> None:
    starts = {
        email: Surfer.signed_in(app, email).open("/").text
        for email in ("sam@acme.example", "dana@acme.example", "ada@acme.example")
    }
    expected = {
        "sam@acme.example": {"Leads to answer"},
        "dana@acme.example": {"Leads to answer", "The exchange per partnership"},
        "ada@acme.example": {"People"},
    }
    headings = ("Leads to answer", "The exchange per partnership", "People")
    found = {email: {heading for heading in headings if f">{heading}</h2>" in text} for email, text in starts.items()}
    assert found == expected


def test_a_token_form_sent_twice_makes_one_token_and_shows_its_secret_once(app: Flask, cast: Cast) -> None:
    surfer = Surfer.signed_in(app, "sam@acme.example")
    sent = surfer.hidden("/tokens") | {"name": "Nightly", "scopes": ["leads:read", "leads:write"]}

    first, second = surfer.post("/tokens", sent), surfer.post("/tokens", sent)

    assert "pcrm_user_" in first.text
    assert second.status_code == 409
    assert "pcrm_user_" not in second.text
    names = [token["name"] for token in cast.sam.call("GET", "/tokens", expect=200)["items"]]
    assert names.count("Nightly") == 1


def test_a_token_needs_a_name_and_a_scope(app: Flask, cast: Cast) -> None:
    surfer = Surfer.signed_in(app, "sam@acme.example")
    answer = surfer.send("/tokens", {}, shown_on="/tokens")
    assert answer.status_code == 422
    assert 'href="#name"' in answer.text
    assert 'href="#scopes"' in answer.text


def test_every_scope_has_words() -> None:
    assert set(SCOPES) == ALL_SCOPES


def test_a_token_tells_in_words_what_it_may_do(app: Flask, cast: Cast) -> None:
    page = Surfer.signed_in(app, "sam@acme.example").open("/tokens").text
    assert "leads:read, " not in page
    assert "Read leads, Change leads" in page
