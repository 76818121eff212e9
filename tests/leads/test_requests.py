"""Beyond the trust advance: a manager knowingly, everybody else by asking theirs; the partner learns of nothing."""

import re
from functools import partial

import psycopg

from tests.cast import Cast, Player
from tests.crowd import at_once
from tests.factories import leads, terms
from tests.factories.notices import told
from tests.factories.requests import asked, spent
from tests.identity.test_leaving import close
from tests.servers import TestServer
from tests.surfer import Surfer


def all_that(player: Player, cast: Cast) -> list[str]:
    """Return what somebody reads of the partnership, as it came over the wire."""
    paths = ("/offers", "/notices", "/offer-requests", "/activities?limit=200", "/cases", "/leads")
    of_it = ("", "/turn", "/reciprocity", "/disclosures", "/flows")
    every = (*paths, *(f"/partnerships/{cast.partnership_id}{part}" for part in of_it))
    return [re.sub(r'"(request_id|as_of)": ?"[^"]*"', "", player.response("GET", path).text) for path in every]


def test_a_seller_asks_the_own_manager_who_offers_it_and_the_partner_learns_of_the_offer_alone(cast: Cast) -> None:
    spent(cast)
    lead = leads.lead(cast.sam)
    given = {"lead_id": lead["id"], "partnership_id": str(cast.partnership_id)}
    refused = cast.sam.call("POST", "/offers", json=given | {"beyond_trust_advance": True}, expect=409)
    assert (refused["code"], refused["facts"]) == (
        "trust_advance_given",
        {"given": 1, "received": 0, "trust_advance": 1},
    )
    assert "ask" in refused["detail"]
    before = [all_that(player, cast) for player in (cast.gina, cast.hank)]

    request = asked(cast.sam, cast, lead_id=lead["id"], message="Call soon.")

    path = f"/offer-requests/{request['id']}"
    assert asked(cast.sam, cast, lead_id=lead["id"], expect=409)["code"] == "asked_already"
    assert [all_that(player, cast) for player in (cast.gina, cast.hank)] == before
    for stranger in (cast.gina, cast.hank, cast.nora, cast.ines):
        never = stranger.response("GET", "/offer-requests/0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a").json
        hidden = stranger.response("GET", path).json
        assert hidden | {"request_id": ""} == never | {"request_id": ""}
    assert told(cast.dana)[0] == "offer_request.asked"
    assert cast.dana.call("GET", path, expect=200)["asked_by"]["name"] == "Sam"
    assert cast.dana.call("GET", "/offer-requests", expect=200)["items"][0]["asked_by"] is None
    cast.sam.call("POST", f"{path}/offer", expect=409)
    cast.sam.call("POST", f"{path}/decline", json={"answer": "No."}, expect=403)
    cast.dana.call("POST", f"{path}/withdraw", expect=403)

    offered = cast.dana.call("POST", f"{path}/offer", expect=200)

    assert (offered["giver_member"]["name"], offered["details"]["message"]) == ("Sam", "Call soon.")
    assert cast.gina.call("GET", f"/offers/{offered['id']}", expect=200)["giver_member"]["name"] == "Sam"
    assert told(cast.sam)[0] == "offer_request.approved"
    cast.sam.call("GET", path, expect=404)
    cast.dana.call("POST", f"{path}/offer", expect=404)


def test_a_request_that_is_declined_says_why_and_can_be_made_anew_or_put_away(cast: Cast) -> None:
    spent(cast)
    request = asked(cast.sam, cast)
    path = f"/offer-requests/{request['id']}"

    cast.dana.call("POST", f"{path}/decline", json={}, expect=422)
    cast.dana.call("POST", f"{path}/decline", json={"answer": "Theirs comes on Friday."}, expect=200)

    read = cast.sam.call("GET", path, expect=200)
    assert (read["status"], read["answer"]) == ("declined", "Theirs comes on Friday.")
    assert told(cast.sam)[0] == "offer_request.declined"
    assert cast.dana.call("GET", path, expect=200)["asked_by"] is None
    assert cast.dana.call("POST", f"{path}/offer", expect=409)["code"] == "request_declined"
    again = asked(cast.sam, cast, lead_id=request["lead_id"])
    cast.sam.call("GET", path, expect=404)
    cast.sam.call("POST", f"/offer-requests/{again['id']}/withdraw", expect=204)
    assert cast.sam.call("GET", "/offer-requests", expect=200)["items"] == []
    cast.sam.call("GET", f"/leads/{request['lead_id']}", expect=200)


def test_once_the_turn_comes_round_who_asked_offers_it_without_anybodys_yes(cast: Cast) -> None:
    spent(cast)
    request = asked(cast.sam, cast)
    turn = f"/partnerships/{cast.partnership_id}/turn"
    due = cast.sam.call("GET", turn, expect=200)
    assert cast.gina.response("GET", turn).data == cast.sam.response("GET", turn).data
    assert due["next_to_give"] == {"organization_id": str(cast.gina.actor.organization_id), "leads": 1}
    assert {one["organization_id"]: (one["given"], one["left"]) for one in due["sides"]} == {
        str(cast.sam.actor.organization_id): (1, 0),
        str(cast.gina.actor.organization_id): (0, 2),
    }

    leads.offer(cast.gina, cast.partnership_id)

    assert cast.sam.call("GET", turn, expect=200)["next_to_give"] is None
    assert asked(cast.sam, cast, expect=409)["code"] == "still_your_turn"
    cast.sam.call("POST", f"/offer-requests/{request['id']}/offer", expect=200)


