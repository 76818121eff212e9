"""Cards: what one seller reads of one account, for minutes, framed by the organization's own addresses alone."""

import logging
import re

import pytest
from flask import Flask

from partnercrm.identity import actions as identity
from partnercrm.kernel import db
from tests.cast import Cast, Player, person
from tests.factories import cards
from tests.factories.cards import CRM, asked, opened
from tests.surfer import Surfer


def test_a_card_shows_what_its_seller_reads_on_the_accounts_page(
    app: Flask, cast: Cast, program: Player, common: str
) -> None:
    found = opened(program, asked(program, common, email="Sam@acme.example"))

    assert found.status_code == 200
    page = Surfer.signed_in(app, "sam@acme.example").open(f"/accounts/{common}").text
    [panel] = re.findall(r'<section class="panel" aria-labelledby="introductions">.*?</section>', page, re.DOTALL)
    assert panel in found.text
    assert "Ask Hank" in panel
    assert "<h1>Common</h1>" in found.text


def test_who_is_no_member_reads_nothing_of_partners_on_a_card_either(cast: Cast, program: Player, common: str) -> None:
    text = opened(program, asked(program, common, email="nora@acme.example")).text

    assert "No partner is told to have it." in text
    assert "Globex" not in text


def test_it_is_asked_for_by_the_crms_own_key(cast: Cast, program: Player, common: str) -> None:
    made = program.call("POST", "/accounts/by-key/crm/A1/card", json={"email": "sam@acme.example"}, expect=200)

    assert (made["account_id"], made["address"].startswith("http")) == (common, True)
    assert "Ask Hank" in opened(program, "/" + made["address"].split("/", 3)[3]).text
    program.call("POST", "/accounts/by-key/crm/A9/card", json={"email": "sam@acme.example"}, expect=404)


def test_a_card_may_be_framed_at_the_organizations_addresses_alone(cast: Cast, program: Player, common: str) -> None:
    cards.shown_at(cast.ada, CRM, "https://crm.acme.example:8443")

    headers = opened(program, asked(program, common, email="sam@acme.example")).headers

    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": f"{CRM} https://crm.acme.example:8443",
    }
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "X-Frame-Options" not in headers
    assert "Set-Cookie" not in headers


def test_it_has_no_script_no_form_and_no_link(program: Player, common: str) -> None:
    text = opened(program, asked(program, common, email="sam@acme.example")).text

    assert not re.search(r"<(script|form|a|iframe|img|button|input)\b| on\w+=|style=|javascript:", text)


def test_whose_cookie_a_browser_sends_makes_no_difference(app: Flask, cast: Cast, program: Player, common: str) -> None:
    path = asked(program, common, email="sam@acme.example")
    alone = opened(program, path).text

    for email in ("nora@acme.example", "gina@globex.example"):
        assert Surfer.signed_in(app, email).open(path).text == alone


def test_it_is_in_the_sellers_language(cast: Cast, program: Player, common: str) -> None:
    found = program.app.test_client().get(
        asked(program, common, email="sam@acme.example"), headers={"Accept-Language": "de"}
    )

    assert '<html lang="en">' in found.text


@pytest.mark.parametrize("email", ["sam@acme.example", None])
def test_people_ask_for_their_own_cards_alone(cast: Cast, program: Player, common: str, email: str | None) -> None:
    given = {"email": email} if email else {}
    assert "Ask Hank" in opened(cast.sam, asked(cast.sam, common, **given)).text
    path = f"/accounts/{common}/card"
    for other in ("dana@acme.example", "nobody@acme.example", "gina@globex.example"):
        refused = cast.sam.call("POST", path, json={"email": other}, expect=403)
        assert refused["code"] == "not_your_card"


def test_partners_and_strangers_get_no_card_of_it(cast: Cast, program: Player, common: str) -> None:
    for admin in (cast.hank, cast.ines):
        found = admin.call("POST", f"/accounts/{common}/card", json={}, expect=404)
        assert found["code"] == "not_found"


@pytest.mark.parametrize(
    "email", ["nobody@acme.example", "gina@globex.example", "ada@acme.example", "gone@acme.example", None]
)
def test_an_integration_names_a_colleague_who_reads_accounts(
    app: Flask, cast: Cast, program: Player, common: str, email: str | None
) -> None:
    gone = person(app, cast.sam.actor.organization_id, "Gone", "gone@acme.example", "seller")
    path = f"/users/{gone.actor.user_id}"
    tag = cast.ada.response("GET", path).headers["ETag"]
    cast.ada.call("PATCH", path, json={"disabled": True}, if_match=tag, expect=200)

    given = {"email": email} if email else {}
    refused = program.call("POST", f"/accounts/{common}/card", json=given, expect=422)

    assert [error["field"] for error in refused["errors"]] == ["email"]


def test_without_an_address_no_card_is_given_out(cast: Cast, common: str) -> None:
    refused = cast.sam.call("POST", f"/accounts/{common}/card", json={}, expect=409)

    assert refused["code"] == "nowhere_to_show"


def test_a_card_changes_nothing_and_is_only_looked_at(program: Player, common: str) -> None:
    path = asked(program, common, email="sam@acme.example")

    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert program.app.test_client().open(path, method=method).status_code in {400, 405}


def test_nothing_of_a_card_enters_logs_trail_or_retries(
    cast: Cast, program: Player, common: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    made = program.call("POST", f"/accounts/{common}/card", json={"email": "sam@acme.example"}, key="once", expect=200)
    link = made["address"].rpartition("/card-")[2]
    opened(program, f"/card-{link}")
    opened(program, f"/card-{link}x")
    told = caplog.text
    for secret in (link, link.rpartition(".")[0][:20], link[-20:], "sam@acme.example", "Common", "Globex"):
        assert secret not in told
    assert "cards.card" in told
    assert "card" not in cast.ada.response("GET", "/activities?limit=200").text
    again = program.call("POST", f"/accounts/{common}/card", json={"email": "sam@acme.example"}, key="once", expect=409)
    assert again["code"] == "already_done"
    assert link not in repr(again)


def test_a_token_that_reads_no_accounts_asks_for_none(program: Player, common: str) -> None:
    with db.transaction(program.actor):
        given = {"name": "narrow", "scopes": ["leads:read"]}
        narrow = Player(program.app, program.email, identity.make_token(program.actor, given)[1])

    narrow.call("POST", f"/accounts/{common}/card", json={"email": "sam@acme.example"}, expect=403)


def test_every_other_answer_refuses_to_be_framed(app: Flask, cast: Cast, program: Player, common: str) -> None:
    surfer = Surfer.signed_in(app, "dana@acme.example")
    tried = 0
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments:
            headers = surfer.open(rule.rule).headers
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], rule.rule
            assert headers["X-Frame-Options"] == "DENY", rule.rule
            tried += 1
    assert tried > 50
    headers = surfer.open(f"/accounts/{common}").headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
