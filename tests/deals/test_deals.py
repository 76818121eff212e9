"""A deal is registered, reviewed, protected and taken back; both sides read it, a stranger nothing."""

import pytest
from flask import Flask

from partnercrm.kernel import clock
from tests.cast import Cast
from tests.factories import deals, enablement, terms
from tests.factories.deals import ago, deal, go, register

PRIVATE = {"direction", "owner", "value"}


def test_both_sides_read_a_registered_deal_its_value_as_a_band_and_a_stranger_nothing(cast: Cast) -> None:
    terms.agree(cast, value_disclosure="band")
    made = register(cast.sam, cast.partnership_id, ago(3))

    assert (made["status"], made["direction"], made["account_name"]) == ("submitted", "made", "Northwind")
    assert made["value"] == {"amount": "120000.00", "currency": "EUR"}
    assert made["owner"]["name"] == "Sam"
    path = f"/registrations/{made['id']}"
    theirs = cast.gina.call("GET", path, expect=200)
    assert (theirs["value"], theirs["value_band"], theirs["owner"]) == (None, "50k_250k", None)
    assert theirs["direction"] == "received"
    assert {name: theirs[name] for name in theirs if name not in PRIVATE} == {
        name: made[name] for name in made if name not in PRIVATE
    }
    assert [one["kind"] for one in theirs["evidence"]] == ["meeting_held", "registered"]
    cast.ines.call("GET", path, expect=404)
    cast.nora.call("GET", path, expect=404)
    [listed] = cast.gina.call("GET", "/registrations?direction=received", expect=200)["items"]
    assert listed["id"] == made["id"]
    assert cast.ines.call("GET", "/registrations", expect=200)["items"] == []


def test_a_list_names_its_reader_alone(cast: Cast) -> None:
    register(cast.sam, cast.partnership_id)

    [mine] = cast.sam.call("GET", "/registrations?mine=true", expect=200)["items"]
    [seen] = cast.dana.call("GET", "/registrations", expect=200)["items"]

    assert (mine["owner"]["name"], seen["owner"]) == ("Sam", None)
    assert cast.dana.call("GET", "/registrations?mine=true", expect=200)["items"] == []


def test_where_both_tell_values_exactly_the_partner_reads_the_amount(cast: Cast) -> None:
    made = register(cast.sam, cast.partnership_id)

    theirs = cast.gina.call("GET", f"/registrations/{made['id']}", expect=200)

    assert theirs["value"] == {"amount": "120000.00", "currency": "EUR"}


def test_everything_that_would_be_refused_is_said_at_once_before_and_when_sending(cast: Cast) -> None:
    [line] = terms.agree(cast, product_lines=[{"name": "Storage"}])["product_lines"]
    soon = clock.now().isoformat().replace("2026", "2027")
    wrong = deal(cast.partnership_id, close_on="2020-01-01", evidence=[{"kind": "meeting_held", "happened_at": soon}])

    told = cast.sam.call("POST", "/deals/check", json=wrong, expect=200)
    refused = cast.sam.call("POST", "/registrations", json=wrong, expect=422)

    fields = ["close_on", "evidence.0.happened_at", "product_line_id"]
    assert [one["field"] for one in told["problems"]] == fields
    assert [one["field"] for one in refused["errors"]] == fields
    assert (told["would_register"], refused["code"]) == (False, "deal_incomplete")
    assert cast.sam.call("GET", "/joint-accounts", expect=200)["items"] == []
    nothing = cast.sam.call("POST", "/deals/check", json={}, expect=200)
    assert [one["field"] for one in nothing["problems"]] == ["value", "close_on", "involvement", "partnership_id"]
    right = cast.sam.call("POST", "/deals/check", json=deal(cast.partnership_id, product_line_id=line["id"]))
    assert (right["would_register"], right["problems"], right["conflict"]) == (True, [], None)
    assert cast.sam.call("GET", "/registrations", expect=200)["items"] == []


def test_one_side_registers_a_company_and_product_line_once(cast: Cast) -> None:
    made = register(cast.sam, cast.partnership_id)

    refused = cast.dana.call("POST", "/registrations", json=deal(cast.partnership_id), expect=409)

    assert refused["code"] == "already_registered"
    told = cast.dana.call("POST", "/deals/check", json=deal(cast.partnership_id), expect=200)
    assert [one["field"] for one in told["problems"]] == [None]
    go(cast.sam, made, "withdraw")
    assert register(cast.dana, cast.partnership_id)["status"] == "submitted"


