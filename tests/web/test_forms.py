"""Forms that were refused: every wrong field is named, marked and reached from the summary."""

import re

from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import Cast
from tests.factories import leads
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
