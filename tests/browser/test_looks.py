"""Every page at every width and in both lights: readable, labelled, inside the screen, obedient to the policy."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from partnercrm.activity.jobs import seal
from tests.browser.conftest import Visitor
from tests.cast import Cast
from tests.conftest import on_database
from tests.factories import cases, leads, privacy, requests, rounds, terms
from tests.servers import TestServer

LONG = "ERP for a subsidiary, with Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft"
PAGES = (
    "/",
    "/offers/received",
    "/offers/received?status=lost",
    "/offers/given",
    "/offers/new",
    "/leads",
    "/leads/mine",
    "/leads/mine?status=lost",
    "/leads?status=won",
    "/leads/import",
    "/exchange",
    "/partnerships",
    "/partnerships/{partnership}",
    "/partnerships/{partnership}/reciprocity",
    "/partnerships/{partnership}/reciprocity?measure=won_value&by=month&currency=USD",
    "/partnerships/{partnership}/reciprocity?measure=expected_value&by=region&from_month=2020-01",
    "/partnerships/{partnership}/fact-sheet",
    "/partnerships/{partnership}/leads",
    "/partnerships/{partnership}/terms",
    "/partnerships/{partnership}/progress",
    "/partnerships/{partnership}/terms/propose",
    "/term-changes/{change}",
    "/partnerships/propose",
    "/proposals",
    "/notices",
    "/notices?unread=true",
    "/notices/preferences",
    "/tokens",
    "/account",
    "/seen",
    "/figures",
    "/figures?month=2020-01",
    "/figures/people/{sam}",
    "/works-agreement",
    "/hours",
    "/deputies",
    "/partnerships/{partnership}/disclosures",
    "/cases",
    "/cases?status=withdrawn",
    "/cases/new?subject=offers&subject_id={declined}",
    "/cases/{case}",
    "/cases/{decided}",
    "/moderations",
    "/offers/{declined}",
    "/offers/{converted}",
    "/offers/{received}",
    "/leads/{lead}",
    "/leads/{lead}/offer",
    "/partnerships/{partnership}/rounds",
    "/rounds/{revealed}",
    "/rounds/{open}",
    "/offer-requests/{request}",
    "/partnerships/{partnership}/claim-check",
    "/routing",
    "/routing?partnership_id={partnership}&country=DE",
)


def test_every_page_is_fit_to_use(visitor: Visitor, cast: Cast) -> None:
    places = {
        "partnership": str(cast.partnership_id),
        "declined": leads.offer_at(cast, "declined")["id"],
        "converted": leads.offer_at(cast, "converted")["id"],
        "received": leads.offer(cast.gina, cast.partnership_id, need=LONG, industry="Rail")["id"],
        "case": cases.submitted(cast)["id"],
        "decided": cases.decided(cast)["id"],
        "lead": leads.lead(cast.dana, company_name=LONG)["id"],
        "sam": str(cast.sam.actor.user_id),
        "revealed": rounds.revealed(cast, note=LONG)["id"],
        "open": rounds.opened(cast.hank, cast.dana, cast.partnership_id)["id"],
    }
    rounds.pick(cast.dana, {"id": places["open"]}, leads.lead(cast.dana, company_name=LONG))
    privacy.opened(cast)
    terms.agree(cast, trust_advance=1)
    places["request"] = requests.asked(cast.sam, cast, note=LONG, lead_id=leads.lead(cast.sam, need=LONG)["id"])["id"]
    cast.dana.call("PUT", "/routing", json={"rules": [{"user_ids": [places["sam"]], "countries": ["DE"]}]}, expect=200)
    terms.agree(cast)
    places["change"] = terms.propose(cast.hank, cast.partnership_id, note=LONG, offer_days=9)["id"]
    cast.ines.call("POST", "/proposals", json={"addressee": "dana@acme.example", "message": LONG}, expect=201)
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

    for path in ("/", "/offers/received", "/offers/given", "/offers/new", "/leads", "/exchange", "/partnerships"):
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
