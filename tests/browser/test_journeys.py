"""The main paths, walked by people in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.cast import Cast
from tests.factories import leads


@pytest.mark.parametrize("scripts", [True, False])
def test_a_lead_is_offered_accepted_and_read_in_the_report_by_both(visitor: Visitor, cast: Cast, scripts: bool) -> None:
    sam = visitor(java_script_enabled=scripts).sign_in("sam@acme.example")
    sam.page.get_by_role("navigation").get_by_role("link", name="Offers given").click()
    sam.page.get_by_role("link", name="Offer a lead").first.click()
    sam.page.get_by_label("What the customer needs").fill("Route planning for a mixed fleet")
    sam.page.get_by_text("Industry, country, size and role").click()
    sam.page.get_by_label("Industry").fill("Logistics")
    sam.page.get_by_label("Country").select_option("DE")
    sam.page.get_by_role("textbox", name="Company", exact=True).fill("Contoso Freight")
    sam.page.get_by_role("button", name="Offer the lead").click()
    expect(sam.page.get_by_role("status")).to_contain_text("The lead is offered")
    offer = sam.page.url.removeprefix(sam.address)

    gina = visitor(java_script_enabled=scripts).sign_in("gina@globex.example")
    gina.page.get_by_role("link", name="Route planning for a mixed fleet").first.click()
    assert gina.page.url.endswith(offer)
    expect(gina.page.get_by_role("heading", name="Company and contact open when you accept")).to_be_visible()
    assert "Contoso" not in gina.page.content()
    gina.page.get_by_role("button", name="Accept the lead").click()
    expect(gina.page.get_by_text("Contoso Freight")).to_be_visible()
    gina.page.get_by_role("button", name="It is a real lead: qualify").click()
    gina.page.get_by_role("button", name="An opportunity is open").click()
    gina.page.get_by_text("Won", exact=True).last.click()
    gina.page.get_by_label("Value", exact=True).fill("12500.00")
    gina.page.get_by_label("Currency").fill("EUR")
    gina.page.get_by_role("button", name="Record as won").click()
    expect(gina.page.get_by_role("listitem").filter(has_text="won the deal")).to_contain_text("12,500 EUR")

    for reader in (sam, gina):
        reader.page.get_by_role("navigation").get_by_role("link", name="Where are the leads?").click()
        expect(reader.page.locator(".verdict")).to_contain_text("Acme gave 1 lead, Globex gave 0.")
        expect(reader.page.get_by_text("Next to give: Globex (1)")).to_be_visible()
        expect(reader.page.locator(".chart > .wide").first).to_be_visible()
        assert not reader.complaints


@pytest.mark.parametrize("scripts", [True, False])
def test_a_lead_is_offered_from_one_screen_with_three_fields(visitor: Visitor, cast: Cast, scripts: bool) -> None:
    screen = {"width": 1280, "height": 900}
    sam = visitor(java_script_enabled=scripts, viewport=screen).sign_in("sam@acme.example")
    sam.go("/offers/new")
    expect(sam.page.locator("main").get_by_role("textbox")).to_have_count(2)
    expect(sam.page.get_by_role("button", name="Offer the lead")).to_be_in_viewport(ratio=1)
    sam.page.get_by_label("What the customer needs").fill("Spare parts")
    sam.page.get_by_role("textbox", name="Company", exact=True).fill("Contoso")
    sam.page.get_by_text("A contact, with what must be known").click()
    sam.page.get_by_label("Contact's name").fill("Erin Vale")
    sam.page.get_by_role("button", name="Offer the lead").click()

    expect(sam.page.get_by_label("Contact's name")).to_have_value("Erin Vale")
    expect(sam.page.get_by_label("Why the contact may be passed on")).to_be_visible()
    expect(sam.page.get_by_label("Expected value")).to_be_hidden()
    sam.page.get_by_label("Let only the role travel").check()
    sam.page.get_by_role("button", name="Offer the lead").click()
    expect(sam.page.get_by_role("status")).to_contain_text("The lead is offered")


def test_a_declined_lead_keeps_its_company_closed_and_tells_the_giver_why(visitor: Visitor, cast: Cast) -> None:
    offer = leads.offer(cast.sam, cast.partnership_id, company_name="Contoso Freight")
    gina = visitor().sign_in("gina@globex.example")
    gina.go(f"/offers/{offer['id']}")
    gina.page.get_by_text("Decline with a reason").click()
    gina.page.get_by_label("Reason").select_option("No capacity at present")
    gina.page.get_by_label("A word about it").fill("Our team is booked until June.")
    gina.page.get_by_role("button", name="Decline", exact=True).click()
    expect(gina.page.get_by_role("heading", name="Company and contact stayed closed")).to_be_visible()
    assert "Contoso" not in gina.page.content()

    sam = visitor().sign_in("sam@acme.example")
    sam.go(f"/offers/{offer['id']}")
    expect(sam.page.get_by_text("Globex declined it: No capacity at present")).to_be_visible()
    expect(sam.page.get_by_text("Our team is booked until June.")).to_be_visible()


def test_a_form_sent_twice_offers_one_lead(visitor: Visitor, cast: Cast) -> None:
    sam = visitor().sign_in("sam@acme.example")
    sam.go("/offers/new")
    filled = {"need": "Spare-parts webshop", "company_name": "Contoso", "partnership_id": str(cast.partnership_id)}
    hidden = {name: sam.page.locator(f"main input[name={name}]").input_value() for name in ("csrf_token", "form_key")}

    answers = [
        sam.context.request.post(sam.address + "/offers/new", form=filled | hidden, max_redirects=0) for _ in range(2)
    ]

    assert [answer.status for answer in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert len(cast.sam.call("GET", "/offers", expect=200)["items"]) == 1


def test_two_companies_become_partners_and_part_without_javascript(visitor: Visitor, cast: Cast) -> None:
    hank = visitor(java_script_enabled=False).sign_in("hank@globex.example")
    hank.go("/partnerships/propose")
    hank.page.get_by_label("Partner's e-mail").fill("ines@initech.example")
    hank.page.get_by_label("Your share of giving, in %").fill("60")
    hank.page.get_by_role("button", name="Send proposal").click()
    expect(hank.page.get_by_role("status")).to_contain_text("on its way")

    ines = visitor(java_script_enabled=False).sign_in("ines@initech.example")
    ines.page.get_by_role("link", name="Look at the terms").click()
    expect(ines.page.get_by_text("You 40 %, they 60 %")).to_be_visible()
    ines.page.get_by_role("button", name="Accept").click()
    expect(ines.page.get_by_role("heading", name="and").first).to_be_visible()
    ines.page.get_by_text("End this partnership").click()
    ines.page.get_by_label("I understand that sharing stops now").check()
    ines.page.get_by_role("button", name="End partnership").click()
    expect(ines.page.get_by_text("Nothing is shared in it any more.")).to_be_visible()


def test_an_api_token_is_shown_once(visitor: Visitor, cast: Cast) -> None:
    dana = visitor().sign_in("dana@acme.example")
    dana.go("/tokens")
    dana.page.get_by_label("What it is for").fill("Nightly import")
    dana.page.get_by_label("Read leads").check()
    dana.page.get_by_label("Change leads").check()
    dana.page.get_by_role("button", name="Create token").click()
    secret = dana.page.locator("#secret").inner_text()
    assert secret.startswith("pcrm_user_")
    row = dana.page.get_by_role("row").filter(has_text="Nightly import")
    expect(row).to_contain_text("Read leads, Change leads")

    dana.go("/tokens")
    assert secret not in dana.page.content()
    dana.page.get_by_role("button", name="Revoke Nightly import").click()
    expect(row).to_contain_text("Revoked")


def test_what_is_wrong_is_named_above_and_reached_from_there(visitor: Visitor, cast: Cast) -> None:
    visit = visitor()
    visit.go("/sign-in")
    visit.page.get_by_label("Work e-mail").fill("sam@acme.example")
    visit.page.get_by_label("Password").fill("not the password")
    visit.page.get_by_role("button", name="Sign in").click()
    expect(visit.page.get_by_role("alert")).to_contain_text("do not belong together")
    expect(visit.page.get_by_role("alert")).to_be_focused()

    sam = visitor().sign_in("sam@acme.example")
    sam.go("/offers/new")
    sam.page.get_by_label("What the customer needs").fill("ERP")
    sam.page.get_by_role("textbox", name="Company", exact=True).fill("Contoso")
    sam.page.get_by_text("Value, message and web domain").click()
    sam.page.get_by_label("Expected value").fill("1.200,50")
    sam.page.get_by_label("Currency").fill("EUR")
    sam.page.get_by_role("button", name="Offer the lead").click()
    sam.page.get_by_role("alert").get_by_role("link").click()
    expect(sam.page.get_by_label("Expected value")).to_be_focused()
    expect(sam.page.get_by_label("Expected value")).to_have_value("1.200,50")


def test_the_keyboard_reaches_the_content_first(visitor: Visitor, cast: Cast) -> None:
    sam = visitor().sign_in("sam@acme.example")
    sam.page.keyboard.press("Tab")
    expect(sam.page.get_by_role("link", name="Skip to the content")).to_be_focused()
    sam.page.keyboard.press("Enter")
    expect(sam.page.get_by_role("main")).to_be_focused()
