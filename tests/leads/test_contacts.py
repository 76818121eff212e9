"""A contact's name and address travel only with basis, channels, source and information; else the role alone."""

from datetime import UTC, date, datetime
from itertools import chain, combinations
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from partnercrm.accounts import contacts
from partnercrm.accounts.contacts import NEEDED, TO_COME, TRAVELLING, Information
from partnercrm.kernel import clock, db
from partnercrm.leads.models import OfferDetails
from tests.cast import Cast
from tests.factories import leads
from tests.surfer import Surfer

PERSON = {"contact_name": "Robin Vale", "contact_email": "robin@contoso.example", "contact_role": "Buyer"}
LEAD = {"company_name": "Contoso", "need": "Kite"}
WHOLE = PERSON | leads.KNOWN | {"contact_source_note": "Spring fair"}


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in WHOLE.items() if name not in names}


def offered(cast: Cast, *, expect: int = 201, role_only: bool = False, **fields: Any) -> dict[str, Any]:
    lead = leads.lead(cast.sam, **fields)
    given = {"lead_id": lead["id"], "partnership_id": str(cast.partnership_id), "role_only": role_only}
    answer: dict[str, Any] = cast.sam.call("POST", "/offers", json=given, expect=expect)
    return answer


def test_a_contact_travels_with_all_that_must_be_known_and_only_its_role_before_acceptance(cast: Cast) -> None:
    made = offered(cast, **WHOLE)

    teaser = cast.gina.response("GET", f"/offers/{made['id']}").text
    told = leads.step(cast.gina, made["id"], "accept")["details"]

    assert "Buyer" in teaser
    assert "Robin" not in teaser
    assert "robin@" not in teaser
    assert {name: told[name] for name in TRAVELLING} == without("contact_role")


@pytest.mark.parametrize("name", [*NEEDED, "contact_informed_on"])
def test_whichever_is_missing_is_named_before_anything_is_sent(cast: Cast, name: str) -> None:
    given = without(name) | ({"contact_information": "informed"} if name == "contact_informed_on" else {})
    given |= {"contact_informed_on": None} if name == "contact_information" else {}

    refused = offered(cast, expect=422, **given)

    assert refused["code"] == "contact_stays"
    assert [error["field"] for error in refused["errors"]] == [name]
    assert cast.gina.call("GET", "/offers", expect=200)["items"] == []


def test_everything_missing_is_named_at_once_and_the_role_may_travel_alone(cast: Cast) -> None:
    assert [error["field"] for error in offered(cast, expect=422, **PERSON)["errors"]] == list(NEEDED)

    made = offered(cast, role_only=True, **PERSON)
    told = leads.step(cast.gina, made["id"], "accept")

    assert told["contact_role"] == "Buyer"
    assert {told["details"][name] for name in TRAVELLING} == {None}


def test_a_giver_may_let_the_role_travel_alone_though_all_is_known(cast: Cast) -> None:
    made = offered(cast, role_only=True, **WHOLE)

    told = leads.step(cast.gina, made["id"], "accept")["details"]

    assert {told[name] for name in TRAVELLING} == {None}


def test_a_lead_without_a_contact_or_with_a_role_alone_lacks_nothing(cast: Cast) -> None:
    for fields in ({}, {"contact_role": "Buyer"}):
        assert leads.lead(cast.sam, **fields)["contact_missing"] == []
        offered(cast, **fields)


def test_a_lead_says_what_its_contact_lacks(cast: Cast) -> None:
    lead = leads.lead(cast.sam, **without("contact_channels"))
    path = f"/leads/{lead['id']}"
    assert lead["contact_missing"] == ["contact_channels"]
    tag = cast.sam.response("GET", path).headers["ETag"]

    mended = cast.sam.call("PATCH", path, json={"contact_channels": ["post", "email"]}, if_match=tag, expect=200)

    assert (mended["contact_missing"], mended["contact_channels"]) == ([], ["email", "post"])


def test_who_is_said_to_be_informed_on_a_day_is_informed_and_who_is_not_was_so_on_none(cast: Cast) -> None:
    both = {"contact_information": "not_yet", "contact_informed_on": "2026-03-02"}
    refused = cast.sam.call("POST", "/leads", json={"company_name": "A", "need": "B", **both}, expect=422)
    assert [error["field"] for error in refused["errors"]] == ["contact_informed_on"]
    lead = leads.lead(cast.sam, contact_informed_on="2026-03-02")
    assert lead["contact_information"] == "informed"
    path = f"/leads/{lead['id']}"
    tag = cast.sam.response("GET", path).headers["ETag"]

    changed = cast.sam.call("PATCH", path, json={"contact_information": "exempt"}, if_match=tag, expect=200)

    assert changed["contact_informed_on"] is None


