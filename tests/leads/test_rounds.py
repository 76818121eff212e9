"""Exchange rounds: what is put in under seal is the other side's to read only when both have sealed, or never."""

import hashlib
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions import rounds as actions
from partnercrm.leads.actions import sealing
from tests.cast import Cast
from tests.factories import leads, rounds

MONEY = {"amount": "12500.00", "currency": "EUR"}


def committed(salt: str, document: Any) -> str:
    """Return the commitment as anybody works it out from the answer."""
    plain = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(bytes.fromhex(salt) + plain.encode()).hexdigest()


def system(player: Any) -> Actor:
    return Actor.system(player.actor.organization_id)


def test_a_round_is_agreed_sealed_and_revealed_at_once(cast: Cast) -> None:
    one = rounds.opened(cast.dana, cast.hank, cast.partnership_id, note="From the fair.")
    for number, how in enumerate(({"message": "They “decide”\nin May."}, {"shows_company": True})):
        named = {"company_name": f"Ünal & Söhne {number}", "need": f"Kites {number}", "value": MONEY}
        rounds.pick(cast.sam, one, leads.lead(cast.sam, **named, **leads.KNOWN, contact_email="r@u.example"), **how)
    rounds.filled(one, cast.gina)

    first = rounds.seal(cast.dana, one)
    [seal] = first["seals"]
    assert seal["document"] is seal["salt"] is None
    assert cast.gina.call("GET", f"/rounds/{one['id']}", expect=200) == first
    assert cast.gina.call("GET", "/offers", expect=200)["items"] == []

    both = rounds.seal(cast.hank, one)
    assert both["status"] == "revealed"
    for seal in both["seals"]:
        assert committed(seal["salt"], seal["document"]) == seal["commitment"]
    received = cast.gina.call("GET", "/offers", query_string={"direction": "received"}, expect=200)["items"]
    assert {offer["need"] for offer in received} == {"Kites 0", "Kites 1"}
    assert sorted(offer["company_name"] or "" for offer in received) == ["", "Ünal & Söhne 1"]
    assert all(offer["details"] is None and offer["status"] == "offered" for offer in received)
    assert len(cast.sam.call("GET", "/offers", query_string={"direction": "received"}, expect=200)["items"]) == 2


def test_details_open_when_a_lead_is_accepted_and_can_be_checked(cast: Cast) -> None:
    one = rounds.revealed(cast)
    offer = cast.gina.call("GET", "/offers", query_string={"direction": "received"}, expect=200)["items"][0]
    own = {opening["offer_id"] for opening in cast.gina.call("GET", f"/rounds/{one['id']}")["openings"]}
    assert offer["id"] not in own
    assert len(own) == 2

    leads.step(cast.gina, offer["id"], "accept")

    seen = cast.gina.call("GET", f"/rounds/{one['id']}", expect=200)
    promised = {lead["offer_id"]: lead["details"] for seal in seen["seals"] for lead in seal["document"]["leads"]}
    opened = {opening["offer_id"]: opening for opening in seen["openings"]}
    assert set(opened) == own | {offer["id"]}
    for offer_id, opening in opened.items():
        assert committed(opening["salt"], opening["details"]) == promised[offer_id]


def test_the_other_sides_clocks_begin_by_its_own_job_and_once(cast: Cast) -> None:
    one = rounds.revealed(cast)
    for _ in range(2):
        with db.transaction(system(cast.dana)):
            sealing.begin_offers(system(cast.dana), UUID(one["id"]))

    for player, direction in ((cast.sam, "given"), (cast.sam, "received")):
        for offer in player.call("GET", "/offers", query_string={"direction": direction}, expect=200)["items"]:
            told = player.call("GET", f"/offers/{offer['id']}/timeline", expect=200)["items"]
            assert [event["verb"] for event in told] == ["lead.offered"]


def test_what_is_picked_and_sealed_is_nothing_to_the_other_side(cast: Cast) -> None:
    one = rounds.filled(rounds.opened(cast.dana, cast.hank, cast.partnership_id), cast.sam)
    before = cast.hank.call("GET", f"/rounds/{one['id']}", expect=200)
    rounds.seal(cast.dana, one)

    assert before == one
    assert cast.hank.call("GET", f"/rounds/{one['id']}/picks", expect=200)["items"] == []
    assert [pick["is_sealed"] for pick in cast.dana.call("GET", f"/rounds/{one['id']}/picks")["items"]] == [True, True]
    assert cast.nora.call("GET", f"/rounds/{one['id']}", expect=404)
    assert cast.ines.call("GET", f"/rounds/{one['id']}", expect=404)
    assert cast.ines.call("POST", f"/rounds/{one['id']}/break-off", expect=404)


