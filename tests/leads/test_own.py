"""Own leads by API: entered, changed only as they were read, put under another system's key, discarded."""

from typing import Any

from flask import Flask

from tests.cast import Cast, Player
from tests.factories import leads
from tests.surfer import Surfer


def tag(player: Player, lead_id: str) -> str:
    found: str = player.response("GET", f"/leads/{lead_id}").headers["ETag"]
    return found


def test_a_lead_is_changed_field_by_field_and_only_as_it_was_read(cast: Cast) -> None:
    lead = leads.lead(cast.sam, country="DE", notes="Met.", value={"amount": "12.50", "currency": "EUR"})
    path = f"/leads/{lead['id']}"
    read = tag(cast.sam, lead["id"])

    assert cast.sam.call("PATCH", path, json={"country": "FR"}, expect=428)["code"] == "match_required"
    changed = cast.sam.call("PATCH", path, json={"country": "FR", "notes": ""}, if_match=read, expect=200)
    assert changed == lead | {"country": "FR", "notes": ""}
    stale = cast.sam.call("PATCH", path, json={"country": "IT"}, if_match=read, expect=412)
    assert stale["code"] == "stale"
    cleared = cast.sam.call("PATCH", path, json={"country": None, "value": None}, if_match=tag(cast.sam, lead["id"]))
    assert cleared == changed | {"country": None, "value": None}
    assert cast.sam.call("GET", path, expect=200) == cleared


def test_what_a_lead_cannot_be_without_stays(cast: Cast) -> None:
    lead = leads.lead(cast.sam)
    for change in ({"company_name": None}, {"need": ""}, {"company_name": " "}, {"connector": "crm"}):
        refused = cast.sam.call(
            "PATCH", f"/leads/{lead['id']}", json=change, if_match=tag(cast.sam, lead["id"]), expect=422
        )
        assert [error["field"] for error in refused["errors"]] == list(change)


def test_the_same_copy_answers_304_until_the_lead_or_its_offer_changes(cast: Cast) -> None:
    lead = leads.lead(cast.sam)
    path = f"/leads/{lead['id']}"

    def status(read: str) -> int:
        code: int = cast.sam.response("GET", path, headers={"If-None-Match": read}).status_code
        return code

    first = tag(cast.sam, lead["id"])
    assert status(first) == 304
    given = {"lead_id": lead["id"], "partnership_id": str(cast.partnership_id)}
    offered = cast.sam.call("POST", "/offers", json=given, expect=201)
    assert status(first) == 200
    second = tag(cast.sam, lead["id"])
    leads.step(cast.gina, offered["id"], "accept")
    assert (status(second), status(tag(cast.sam, lead["id"]))) == (200, 304)


def test_only_what_was_never_offered_can_be_discarded(cast: Cast) -> None:
    draft, offered = leads.lead(cast.sam), leads.lead(cast.sam)
    given = {"lead_id": offered["id"], "partnership_id": str(cast.partnership_id)}
    made = cast.sam.call("POST", "/offers", json=given, expect=201)
    leads.step(cast.sam, made["id"], "withdraw")

    path = f"/leads/{offered['id']}"
    refused = cast.sam.call("DELETE", path, if_match=tag(cast.sam, offered["id"]), expect=409)
    assert refused["code"] == "lead_was_offered"
    cast.sam.call("DELETE", f"/leads/{draft['id']}", expect=428)
    cast.sam.call("DELETE", f"/leads/{draft['id']}", if_match='"older"', expect=412)
    cast.sam.call("DELETE", f"/leads/{draft['id']}", if_match=tag(cast.sam, draft["id"]), expect=204)
    cast.sam.call("GET", f"/leads/{draft['id']}", expect=404)


def test_a_lead_put_under_a_key_is_entered_once_and_then_brought_up_to_date(cast: Cast) -> None:
    path = "/leads/by-key/crm/A%201"
    given: dict[str, Any] = {"company_name": "Contoso", "need": "Kite", "country": "DE"}
    cast.sam.call("GET", path, expect=404)

    entered = cast.sam.call("PUT", path, json=given, expect=200)
    again = cast.sam.call("PUT", path, json=given, expect=200)
    changed = cast.sam.call("PUT", path, json={"company_name": "Contoso SE", "need": "Kite"}, expect=200)

    assert (entered["connector"], entered["external_id"], again) == ("crm", "A 1", entered)
    assert changed == entered | {"company_name": "Contoso SE"}
    assert cast.sam.call("GET", path, expect=200) == changed
    taken = given | {"connector": "crm", "external_id": "A 1"}
    assert cast.sam.call("POST", "/leads", json=taken, expect=409)["code"] == "lead_exists_already"
    cast.nora.call("GET", path, expect=404)
    cast.gina.call("PUT", path, json=given, expect=200)
    assert cast.sam.call("GET", path, expect=200) == changed


def test_sellers_see_their_own_leads_and_overseers_the_organizations(cast: Cast) -> None:
    mine, theirs = leads.lead(cast.sam), leads.lead(cast.nora)

    def seen(player: Player) -> set[str]:
        return {lead["id"] for lead in player.call("GET", "/leads", expect=200)["items"]}

    assert (seen(cast.sam), seen(cast.nora)) == ({mine["id"]}, {theirs["id"]})
    assert seen(cast.dana) == {mine["id"], theirs["id"]}
    assert seen(cast.gina) == set()
    cast.sam.call("GET", f"/leads/{theirs['id']}", expect=404)


def test_leads_are_found_by_where_they_stand_and_what_they_are(cast: Cast) -> None:
    draft = leads.lead(cast.sam, need="Kite")
    offered = leads.offer_at(cast, "accepted")

    def found(**query: str) -> list[str]:
        return [lead["id"] for lead in cast.sam.call("GET", "/leads", query_string=query, expect=200)["items"]]

    assert found(status="draft") == [draft["id"]]
    assert found(need="Kite") == [draft["id"]]
    [other] = found(status="accepted")
    assert cast.sam.call("GET", f"/leads/{other}", expect=200)["offer_id"] == offered["id"]
    assert found(sort="created_at") == [draft["id"], other]
    assert found(connector="crm") == []
    cast.sam.call("GET", "/leads?sort=notes", expect=422)
    cast.sam.call("GET", "/leads?status=unknown", expect=422)


def test_leads_are_searched_by_a_part_of_the_company_as_it_is_written(app: Flask, cast: Cast) -> None:
    for name in ("Northwind Traders", "Contoso 100% AG", "A_B Works"):
        leads.lead(cast.sam, company_name=name)
    sam = Surfer.signed_in(app, "sam@acme.example")

    def found(company: str) -> list[str]:
        query = {"company": company, "sort": "company_name"}
        answer = cast.sam.call("GET", "/leads", query_string=query, expect=200)
        return [lead["company_name"] for lead in answer["items"]]

    assert found("WIND") == ["Northwind Traders"]
    assert found("o") == ["A_B Works", "Contoso 100% AG", "Northwind Traders"]
    assert found("%") == ["Contoso 100% AG"]
    assert found("_") == ["A_B Works"]
    assert cast.gina.call("GET", "/leads?company=o", expect=200)["items"] == []
    page = sam.open("/leads?company=wind&sort=company_name").text
    assert "Northwind Traders" in page
    assert "Contoso" not in page
    assert 'value="wind"' in page
