"""What each side may write, and what colleagues outside a partnership may know."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from partnercrm.kernel import clock
from partnercrm.kernel.roles import plain
from tests.cast import Cast, person
from tests.factories import leads
from tests.servers import TestServer

FOREIGN_STEP = """
    INSERT INTO lead_steps (id, partnership_id, giver_id, receiver_id, offer_id, step, value_band, happened_at)
    SELECT gen_random_uuid(), partnership_id, giver_id, receiver_id, id, 'won', 'over_1m', now() FROM offers
"""
FOREIGN_ACTIVITY = """
    INSERT INTO shared_activities (id, partnership_id, first_organization_id, second_organization_id,
        acting_organization_id, verb, subject, subject_id, facts, happened_at)
    SELECT gen_random_uuid(), partnership_id, least(giver_id, receiver_id), greatest(giver_id, receiver_id),
        receiver_id, 'lead.won', 'offers', id, '{}', now() FROM offers
"""
BACKDATED = """
    INSERT INTO activities (id, organization_id, verb, subject, subject_id, request_id, facts, happened_at, recorded_at)
    VALUES (gen_random_uuid(), %s, 'lead.won', 'offers', gen_random_uuid(), '', '{}', now(), '2020-01-01')
    RETURNING recorded_at
"""
FOREIGN_REASON = "UPDATE offers SET reason = 'other', note = 'theirs'"
FOREIGN_VERSION = "UPDATE offers SET version = version + 100"


@pytest.mark.parametrize("written", [FOREIGN_STEP, FOREIGN_ACTIVITY, FOREIGN_REASON, FOREIGN_VERSION])
def test_the_database_lets_nobody_write_what_is_the_other_sides(
    cast: Cast, test_server: TestServer, database: str, written: str
) -> None:
    leads.offer_at(cast, "declined")
    with psycopg.connect(plain(test_server.url("app", database))) as giver:
        acme = str(cast.sam.actor.organization_id)
        giver.execute("SELECT set_config('partnercrm.organization', %s, true)", [acme])

        with pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.InsufficientPrivilege)):
            giver.execute(written)


def test_nobody_chooses_when_something_was_recorded(cast: Cast, test_server: TestServer, database: str) -> None:
    with psycopg.connect(plain(test_server.url("app", database))) as connection:
        acme = str(cast.sam.actor.organization_id)
        connection.execute("SELECT set_config('partnercrm.organization', %s, true)", [acme])
        recorded = connection.execute(BACKDATED, [acme]).fetchone()

    assert recorded is not None
    assert recorded[0] > clock.now() - timedelta(minutes=1)


def seen(found: dict[str, Any]) -> tuple[str, Any]:
    return found["status"], found["offer_id"]


def test_who_is_no_member_reads_only_that_a_partner_has_the_lead(cast: Cast) -> None:
    crm = person(cast.app, cast.ada.actor.organization_id, "CRM", "crm@acme.example", "integration")
    offered = leads.offer(cast.sam, cast.partnership_id)
    (lead,) = crm.call("GET", "/leads", expect=200)["items"]
    before = crm.response("GET", f"/leads/{lead['id']}")
    leads.step(cast.gina, offered["id"], "decline", reason="no_fit")

    assert seen(lead) == ("with_partner", None)
    after = crm.response("GET", f"/leads/{lead['id']}")
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])
    assert crm.call("GET", "/leads?status=declined", expect=200)["items"] == []
    assert seen(cast.sam.call("GET", f"/leads/{lead['id']}", expect=200)) == ("declined", offered["id"])


def test_a_lead_with_a_partner_is_not_offered_twice_by_who_cannot_see_it(cast: Cast) -> None:
    draft = leads.lead(cast.sam)
    given = {"lead_id": draft["id"], "partnership_id": str(cast.partnership_id)}
    cast.sam.call("POST", "/offers", json=given, expect=201)
    member = cast.dana.call("GET", f"/partnerships/{cast.partnership_id}", expect=200)["members"]
    sam = next(each["id"] for each in member if each["name"] == "Sam")
    cast.dana.call("POST", f"/partnerships/{cast.partnership_id}/members/{sam}/release", expect=200)

    refused = cast.sam.call("POST", "/offers", json=given, expect=409)

    assert "facts" not in refused


def test_the_same_need_accepted_in_both_directions_counts_once(cast: Cast) -> None:
    ours = leads.offer(cast.sam, cast.partnership_id, company_name="Cross AG", need="GTX Pro")
    theirs = leads.offer(cast.gina, cast.partnership_id, company_name="CROSS ag", need="GTX Pro")

    first = leads.step(cast.gina, ours["id"], "accept")
    second = leads.step(cast.sam, theirs["id"], "accept")

    assert first["status"] == "accepted"
    assert (second["status"], second["reason"]) == ("disqualified", "duplicate")


def test_one_company_with_and_without_its_domain_is_one(cast: Cast) -> None:
    leads.offer(cast.sam, cast.partnership_id, company_name="Northwind", company_domain="northwind.example")
    again = leads.lead(cast.sam, company_name="Northwind")

    given = {"lead_id": again["id"], "partnership_id": str(cast.partnership_id)}
    refused = cast.sam.call("POST", "/offers", json=given, expect=409)

    assert refused["code"] == "same_lead_with_partner"


def test_an_offer_past_its_time_is_not_answered_even_before_the_clock_comes_by(cast: Cast) -> None:
    with clock.at(clock.now() - timedelta(days=31)):
        offered = leads.offer(cast.sam, cast.partnership_id)

    refused = cast.gina.call("POST", f"/offers/{offered['id']}/accept", expect=409)

    assert refused["code"] == "offer_expired"


def test_an_address_of_another_companys_domain_cannot_be_taken(cast: Cast) -> None:
    given = {"email": "boss@globex.example", "name": "Not Ours", "roles": ["seller"], "password": "a long sentence"}

    refused = cast.ada.call("POST", "/users", json=given, expect=422)

    assert [error["field"] for error in refused["errors"]] == ["email"]