def test_a_lead_under_seal_is_promised_until_the_seal_is_broken(cast: Cast) -> None:
    one = rounds.opened(cast.dana, cast.hank, cast.partnership_id, leads_each=1)
    lead = leads.lead(cast.sam)
    rounds.pick(cast.sam, one, lead)
    rounds.seal(cast.dana, one)
    offer = {"lead_id": lead["id"], "partnership_id": str(cast.partnership_id)}
    tag = cast.sam.response("GET", f"/leads/{lead['id']}").headers["ETag"]

    refused = cast.sam.call("POST", "/offers", json=offer, expect=409)
    assert refused["code"] == "lead_under_seal"
    assert cast.sam.call("DELETE", f"/leads/{lead['id']}", if_match=tag, expect=409)["code"] == "lead_under_seal"
    again = cast.sam.call("POST", f"/rounds/{one['id']}/pick", json={"lead_id": lead["id"]}, expect=409)
    assert again["code"] == cast.dana.call("POST", f"/rounds/{one['id']}/seal", expect=409)["code"] == "round_sealed"

    broken = cast.dana.call("POST", f"/rounds/{one['id']}/unseal", expect=200)
    assert broken["seals"][0]["withdrawn_at"]
    assert broken["seals"][0]["document"] is None
    cast.dana.call("POST", f"/rounds/{one['id']}/unseal", expect=409)
    cast.sam.call("POST", "/offers", json=offer, expect=201)
    refused = cast.dana.call("POST", f"/rounds/{one['id']}/seal", expect=422)
    assert [error["field"] for error in refused["errors"]] == [f"leads.{lead['id']}"]


def test_a_side_seals_as_many_as_agreed_and_each_company_once(cast: Cast) -> None:
    one = rounds.opened(cast.dana, cast.hank, cast.partnership_id)
    same = {"company_name": "Contoso", "need": "Kites"}
    rounds.pick(cast.sam, one, leads.lead(cast.sam, **same))
    refused = cast.dana.call("POST", f"/rounds/{one['id']}/seal", expect=409)
    assert (refused["code"], refused["facts"]) == ("round_not_filled", {"picked": 1, "leads_each": 2})

    twice = leads.lead(cast.sam, **same)
    rounds.pick(cast.sam, one, twice)
    assert cast.dana.call("POST", f"/rounds/{one['id']}/seal", expect=422)["code"] == "picks_refused"

    cast.sam.call("POST", f"/rounds/{one['id']}/unpick", json={"lead_id": twice["id"]}, expect=200)
    cast.sam.call("POST", f"/rounds/{one['id']}/unpick", json={"lead_id": twice["id"]}, expect=422)
    rounds.pick(cast.sam, one)
    rounds.seal(cast.dana, one)


def test_what_ends_without_an_exchange_is_returned_untouched(cast: Cast) -> None:
    lead = leads.lead(cast.sam)
    for number, end in enumerate(("break off", "time", "pause")):
        one = rounds.opened(cast.dana, cast.hank, cast.partnership_id, leads_each=1)
        rounds.pick(cast.sam, one, lead)
        rounds.seal(cast.dana, one)
        match end:
            case "break off":
                cast.hank.call("POST", f"/rounds/{one['id']}/break-off", expect=200)
            case "time":
                with db.transaction(system(cast.hank)):
                    actions.return_round(system(cast.hank), UUID(one["id"]))
                assert cast.dana.call("GET", f"/rounds/{one['id']}")["status"] == "open"
                with clock.at(clock.now() + timedelta(days=8)):
                    cast.hank.call("POST", f"/rounds/{one['id']}/seal", expect=409)
                    with db.transaction(system(cast.hank)):
                        actions.return_round(system(cast.hank), UUID(one["id"]))
            case "pause":
                cast.hank.call("POST", f"/partnerships/{cast.partnership_id}/pause", json={}, expect=200)
        seen = cast.gina.call("GET", f"/rounds/{one['id']}", expect=200)
        assert (seen["status"], seen["seals"]) == ("returned", []), number
        assert cast.dana.call("GET", f"/rounds/{one['id']}/picks")["items"] == []
        assert cast.sam.call("GET", f"/leads/{lead['id']}", expect=200) == lead
        cast.hank.call("POST", f"/rounds/{one['id']}/seal", expect=409)
    cast.dana.call("POST", "/rounds", json={"partnership_id": str(cast.partnership_id)}, expect=422)


