"""The pages of the terms: a form that starts from what is agreed, a difference to answer, a history."""

from flask import Flask

from tests.cast import Cast
from tests.factories import terms
from tests.surfer import Surfer

FORM = {
    "based_on": "1",
    "note": "Faster.",
    "terms.kind": "co_sell",
    "terms.share_given_percent": "50",
    "terms.tolerance_points": "10",
    "terms.response_hours": "24",
    "terms.offer_days": "30",
    "terms.follow_up_hours": "336",
    "terms.snooze_days": "14",
    "terms.measure": "accepted",
    "terms.value_disclosure": "exact",
    "terms.regions": "DE, Nordics",
    "terms.goals.1.text": "Forty leads accepted",
    "terms.goals.1.measure": "leads_accepted",
    "terms.goals.1.target": "40",
    "terms.goals.1.due_on": "2040-12-31",
}


def pages_of(cast: Cast) -> str:
    return f"/partnerships/{cast.partnership_id}/terms"


def test_a_change_is_proposed_on_a_page_and_accepted_on_another(app: Flask, cast: Cast) -> None:
    dana, hank = Surfer.signed_in(app, "dana@acme.example"), Surfer.signed_in(app, "hank@globex.example")
    sent = dana.send(f"{pages_of(cast)}/propose", FORM, shown_on=f"{pages_of(cast)}/propose")
    assert sent.status_code == 303
    change = sent.headers["Location"]
    assert "See what it changes" in hank.open("/").text
    shown = hank.open(change).text
    for words in (
        "Response time",
        "48 working hours",
        "24 working hours",
        "DE, Nordics",
        "Faster.",
        "Forty leads accepted: 40",
    ):
        assert words in shown
    assert "Withdraw" in dana.open(change).text

    assert hank.send(f"{change}/accept", {}, shown_on=change).status_code == 303

    for surfer in (dana, hank):
        page = surfer.open(pages_of(cast)).text
        assert "version 2" in page
        assert "proposed by Acme" in page
    assert "Agreed" in dana.open(change).text


def test_what_is_emptied_in_the_form_is_no_longer_agreed(app: Flask, cast: Cast) -> None:
    agreed = terms.agree(cast)
    goal = agreed["goals"][0]["id"]
    dana = Surfer.signed_in(app, "dana@acme.example")
    form = FORM | {"based_on": "2", "terms.goals.0.id": goal, "terms.goals.0.measure": "leads_accepted"}

    change = dana.send(f"{pages_of(cast)}/propose", form, shown_on=f"{pages_of(cast)}/propose").headers["Location"]

    changes = cast.hank.call("GET", change, expect=200)["changes"]
    gone = {one["field"] for one in changes if one["new"] in (None, [])}
    assert gone == {"trust_advance", "goals", "criteria", "product_lines"}
    assert [one["new"]["text"] for one in changes if one["field"] == "goals" and one["new"]] == ["Forty leads accepted"]


def test_a_draft_is_kept_shown_again_and_thrown_away(app: Flask, cast: Cast) -> None:
    dana = Surfer.signed_in(app, "dana@acme.example")
    page = f"{pages_of(cast)}/propose"

    assert dana.send(f"{pages_of(cast)}/draft", FORM, shown_on=page).status_code == 303

    assert "You see your side" in dana.open(page).text
    assert 'value="24"' in dana.open(page).text
    assert "Faster." not in Surfer.signed_in(app, "hank@globex.example").open(page).text
    assert dana.send(f"{pages_of(cast)}/draft/discard", {}, shown_on=page).status_code == 303
    assert "You see your side" not in dana.open(page).text


def test_a_form_with_faults_comes_back_as_it_was_filled_in(app: Flask, cast: Cast) -> None:
    dana = Surfer.signed_in(app, "dana@acme.example")
    page = f"{pages_of(cast)}/propose"

    answer = dana.send(page, FORM | {"terms.goals.1.target": "none", "terms.goals.7.text": "Later"}, shown_on=page)

    assert answer.status_code == 422
    assert 'href="#terms.goals.0.target"' in answer.text
    assert 'href="#terms.goals.1.due_on"' in answer.text
    assert 'value="Later"' in answer.text
    stale = dana.send(page, FORM | {"based_on": "9"}, shown_on=page)
    assert stale.status_code == 409
    assert "changed in the meantime" in stale.text


def test_a_change_is_declined_with_a_word_or_withdrawn(app: Flask, cast: Cast) -> None:
    dana, hank = Surfer.signed_in(app, "dana@acme.example"), Surfer.signed_in(app, "hank@globex.example")
    for surfer, verb, words in ((hank, "decline", "Rather 36."), (dana, "withdraw", "Nothing changed.")):
        change = f"/term-changes/{terms.propose(cast.dana, cast.partnership_id)['id']}"
        assert surfer.send(f"{change}/{verb}", {"answer": words}, shown_on=change).status_code == 303
        assert words in dana.open(change).text
        assert surfer.send(f"{change}/{verb}", {}, shown_on="/partnerships").status_code == 409
