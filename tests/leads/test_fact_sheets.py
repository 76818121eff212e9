"""The fact sheet of an exchange: filled from the record, the same bytes for both sides, as of any moment."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from partnercrm.kernel import clock
from tests.cast import Cast, Player
from tests.factories import leads, terms

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=400)


def sheet(player: Player, cast: Cast, **asked: str) -> dict[str, Any]:
    path = f"/partnerships/{cast.partnership_id}/fact-sheet"
    found: dict[str, Any] = player.call("GET", path, query_string=asked, expect=200)
    return found


def given(giver: Player, taker: Player, cast: Cast, *ways: tuple[str, ...], **fields: Any) -> None:
    """Let one side give leads and the other take these steps with each."""
    bodies: dict[str, Any] = {"decline": {"reason": "no_fit"}, "disqualify": {"reason": "no_need"}}
    for way in ways:
        made = leads.offer(giver, cast.partnership_id, **fields)
        for verb in way:
            leads.step(taker, made["id"], verb, **bodies.get(verb, {}))


@pytest.fixture
def exchanged(cast: Cast) -> Cast:
    """Ten leads of Acme's, all but one accepted, and ten of Globex's, most of them declined."""
    with clock.at(LONG_AGO):
        terms.agree(cast, window_months=6, measure="accepted", tolerance_points=10)
        given(cast.sam, cast.gina, cast, ("accept",))
    given(cast.sam, cast.gina, cast, *[("accept",)] * 6, ("accept", "qualify"), (), industry="Rail", country="DE")
    given(cast.sam, cast.gina, cast, ("accept", "disqualify"), ("decline",), country="AT")
    given(cast.gina, cast.sam, cast, ("accept",), *[("decline",)] * 9, industry="Rail", country="DE")
    withdrawn = leads.offer(cast.gina, cast.partnership_id)
    leads.step(cast.gina, withdrawn["id"], "withdraw")
    return cast


def ordered(found: dict[str, Any]) -> tuple[str, str]:
    """Return the ids of Acme and Globex."""
    by_name = {one["name"]: one["organization_id"] for one in found["organizations"]}
    return by_name["Acme"], by_name["Globex"]


def test_it_says_where_leads_end_whose_turn_it_is_and_where_the_difference_sits(exchanged: Cast) -> None:
    found = sheet(exchanged.hank, exchanged)
    acme, globex = ordered(found)
    stages = {one["organization_id"]: {each["stage"]: each for each in one["stages"]} for one in found["funnels"]}
    most = found["differences"][0]
    segments = {one["by"]: one["rows"] for one in found["segments"]}
    place = "first" if found["organizations"][0]["name"] == "Acme" else "second"
    sign = "" if place == "first" else "-"

    answers = stages[acme]["answer"]
    assert {name: answers[name] for name in ("reached", "passed", "ended", "still_open", "rate_percent")} == {
        "reached": 10, "passed": 8, "ended": 1, "still_open": 1, "rate_percent": "88.9",
    }  # fmt: skip
    assert [stages[globex][name]["passed"] for name in ("answer", "qualification", "deal")] == [1, 0, 0]
    assert most == {
        "organization_id": globex, "stage": "answer", "leads": "7.9", "beyond_chance": True, "widens": True,
    }  # fmt: skip
    assert found["begins_with_offering"] is False
    assert found["next_to_give"] == {"organization_id": globex, "leads": 5}
    assert [(one["keys"], one[place], one["beyond_share"]) for one in segments["region"]] == [
        (["AT", "DE"], 8, f"{sign}3.50")
    ]
    assert [one["keys"] for one in segments["month"]] == [[f"{NOW:%Y-%m}"]]
    first, last = found["window"].split("..")
    months = (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:])
    assert (months, last) == (6, f"{NOW:%Y-%m}")


def test_both_sides_read_the_same_bytes_and_a_past_moment_stays_as_it_was(cast: Cast) -> None:
    given(cast.gina, cast.sam, cast, ("accept",), ())
    before = sheet(cast.dana, cast)
    given(cast.sam, cast.gina, cast, ("accept",))
    path, asked = f"/partnerships/{cast.partnership_id}/fact-sheet", {"as_of": before["as_of"]}
    acme, globex = (player.response("GET", path, query_string=asked).data for player in (cast.dana, cast.hank))

    assert acme == globex
    assert sheet(cast.gina, cast, **asked) == before
    assert sheet(cast.gina, cast)["index"] != before["index"]


def test_a_lead_found_real_after_a_case_is_qualified_and_at_its_end(cast: Cast) -> None:
    made = leads.offer_at(cast, "disqualified")
    cast.sam.call("POST", f"/offers/{made['id']}/contest", json={"claim": "It is real."}, expect=200)
    [case] = cast.gina.call("GET", "/cases", expect=200)["items"]
    proposed = {"outcome": "corrected", "reasons": "We looked again."}
    proposal = cast.gina.call("POST", f"/cases/{case['id']}/propose", json=proposed, expect=200)["proposal_id"]
    cast.sam.call("POST", f"/cases/{case['id']}/agree", json={"proposal_id": proposal}, expect=200)

    found = sheet(cast.dana, cast)
    [acme] = [one for one in found["funnels"] if one["organization_id"] == ordered(found)[0]]

    counts = [(one["passed"], one["ended"], one["still_open"]) for one in acme["stages"]]
    assert counts == [(1, 0, 0), (1, 0, 0), (0, 1, 0)]


def test_a_stranger_finds_nothing_and_nobody_reads_the_future(cast: Cast) -> None:
    path = f"/partnerships/{cast.partnership_id}/fact-sheet"

    hidden = cast.ines.call("GET", path, expect=404)
    missing = cast.ines.call("GET", f"/partnerships/{cast.ines.actor.user_id}/fact-sheet", expect=404)
    refused = cast.dana.call("GET", path, query_string={"as_of": "2999-01-01T00:00:00Z"}, expect=422)

    assert {**hidden, "request_id": ""} == {**missing, "request_id": ""}
    assert [one["field"] for one in refused["errors"]] == ["as_of"]
