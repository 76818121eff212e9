"""A case between two sides: opened, argued, decided by both, closed; withdrawn; seen by its sides alone."""

from datetime import timedelta
from typing import Any

import pytest

from partnercrm.cases.actions import open_case
from partnercrm.cases.lifecycle import CaseKind
from partnercrm.kernel import clock, db
from tests.cast import Cast
from tests.crowd import at_once
from tests.factories import cases
from tests.surfer import Surfer

EVIDENCE = {"title": "Steps", "text": "As both read them.", "facts": [{"name": "Accepted", "value": "14 March"}]}


def kinds(cast: Cast, case_id: str) -> list[str]:
    return [one["kind"] for one in cast.hank.call("GET", f"/cases/{case_id}/entries", expect=200)["items"]]


def test_both_sides_read_the_same_case_and_nobody_else_learns_of_it(cast: Cast) -> None:
    opened = cases.case(cast.sam, cast, evidence=[EVIDENCE])
    path = f"/cases/{opened['id']}"

    read = [player.response("GET", path).data for player in (cast.sam, cast.dana, cast.gina, cast.hank)]
    files = [player.response("GET", f"{path}/entries").data for player in (cast.sam, cast.gina)]

    assert len(set(read)) == len(set(files)) == 1
    assert kinds(cast, opened["id"]) == ["claim", "evidence"]
    missing = cast.ines.response("GET", "/cases/0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a")
    for stranger in (cast.ines, cast.nora):
        for hidden in (path, f"{path}/entries", f"/case-files/{opened['id']}"):
            answer = stranger.response("GET", hidden)
            assert answer.status_code == 404
            assert answer.json["detail"] == missing.json["detail"]
        assert stranger.call("GET", "/cases", expect=200)["items"] == []


def test_the_other_sides_first_words_bring_it_into_discussion_and_give_it_an_owner_there(cast: Cast) -> None:
    opened = cases.case(cast.sam, cast)
    assert (opened["status"], [owner["name"] for owner in opened["owners"]]) == ("open", ["Sam"])

    assert cases.say(cast.sam, opened["id"])["status"] == "open"
    answered = cases.say(cast.gina, opened["id"])

    assert answered["status"] == "in_discussion"
    assert sorted(owner["name"] for owner in answered["owners"]) == ["Gina", "Sam"]


@pytest.mark.parametrize("end", ["close", "withdraw"])
def test_once_a_case_is_over_it_names_the_own_sides_owner_alone(cast: Cast, end: str) -> None:
    opened = cases.case(cast.sam, cast)["id"] if end == "withdraw" else cases.decided(cast)["id"]
    if end == "withdraw":
        cases.say(cast.gina, opened)

    ended = cast.sam.call("POST", f"/cases/{opened}/{end}", expect=200)

    assert [owner["name"] for owner in ended["owners"]] == ["Sam"]
    for player, name, foreign in ((cast.dana, "Sam", "Gina"), (cast.hank, "Gina", "Sam")):
        read = player.call("GET", f"/cases/{opened}", expect=200)
        assert [owner["name"] for owner in read["owners"]] == [name]
        assert foreign not in Surfer.signed_in(cast.app, player.email).open(f"/cases/{opened}").text


def test_one_side_proposes_the_other_agrees_and_the_decision_stands(cast: Cast) -> None:
    decided = cases.decided(cast)

    assert (decided["status"], decided["outcome"], decided["decided_by"]) == ("decided", "arranged", "both")
    assert decided["decision"] == {"reasons": "The calendar was wrong.", "next_step": "We mend it."}
    late = cast.gina.call("POST", f"/cases/{decided['id']}/statements", json={"text": "But"}, expect=409)
    assert late["code"] == "case_settled"
    closed = cast.gina.call("POST", f"/cases/{decided['id']}/close", expect=200)
    assert closed["status"] == "closed"
    assert kinds(cast, decided["id"]) == ["claim", "proposal", "decision", "closing"]


def test_nobody_agrees_to_what_they_proposed_or_did_not_read(cast: Cast) -> None:
    opened = cases.case(cast.sam, cast)
    first = cases.propose(cast.gina, opened["id"])["proposal_id"]
    cases.propose(cast.gina, opened["id"], "stands")

    for player, proposal in ((cast.sam, first), (cast.gina, first)):
        refused = player.call("POST", f"/cases/{opened['id']}/agree", json={"proposal_id": proposal}, expect=409)
        assert refused["code"] == "outcome_changed"


