"""What an index counts cannot be moved by giving the same again: not back, not anew, not behind a deletion."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Uuid, column, func, select

from partnercrm.kernel import clock, db
from partnercrm.leads import jobs
from tests.cast import Cast, Player
from tests.factories import leads, terms
from tests.leads.test_contesting import settle
from tests.leads.test_findings import LAST_MONTH, THIS_MONTH, agreed
from tests.leads.test_marks import told as clusters
from tests.surfer import Surfer

NOW = datetime.now(UTC)
ONE: dict[str, Any] = {"company_name": "Contoso", "need": "Anvils", "value": {"amount": "1000.00", "currency": "EUR"}}
# How a lead that Globex took came to its end, or did not.
CAME_TO: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "accepted": [],
    "returned": [("return", {"reason": "no_capacity"})],
    "disqualified": [("disqualify", {"reason": "no_budget"})],
    "lost": [("qualify", {}), ("convert", {}), ("lose", {"reason": "price"})],
    "won": [("qualify", {}), ("convert", {}), ("win", {"value": {"amount": "900.00", "currency": "EUR"}})],
}


def given(
    giver: Player, receiver: Player, cast: Cast, moment: datetime, came_to: str = "accepted", **named: Any
) -> dict[str, Any]:
    with clock.at(moment):
        made = leads.offer(giver, cast.partnership_id, **{**ONE, **named})
        taken = leads.step(receiver, made["id"], "accept")
        for verb, body in CAME_TO[came_to]:
            leads.step(receiver, made["id"], verb, **body)
    return taken


def report(cast: Cast, **asked: str) -> dict[str, Any]:
    path = f"/partnerships/{cast.partnership_id}/reciprocity"
    ours = cast.dana.response("GET", path, query_string=asked)
    theirs = cast.hank.response("GET", path, query_string={**asked, "as_of": ours.json["as_of"]})
    assert ours.data == theirs.data
    found: dict[str, Any] = ours.json
    return found


def by_side(found: dict[str, Any], of: dict[str, Any]) -> tuple[Any, Any]:
    """Return what is told of Acme and of Globex, of a thing with `first` and `second`."""
    both = of["first"], of["second"]
    return both if found["organizations"][0]["name"] == "Acme" else (both[1], both[0])


def counted(cast: Cast) -> tuple[Any, Any]:
    """Return what the share counts, having seen that months, measures and clusters say the same."""
    found = report(cast)
    counts = by_side(found, found["index"])
    months = [by_side(found, month) for month in found["months"]]
    told = [sum(month[place]["accepted"] - month[place]["accepted_again"] for month in months) for place in (0, 1)]
    [exchange] = [one for one in found["exchanges"] if one["measure"] == "accepted"]
    rows = report(cast, by="industry", measure="accepted")["reckoning"]
    sizes = [0, 0]
    for by_measure in clusters(cast.hank, cast).values():
        for cluster, number in by_measure.get("accepted", {}).items():
            sizes[cluster.place] += cluster.size * number
    assert tuple(told) == counts
    assert by_side(found, exchange) == counts
    assert tuple(one["leads"] for one in by_side(found, rows)) == counts
    assert by_side(found, {"first": sizes[0], "second": sizes[1]}) == counts
    return counts


def amounts(cast: Cast) -> tuple[str, ...]:
    """Return what was expected of Acme's and of Globex's leads."""
    found = report(cast, measure="expected_value")
    return tuple(one["value"]["amount"] for one in by_side(found, found["reckoning"]))


@pytest.mark.parametrize("came_to", sorted(CAME_TO))
def test_a_lead_that_is_sent_back_counts_for_nothing_whatever_it_came_to(came_to: str, cast: Cast) -> None:
    given(cast.sam, cast.gina, cast, NOW - timedelta(days=200), came_to)
    before = counted(cast), amounts(cast)

    if came_to == "accepted":
        back = leads.lead(cast.gina, **ONE)
        sent = {"lead_id": back["id"], "partnership_id": str(cast.partnership_id)}
        assert cast.gina.call("POST", "/offers", json=sent, expect=409)["code"] == "same_lead_with_partner"
        return
    sent_back = given(cast.gina, cast.sam, cast, NOW - timedelta(days=2))

    assert (sent_back["status"], sent_back["reason"]) == ("disqualified", "duplicate")
    assert (counted(cast), amounts(cast)) == before
    theirs = next(one for one in report(cast)["organizations"] if one["name"] == "Globex")
    assert (theirs["given"]["accepted"], theirs["credit"]["junk_percent"]) == (0, None)
    ours = next(one for one in report(cast)["organizations"] if one["name"] == "Acme")
    assert (ours["responses"]["answered"], ours["responses"]["waiting"]) == (1, 0)


@pytest.mark.parametrize("came_to", ["returned", "disqualified"])
def test_what_came_back_is_taken_again_and_counts_once_in_ninety_days(came_to: str, cast: Cast) -> None:
    for days in (200, 150, 115):
        assert given(cast.sam, cast.gina, cast, NOW - timedelta(days=days), came_to)["status"] == "accepted"
        assert amounts(cast) == ("1000.00", "0.00")
        assert counted(cast) == (1, 0)

    given(cast.sam, cast.gina, cast, NOW - timedelta(days=100))
    assert counted(cast) == (2, 0)


def test_details_taken_back_do_not_let_the_same_be_accepted_twice(cast: Cast) -> None:
    first = given(cast.sam, cast.gina, cast, NOW - timedelta(days=40))
    cast.sam.call("POST", f"/offers/{first['id']}/take-back", expect=200)

    assert given(cast.sam, cast.gina, cast, NOW - timedelta(days=5))["reason"] == "duplicate"
    assert counted(cast) == (1, 0)


def test_the_page_says_what_was_accepted_and_does_not_count(cast: Cast) -> None:
    for days in (40, 20):
        given(cast.sam, cast.gina, cast, NOW - timedelta(days=days), "returned")

    path = f"/partnerships/{cast.partnership_id}/reciprocity"
    page = Surfer.signed_in(cast.app, "hank@globex.example").open(path).text
    assert "1 accepted lead does not count: the same company's need did within 90 days." in page


def test_what_is_sent_back_after_its_details_were_taken_back_counts_for_nothing(cast: Cast) -> None:
    first = given(cast.sam, cast.gina, cast, NOW - timedelta(days=200))
    cast.sam.call("POST", f"/offers/{first['id']}/take-back", expect=200)

    assert given(cast.gina, cast.sam, cast, NOW - timedelta(days=5))["reason"] == "duplicate"
    assert counted(cast) == (1, 0)


def test_a_customer_who_comes_again_after_ninety_days_is_a_lead_again(cast: Cast) -> None:
    given(cast.sam, cast.gina, cast, NOW - timedelta(days=200), "won")
    soon = given(cast.sam, cast.gina, cast, NOW - timedelta(days=150))
    again = given(cast.sam, cast.gina, cast, NOW - timedelta(days=20))

    assert (soon["reason"], again["status"]) == ("duplicate", "accepted")
    assert counted(cast) == (2, 0)


def test_a_case_that_finds_it_was_no_duplicate_counts_it_as_accepted_and_qualified(cast: Cast) -> None:
    given(cast.sam, cast.gina, cast, NOW - timedelta(days=200), "lost")
    taken = given(cast.gina, cast.sam, cast, NOW - timedelta(days=2))
    before = report(cast)
    cast.gina.call("POST", f"/offers/{taken['id']}/contest", json={"claim": "Another plant."}, expect=200)
    [case] = cast.gina.call("GET", "/cases", expect=200)["items"]
    settle(cast, case["id"], "corrected")

    assert counted(cast) == (1, 1)
    theirs = next(one for one in report(cast)["organizations"] if one["name"] == "Globex")
    assert (theirs["given"]["accepted"], theirs["given"]["qualified"]) == (1, 1)
    assert report(cast, as_of=before["as_of"]) == before


def test_whoever_does_not_answer_is_told_as_such(cast: Cast) -> None:
    with clock.at(NOW - timedelta(days=50)):
        never = leads.offer(cast.sam, cast.partnership_id)
        leads.step(cast.gina, leads.offer(cast.sam, cast.partnership_id)["id"], "accept")
    with clock.at(NOW - timedelta(days=10)):
        leads.offer(cast.sam, cast.partnership_id)
    leads.offer(cast.sam, cast.partnership_id)
    jobs.expire_offer(never["giver_id"], never["id"])

    theirs = next(one for one in report(cast)["organizations"] if one["name"] == "Globex")
    told = theirs["responses"]
    assert (told["answered"], told["in_time"], told["expired"], told["waiting"], told["overdue"]) == (1, 1, 1, 2, 1)
    for path in ("reciprocity", "fact-sheet"):
        page = (
            Surfer.signed_in(cast.app, "hank@globex.example").open(f"/partnerships/{cast.partnership_id}/{path}").text
        )
        assert "1 of 3 that were due" in page


def test_months_of_an_earlier_measure_are_told_as_such(app: Flask, cast: Cast) -> None:
    agreed(cast, window_months=2)
    with clock.at(LAST_MONTH):
        for need in ("Anvils", "Bolts"):
            leads.step(cast.gina, leads.offer(cast.sam, cast.partnership_id, need=need)["id"], "accept")
    with clock.at(THIS_MONTH - timedelta(days=1)):
        terms.agree(cast, measure="offered")
    with clock.at(THIS_MONTH):
        leads.offer(cast.sam, cast.partnership_id)

    found = report(cast)

    assert by_side(found, found["index"]) == (3, 0)
    assert (found["index"]["measure"], found["index"]["earlier"]) == (
        "offered",
        [{"measure": "accepted", "until": f"{LAST_MONTH:%Y-%m}"}],
    )
    page = Surfer.signed_in(app, "hank@globex.example").open(f"/partnerships/{cast.partnership_id}/reciprocity").text
    assert "Share of leads that count" in page
    assert "another measure was agreed, by which those months count: Accepted." in page


def test_the_glance_the_report_and_the_fact_sheet_say_the_same_of_who_gives_next(app: Flask, cast: Cast) -> None:
    agreed(cast, window_months=2, tolerance_points=5)
    for moment, number in ((LAST_MONTH, 3), (THIS_MONTH, 4)):
        with clock.at(moment):
            for _ in range(number):
                leads.step(cast.gina, leads.offer(cast.sam, cast.partnership_id)["id"], "accept")
    hank = Surfer.signed_in(app, "hank@globex.example")

    path = f"/partnerships/{cast.partnership_id}"
    for page in ("/", f"{path}/reciprocity", f"{path}/fact-sheet"):
        assert re.findall(r"Next to give: Globex \((\d+)\)", hank.open(page).text) == ["6"]
    assert "Give Acme 6 leads: it is your turn" in hank.open("/").text


@pytest.mark.parametrize("came_to", ["returned", "disqualified"])
def test_the_same_company_with_another_domain_or_none_counts_once(came_to: str, cast: Cast) -> None:
    for days, domain in ((60, "contoso.example"), (50, None), (40, "contoso.test"), (30, "contoso.example")):
        given(cast.sam, cast.gina, cast, NOW - timedelta(days=days), came_to, company_domain=domain)

    assert counted(cast) == (1, 0)
    assert amounts(cast) == ("1000.00", "0.00")


def test_the_same_company_under_another_name_of_its_domain_counts_once(cast: Cast) -> None:
    for days, name in ((60, "Contoso"), (40, "Tailspin Toys"), (20, "Contoso")):
        named = {"company_name": name, "company_domain": "contoso.example"}
        given(cast.sam, cast.gina, cast, NOW - timedelta(days=days), "returned", **named)

    assert counted(cast) == (1, 0)


@pytest.mark.parametrize("came_to", ["returned", "disqualified", "lost"])
def test_what_is_sent_back_without_its_domain_counts_for_nothing(came_to: str, cast: Cast) -> None:
    first = given(cast.sam, cast.gina, cast, NOW - timedelta(days=60), came_to, company_domain="contoso.example")
    if came_to == "lost":
        cast.sam.call("POST", f"/offers/{first['id']}/take-back", expect=200)

    assert given(cast.gina, cast.sam, cast, NOW - timedelta(days=5))["reason"] == "duplicate"
    assert counted(cast) == (1, 0)


def test_a_closed_lead_whose_details_went_is_not_given_anew_without_its_domain(cast: Cast) -> None:
    first = given(cast.sam, cast.gina, cast, NOW - timedelta(days=60), "lost", company_domain="contoso.example")
    cast.sam.call("POST", f"/offers/{first['id']}/take-back", expect=200)

    assert given(cast.sam, cast.gina, cast, NOW - timedelta(days=5))["reason"] == "duplicate"
    assert counted(cast) == (1, 0)


def test_a_lead_that_was_never_opened_joins_nothing(cast: Cast) -> None:
    """Else a receiver could tell that two companies it knows are one by a lead it was never shown."""
    hidden = {"company_name": "Contoso", "company_domain": "tailspin.example"}
    with clock.at(NOW - timedelta(days=60)):
        unseen = leads.offer(cast.sam, cast.partnership_id, **{**ONE, **hidden})
        leads.step(cast.gina, unseen["id"], "decline", reason="no_fit")
    given(cast.sam, cast.gina, cast, NOW - timedelta(days=50), "returned")
    other = {"company_name": "Tailspin Toys", "company_domain": "tailspin.example"}
    given(cast.sam, cast.gina, cast, NOW - timedelta(days=40), "returned", **other)

    assert counted(cast) == (2, 0)


def test_which_leads_are_of_one_need_only_who_opened_the_lead_is_told(cast: Cast) -> None:
    first = given(cast.sam, cast.gina, cast, NOW - timedelta(days=60), "returned")
    again = given(cast.sam, cast.gina, cast, NOW - timedelta(days=40))
    asked = select(func.step_same_need(UUID(again["id"])).table_valued(column("lead_id", Uuid())))

    for player, told in ((cast.gina, [UUID(first["id"])]), (cast.sam, []), (cast.ines, [])):
        with db.transaction(player.actor):
            assert list(db.session().scalars(asked)) == told
