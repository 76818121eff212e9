"""A lead not taken, then pursued: a case both enter, and an entry that credits its giver."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from partnercrm.kernel import clock
from tests.cast import Cast
from tests.factories import leads
from tests.leads.test_contesting import settle
from tests.surfer import Surfer

CLAIM = {"claim": "The customer told us that you made them an offer in June."}


def claimed(cast: Cast, status: str = "declined") -> tuple[dict[str, Any], str]:
    """Return a lead of Acme's that Globex did not take and whose credit Acme asks for, and the case's id."""
    made = leads.offer_at(cast, status)
    cast.sam.call("POST", f"/offers/{made['id']}/claim-credit", json=CLAIM, expect=200)
    [case] = cast.gina.call("GET", "/cases?kind=lead_pursued", expect=200)["items"]
    return made, case["id"]


def counts(cast: Cast, as_of: str | None = None) -> tuple[int, int, int, str]:
    """Return how often Acme claimed, got its credit and did not, and as of when."""
    path = f"/partnerships/{cast.partnership_id}/reciprocity"
    report = cast.hank.call("GET", path, query_string={"as_of": as_of} if as_of else {}, expect=200)
    [side] = [one for one in report["organizations"] if one["name"] == "Acme"]
    found = side["contests"]
    return found["claimed"], found["restored"], found["left_as_is"], report["as_of"]


def test_a_case_opens_with_what_both_sides_read_of_the_lead_and_nothing_the_receiver_has(cast: Cast) -> None:
    leads.lead(cast.gina, company_name="Contoso", need="Anvils")
    made = leads.offer(cast.sam, cast.partnership_id, company_name="Contoso", need="Anvils")
    leads.step(cast.gina, made["id"], "decline", reason="no_fit")

    cast.sam.call("POST", f"/offers/{made['id']}/claim-credit", json=CLAIM, expect=200)

    [case] = cast.sam.call("GET", "/cases", expect=200)["items"]
    assert (case["kind"], case["subject_id"], case["claim"]) == ("lead_pursued", made["id"], CLAIM["claim"])
    [_, evidence] = cast.sam.call("GET", f"/cases/{case['id']}/entries", expect=200)["items"]
    assert [fact["name"] for fact in evidence["facts"]] == ["Need", "Offered on", "Came back as", "For"]


@pytest.mark.parametrize(("outcome", "came_to"), [("corrected", (1, 1, 0)), ("stands", (1, 0, 1))])
def test_what_the_case_comes_to_counts_from_then_on_and_not_before(
    cast: Cast, outcome: str, came_to: tuple[int, ...]
) -> None:
    made, case_id = claimed(cast, "returned")
    cast.gina.call("POST", f"/cases/{case_id}/evidence", json={"title": "Our own entry of May"}, expect=200)
    before = counts(cast)

    settle(cast, case_id, outcome)

    assert before[:3] == counts(cast, before[3])[:3] == (1, 0, 0)
    assert counts(cast)[:3] == came_to
    assert cast.sam.call("GET", f"/offers/{made['id']}", expect=200)["status"] == "returned"


def test_a_lead_is_claimed_once_whichever_offer_of_it(cast: Cast) -> None:
    first, _ = claimed(cast)
    [lead] = [one for one in cast.sam.call("GET", "/leads", expect=200)["items"] if one["offer_id"] == first["id"]]
    given = {"lead_id": lead["id"], "partnership_id": str(cast.partnership_id)}
    again = cast.sam.call("POST", "/offers", json=given, expect=201)
    leads.step(cast.gina, again["id"], "decline", reason="no_fit")

    for offer in (first, again):
        refused = cast.sam.call("POST", f"/offers/{offer['id']}/claim-credit", json=CLAIM, expect=409)
        assert refused["code"] == "not_claimable"


@pytest.mark.parametrize(("days", "expect"), [(364, 200), (365, 409)])
def test_a_lead_is_claimed_within_a_year_of_its_offer(app: Flask, cast: Cast, days: int, expect: int) -> None:
    begun = datetime.now(UTC) - timedelta(days=400)
    with clock.at(begun):
        made = leads.offer_at(cast, "declined")

    with clock.at(begun + timedelta(days=days)):
        cast.sam.call("POST", f"/offers/{made['id']}/claim-credit", json=CLAIM, expect=expect)


@pytest.mark.parametrize("status", ["accepted", "disqualified", "withdrawn"])
def test_only_what_its_receiver_did_not_take_is_claimed(app: Flask, cast: Cast, status: str) -> None:
    made = leads.offer_at(cast, status)

    cast.sam.call("POST", f"/offers/{made['id']}/claim-credit", json=CLAIM, expect=409)


def test_the_page_asks_for_the_credit_and_tells_what_it_came_to(app: Flask, cast: Cast) -> None:
    made, case_id = claimed(cast)
    settle(cast, case_id, "corrected")

    sam, gina = (Surfer.signed_in(app, who) for who in ("sam@acme.example", "gina@globex.example"))
    fresh = leads.offer_at(cast, "declined")

    for reader in (sam, gina):
        assert "its giver is credited" in reader.open(f"/offers/{made['id']}").text
    assert "Ask for its credit" in sam.open(f"/offers/{fresh['id']}").text
    assert "Ask for its credit" not in gina.open(f"/offers/{fresh['id']}").text
