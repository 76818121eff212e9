"""What holds for every page: it has a scope, every word is there, names are text. Who sees what is the matrix's."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from partnercrm.app import PAGES
from tests.cast import Cast
from tests.factories import leads
from tests.matrix.page_cells import PUBLIC
from tests.surfer import Surfer

ENTER = "/offers/new"


def _rules(app: Flask) -> list[Rule]:
    names = {pages.name for pages in PAGES}
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0] in names]


def test_every_page_declares_its_scope(app: Flask) -> None:
    for pages in PAGES:
        declared = {f"{pages.name}.{name}" for name in pages.scopes}
        routes = {rule.endpoint for rule in _rules(app) if rule.endpoint.startswith(f"{pages.name}.")}
        assert routes - declared <= PUBLIC


@pytest.mark.parametrize("pages", PAGES, ids=lambda pages: pages.name)
def test_every_value_of_an_enumeration_has_words(pages: object) -> None:
    for enumeration, words in pages.words.items():  # type: ignore[attr-defined]
        assert set(words) == set(enumeration)


def test_what_people_type_is_text_and_never_markup(app: Flask, cast: Cast) -> None:
    name = '<img src=x onerror="alert(1)">'
    offered = leads.offer(cast.sam, cast.partnership_id, company_name=name, need=name, industry=name)
    leads.step(cast.gina, offered["id"], "decline", reason="other", note=name)
    sam = Surfer.signed_in(app, "sam@acme.example")

    for path in ("/", "/leads", "/offers/given", f"/offers/{offered['id']}"):
        page = sam.open(path).text
        assert "<img" not in page
        assert "&lt;img" in page


def test_a_page_carries_the_strict_policy_and_is_not_kept(app: Flask, cast: Cast) -> None:
    headers = Surfer.signed_in(app, "sam@acme.example").open("/").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "query",
    ["status=never", "cursor=made-up", "limit=0", "surprise=1", "limit=1&limit.x=2", "limit.x=2&limit=1", "limit.x=2"],
)
def test_an_address_that_asks_for_nonsense_is_refused_with_a_page(app: Flask, cast: Cast, query: str) -> None:
    answer = Surfer.signed_in(app, "sam@acme.example").open(f"/offers/received?{query}")
    assert answer.status_code == 422
    assert answer.text.startswith("<!doctype html>")


@pytest.mark.parametrize("parts", [("need", "need.x"), ("value.amount", "value.amount.x"), ("value.x", "value")])
def test_a_form_in_which_a_field_is_also_a_part_of_itself_is_refused(
    app: Flask, cast: Cast, parts: tuple[str, ...]
) -> None:
    filled = {"company_name": "Contoso", "need": "Kite"} | dict.fromkeys(parts, "1")

    answer = Surfer.signed_in(app, "sam@acme.example").send(ENTER, filled, shown_on=ENTER)

    assert answer.status_code == 422