def test_four_eyes_across_the_wall_agree(cast: Cast) -> None:
    one = rounds.propose(cast.dana, cast.partnership_id)
    again = {"partnership_id": str(cast.partnership_id), "leads_each": 1, "ends_at": one["ends_at"]}
    assert cast.hank.call("POST", "/rounds", json=again, expect=409)["code"] == "round_goes_on"
    assert cast.dana.call("POST", f"/rounds/{one['id']}/agree", expect=409)["code"] == "answered_by_the_other"
    cast.gina.call("POST", f"/rounds/{one['id']}/agree", expect=403)
    assert cast.sam.call("POST", f"/rounds/{one['id']}/pick", json={"lead_id": leads.lead(cast.sam)["id"]}, expect=409)
    cast.dana.call("POST", f"/rounds/{one['id']}/withdraw", expect=200)
    cast.hank.call("POST", f"/rounds/{one['id']}/decline", expect=409)
    soon = again | {"ends_at": clock.now().isoformat()}
    assert cast.dana.call("POST", "/rounds", json=soon, expect=422)["errors"][0]["field"] == "ends_at"
    two = rounds.propose(cast.hank, cast.partnership_id)
    cast.dana.call("POST", f"/rounds/{two['id']}/decline", expect=200)
    listed = cast.gina.call("GET", "/rounds", expect=200)["items"]
    assert [item["status"] for item in listed] == ["declined", "withdrawn"]


def test_terms_that_change_after_sealing_break_the_seal_and_the_round_goes_on(cast: Cast) -> None:
    one = rounds.filled(rounds.opened(cast.dana, cast.hank, cast.partnership_id), cast.sam, cast.gina)
    rounds.seal(cast.dana, one)
    change = {"based_on": 1, "terms": {"value_disclosure": "band"}}
    proposed = cast.dana.call("POST", f"/partnerships/{cast.partnership_id}/term-changes", json=change, expect=201)
    cast.hank.call("POST", f"/term-changes/{proposed['id']}/accept", expect=200)

    seen = rounds.seal(cast.hank, one)

    ours, theirs = (
        next(seal for seal in seen["seals"] if seal["organization_id"] == str(player.actor.organization_id))
        for player in (cast.dana, cast.hank)
    )
    assert (seen["status"], bool(ours["withdrawn_at"]), theirs["withdrawn_at"]) == ("open", True, None)
    assert rounds.seal(cast.dana, one)["status"] == "revealed"


def test_who_has_not_sealed_is_reminded_and_a_leaver_breaks_nothing(cast: Cast) -> None:
    one = rounds.filled(rounds.opened(cast.dana, cast.hank, cast.partnership_id), cast.sam, cast.gina)
    rounds.seal(cast.dana, one)
    for player in (cast.dana, cast.hank):
        with db.transaction(system(player)):
            actions.remind_of_round(system(player), UUID(one["id"]))
    told = {
        player.email: [notice["kind"] for notice in player.call("GET", "/notices", expect=200)["items"]]
        for player in (cast.dana, cast.hank)
    }
    assert "round.due" in told[cast.hank.email]
    assert "round.due" not in told[cast.dana.email]

    members = cast.dana.call("GET", f"/partnerships/{cast.partnership_id}", expect=200)["members"]
    [sams] = [member["id"] for member in members if member["name"] == "Sam"]
    cast.dana.call("POST", f"/partnerships/{cast.partnership_id}/members/{sams}/release", expect=200)
    assert rounds.seal(cast.hank, one)["status"] == "revealed"
    given = cast.dana.call("GET", "/offers", query_string={"direction": "given"}, expect=200)["items"]
    assert [cast.dana.call("GET", f"/offers/{offer['id']}")["giver_member"]["name"] for offer in given] == ["Dana"] * 2
