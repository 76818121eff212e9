"""One deal is worked by keyboard alone, on a screen and in a window as narrow as a phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PROVE, Visitor
from tests.cast import Cast
from tests.factories import deals

FOCUSED = """() => {
  const here = document.activeElement
  const shown = here.checkVisibility() && getComputedStyle(here).outlineStyle != "none"
  return here.matches("main *") ? [(here.labels?.[0] ?? here).innerText, shown] : ["", false]
}"""


def tab_to(page: Page, name: str, most: int = 60) -> None:
    """Press Tab until something of this name in the page's own part has the focus, and it can be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        said, is_seen = page.evaluate(FOCUSED)
        if name in said:
            assert is_seen, name
            return
    raise AssertionError(f"{name!r} is not reached in {most} steps")


def press(page: Page, name: str) -> None:
    """Go to something by Tab and press Enter there."""
    tab_to(page, name)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("width", [1280, 390] if PROVE else [390])
def test_a_deal_is_opened_moved_planned_discussed_and_put_back_by_keyboard_alone(
    visitor: Visitor, cast: Cast, width: int
) -> None:
    made = deals.opened(cast, cast.sam)
    deals.attached(cast.sam, made)
    deals.written(cast.gina, made)
    sam = visitor(viewport={"width": width, "height": 844}, reduced_motion="reduce").sign_in("sam@acme.example")
    page, keys = sam.go("/deals"), sam.page.keyboard

    press(page, "Northwind")
    expect(page.get_by_role("heading", level=1, name="Northwind")).to_be_visible()
    press(page, "On to: Qualified")
    expect(page.get_by_role("status")).to_contain_text("Qualified")

    press(page, "Add a next step")
    tab_to(page, "What is to be done", 1)
    keys.type("Show it running")
    tab_to(page, "Until", 1)
    keys.type("01312040")
    press(page, "Add")
    expect(page.get_by_role("listitem").filter(has_text="Show it running").first).to_be_visible()

    press(page, "Write a comment")
    tab_to(page, "Comment", 1)
    keys.type("Can you be there?")
    tab_to(page, "Gina", 1)
    keys.press("Space")
    press(page, "Write it")
    expect(page.get_by_role("region", name="Timeline")).to_contain_text("Can you be there?")
    expect(page.get_by_role("region", name="Timeline")).to_contain_text("Gina")

    press(page, "Undo your last change")
    expect(page.locator("[aria-current=step]")).to_have_text("Prospect")
    assert deals.read(cast.gina, made)["stage"] == "prospect"
    sam.look()
