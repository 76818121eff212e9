"""Forms that were refused: every wrong field is named, marked and reached from the summary."""

import re

from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import Cast
from tests.factories import leads, terms
from tests.surfer import Surfer


def summary(page: TestResponse) -> list[tuple[str, str]]:
    """Return the lines of the summary: which field each leads to, and its words."""
    found = re.search(r'<div class="summary".*?</div>', page.text, re.DOTALL)
    assert found, page.text
    return re.findall(r'<a href="#([^"]+)">([^<]+)</a>', found[0])


def test_the_summary_says_which_field_each_line_is_about(app: Flask, cast: Cast) -> None:
    sam = Surfer.signed_in(app, "sam@acme.example")

    refused = sam.send("/offers/new", {}, shown_on="/offers/new")

    assert refused.status_code == 422
    assert sorted(summary(refused)) == [
        ("company_name", "Company: This is needed."),
        ("need", "What the customer needs: This is needed."),
        ("partnership_id", "Partner: This is needed."),
    ]


def test_a_group_left_blank_is_wrong_in_each_of_its_fields(app: Flask, cast: Cast) -> None:
    path = f"/offers/{leads.offer_at(cast, 'converted')['id']}"
    gina = Surfer.signed_in(app, "gina@globex.example")

    refused = gina.send(f"{path}/win", {}, shown_on=path)

    assert summary(refused) == [
        ("value.amount", "Value: This is needed."),
        ("value.currency", "Currency: This is needed."),
    ]
    for name, _words in summary(refused):
        marked = re.search(rf'<input id="{re.escape(name)}"[^>]*>', refused.text)
        assert marked
        assert 'aria-invalid="true"' in marked[0]


def test_what_is_wrong_in_a_list_or_a_row_leads_to_a_field_that_is_there(app: Flask, cast: Cast) -> None:
    dana, partnership = Surfer.signed_in(app, "dana@acme.example"), f"/partnerships/{cast.partnership_id}"
    terms.agree(cast)
    agreed = cast.dana.call("GET", partnership, expect=200)["terms"]
    [criterion], form = agreed["criteria"], {"based_on": "2", "terms.share_given_percent": "50"}
    page, progress = f"{partnership}/terms/propose", f"{partnership}/progress"
    rows = {"terms.goals.0.id": "no id", "terms.goals.0.text": "Forty", "terms.regions": "DE, " + "x" * 90}

    proposed = dana.send(page, form | rows, shown_on=page)
    marked = dana.send(f"{partnership}/criteria/{criterion['id']}/mark", {"evidence": "Seen."}, shown_on=progress)

    for refused in (proposed, marked):
        assert refused.status_code == 422
        assert {place for place, _ in summary(refused)} <= set(re.findall(r' id="([^"]+)"', refused.text))
    assert {"terms.goals.0.text", "terms.regions"} <= {place for place, _ in summary(proposed)}
    assert summary(marked) == [("met_on", "Met on: This is needed.")]


def test_the_address_of_an_action_leads_to_its_page(app: Flask, cast: Cast) -> None:
    offer = leads.offer(cast.sam, cast.partnership_id)
    gina = Surfer.signed_in(app, "gina@globex.example")

    for action, page in (
        (f"/offers/{offer['id']}/decline", f"/offers/{offer['id']}"),
        (f"/partnerships/{cast.partnership_id}/members/{offer['id']}/release", f"/partnerships/{cast.partnership_id}"),
        (f"/received-proposals/{offer['id']}/accept", "/proposals"),
        ("/sign-out", "/"),
    ):
        shown = gina.open(action)
        assert (shown.status_code, shown.headers.get("Location")) == (303, page)


def test_nothing_is_found_with_the_ways_on_beside_it(app: Flask, cast: Cast) -> None:
    missing = Surfer.signed_in(app, "sam@acme.example").open("/no-such-page")
    assert missing.status_code == 404
    assert "Own leads" in missing.text


def test_what_is_too_large_is_told_the_limit(app: Flask, cast: Cast) -> None:
    sam = Surfer.signed_in(app, "sam@acme.example")
    refused = sam.send("/offers/new", {"message": "x" * 1_100_000}, shown_on="/offers/new")
    assert refused.status_code == 413
    assert "At most 1 MiB are accepted here." in refused.text
    assert "Own leads" in refused.text