def test_a_case_is_in_its_owners_hands_until_it_is_handed_over(cast: Cast) -> None:
    opened = cases.case(cast.sam, cast)
    path = f"/cases/{opened['id']}"
    given = {"outcome": "stands", "reasons": "So be it."}
    assert cast.dana.call("POST", f"{path}/propose", json=given, expect=409)["code"] == "case_in_other_hands"
    members = cast.dana.call("GET", f"/partnerships/{cast.partnership_id}", expect=200)["members"]
    ids = {member["name"]: member["id"] for member in members}

    wrong = cast.dana.call("POST", f"{path}/hand-over", json={"member_id": ids["Gina"]}, expect=422)
    handed = cast.dana.call("POST", f"{path}/hand-over", json={"member_id": ids["Dana"]}, expect=200)

    assert [error["field"] for error in wrong["errors"]] == ["member_id"]
    assert [owner["name"] for owner in handed["owners"]] == ["Dana"]
    assert cast.sam.call("POST", f"{path}/propose", json=given, expect=409)["code"] == "case_in_other_hands"
    assert (
        cast.sam.call("POST", f"{path}/hand-over", json={"member_id": ids["Sam"]}, expect=409)["code"]
        == "case_in_other_hands"
    )
    cast.dana.call("POST", f"{path}/propose", json=given, expect=200)


def test_only_who_opened_a_case_withdraws_it_and_only_before_it_is_decided(cast: Cast) -> None:
    opened = cases.case(cast.sam, cast)
    path = f"/cases/{opened['id']}/withdraw"
    cases.say(cast.gina, opened["id"])

    assert cast.gina.call("POST", path, expect=409)["code"] == "step_not_yours"
    assert cast.sam.call("POST", path, expect=200)["status"] == "withdrawn"
    assert cast.sam.call("POST", path, expect=409)["code"] == "case_settled"
    assert cast.sam.call("POST", f"/cases/{cases.decided(cast)['id']}/withdraw", expect=409)["code"] == "case_settled"


def test_every_wrong_field_is_named_at_once(cast: Cast) -> None:
    given = {"partnership_id": "x", "kind": "lead_disqualified", "claim": " ", "subject": "offers"}
    refused = cast.sam.call("POST", "/cases", json=given, expect=422)

    assert {error["field"] for error in refused["errors"]} == {"partnership_id", "kind", "claim"}
    past = (clock.now() - timedelta(days=1)).date().isoformat()
    given = {"partnership_id": str(cast.partnership_id), "kind": "claim", "claim": "Late.", "due_on": past}
    assert cast.sam.call("POST", "/cases", json=given, expect=422)["errors"][0]["field"] == "due_on"
    given["partnership_id"] = "0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a"
    cast.sam.call("POST", "/cases", json=given, expect=404)


def test_a_slice_above_opens_a_case_about_its_own_thing(cast: Cast) -> None:
    sam, thing = cast.sam.actor, cast.partnership_id
    with db.transaction(sam):
        opened = open_case(
            sam,
            cast.partnership_id,
            kind=CaseKind.LEAD_DISQUALIFIED,
            subject="offers",
            subject_id=thing,
            claim="The need is real.",
            evidence=[EVIDENCE],
        )
        case_id = opened.id

    found = cast.gina.call("GET", f"/cases?subject_id={thing}", expect=200)["items"]
    assert [(one["id"], one["kind"], one["subject"]) for one in found] == [
        (str(case_id), "lead_disqualified", "offers")
    ]


def raced(*calls: Any) -> list[int]:
    return sorted(answer.status_code for answer in at_once(calls))


def test_of_two_outcomes_proposed_at_once_one_stands_and_is_agreed_to_by_name(cast: Cast) -> None:
    opened = cases.case(cast.sam, cast)
    cases.say(cast.gina, opened["id"])
    given = {"outcome": "stands", "reasons": "So be it."}

    def propose(player: Any) -> Any:
        return lambda: player.response("POST", f"/cases/{opened['id']}/propose", json=given)

    assert raced(propose(cast.sam), propose(cast.gina)) == [200, 200]
    found = cast.sam.call("GET", f"/cases/{opened['id']}", expect=200)
    mine = found["proposed_by_id"] == str(cast.sam.actor.organization_id)
    other = cast.gina if mine else cast.sam
    other.call("POST", f"/cases/{opened['id']}/agree", json={"proposal_id": found["proposal_id"]}, expect=200)


@pytest.mark.parametrize("turn", range(3))
def test_withdrawing_and_agreeing_at_once_do_one_of_both(cast: Cast, turn: int) -> None:
    opened = cases.case(cast.sam, cast)
    proposal = cases.propose(cast.sam, opened["id"])["proposal_id"]

    answers = raced(
        lambda: cast.sam.response("POST", f"/cases/{opened['id']}/withdraw"),
        lambda: cast.gina.response("POST", f"/cases/{opened['id']}/agree", json={"proposal_id": proposal}),
    )

    assert answers == [200, 409]
    found = cast.gina.call("GET", f"/cases/{opened['id']}", expect=200)
    assert (found["status"], found["decision"] is None) in {("withdrawn", True), ("decided", False)}
