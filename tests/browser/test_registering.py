"""A deal is registered in under a minute by keyboard alone, on a screen and on a phone, with and without scripts."""

import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.cast import Cast
from tests.factories import deals

SCREENS = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 740}}


@pytest.mark.parametrize(("screen", "scripts"), [("desktop", True), ("phone", True), ("desktop", False)])
def test_a_deal_is_registered_by_keyboard_alone_in_under_a_minute(
    visitor: Visitor, cast: Cast, screen: str, scripts: bool
) -> None:
    deals.go(cast.sam, deals.register(cast.sam, cast.partnership_id), "withdraw")
    sam = visitor(java_script_enabled=scripts, viewport=SCREENS[screen]).sign_in("sam@acme.example")
    keys = sam.page.keyboard
    begun = time.monotonic()
    sam.page.get_by_role("link", name="Register a deal").first.focus()
    keys.press("Enter")

    expect(sam.page.get_by_label("Company")).to_be_focused()
    keys.type("Northwind")
    keys.press("Tab")
    keys.type("120000")
    keys.press("Tab")
    expect(sam.page.get_by_label("Currency")).to_have_value("EUR")
    keys.press("Tab")
    keys.type("01312040")
    sam.page.get_by_label("Expected close").press("Enter")

    expect(sam.page.get_by_role("status")).to_contain_text("The deal is registered")
    assert time.monotonic() - begun < 60
    expect(sam.page.get_by_role("heading", name="Northwind")).to_be_visible()
    assert not sam.complaints


def test_a_company_is_suggested_while_its_name_is_typed(visitor: Visitor, cast: Cast) -> None:
    deals.register(cast.gina, cast.partnership_id)
    sam = visitor().sign_in("sam@acme.example")
    sam.go("/deals/register")

    sam.page.get_by_label("Company").press_sequentially("contoso")
    expect(sam.page.locator("datalist option")).to_have_count(0)
    sam.page.get_by_label("Company").fill("north")

    expect(sam.page.locator("datalist option")).to_have_count(1)
    assert not sam.complaints