def test_a_manager_goes_beyond_knowingly_and_accepting_is_never_blocked(cast: Cast) -> None:
    spent(cast)
    given = {"partnership_id": str(cast.partnership_id), "lead_id": leads.lead(cast.dana)["id"]}
    assert cast.dana.call("POST", "/offers", json=given, expect=409)["code"] == "trust_advance_given"
    offered = cast.dana.call("POST", "/offers", json=given | {"beyond_trust_advance": True}, expect=201)

    leads.step(cast.gina, offered["id"], "accept")


def test_a_request_ends_with_its_lead_and_with_the_partnership(
    cast: Cast, database: str, test_server: TestServer
) -> None:
    spent(cast)
    elsewhere, discarded, left = (asked(cast.sam, cast) for _ in range(3))
    given = {"partnership_id": str(cast.partnership_id), "beyond_trust_advance": True}

    cast.dana.call("POST", "/offers", json=given | {"lead_id": elsewhere["lead_id"]}, expect=201)
    tag = cast.sam.response("GET", f"/leads/{discarded['lead_id']}").headers["ETag"]
    cast.sam.call("DELETE", f"/leads/{discarded['lead_id']}", if_match=tag, expect=204)

    assert [one["id"] for one in cast.sam.call("GET", "/offer-requests", expect=200)["items"]] == [left["id"]]
    tag = cast.dana.response("GET", f"/partnerships/{cast.partnership_id}").headers["ETag"]
    cast.dana.call("POST", f"/partnerships/{cast.partnership_id}/end", if_match=tag, expect=200)
    cast.sam.call("GET", f"/offer-requests/{left['id']}", expect=404)
    with psycopg.connect(test_server.admin(database)) as connection:
        assert connection.execute("SELECT id FROM offer_requests").fetchall() == []


def test_what_a_leaver_asked_passes_to_the_successor(cast: Cast) -> None:
    spent(cast)
    request = asked(cast.sam, cast)
    assert close(cast, expect=409)["facts"]["holds"][-1] == "requests to offer"

    close(cast, to="dana")

    assert cast.dana.call("GET", f"/offer-requests/{request['id']}", expect=200)["asked_by"]["name"] == "Dana"


def test_eight_at_once_against_an_advance_of_three_offer_exactly_three(cast: Cast) -> None:
    terms.agree(cast, trust_advance=3)
    bodies = [{"lead_id": leads.lead(cast.sam)["id"], "partnership_id": str(cast.partnership_id)} for _ in range(8)]
    calls = [partial(cast.sam.response, "POST", "/offers", json=body) for body in bodies]

    answered = [response.status_code for response in at_once(calls)]

    assert sorted(answered) == [201] * 3 + [409] * 5
    refused = [body for body, status in zip(bodies, answered, strict=True) if status == 409]
    request = asked(cast.sam, cast, lead_id=refused[0]["lead_id"])
    path = f"/offer-requests/{request['id']}/offer"
    direct = refused[0] | {"beyond_trust_advance": True}
    both = [partial(cast.dana.response, "POST", path)] * 4
    both += [partial(cast.dana.response, "POST", "/offers", json=direct)] * 4
    won = [response.status_code for response in at_once(both)]
    assert (sum(status < 300 for status in won), max(won)) == (1, 409)


def test_the_pages_say_who_gives_next_and_never_who_owes(cast: Cast) -> None:
    spent(cast)
    sam, dana = (Surfer.signed_in(cast.app, player.email) for player in (cast.sam, cast.dana))
    lead = leads.lead(cast.sam, need="Kite Basic")
    path = f"/leads/{lead['id']}/offer"
    for page in ("/offers/new", path, f"/partnerships/{cast.partnership_id}/reciprocity"):
        assert "Globex offers next (1), until both have offered as many" in sam.open(page).text
    for page in ("/", f"/partnerships/{cast.partnership_id}", "/offers/new"):
        text = dana.open(page).text
        assert "Globex offers next (1)" in text
        assert re.findall(r"\bow(?:e|es|ed|ing)\b", text) == []

    form = {"partnership_id": str(cast.partnership_id), "beyond_trust_advance": "true", "note": "In May."}
    asking = sam.send(path, form, shown_on=path)
    shown = asking.headers["Location"]
    new = form | {"company_name": "Wingtip", "need": "Anvils"}
    sam.send("/offers/new", new, shown_on="/offers/new")

    assert "Your partner manager decides" in sam.open(shown).text
    assert all(need in dana.open("/").text for need in ("Kite Basic", "Anvils"))
    assert "Leads you asked to offer" in sam.open("/offers/given").text
    dana.send(f"{shown}/decline", {"answer": "After theirs."}, shown_on=shown)
    assert "After theirs." in sam.open(shown).text
    assert dana.send(f"{shown}/offer", {}, shown_on=shown).status_code == 409
    assert sam.send(f"{shown}/withdraw", {}, shown_on=shown).status_code == 303
    [other] = cast.dana.call("GET", "/offer-requests", expect=200)["items"]
    gone = dana.send(f"/offer-requests/{other['id']}/offer", {}, shown_on=f"/offer-requests/{other['id']}")
    assert "/offers/" in gone.headers["Location"]
