"""A case from its opening to a moderator's decision, walked by people of three organizations in a real browser."""

from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.cast import Cast
from tests.factories import leads


def test_a_case_is_opened_argued_submitted_decided_and_closed(visitor: Visitor, cast: Cast) -> None:
    offered = leads.offer_at(cast, "declined")
    sam = visitor().sign_in("sam@acme.example")
    sam.go(f"/offers/{offered['id']}").get_by_role("link", name="Open a case").click()
    sam.page.get_by_label("Kind").select_option("Difference of views")
    sam.page.get_by_label("What is the matter").fill("We think that it fits.")
    sam.page.get_by_label("Copy the lead's steps into the case").check()
    sam.page.get_by_role("button", name="Open the case").click()
    expect(sam.page.get_by_role("status")).to_contain_text("The case is open")
    case = sam.page.url.removeprefix(sam.address)
    sam.page.get_by_text("Name a moderator").click()
    sam.page.get_by_label("Moderator's e-mail").fill("ines@initech.example")
    sam.page.get_by_role("button", name="Name", exact=True).click()

    gina = visitor(java_script_enabled=False).sign_in("gina@globex.example")
    gina.go("/cases").get_by_role("link", name="We think that it fits.").click()
    gina.page.get_by_text("Say something").click()
    gina.page.get_by_label("Your side's view").fill("We sell to rail only.")
    gina.page.get_by_role("button", name="Add to the case").click()
    gina.page.get_by_role("button", name="Agree to this moderator").click()

    ines = visitor().sign_in("ines@initech.example")
    ines.page.get_by_role("link", name="Look at it").click()
    ines.page.get_by_label("Ties to either side").fill("None.")
    ines.page.get_by_role("button", name="Accept").click()
    sam.go(case).get_by_role("button", name="Submit the case").click()
    ines.go("/moderations").get_by_role("link", name="We think that it fits.").click()
    expect(ines.page.get_by_text("We sell to rail only.")).to_be_visible()
    ines.page.get_by_text("Decide", exact=True).click()
    ines.page.get_by_label("Outcome").select_option("The record stands")
    ines.page.get_by_label("Reasons").fill("It is not rail.")
    ines.page.get_by_role("button", name="Decide the case").click()
    file = ines.page.url

    expect(sam.go(case).get_by_role("heading", name="The record stands")).to_be_visible()
    sam.page.get_by_role("button", name="Close the case").click()
    assert ines.page.goto(file).status == 404
    assert not sam.complaints


def test_on_paper_a_case_is_a_sheet_without_controls(visitor: Visitor, cast: Cast) -> None:
    opened = cast.sam.call(
        "POST", "/cases", json={"partnership_id": str(cast.partnership_id), "kind": "claim", "claim": "It came late."}
    )
    page = visitor(color_scheme="light").sign_in("sam@acme.example").go(f"/cases/{opened['id']}")
    page.emulate_media(media="print")

    assert page.get_by_role("heading", name="It came late.").is_visible()
    assert page.get_by_role("heading", name="Case file").is_visible()
    assert not page.get_by_role("heading", name="Next").is_visible()
    assert not page.get_by_role("navigation").first.is_visible()
