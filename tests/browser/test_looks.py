"""Every page at every width and in both lights: readable, labelled, inside the screen, obedient to the policy."""

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from partnercrm.activity.jobs import seal
from tests.browser.conftest import Visitor
from tests.browser.places import LONG, PAGES, made
from tests.cast import Cast
from tests.conftest import on_database
from tests.factories import (
    cases,
    leads,
)
from tests.leads.test_fact_sheets import given
from tests.servers import TestServer


def test_every_page_is_fit_to_use(
    visitor: Visitor, cast: Cast, app: Flask, test_server: TestServer, database: str
) -> None:
    places = made(app, test_server, database, cast)
    dana = visitor()
    dana.go("/sign-in")
    dana.look()
    dana.sign_in("dana@acme.example")

    for path in PAGES:
        dana.go(path.format(**places))
        dana.look()


@pytest.fixture
def sealed(app: Flask, test_server: TestServer, database: str) -> None:
    """What has been recorded so far, sealed as the worker does it."""
    with on_database(app, test_server.url("worker", database)):
        seal()


@pytest.mark.usefixtures("sealed")
def test_every_page_of_an_administrator_is_fit_to_use(visitor: Visitor, cast: Cast) -> None:
    given = {"email": f"{'uma' * 20}@acme.example", "name": LONG, "roles": ["seller", "executive"]}
    cast.ada.call("POST", "/invitations", json=given, expect=201)
    cast.ada.call("POST", "/teams", json={"name": LONG[:100]}, expect=201)
    ada = visitor()
    for path in ("/password/forgotten", "/invitation?link=none"):
        ada.go(path)
        ada.complaints.clear()
        ada.look()
    ada.sign_in("ada@acme.example")

    [entry] = cast.ada.call("GET", "/activities?verb=proposal.sent", expect=200)["items"]
    paths = ("/", "/people", f"/people/{cast.sam.actor.user_id}", "/organization", "/account", "/works-agreement")
    trail = (
        "/audit",
        "/audit?verb=none",
        "/audit/chains",
        "/audit/chains/own",
        f"/audit/chains/{cast.partnership_id}",
        "/person-data",
        "/organization/retention",
    )
    for path in (*paths, *trail, f"/audit/{entry['id']}"):
        ada.go(path)
        ada.look()
    ada.go("/person-data")
    ada.page.get_by_label("E-mail").fill("sam@acme.example")
    ada.page.get_by_role("button", name="Erase …").click()
    ada.page.get_by_role("heading", name="What will go").wait_for()
    ada.look()


def test_empty_pages_and_refusals_are_fit_to_use(visitor: Visitor, cast: Cast) -> None:
    ines = visitor().sign_in("ines@initech.example")

    exchange = ("/", "/offers/received", "/offers/given", "/offers/new", "/leads", "/exchange", "/partnerships")
    for path in (*exchange, "/registrations", "/deals", "/deals/register", "/accounts"):
        ines.go(path)
        ines.look()
    ines.go(f"/partnerships/{cast.partnership_id}")
    ines.complaints.clear()
    ines.look()


def test_on_paper_the_report_stands_without_controls(visitor: Visitor, cast: Cast) -> None:
    leads.offer_at(cast, "won")
    dana = visitor(color_scheme="light").sign_in("dana@acme.example")
    page = dana.go(f"/partnerships/{cast.partnership_id}/reciprocity")
    page.emulate_media(media="print")

    assert not page.get_by_role("navigation").first.is_visible()
    assert not page.get_by_role("button", name="Show").is_visible()
    assert page.get_by_text("Acme and Globex, as of").is_visible()
    assert page.locator(".chart > .wide").first.is_visible()


def test_a_fact_sheet_is_one_sheet_of_paper_with_no_word_broken(visitor: Visitor, cast: Cast) -> None:
    for country, industry in (("DE", "Manufacturing"), ("US", "Transport")):
        given(cast.sam, cast.gina, cast, *[("accept", "disqualify")] * 8, country=country, industry=industry)
    given(cast.gina, cast.sam, cast, *[("decline",)] * 2, ("accept", "qualify"), country="DE", industry="Logistics")
    page = (
        visitor(color_scheme="light").sign_in("dana@acme.example").go(f"/partnerships/{cast.partnership_id}/fact-sheet")
    )

    assert page.get_by_text("16 of 16 came on (100 % of those settled)").is_visible()
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1
    page.set_viewport_size({"width": 690, "height": 1000})
    page.emulate_media(media="print")
    row = page.get_by_role("row", name="Manufacturing")
    assert row.bounding_box()["height"] < 45


def test_a_moderators_pages_are_fit_to_use(visitor: Visitor, cast: Cast) -> None:
    submitted = cases.submitted(cast)
    cases.invited(cast)
    ines = visitor().sign_in("ines@initech.example")
    ines.look()

    for path in ("/cases", "/moderations", f"/case-files/{submitted['id']}"):
        ines.go(path)
        ines.look()


def test_on_a_small_laptop_no_column_of_figures_and_no_button_is_cut(visitor: Visitor, cast: Cast) -> None:
    leads.offer_at(cast, "won")
    sam = visitor(viewport={"width": 1200, "height": 900}).sign_in("sam@acme.example")
    sam.go("/figures")
    wider = sam.page.locator("main .table").first.evaluate("table => table.scrollWidth - table.clientWidth")

    assert wider == 0
    expect(sam.page.get_by_role("button", name="Sign out")).to_be_in_viewport(ratio=1)
    sam.page.get_by_role("navigation").get_by_role("link", name="Deputies").focus()
    expect(sam.page.get_by_role("navigation").get_by_role("link", name="Deputies")).to_be_in_viewport(ratio=1)
    dana = visitor(viewport={"width": 1280, "height": 700}).sign_in("dana@acme.example")
    expect(dana.page.get_by_role("button", name="Sign out")).to_be_in_viewport(ratio=1)
