"""An empty installation: from the operator's code to the first offer, by people in a real browser."""

import re
from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from partnercrm.identity import queries
from partnercrm.identity.setup_codes import setup_code
from partnercrm.integrations import jobs
from partnercrm.kernel import db
from partnercrm.settings import settings
from tests import cast as people
from tests.browser.conftest import Visit, Visitor
from tests.conftest import on_database
from tests.servers import TestServer

PASSWORD = "a long enough sentence"
EXPORT = b"id,company,need\n7,Contoso Freight,Route planning\n8,Northwind,ERP\n"


@pytest.fixture
def address(application: Flask, template: str, test_server: TestServer) -> Iterator[str]:
    """Where the application is served on a migrated database in which nobody is."""
    name = test_server.copy(template)
    with on_database(application, test_server.url("app", name)):
        server = make_server("127.0.0.1", 0, application, threaded=True)
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()
    test_server.drop(name)


def step(page: Page, title: str) -> object:
    """Return one step of the panel on the start page."""
    page.goto(re.sub(r"(://[^/]+)/.*", r"\1/", page.url))
    return page.locator(".first-steps > li").filter(has_text=title)


def is_done(visit: Visit, title: str) -> None:
    expect(step(visit.page, title)).to_contain_text("Done")  # type: ignore[arg-type]
    visit.look()


def found(alice: Visit) -> None:
    key = settings().secret_key
    assert key
    page = alice.go("/")
    page.get_by_label("Set-up code").fill(setup_code(key.get_secret_value()))
    page.get_by_label("Your organization").fill("Alder")
    page.get_by_label("Your name").fill("Alice Ahlberg")
    page.get_by_label("Your work e-mail").fill("alice@alder.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("I also run our partnerships").uncheck()
    alice.look()
    page.get_by_role("button", name="Found the organization").click()
    expect(page.get_by_role("heading", name="Getting started")).to_be_visible()
    alice.look()


def invite(alice: Visit, uma: Visit) -> None:
    """Let Alice invite Uma as their partner manager and hand the link over."""
    page = alice.page
    page.get_by_role("link", name="Invite your people").click()
    page.get_by_label("Work e-mail").fill("uma@alder.example")
    page.get_by_label("Name", exact=True).fill("Uma Thorn")
    page.get_by_label("Partner manager").check()
    page.get_by_role("button", name="Invite", exact=True).click()
    page.get_by_role("button", name="Make a link Uma Thorn").click()
    link = page.locator("#secret").inner_text()
    alice.look()
    is_done(alice, "Invite your people")

    uma.go(link[link.index("/invitation") :])
    uma.look()
    uma.page.get_by_label("Password").fill(PASSWORD)
    uma.page.get_by_role("button", name="Join and sign in").click()
    expect(uma.page.get_by_role("heading", name="Good day, Uma Thorn")).to_be_visible()
    is_done(alice, "Make someone a partner manager")


def agree(alice: Visit, bob: Visit) -> None:
    """Let the administrator propose, and the partner accept."""
    alice.page.get_by_role("link", name="Propose a partnership").click()
    alice.page.get_by_label("Partner's e-mail").fill("bob@birch.example")
    alice.page.get_by_role("button", name="Send proposal").click()
    is_done(alice, "Propose a partnership")
    expect(step(alice.page, "Offer the first lead")).to_contain_text("has accepted")  # type: ignore[arg-type]
    bob.go("/sign-in")
    bob.page.get_by_label("Work e-mail").fill("bob@birch.example")
    bob.page.get_by_label("Password").fill(people.PASSWORD)
    bob.page.get_by_role("button", name="Sign in").click()
    bob.page.get_by_role("link", name="Look at the terms").click()
    bob.page.get_by_role("button", name="Accept").click()
    expect(bob.page.get_by_role("button", name="Accept")).to_have_count(0)


def join(alice: Visit) -> None:
    """Let Alice name Uma a member, as the panel says."""
    expect(step(alice.page, "Import your leads")).to_contain_text("It can be done by Uma Thorn")  # type: ignore[arg-type]
    alice.page.get_by_role("navigation").get_by_role("link", name="Partnerships").click()
    alice.page.get_by_role("link", name="Birch").first.click()
    alice.page.get_by_text("Add someone").first.click()
    alice.page.get_by_label("Person").select_option("Uma Thorn")
    alice.page.get_by_label("Role in the partnership").select_option("Partner manager")
    alice.page.get_by_role("button", name="Add to the partnership").click()


def import_leads(uma: Visit) -> None:
    uma.go("/")
    uma.page.get_by_role("navigation").get_by_role("link", name="Import", exact=True).click()
    file = {"name": "crm.csv", "mimeType": "text/csv", "buffer": EXPORT}
    uma.page.get_by_label("CSV file").set_input_files(file)  # type: ignore[arg-type]
    uma.page.get_by_label("Where it comes from").fill("crm")
    uma.page.get_by_role("button", name="Read the file").click()
    uma.page.get_by_label("Column for Id in that system").select_option("id")
    uma.page.get_by_role("button", name="Show the rows read so").click()
    uma.page.wait_for_url("**#preview")
    uma.page.get_by_role("button", name="Check and import").click()
    expect(uma.page.get_by_role("heading", name="Every row is being checked")).to_be_visible()
    with db.transaction(None, read_only=True):
        (account,) = queries.accounts_by_email("uma@alder.example")
    jobs.run_import(str(account.organization_id), uma.page.url.rpartition("/")[2])
    expect(uma.page.get_by_role("heading", name="The import is done")).to_be_visible()


def offer(uma: Visit) -> None:
    uma.go("/leads")
    uma.page.get_by_role("row").filter(has_text="Contoso Freight").get_by_role("link").last.click()
    uma.page.get_by_role("button", name="Offer the lead").click()
    expect(uma.page.get_by_role("status")).to_contain_text("The lead is offered")


def test_an_empty_installation_leads_its_administrator_to_the_first_offer(visitor: Visitor, application: Flask) -> None:
    alice, uma, bob = visitor(), visitor(), visitor()
    found(alice)
    invite(alice, uma)
    people.person(application, people.organization("Birch"), "Bob", "bob@birch.example", "partner_manager")
    agree(alice, bob)
    join(alice)
    import_leads(uma)
    is_done(alice, "Import your leads")

    offer(uma)

    alice.go("/")
    expect(alice.page.get_by_role("heading", name="Good day")).to_be_visible()
    expect(alice.page.get_by_role("heading", name="Getting started")).to_have_count(0)
    for visit in (alice, uma, bob):
        assert visit.complaints == []
