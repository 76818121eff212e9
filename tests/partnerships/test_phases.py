"""Phases: exit criteria both sides confirm, moves both consent to, pauses; goals and where they stand."""

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
import pytest

from partnercrm.kernel import clock
from partnercrm.kernel.roles import plain
from tests.cast import Cast, Player
from tests.crowd import at_once
from tests.factories import leads, terms
from tests.servers import TestServer

MET = {"met_on": "2026-01-31", "evidence": "The report of January."}
WAIVED = {"waiver": "It can follow in the pilot."}


def standing(cast: Cast, player: Player | None = None) -> Any:
    return (player or cast.gina).call("GET", f"/partnerships/{cast.partnership_id}/phase", expect=200)


def mark(cast: Cast, player: Player, criterion_id: str, *, expect: int = 200, **more: Any) -> Any:
    path = f"/partnerships/{cast.partnership_id}/criteria/{criterion_id}/mark"
    return player.call("POST", path, json=MET | more, expect=expect)


def propose(cast: Cast, player: Player, *, expect: int = 201, **given: Any) -> Any:
    return player.call("POST", f"/partnerships/{cast.partnership_id}/phase-moves", json=given, expect=expect)


def answer(player: Player, move: dict[str, Any], verb: str, *, expect: int = 200, **given: Any) -> Any:
    options = {} if verb == "withdraw" else {"json": given}
    return player.call("POST", f"/phase-moves/{move['id']}/{verb}", expect=expect, **options)


def criterion_of(cast: Cast) -> str:
    return str(terms.agree(cast, criteria=[terms.CRITERION])["criteria"][0]["id"])


def test_a_criterion_is_met_when_one_side_says_so_and_the_other_confirms_it(cast: Cast) -> None:
    criterion = criterion_of(cast)

    mark(cast, cast.dana, criterion)
    (seen,) = standing(cast)["criteria"]
    assert (seen["is_met"], [one["evidence"] for one in seen["marks"]]) == (False, ["The report of January."])
    assert mark(cast, cast.dana, criterion, expect=409)["code"] == "criterion_marked_already"
    assert propose(cast, cast.dana, expect=409)["facts"] == {"criteria": [criterion]}

    mark(cast, cast.hank, criterion)

    (seen,) = standing(cast)["criteria"]
    assert (seen["is_met"], len(seen["marks"])) == (True, 2)
    move = propose(cast, cast.dana, note="On.")
    assert answer(cast.hank, move, "accept")["status"] == "accepted"
    assert standing(cast)["phase"] == "pilot"
    assert cast.hank.call("GET", f"/partnerships/{cast.partnership_id}", expect=200)["status"] == "pilot"


def test_a_mark_is_taken_back_by_its_own_side_until_the_phase_is_left(cast: Cast) -> None:
    criterion = criterion_of(cast)
    path = f"/partnerships/{cast.partnership_id}/criteria/{criterion}/unmark"
    for player in (cast.dana, cast.hank):
        mark(cast, player, criterion)

    (seen,) = cast.dana.call("POST", path, expect=200)["criteria"]
    assert (seen["is_met"], [one["organization_id"] for one in seen["marks"]]) == (
        False,
        [str(cast.hank.actor.organization_id)],
    )
    assert cast.dana.call("POST", path, expect=409)["code"] == "criterion_not_marked"
    for stranger in (cast.ines, cast.sam):
        stranger.call("POST", path, expect=403 if stranger is cast.sam else 404)
    told = cast.ada.call("GET", "/activities?verb=criterion.unmarked", expect=200)["items"]
    assert len(told) == 1

    mark(cast, cast.dana, criterion)
    answer(cast.hank, propose(cast, cast.dana), "accept")
    assert cast.dana.call("POST", path, expect=409)["code"] == "phase_left"


def test_open_criteria_are_named_and_waived_by_both_or_not_at_all(cast: Cast) -> None:
    criterion_of(cast)
    refused = propose(cast, cast.dana, expect=409)
    assert refused["code"] == "criteria_open"
    assert terms.CRITERION["text"] in refused["detail"]

    move = propose(cast, cast.dana, **WAIVED)
    assert answer(cast.hank, move, "accept", expect=409)["code"] == "criteria_open"
    agreed = answer(cast.hank, move, "accept", waiver="Agreed.")

    assert (agreed["waiver"], agreed["waiver_of_other"]) == (WAIVED["waiver"], "Agreed.")
    assert standing(cast)["phase"] == "pilot"
    answer(cast.hank, propose(cast, cast.dana), "accept")
    assert standing(cast)["phase"] == "roll_out"
    assert propose(cast, cast.dana, expect=409)["code"] == "no_further_phase"


