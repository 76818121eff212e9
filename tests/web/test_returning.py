"""What was typed before a session ended comes back after signing in again, shown and not yet sent."""

import json
import re
from html import unescape

from flask import Flask

from partnercrm.web import returning
from tests.cast import PASSWORD, Cast
from tests.factories import leads
from tests.surfer import Surfer

TYPED = {"company_name": "Contoso", "need": "An ERP & more", "message": "Ask for Ola."}

NOT_CARRIED = (
    "",
    "no json",
    "7",
    "{}",
    json.dumps(["/offers/new"]),
    json.dumps(["/offers/new", 7]),
    json.dumps(["/offers/new", [["need"]]]),
    json.dumps(["//elsewhere.example/leads/new", []]),
    json.dumps(["leads/new", []]),
    json.dumps([7, []]),
    json.dumps(["/sign-in", [["email", "sam@acme.example"]]]),
    json.dumps(["/no-such-page", [["need", "ERP"]]]),
)


def carried(text: str) -> str | None:
    """Return what a page carries past the sign-in."""
    found = re.findall(r'name="carried" value="([^"]*)"', text)
    return unescape(found[0]) if found else None


def written(text: str, name: str) -> str | None:
    """Return what stands in a field of a form."""
    found = re.findall(
        rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"|<textarea[^>]* name="{name}"[^>]*>([^<]*)<', text
    )
    return unescape("".join(found[0])).strip() if found else None


def signed_out(app: Flask, cast: Cast) -> tuple[Surfer, dict[str, str]]:
    """Return Sam with a form before him, whose session somebody ended."""
    sam = Surfer.signed_in(app, cast.sam.email)
    filled = sam.hidden("/offers/new") | TYPED
    cast.sam.call("POST", "/sessions/end-others", expect=204)
    return sam, filled


def count(cast: Cast) -> int:
    return len(cast.sam.call("GET", "/offers", expect=200)["items"])


def test_what_was_typed_is_shown_again_after_signing_in_and_sent_by_its_writer(app: Flask, cast: Cast) -> None:
    sam, filled = signed_out(app, cast)

    refused = sam.post("/offers/new", filled)
    assert refused.status_code == 401
    assert "You were signed out in the meantime; nothing was changed." in refused.text
    asked = sam.post("/sign-in/again", sam.hidden("/sign-in") | {"carried": carried(refused.text) or ""})
    assert "What you filled in is kept and shown to you again." in asked.text
    entering = sam.hidden("/sign-in") | {"email": cast.sam.email, "carried": carried(asked.text) or ""}
    wrong = sam.post("/sign-in", entering | {"password": "not the one"})
    assert carried(wrong.text) == carried(refused.text)
    entered = sam.post("/sign-in", entering | {"password": PASSWORD})
    assert re.findall(r'<form [^>]*action="([^"]+)" data-goes-on>', entered.text) == ["/offers/new"]
    going = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)">', entered.text)}
    assert going.items() >= TYPED.items()
    shown = sam.post("/offers/new", TYPED)

    assert shown.status_code == 409
    assert "You signed in anew in the meantime." in shown.text
    assert {name: written(shown.text, name) for name in TYPED} == TYPED
    assert count(cast) == 0
    whole = TYPED | {"partnership_id": str(cast.partnership_id)}
    assert sam.send("/offers/new", whole, shown_on="/offers/new").status_code == 303
    assert count(cast) == 1


def test_a_form_of_an_earlier_session_is_shown_as_it_was_filled_in(app: Flask, cast: Cast) -> None:
    sam = Surfer.signed_in(app, cast.sam.email)

    shown = sam.post("/offers/new", TYPED | {"csrf_token": "of-another-session"})

    assert shown.status_code == 409
    assert {name: written(shown.text, name) for name in TYPED} == TYPED
    assert count(cast) == 0


def test_nothing_that_another_site_typed_is_shown_or_carried(app: Flask, cast: Cast) -> None:
    sam = Surfer.signed_in(app, cast.sam.email)
    origins = ("", "null", "https://elsewhere.example")
    forged = [sam.post("/offers/new", TYPED, origin=origin) for origin in origins]
    cast.sam.call("POST", "/sessions/end-others", expect=204)

    for answer in (*forged, *(sam.post("/offers/new", TYPED, origin=origin) for origin in origins)):
        assert answer.status_code in {400, 401, 403}
        assert "Contoso" not in answer.text


def test_secrets_are_not_carried(app: Flask, cast: Cast) -> None:
    sam = Surfer.signed_in(app, cast.sam.email)
    form = sam.hidden("/account") | {"password": PASSWORD, "new_password": "a new one for Sam"}
    cast.sam.call("POST", "/sessions/end-others", expect=204)

    refused = sam.post("/account/password", form)

    assert refused.status_code == 401
    assert carried(refused.text) is None
    assert "a new one for Sam" not in refused.text


def test_who_may_not_see_the_page_is_not_shown_it(app: Flask, cast: Cast) -> None:
    sam = Surfer.signed_in(app, cast.sam.email)

    refused = sam.post("/people/invite", {"name": "Mallory"})

    assert refused.status_code == 403
    assert "Mallory" not in refused.text


def test_what_we_did_not_carry_leads_nowhere(app: Flask, cast: Cast) -> None:
    with app.test_request_context("/sign-in", method="POST"):
        assert [packed for packed in NOT_CARRIED if returning.unpacked(packed)] == []
    entering = {"email": cast.sam.email, "password": PASSWORD, "carried": NOT_CARRIED[-1]}

    assert Surfer(app).send("/sign-in", entering, shown_on="/sign-in").headers["Location"] == "/"


def test_a_press_of_a_button_leads_back_to_its_page(app: Flask, cast: Cast) -> None:
    page = f"/offers/{leads.offer(cast.sam, cast.partnership_id)['id']}"
    gina = Surfer.signed_in(app, cast.gina.email)
    form = gina.hidden(page)
    cast.gina.call("POST", "/sessions/end-others", expect=204)

    refused = gina.post(f"{page}/accept", form)

    assert refused.status_code == 401
    assert carried(refused.text) is None
    (way,) = re.findall(r'<a class="button primary" href="([^"]+)">Sign in again</a>', refused.text)
    entered = gina.send(way, {"email": cast.gina.email, "password": PASSWORD, "next": f"{page}/accept"}, shown_on=way)
    assert entered.headers["Location"].endswith(f"{page}/accept")
    assert gina.open(f"{page}/accept").headers["Location"].endswith(page)
    assert cast.gina.call("GET", page, expect=200)["status"] == "offered"
