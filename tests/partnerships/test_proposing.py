"""Proposing a partnership: what the proposer learns, and what an answer does."""

from typing import Any

from tests.cast import Cast, Player


def propose(player: Player, addressee: str, *, expect: int = 201, **terms: Any) -> Any:
    given = {"addressee": addressee, "message": "Shall we?", "terms": terms}
    return player.call("POST", "/proposals", json=given, expect=expect)


def received(player: Player) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = player.call("GET", "/received-proposals", expect=200)["items"]
    return [item for item in items if item["status"] == "open"]


def answer(player: Player, received_id: str, verb: str, *, expect: int) -> Any:
    return player.call("POST", f"/received-proposals/{received_id}/{verb}", expect=expect)


def without_own_marks(proposal: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in proposal.items() if name not in {"id", "addressee", "created_at"}}


def test_a_proposal_to_an_unknown_address_reads_like_one_to_a_known_address(cast: Cast) -> None:
    known = propose(cast.dana, "ines@initech.example")
    unknown = propose(cast.dana, "nobody@nowhere.example")

    assert without_own_marks(known) == without_own_marks(unknown)
    listed = cast.dana.call("GET", "/proposals?limit=2", expect=200)["items"]
    assert [item["id"] for item in listed] == [unknown["id"], known["id"]]
    assert without_own_marks(listed[0]) == without_own_marks(listed[1])
    codes = {propose(cast.dana, item["addressee"], expect=409)["code"] for item in listed}
    assert codes == {"proposal_open_already"}
    withdrawn = [cast.dana.call("POST", f"/proposals/{item['id']}/withdraw", expect=200) for item in listed]
    assert withdrawn[0] | {"answered_at": ""} | listed[1] == withdrawn[1] | {"answered_at": ""} | listed[1]


def test_the_addressee_reads_who_proposes_what_and_nothing_of_the_people_behind(cast: Cast) -> None:
    propose(cast.dana, "INES@initech.example", share_given_percent=60, response_hours=24)

    [arrived] = received(cast.ines)

    assert (arrived["proposer_name"], arrived["proposed_by_name"], arrived["message"]) == ("Acme", "Dana", "Shall we?")
    assert arrived["terms"] == {
        "share_given_percent": 60,
        "tolerance_points": 10,
        "response_hours": 24,
        "offer_days": 30,
        "value_disclosure": "band",
    }
    assert "@" not in str(arrived)
    assert received(cast.hank) == []


def test_one_open_proposal_per_address_whatever_its_case_until_it_is_withdrawn(cast: Cast) -> None:
    first = propose(cast.dana, "ines@initech.example")

    assert propose(cast.dana, "Ines@Initech.example", expect=409)["code"] == "proposal_open_already"
    propose(cast.hank, "ines@initech.example")

    cast.dana.call("POST", f"/proposals/{first['id']}/withdraw", expect=200)
    propose(cast.dana, "ines@initech.example")


def test_a_proposal_to_ones_own_people_is_refused_and_so_are_terms_that_cannot_be(cast: Cast) -> None:
    assert propose(cast.dana, "sam@acme.example", expect=422)["errors"][0]["field"] == "addressee"
    refused = propose(
        cast.dana, "ines@initech.example", expect=422, share_given_percent=0, tolerance_points=50, offer_days=0
    )
    assert {error["field"] for error in refused["errors"]} == {
        "terms.share_given_percent",
        "terms.tolerance_points",
        "terms.offer_days",
    }
    cast.sam.call("POST", "/proposals", json={"addressee": "ines@initech.example"}, expect=403)


def test_a_withdrawn_proposal_can_be_neither_withdrawn_again_nor_answered(cast: Cast) -> None:
    sent = propose(cast.dana, "ines@initech.example")
    [arrived] = received(cast.ines)
    withdrawn = cast.dana.call("POST", f"/proposals/{sent['id']}/withdraw", expect=200)

    assert (withdrawn["status"], withdrawn["answered_at"] is None) == ("withdrawn", False)
    again = cast.dana.call("POST", f"/proposals/{sent['id']}/withdraw", expect=409)
    assert again["code"] == "proposal_already_answered"
    for verb in ("accept", "decline"):
        assert answer(cast.ines, arrived["id"], verb, expect=409)["code"] == "proposal_already_answered"
    assert cast.ines.call("GET", "/received-proposals", expect=200)["items"][0]["status"] == "withdrawn"


def test_a_declined_proposal_is_told_to_its_proposer_and_stays_declined(cast: Cast) -> None:
    sent = propose(cast.dana, "ines@initech.example")
    [arrived] = received(cast.ines)

    assert answer(cast.ines, arrived["id"], "decline", expect=200)["status"] == "declined"

    told = cast.dana.call("GET", f"/proposals/{sent['id']}", expect=200)
    assert (told["status"], told["partnership_id"]) == ("declined", None)
    assert answer(cast.ines, arrived["id"], "accept", expect=409)["code"] == "proposal_already_answered"
    cast.dana.call("POST", f"/proposals/{sent['id']}/withdraw", expect=409)
    propose(cast.dana, "ines@initech.example")


def test_an_accepted_proposal_begins_one_partnership_with_the_two_who_agreed(cast: Cast) -> None:
    sent = propose(cast.dana, "ines@initech.example", share_given_percent=70, value_disclosure="exact")
    [arrived] = received(cast.ines)

    begun = answer(cast.ines, arrived["id"], "accept", expect=201)

    assert answer(cast.ines, arrived["id"], "accept", expect=409)["code"] in {
        "already_partners",
        "proposal_already_answered",
    }
    assert answer(cast.ines, arrived["id"], "decline", expect=409)["code"] == "proposal_already_answered"
    cast.dana.call("POST", f"/proposals/{sent['id']}/withdraw", expect=409)
    told = cast.dana.call("GET", f"/proposals/{sent['id']}", expect=200)
    assert (told["status"], told["partnership_id"]) == ("accepted", begun["id"])
    assert cast.dana.call("GET", f"/partnerships/{begun['id']}", expect=200) == begun
    assert [side["organization_id"] for side in begun["sides"]] == sorted(
        str(player.actor.organization_id) for player in (cast.dana, cast.ines)
    )
    assert {(member["name"], member["role"]) for member in begun["members"]} == {
        ("Dana", "partner_manager"),
        ("Ines", "partner_manager"),
    }
    acme_is_first = begun["sides"][0]["name"] == "Acme"
    assert begun["terms"]["share_given_percent"] == (70 if acme_is_first else 30)
    assert (begun["terms"]["version"], begun["terms"]["value_disclosure"]) == (1, "exact")


def test_partners_who_are_partners_already_cannot_begin_another_partnership(cast: Cast) -> None:
    propose(cast.dana, "hank@globex.example")
    propose(cast.hank, "dana@acme.example")

    for player in (cast.hank, cast.dana):
        [arrived] = received(player)
        assert answer(player, arrived["id"], "accept", expect=409)["code"] == "already_partners"
    assert len(cast.dana.call("GET", "/partnerships", expect=200)["items"]) == 1


def test_proposals_are_found_by_their_two_sides_alone(cast: Cast) -> None:
    sent = propose(cast.dana, "hank@globex.example")
    [arrived] = received(cast.hank)

    for other in (cast.hank, cast.ines):
        other.call("GET", f"/proposals/{sent['id']}", expect=404)
        other.call("POST", f"/proposals/{sent['id']}/withdraw", expect=404)
    for other in (cast.dana, cast.ines):
        for verb in ("accept", "decline"):
            answer(other, arrived["id"], verb, expect=404)