def test_what_one_side_proposes_the_other_answers_once(cast: Cast) -> None:
    move = propose(cast, cast.dana)
    assert propose(cast, cast.hank, expect=409)["code"] == "phase_move_open_already"
    assert answer(cast.dana, move, "accept", expect=409)["code"] == "answered_by_the_other"
    assert answer(cast.hank, move, "withdraw", expect=409)["code"] == "answered_by_the_other"
    assert answer(cast.hank, move, "decline", answer="June.")["answer"] == "June."
    assert answer(cast.dana, move, "withdraw", expect=409)["code"] == "phase_move_answered"
    again = propose(cast, cast.dana)
    assert answer(cast.dana, again, "withdraw")["status"] == "withdrawn"
    cast.ines.call("GET", f"/phase-moves/{move['id']}", expect=404)
    assert cast.gina.call("GET", f"/phase-moves/{move['id']}", expect=200)["status"] == "declined"
    assert standing(cast)["phase"] == "proof_of_concept"


MOVED = (
    "INSERT INTO phase_moves (id, partnership_id, organization_id, other_id, from_phase, to_phase, note, status,"
    " proposed_at, waiver_of_other, answer) VALUES (gen_random_uuid(), %s, %s, %s, 'proof_of_concept', 'pilot', '',"
    " 'open', now(), {})"
)


@pytest.mark.parametrize("written", ["'They waive it.', ''", "NULL, 'Yes.'"])
def test_nobody_writes_the_others_waiver_or_answer_past_the_application(
    cast: Cast, database: str, test_server: TestServer, written: str
) -> None:
    acme, globex = cast.dana.actor.organization_id, cast.hank.actor.organization_id
    with psycopg.connect(plain(test_server.url("app", database))) as side:
        side.execute("SELECT set_config('partnercrm.organization', %s, true)", [str(acme)])

        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            side.execute(MOVED.format(written), [cast.partnership_id, acme, globex])


def test_a_paused_partnership_offers_nothing_new_and_loses_nothing(cast: Cast) -> None:
    offered = leads.offer(cast.sam, cast.partnership_id)
    path = f"/partnerships/{cast.partnership_id}"
    move = propose(cast, cast.hank)
    cast.dana.call("POST", f"{path}/pause", json={"note": "The new team starts in May."}, expect=200)

    given = {"lead_id": leads.lead(cast.sam)["id"], "partnership_id": str(cast.partnership_id)}
    assert cast.sam.call("POST", "/offers", json=given, expect=409)["code"] == "partnership_paused"
    assert answer(cast.dana, move, "accept", expect=409)["code"] == "partnership_paused"
    assert propose(cast, cast.dana, expect=409)["code"] == "partnership_paused"
    assert cast.hank.call("POST", f"{path}/pause", json={}, expect=409)["code"] == "partnership_paused"
    assert cast.gina.call("GET", f"/offers/{offered['id']}", expect=200)["respond_by"] == offered["respond_by"]
    leads.step(cast.gina, offered["id"], "accept")
    cast.hank.call("GET", f"{path}/reciprocity", expect=200)
    assert standing(cast)["status"] == "paused"
    assert standing(cast)["phase"] == "proof_of_concept"

    assert cast.hank.call("POST", f"{path}/resume", expect=409)["code"] == "paused_by_the_other"
    assert cast.dana.call("POST", f"{path}/resume", expect=200)["status"] == "proof_of_concept"
    assert cast.dana.call("POST", f"{path}/resume", expect=409)["code"] == "not_paused"
    cast.sam.call("POST", "/offers", json=given, expect=201)


def test_a_paused_partnership_can_end(cast: Cast) -> None:
    path = f"/partnerships/{cast.partnership_id}"
    cast.dana.call("POST", f"{path}/pause", json={}, expect=200)
    tag = cast.hank.response("GET", path).headers["ETag"]

    cast.hank.call("POST", f"{path}/end", if_match=tag, expect=200)

    ended = standing(cast, cast.hank)
    assert (ended["status"], ended["phase"]) == ("ended", None)
    for verb, body in (("pause", {}), ("phase-moves", {})):
        refused = cast.dana.call("POST", f"{path}/{verb}", json=body, expect=409)
        assert refused["code"] == "partnership_ended"


