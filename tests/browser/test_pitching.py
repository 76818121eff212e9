"""What to say to a customer, while they are on the phone: two keys from any page, and as you type."""

from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.cast import Cast
from tests.factories.enablement import agreed


def test_what_to_say_is_two_keys_away_and_found_as_you_type(visitor: Visitor, cast: Cast) -> None:
    agreed(cast)
    agreed(cast, industry="Rail", sentences=["Trains meet terminals.", "Nobody waits.", "It pays in a year."])
    sam = visitor().sign_in("sam@acme.example")

    sam.go("/offers/received")
    sam.page.keyboard.press("g")
    sam.page.keyboard.press("v")

    expect(sam.page.get_by_role("heading", name="What to say to a customer")).to_be_visible()
    expect(sam.page.get_by_role("searchbox")).to_be_focused()
    sam.page.keyboard.type("rail")
    expect(sam.page.get_by_text("Your terminals see every box.")).to_have_count(0)
    expect(sam.page.get_by_text("Trains meet terminals.")).to_be_visible()
    sam.look()