def test_nobody_was_informed_on_a_day_that_has_not_come_where_the_organization_is(cast: Cast) -> None:
    hours = {"zone": "Pacific/Auckland", "week": {"monday": "09:00-17:00", "tuesday": "09:00-17:00"}}
    cast.ada.call("PUT", "/calendars/organization", json=hours, expect=200)
    late = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
    days = [{"contact_informed_on": day} for day in ("2026-11-22", "2026-11-23", "2026-11-01", "2027-01-01")]
    keyed = [{"connector": "crm", "external_id": f"{place}", **LEAD, **day} for place, day in enumerate(days)]
    with clock.at(late):
        lead = cast.sam.call("POST", "/leads", json=LEAD | days[0], expect=201)
        tag = cast.sam.response("GET", f"/leads/{lead['id']}").headers["ETag"]
        refused = [
            cast.sam.call("POST", "/leads", json=LEAD | days[1], expect=422),
            cast.sam.call("PATCH", f"/leads/{lead['id']}", json=days[1], if_match=tag, expect=422),
            cast.sam.call("PUT", "/leads/by-key/crm/1", json=LEAD | days[1], expect=422),
        ]
        bulk = cast.sam.call("POST", "/leads/bulk", json={"leads": keyed}, expect=422)

    for answer in refused:
        assert [(one["field"], one["message"]) for one in answer["errors"]] == [("contact_informed_on", TO_COME)]
    assert [one["field"] for one in bulk["errors"]] == ["leads.1.contact_informed_on", "leads.3.contact_informed_on"]
    assert cast.sam.call("GET", "/leads", expect=200)["items"] == [lead]
    cast.gina.call("POST", "/leads", json=LEAD | days[0], expect=201)


def test_the_database_lets_no_copy_name_somebody_of_whom_not_all_is_known(app: Flask, cast: Cast) -> None:
    made = offered(cast)
    keys = {"offer_id": made["id"], "partnership_id": cast.partnership_id}
    sides = {"giver_id": cast.sam.actor.organization_id, "receiver_id": cast.gina.actor.organization_id}
    words = {"company_name": "A", "company_key": "a", "name_key": "a", "message": "", "tier": "need_to_know"}
    lacking = [without(name) for name in (*NEEDED, "contact_informed_on")] + [without("contact_email", *leads.KNOWN)]
    for contact in lacking:
        copy = OfferDetails(**keys, **sides, **words, **{name: contact.get(name) for name in TRAVELLING})
        with pytest.raises(IntegrityError, match="CheckViolation"), db.transaction(cast.sam.actor):
            db.insert(copy)


def test_the_page_names_what_is_missing_beside_its_field_and_lets_the_role_travel(app: Flask, cast: Cast) -> None:
    sam = Surfer.signed_in(app, "sam@acme.example")
    given = {"partnership_id": str(cast.partnership_id), "company_name": "Contoso", "need": "Kite", **PERSON}

    refused = sam.send("/offers/new", given, shown_on="/offers/new")

    assert refused.status_code == 422
    for name in NEEDED:
        assert f'href="#{name}"' in refused.text
    assert sam.send("/offers/new", given | {"role_only": "true"}, shown_on="/offers/new").status_code == 303


def test_the_page_says_before_sending_what_stays(app: Flask, cast: Cast) -> None:
    sam = Surfer.signed_in(app, "sam@acme.example")
    path = f"/leads/{leads.lead(cast.sam, **without('contact_source', 'contact_channels'))['id']}/offer"

    page = sam.open(path).text

    assert "name and address stay with you" in page
    for words in ("by what the contact may be approached", "data come from"):
        assert words in page
    assert "Offer the lead without its contact" in page
    whole = sam.open(f"/leads/{leads.lead(cast.sam, **WHOLE)['id']}/offer").text
    assert "stay with you; only the role" not in whole
    assert "Robin Vale" in whole


def test_the_receiver_reads_why_and_how_the_contact_may_be_approached(app: Flask, cast: Cast) -> None:
    made = offered(cast, **WHOLE)
    leads.step(cast.gina, made["id"], "accept")

    page = Surfer.signed_in(app, "gina@globex.example").open(f"/offers/{made['id']}").text

    for words in ("The contact agreed", "E-mail, Telephone", "Spring fair", "The contact was informed", "2026-03-02"):
        assert words in page


def test_all_that_is_missing_is_told_and_nothing_else() -> None:
    known = {"contact_name": "Robin", "contact_email": None, "contact_informed_on": date(2026, 3, 2)}
    known |= {"contact_basis": "consent", "contact_channels": ["post"], "contact_source": "person"}
    known |= {"contact_information": Information.INFORMED}
    every = chain.from_iterable(combinations(NEEDED, count) for count in range(len(NEEDED) + 1))
    for gone in every:
        contact = SimpleNamespace(**known | dict.fromkeys(gone))
        assert contacts.missing(contact) == list(gone)
        assert contacts.missing(SimpleNamespace(**vars(contact) | {"contact_name": None})) == []
