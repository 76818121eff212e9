"""The page of one's own lead: completed on the way to an offer, changed by the version it was made from."""

import re
from typing import Any

from flask import Flask

from tests.cast import Cast
from tests.factories import leads
from tests.surfer import Surfer

PERSON = {"contact_name": "Robin Vale", "contact_email": "robin@contoso.example"}
KNOWN = {
    "contact_basis": "consent",
    "contact_channels": ["email", "phone"],
    "contact_source": "person",
    "contact_informed_on": "2026-03-02",
}


def filled(page: str) -> dict[str, Any]:
    """Return what the page's form would send as it is shown: hidden, typed, chosen and ticked."""
    found: dict[str, Any] = dict(re.findall(r'<input id="[^"]*" name="([^"]+)"[^>]*? value="([^"]*)"', page))
    found |= dict(re.findall(r'<input type="hidden" name="(version|then)" value="([^"]*)"', page))
    for name, options in re.findall(r'<select id="[^"]*" name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        found |= dict.fromkeys([name], *re.findall(r'value="([^"]*)" selected', options))
    found["notes"] = re.findall(r'<textarea id="notes"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)[0]
    found["contact_channels"] = re.findall(r'name="contact_channels" type="checkbox" value="(\w+)" checked', page)
    return found


def test_a_contact_is_completed_on_the_way_to_its_offer_and_travels(app: Flask, cast: Cast) -> None:
    lead = leads.lead(cast.sam, **PERSON)
    sam, offer = Surfer.signed_in(app, "sam@acme.example"), f"/leads/{lead['id']}/offer"
    way = re.findall(rf'href="(/leads/{lead["id"]}\?then=offer)#contact"', sam.open(offer).text)[0]
    page = sam.open(way).text
    assert "by what the contact may be approached" in page

    kept = sam.send(f"/leads/{lead['id']}", filled(page) | KNOWN, shown_on=way)

    assert kept.headers["Location"] == offer
    assert "Complete the contact" not in sam.open(offer).text
    sam.send(offer, {"partnership_id": str(cast.partnership_id)}, shown_on=offer)
    [offered] = cast.gina.call("GET", "/offers", expect=200)["items"]
    assert leads.step(cast.gina, offered["id"], "accept")["details"]["contact_channels"] == ["email", "phone"]


def test_a_page_sent_back_as_it_was_shown_changes_nothing_and_what_is_emptied_is_empty(app: Flask, cast: Cast) -> None:
    given = PERSON | KNOWN | {"company_domain": "contoso.example", "country": "DE", "size_band": "50-249"}
    given |= {"contact_source_note": "Fair", "expected_close_on": "2027-01-02", "notes": "First line.\nSecond."}
    lead = leads.lead(
        cast.sam, **given, value={"amount": "1200.50", "currency": "EUR"}, connector="crm", external_id="7"
    )
    sam, path = Surfer.signed_in(app, "sam@acme.example"), f"/leads/{lead['id']}"

    same = sam.send(path, filled(sam.open(path).text), shown_on=path)

    assert same.headers["Location"] == path
    assert cast.sam.call("GET", path) == lead
    bare = {"company_name": "Contoso", "need": "Kite", "version": filled(sam.open(path).text)["version"]}
    assert sam.send(path, bare, shown_on=path).status_code == 303
    left = cast.sam.call("GET", path)
    assert {left[name] for name in (*given, "value") if name != "notes"} == {None}
    assert (left["notes"], left["external_id"], left["owner_id"]) == ("", "7", lead["owner_id"])


def test_a_change_in_the_meantime_is_told_and_nothing_of_it_overwritten(app: Flask, cast: Cast) -> None:
    lead = leads.lead(cast.sam, **PERSON)
    sam, path = Surfer.signed_in(app, "sam@acme.example"), f"/leads/{lead['id']}"
    mine = filled(sam.open(path).text) | {"contact_role": "Buyer"}
    tag = cast.sam.response("GET", path).headers["ETag"]
    cast.sam.call("PATCH", path, json={"contact_name": "Uma"}, if_match=tag, expect=200)

    for _ in range(2):
        answer = sam.send(path, mine, shown_on=path)
        assert answer.status_code == 409
        assert "This lead was changed since you opened it." in answer.text
        assert 'value="Buyer"' in answer.text

    assert cast.sam.call("GET", path)["contact_name"] == "Uma"
    assert "This lead was changed" not in sam.open(path).text


def test_what_is_wrong_is_named_beside_every_field(app: Flask, cast: Cast) -> None:
    lead = leads.lead(cast.sam, **PERSON)
    sam, path = Surfer.signed_in(app, "sam@acme.example"), f"/leads/{lead['id']}"
    wrong = {"company_name": "", "company_domain": "nowhere", "contact_email": "robin", "value.amount": "-5"}

    answer = sam.send(path, filled(sam.open(path).text) | wrong, shown_on=path)

    assert answer.status_code == 422
    for name in wrong:
        assert f'href="#{name}"' in answer.text
    late = sam.send(path, filled(sam.open(path).text) | {"contact_informed_on": "2999-01-01"}, shown_on=path)
    assert "This day has not come yet." in late.text


def test_a_lead_is_reached_from_the_list_and_leads_to_its_offer(app: Flask, cast: Cast) -> None:
    offered = leads.offer(cast.sam, cast.partnership_id)
    sam = Surfer.signed_in(app, "sam@acme.example")

    [path] = re.findall(r'href="(/leads/[0-9a-f-]{36})"', sam.open("/leads").text)

    page = sam.open(path).text
    assert f'href="/offers/{offered["id"]}"' in page
    assert "stays as it was offered" in page
    assert Surfer.signed_in(app, "gina@globex.example").open(path).status_code == 404
