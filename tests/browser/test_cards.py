"""The card in a real frame: shown at the organization's own address, refused at any other."""

import os
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route

from tests.accounts.conftest import (
    Run,
    run,  # noqa: F401 - a fixture
)
from tests.cast import Cast, person
from tests.factories import cards, mapping
from tests.factories.cards import CRM, asked

OURS = "https://partnercrm.example"
WIDTH, HEIGHT = 380, 260


@pytest.fixture
def path(app: Flask, cast: Cast, run: Run) -> str:  # noqa: F811 - the fixture
    """The card of an account of Sam's that Globex has too."""
    account = mapping.account(cast.sam, "Northwind Traders", owner_id=str(cast.sam.actor.user_id))["id"]
    mapping.account(cast.gina, "Northwind Traders", owner_id=str(cast.gina.actor.user_id))
    mapping.agreed(cast, "overlaps")
    run()
    cards.shown_at(cast.ada, CRM)
    program = person(app, cast.sam.actor.organization_id, "CRM", "crm@acme.example", "integration")
    return asked(program, account, email="sam@acme.example")


def test_a_card_is_shown_at_its_address_without_complaint(chromium: Browser, address: str, path: str) -> None:
    page, complaints = _framing(chromium, CRM, address, path)

    [frame] = [one for one in page.frames if one.url == OURS + path]
    frame.get_by_role("heading", name="Northwind Traders").wait_for()

    assert frame.get_by_text("Ask Hank").is_visible()
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []
    if folder := os.environ.get("PARTNERCRM_PICTURES"):
        page.screenshot(path=str(Path(folder) / "card.png"))
    page.context.close()


def test_a_card_is_shown_at_no_other_address(chromium: Browser, address: str, path: str) -> None:
    for origin in ("https://evil.example", "https://crm.acme.example.evil.example", "https://acme.example"):
        page, complaints = _framing(chromium, origin, address, path)
        page.wait_for_timeout(300)

        assert all("Northwind" not in frame.content() for frame in page.frames)
        assert any("frame-ancestors" in one for one in complaints)
        page.context.close()


def _framing(chromium: Browser, origin: str, address: str, path: str) -> tuple[Page, list[str]]:
    """Open a page of another site that frames an address of ours; return it with what the browser complained about.

    Ours is served as it would be behind https.
    """
    context = chromium.new_context(viewport={"width": WIDTH + 40, "height": HEIGHT + 40})
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    frame = f'<iframe src="{OURS}{path}" width="{WIDTH}" height="{HEIGHT}" referrerpolicy="no-referrer"></iframe>'
    html = f"<!doctype html><title>CRM</title><link rel=icon href='data:,'>{frame}"
    page.route(f"{origin}/**", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.route(f"{OURS}/**", lambda route: _answer(route, address))
    page.goto(f"{origin}/account")
    return page, complaints


def _answer(route: Route, address: str) -> None:
    route.fulfill(response=route.fetch(url=address + route.request.url.removeprefix(OURS)))
