"""Contesting a disqualification: a case both sides settle, and an entry that corrects what is counted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from partnercrm.kernel import clock
from tests.cast import Cast
from tests.factories import leads, terms
from tests.surfer import Surfer

CLAIM = {"claim": "They asked us for an offer on Monday."}


def contested(cast: Cast) -> tuple[dict[str, Any], str]:
    """Return a lead of Acme's that Globex disqualified and Acme contests, and the case's id."""
    made = leads.offer_at(cast, "disqualified")
    cast.sam.call("POST", f"/offers/{made['id']}/contest", json=CLAIM, expect=200)
    [case] = cast.gina.call("GET", "/cases", expect=200)["items"]
    return made, case["id"]


def settle(cast: Cast, case_id: str, outcome: str) -> None:
    """Let Globex propose an outcome and Acme agree."""
    proposed = {"outcome": outcome, "reasons": "We looked again."}
    case = cast.gina.call("POST", f"/cases/{case_id}/propose", json=proposed, expect=200)
    agreed = {"proposal_id": case["proposal_id"]}
    cast.sam.call("POST", f"/cases/{case_id}/agree", json=agreed, expect=200)


def given(cast: Cast, as_of: str | None = None) -> dict[str, Any]:
    """Return what Acme gave, as Globex reads it."""
    asked = {"as_of": as_of} if as_of else {}
    path = f"/partnerships/{cast.partnership_id}/reciprocity"
    report = cast.hank.call("GET", path, query_string=asked, expect=200)
    acme = str(cast.sam.actor.organization_id)
    [side] = [side for side in report["organizations"] if side["organization_id"] == acme]
    return {**side["given"], **side["contests"], "still_open": side["still_open"], "as_of": report["as_of"]}


def figures(found: dict[str, Any]) -> tuple[int, ...]:
    return tuple(found[name] for name in ("accepted", "disqualified", "qualified", "contested", "corrected", "upheld"))


def test_a_case_opens_with_what_both_sides_read_of_the_lead(app: Flask, cast: Cast) -> None:
    made, case_id = contested(cast)

    case = cast.gina.call("GET", f"/cases/{case_id}", expect=200)
    assert (case["kind"], case["subject_id"], case["claim"]) == ("lead_disqualified", made["id"], CLAIM["claim"])
    verbs = [one["verb"] for one in cast.gina.call("GET", f"/offers/{made['id']}/timeline", expect=200)["items"]]
    assert verbs[-1] == "lead.contested"
    assert cast.gina.call("GET", f"/offers/{made['id']}", expect=200)["status"] == "disqualified"


def test_a_corrected_lead_counts_as_qualified_from_then_on_and_not_before(app: Flask, cast: Cast) -> None:
    made, case_id = contested(cast)
    before = given(cast)
    assert figures(before) == (1, 1, 0, 1, 0, 0)

    settle(cast, case_id, "corrected")

    assert figures(given(cast)) == (1, 0, 1, 1, 1, 0)
    assert figures(given(cast, before["as_of"])) == (1, 1, 0, 1, 0, 0)
    assert cast.sam.call("GET", f"/offers/{made['id']}", expect=200)["status"] == "disqualified"
    months = cast.hank.call("GET", f"/partnerships/{cast.partnership_id}/reciprocity", expect=200)["months"]
    assert sum(month[side]["qualified"] for month in months for side in ("first", "second")) == 1


def test_a_corrected_lead_counts_for_a_goal_of_qualified_leads(cast: Cast) -> None:
    due = (clock.now().date() + timedelta(days=9)).isoformat()
    terms.agree(cast, goals=[{"text": "Qualified", "measure": "leads_qualified", "target": 2, "due_on": due}])
    _made, case_id = contested(cast)

    settle(cast, case_id, "corrected")

    [goal] = cast.gina.call("GET", f"/partnerships/{cast.partnership_id}/goals", expect=200)["goals"]
    assert goal["current"] == 1


def test_a_corrected_lead_is_qualified_and_no_longer_open(app: Flask, cast: Cast) -> None:
    leads.offer_at(cast, "qualified")
    _made, case_id = contested(cast)
    before = given(cast)["as_of"]

    settle(cast, case_id, "corrected")

    assert (given(cast)["still_open"], given(cast, before)["still_open"]) == (1, 1)
    page = Surfer.signed_in(app, "dana@acme.example").open(f"/partnerships/{cast.partnership_id}/reciprocity").text
    assert 'data-label="Still open">1</td>' in page
    assert "Qualified after a case 1" in page


def test_a_disqualification_that_stands_counts_as_it_did(app: Flask, cast: Cast) -> None:
    _made, case_id = contested(cast)

    settle(cast, case_id, "stands")

    assert figures(given(cast)) == (1, 1, 0, 1, 0, 1)


def test_both_sides_read_the_same(app: Flask, cast: Cast) -> None:
    _made, case_id = contested(cast)
    settle(cast, case_id, "corrected")
    as_of = given(cast)["as_of"]
    path = f"/partnerships/{cast.partnership_id}/reciprocity"

    one, other = (player.response("GET", path, query_string={"as_of": as_of}).data for player in (cast.dana, cast.hank))

    assert one == other


def test_a_lead_is_contested_once(app: Flask, cast: Cast) -> None:
    made, _ = contested(cast)

    refused = cast.sam.call("POST", f"/offers/{made['id']}/contest", json=CLAIM, expect=409)

    assert refused["code"] == "not_contestable"


@pytest.mark.parametrize(("days", "expect"), [(10, 200), (11, 409)])
def test_a_lead_is_contested_within_ten_working_days(app: Flask, cast: Cast, days: int, expect: int) -> None:
    made = leads.offer_at(cast, "disqualified")
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=1)

    with clock.at(midnight + timedelta(days=days)):
        cast.sam.call("POST", f"/offers/{made['id']}/contest", json=CLAIM, expect=expect)


@pytest.mark.parametrize("status", ["offered", "accepted", "returned", "declined", "won"])
def test_only_a_disqualified_lead_is_contested(app: Flask, cast: Cast, status: str) -> None:
    made = leads.offer_at(cast, status)

    cast.sam.call("POST", f"/offers/{made['id']}/contest", json=CLAIM, expect=409)


def test_the_receiver_contests_nothing_and_a_stranger_finds_nothing(app: Flask, cast: Cast) -> None:
    made = leads.offer_at(cast, "disqualified")

    cast.gina.call("POST", f"/offers/{made['id']}/contest", json=CLAIM, expect=409)
    cast.ines.call("POST", f"/offers/{made['id']}/contest", json=CLAIM, expect=404)
