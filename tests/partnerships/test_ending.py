"""Ending a partnership: everything shared is gone for both sides at once."""

from typing import Any

import psycopg

from tests.cast import Cast, partnership
from tests.factories import leads
from tests.servers import TestServer


def end(cast: Cast, *, expect: int = 200) -> Any:
    path = f"/partnerships/{cast.partnership_id}"
    tag = cast.hank.response("GET", path).headers["ETag"]
    return cast.dana.call("POST", f"{path}/end", if_match=tag, expect=expect)


def copies(test_server: TestServer, database: str) -> int:
    with psycopg.connect(test_server.admin(database)) as connection:
        found = connection.execute("SELECT count(*) FROM offer_details").fetchone()
    assert found is not None
    return int(found[0])


def test_from_the_end_on_neither_side_reads_anything_that_was_shared(
    cast: Cast, database: str, test_server: TestServer
) -> None:
    offered, won = leads.offer_at(cast, "offered"), leads.offer_at(cast, "won")
    assert copies(test_server, database) == 2

    ended = end(cast)

    assert (ended["status"], ended["ended_at"] is None) == ("ended", False)
    assert copies(test_server, database) == 0
    for player in (cast.sam, cast.dana, cast.gina, cast.hank):
        for offer in (offered, won):
            player.call("GET", f"/offers/{offer['id']}", expect=404)
            player.call("GET", f"/offers/{offer['id']}/timeline", expect=404)
        assert player.call("GET", "/offers", expect=200)["items"] == []
        player.call("GET", f"/partnerships/{cast.partnership_id}/reciprocity", expect=404)
        assert player.call("GET", "/me", expect=200)["partnership_ids"] == []
    cast.gina.call("POST", f"/offers/{offered['id']}/accept", expect=404)
    cast.sam.call("POST", f"/offers/{offered['id']}/withdraw", expect=404)


def test_the_giver_keeps_its_own_leads_as_drafts_and_the_receiver_keeps_none(cast: Cast) -> None:
    leads.offer_at(cast, "accepted")
    end(cast)

    [kept] = cast.sam.call("GET", "/leads", expect=200)["items"]
    assert (kept["status"], kept["offer_id"]) == ("draft", None)
    assert cast.gina.call("GET", "/leads", expect=200)["items"] == []


def test_an_ended_partnership_stays_on_record_and_nothing_more_happens_in_it(cast: Cast) -> None:
    before = cast.dana.call("GET", f"/partnerships/{cast.partnership_id}", expect=200)
    end(cast)

    assert end(cast, expect=409)["code"] == "partnership_ended"
    member = next(member for member in before["members"] if member["name"] == "Sam")
    path = f"/partnerships/{cast.partnership_id}/members"
    given = {"user_id": str(cast.nora.actor.user_id), "role": "seller"}
    assert cast.dana.call("POST", path, json=given, expect=409)["code"] == "partnership_ended"
    assert cast.dana.call("POST", f"{path}/{member['id']}/release", expect=409)["code"] == "partnership_ended"
    listed = cast.gina.call("GET", "/partnerships", expect=200)["items"]
    assert [(one["id"], one["status"]) for one in listed] == [(str(cast.partnership_id), "ended")]
    draft = leads.lead(cast.sam)
    refused = cast.sam.call(
        "POST",
        "/offers",
        json={"lead_id": draft["id"], "partnership_id": str(cast.partnership_id)},
        expect=422,
    )
    assert [error["field"] for error in refused["errors"]] == ["partnership_id"]


def test_only_who_may_ends_it_and_only_as_they_read_it(cast: Cast) -> None:
    path = f"/partnerships/{cast.partnership_id}/end"

    assert cast.dana.call("POST", path, expect=428)["code"] == "match_required"
    assert cast.dana.call("POST", path, if_match='"older"', expect=412)["code"] == "stale"
    cast.sam.call("POST", path, if_match='"older"', expect=403)
    cast.ines.call("POST", path, if_match='"older"', expect=404)


def test_a_new_partnership_may_begin_and_starts_from_nothing(cast: Cast) -> None:
    leads.offer_at(cast, "accepted")
    end(cast)

    again = partnership(cast.hank, cast.dana)

    assert again != cast.partnership_id
    assert cast.dana.call("GET", "/offers", expect=200)["items"] == []
    report = cast.dana.call("GET", f"/partnerships/{again}/reciprocity", expect=200)
    assert (report["exchanges"][0]["first"], report["exchanges"][0]["second"], report["months"]) == (0, 0, [])
    [kept] = cast.sam.call("GET", "/leads", expect=200)["items"]
    given = {"lead_id": kept["id"], "partnership_id": str(again)}
    cast.sam.call("POST", "/offers", json=given, expect=422)
    manager = {"user_id": str(cast.sam.actor.user_id), "role": "seller"}
    cast.dana.call("POST", f"/partnerships/{again}/members", json=manager, expect=201)
    assert cast.sam.call("POST", "/offers", json=given, expect=201)["status"] == "offered"