def test_agreeing_to_go_on_races_pausing_and_withdrawing(cast: Cast) -> None:
    path = f"/partnerships/{cast.partnership_id}"
    move = f"/phase-moves/{propose(cast, cast.dana)['id']}"

    calls = [
        *[partial(cast.hank.response, "POST", f"{move}/accept", json={})] * 3,
        partial(cast.dana.response, "POST", f"{move}/withdraw"),
        partial(cast.dana.response, "POST", f"{path}/pause", json={}),
    ]
    answered = [response.status_code for response in at_once(calls)]

    assert Counter(answered[:4]) in ({200: 1, 409: 3}, {409: 4})
    accepted = 200 in answered[:3]
    assert cast.dana.call("GET", move)["status"] == (
        "accepted" if accepted else "withdrawn" if answered[3] == 200 else "open"
    )
    assert standing(cast)["phase"] == ("pilot" if accepted else "proof_of_concept")


def test_goals_are_counted_from_the_record_or_entered_and_both_sides_read_the_same(cast: Cast) -> None:
    acme = str(cast.dana.actor.organization_id)
    due = (clock.now().date() + timedelta(days=9)).isoformat()
    tomorrow = (clock.now().date() + timedelta(days=1)).isoformat()
    goals = [
        {"text": "Given", "measure": "leads_given", "target": 4, "due_on": due},
        {"text": "Acme's", "measure": "leads_accepted", "target": 1, "due_on": due, "organization_id": acme},
        {"text": "Won", "measure": "won_value", "target": 20000, "unit": "EUR", "due_on": due},
        {"text": "Later", "measure": "leads_given", "target": 4, "due_on": due, "from_on": tomorrow},
        {"text": "Trained", "measure": "entered", "target": 30, "unit": "sellers", "due_on": due},
    ]
    agreed = terms.agree(cast, goals=goals)["goals"]
    leads.offer_at(cast, "won")
    leads.step(cast.sam, leads.offer(cast.sam, cast.partnership_id)["id"], "withdraw")
    leads.step(cast.dana, leads.offer(cast.gina, cast.partnership_id)["id"], "accept")
    path = f"/partnerships/{cast.partnership_id}/goals"
    trained, counted = agreed[4]["id"], agreed[0]["id"]
    today = clock.now().date().isoformat()
    for value in (12, 15):
        given = {"value": value, "read_on": today, "note": "From the survey."}
        cast.hank.call("POST", f"{path}/{trained}/readings", json=given, expect=201)

    told = cast.gina.call("GET", path, expect=200)["goals"]

    assert told == cast.dana.call("GET", path, expect=200)["goals"]
    reached = {one["text"]: (one["current"], one["percent"]) for one in told}
    assert reached.pop("Won")[0] in {10000, 12000, 12500}
    assert reached == {"Given": (2, 50), "Acme's": (1, 100), "Later": (0, 0), "Trained": (15, 50)}
    assert told[4]["entered_by"] == str(cast.hank.actor.organization_id)
    assert [one["current"] for one in cast.ada.call("GET", path, expect=200)["goals"]] == [None] * 4 + [15]
    by_hand = {"value": 9, "read_on": today}
    assert cast.dana.call("POST", f"{path}/{counted}/readings", json=by_hand, expect=409)["code"] == "counted_by_itself"
    cast.dana.call("POST", f"{path}/{cast.partnership_id}/readings", json=by_hand, expect=404)
    cast.dana.call("POST", f"{path}/{trained}/readings", json=by_hand | {"read_on": tomorrow}, expect=422)
    cast.ines.call("GET", path, expect=404)


def test_a_giver_is_told_when_the_trust_advance_is_given_and_its_manager_may_give_more(cast: Cast) -> None:
    terms.agree(cast, trust_advance=2)
    for _ in range(2):
        leads.offer(cast.sam, cast.partnership_id)
    given = {"lead_id": leads.lead(cast.sam)["id"], "partnership_id": str(cast.partnership_id)}

    refused = cast.sam.call("POST", "/offers", json=given, expect=409)
    assert (refused["code"], refused["facts"]) == (
        "trust_advance_given",
        {"given": 2, "received": 0, "trust_advance": 2},
    )
    cast.dana.call("POST", "/offers", json=given | {"beyond_trust_advance": True}, expect=201)

    first = leads.offer(cast.gina, cast.partnership_id)
    leads.step(cast.sam, first["id"], "accept")
    leads.offer(cast.gina, cast.partnership_id)
    leads.offer(cast.sam, cast.partnership_id)
