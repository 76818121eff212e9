"""The way of a file through the pages, walked by a person, with and without scripts."""

import pytest
from playwright.sync_api import expect

from partnercrm.integrations import jobs
from tests.browser.conftest import Visit, Visitor
from tests.cast import Cast
from tests.factories import imports

FILE = (
    "Nr;Firma;Bedarf;Land;Betrag\n"
    "1;Zürich Segel AG;Flottenplanung;CH;1.234\n"
    "2;Contoso Logistik;Flottenplanung;DE;12.500\n"
    "3;Nordwind;;DE;900\n"
)


def work(cast: Cast, place: str) -> None:
    jobs.run_import(str(cast.dana.actor.organization_id), place.rpartition("/")[2])


def choose(dana: Visit) -> None:
    dana.page.get_by_role("navigation").get_by_role("link", name="Import", exact=True).click()
    file = {"name": "kunden.csv", "mimeType": "text/csv", "buffer": FILE.encode("cp1252")}
    dana.page.get_by_label("CSV file").set_input_files(file)
    dana.page.get_by_label("Where it comes from").fill("crm")
    dana.page.get_by_role("button", name="Read the file").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_file_is_read_as_said_checked_entered_and_undone(visitor: Visitor, cast: Cast, scripts: bool) -> None:
    dana = visitor(java_script_enabled=scripts).sign_in("dana@acme.example")
    choose(dana)
    expect(dana.page.get_by_label("Letters")).to_have_value("windows-1252")
    expect(dana.page.get_by_role("cell", name="Zürich Segel AG")).to_be_visible()
    dana.page.get_by_label("Column for Id in that system").select_option("Nr")
    dana.page.get_by_label("Always, for Currency").fill("EUR")
    dana.page.get_by_role("button", name="Show the rows read so").click()
    dana.page.wait_for_url("**#preview")
    dana.page.get_by_role("button", name="Check and import").click()
    expect(dana.page.get_by_role("alert")).to_contain_text("Amounts: Say how amounts are written")
    dana.page.get_by_label("Amounts").select_option("comma")
    dana.page.get_by_role("button", name="Show the rows read so").click()
    dana.page.wait_for_url("**#preview")
    dana.page.get_by_role("button", name="Check and import").click()
    expect(dana.page.get_by_role("heading", name="Every row is being checked")).to_be_visible()
    place = dana.page.url

    work(cast, place)
    dana.go(place.removeprefix(dana.address))
    expect(dana.page.get_by_role("heading", name="One row is not right; nothing was entered")).to_be_visible()
    expect(dana.page.get_by_role("row").filter(has_text="need")).to_contain_text("4")
    dana.page.get_by_role("button", name="Enter the others without them").click()
    work(cast, place)
    dana.go(place.removeprefix(dana.address))
    expect(dana.page.get_by_role("heading", name="The import is done")).to_be_visible()
    dana.page.get_by_role("link", name="Look at the leads").click()
    expect(dana.page.get_by_role("rowheader", name="Contoso Logistik")).to_be_visible()
    expect(dana.page.get_by_text("12,500 EUR")).to_be_visible()

    dana.go(place.removeprefix(dana.address))
    dana.page.get_by_text("Undo this import").click()
    dana.page.get_by_role("button", name="Undo the import").click()
    jobs.undo_import(str(cast.dana.actor.organization_id), place.rpartition("/")[2])
    dana.go(place.removeprefix(dana.address))
    expect(dana.page.get_by_text("Everything is as it was before.")).to_be_visible()
    assert cast.dana.call("GET", "/leads", expect=200)["items"] == []


def test_an_import_is_fit_to_look_at_in_every_state(visitor: Visitor, cast: Cast) -> None:
    long = "1,Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft,ERP\n2,,ERP\n"
    ready, checked, applied = (imports.sent(cast.dana, long) for _ in range(3))
    imports.run(cast.dana, checked)
    imports.run(cast.dana, applied, leave_out=True)
    undone = imports.run(cast.dana, imports.sent(cast.dana, "9,Contoso,ERP\n"))
    cast.dana.call("PUT", "/leads/by-key/crm/9", json={"company_name": "Contoso", "need": "CRM"}, expect=200)
    cast.dana.call("POST", f"/imports/{undone['id']}/undo", expect=200)
    jobs.undo_import(str(cast.dana.actor.organization_id), undone["id"])
    working = imports.sent(cast.dana)
    cast.dana.call("POST", f"/imports/{working['id']}/start", json={}, expect=200)
    dana = visitor().sign_in("dana@acme.example")

    for one in (ready, checked, applied, undone, working):
        dana.go(f"/imports/{one['id']}")
        dana.look()