def test_a_reviewer_asks_for_named_fields_and_nothing_else_changes(cast: Cast) -> None:
    made = register(cast.sam, cast.partnership_id)
    assert go(cast.hank, made, "begin-review")["status"] == "in_review"
    asked = go(cast.hank, made, "ask", asked_fields=["close_on", "value"], note="When do they decide?")
    assert (asked["status"], asked["asked_fields"]) == ("action_required", ["value", "close_on"])

    strange = go(cast.sam, made, "resubmit", asks="More.", close_on="2040-01-31", expect=422)
    lacking = go(cast.sam, made, "resubmit", close_on="2020-01-31", expect=422)
    value = {"amount": "300000.00", "currency": "EUR"}
    mended = go(cast.sam, made, "resubmit", close_on="2040-01-31", value=value)

    assert [one["field"] for one in strange["errors"]] == ["asks"]
    assert [one["field"] for one in lacking["errors"]] == ["value", "close_on"]
    assert (mended["status"], mended["close_on"], mended["value"], mended["asks"]) == (
        "in_review",
        "2040-01-31",
        value,
        "A reference call.",
    )
    assert cast.gina.call("GET", f"/registrations/{made['id']}", expect=200)["value_band"] == "250k_1m"


def test_an_approved_deal_is_protected_and_logged_activity_extends_that(cast: Cast) -> None:
    terms.agree(cast, protection_days=30)
    made = register(cast.sam, cast.partnership_id)
    approved = go(cast.hank, made, "approve", note="Go ahead.", direct_deal=True)
    assert (approved["status"], approved["note"], approved["direct_deal"]) == ("approved", "Go ahead.", True)
    early = {"kind": "meeting_held", "happened_at": ago(1).isoformat()}
    go(cast.sam, made, "extend", expect=422, **early)

    with clock.at(ago(-10)):
        met = {"kind": "meeting_held", "happened_at": ago(1).isoformat()}
        extended = go(cast.sam, made, "extend", **met)

    assert extended["status"] == "extended"
    assert extended["ends_at"] > approved["ends_at"]
    assert go(cast.sam, made, "withdraw")["status"] == "withdrawn"
    go(cast.sam, made, "withdraw", expect=409)


def test_a_rejection_says_why_and_a_direct_deal_nothing_else(cast: Cast) -> None:
    made = register(cast.sam, cast.partnership_id)

    told = go(cast.hank, made, "reject", reason="direct_deal", direct_deal=True, note="We are there already.")

    ours = cast.sam.call("GET", f"/registrations/{made['id']}", expect=200)
    assert (ours["status"], ours["reason"], ours["direct_deal"]) == ("rejected", "direct_deal", True)
    assert told["note"] == ours["note"]
    go(cast.hank, made, "reject", reason="earlier_evidence", expect=422)
    go(cast.sam, made, "appeal", claim="No.", expect=409)


@pytest.mark.parametrize("verb", ["begin-review", "ask", "approve", "reject"])
def test_only_managers_of_the_other_side_review(verb: str, app: Flask, cast: Cast) -> None:
    made = register(cast.sam, cast.partnership_id)
    given = {"ask": {"asked_fields": ["asks"], "note": "?"}, "reject": {"reason": "other"}}.get(verb, {})

    go(cast.gina, made, verb, expect=403, **given)
    go(cast.dana, made, verb, expect=409, **given)
    go(cast.ines, made, verb, expect=404, **given)
    go(cast.hank, made, "withdraw", expect=409)


def test_what_happened_to_a_registration_both_sides_read_alike(cast: Cast) -> None:
    made = register(cast.sam, cast.partnership_id)
    go(cast.hank, made, "approve")

    path = f"/registrations/{made['id']}/timeline"
    told = [one["verb"] for one in cast.sam.call("GET", path, expect=200)["items"]]

    assert told == ["registration.submitted", "registration.approved"]
    assert cast.gina.call("GET", path, expect=200) == cast.sam.call("GET", path, expect=200)
    cast.ines.call("GET", path, expect=404)


def test_a_conflict_is_told_to_both_sides(cast: Cast) -> None:
    ours, theirs = deals.conflict(cast)

    assert (ours["status"], ours["reason"], ours["outweighed"]["kind"]) == (
        "rejected",
        "earlier_evidence",
        "meeting_held",
    )
    assert theirs["status"] == "submitted"


def test_who_has_yet_to_learn_something_is_told_before_and_registers_once_the_gate_lets_them(cast: Cast) -> None:
    course = enablement.item(cast.dana, cast.partnership_id, title="Our joint offer")
    body = deal(cast.partnership_id)
    enablement.gates(cast.dana, cast.partnership_id, registering="warn")
    warned = cast.sam.call("POST", "/deals/check", json=body, expect=200)
    assert (warned["would_register"], [one["title"] for one in warned["missing"]]) == (True, ["Our joint offer"])

    enablement.gates(cast.dana, cast.partnership_id, registering="block")
    told = cast.sam.call("POST", "/deals/check", json=body, expect=200)
    nameless = cast.sam.call("POST", "/deals/check", json=body | {"account": None}, expect=200)
    refused = cast.sam.call("POST", "/registrations", json=body, expect=409)
    enablement.acknowledge(cast.sam, course["id"])

    assert (told["would_register"], told["missing"]) == (False, warned["missing"])
    assert [one["field"] for one in nameless["problems"]] == ["account", None]
    assert refused["code"] == "not_enabled"
    assert cast.sam.call("POST", "/registrations", json=body, expect=201)["status"] == "submitted"
