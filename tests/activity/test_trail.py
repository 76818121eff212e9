"""Who did what: a company's own trail, and the timeline both sides read."""

from typing import Any

from tests.cast import Cast, Player
from tests.factories import leads


def trail(player: Player, **query: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = player.call("GET", "/activities", query_string=query, expect=200)["items"]
    return items


def test_a_trail_names_who_did_what_through_which_token_in_which_request(cast: Cast) -> None:
    entered = cast.sam.response(
        "POST", "/leads", json={"company_name": "Contoso", "need": "Kite"}, headers={"X-Request-ID": "abc-123"}
    )

    [listed] = trail(cast.ada, verb="lead.entered", subject_id=entered.json["id"])
    noted = cast.ada.call("POST", f"/activities/{listed['id']}/open", json={"purpose": "A question."}, expect=200)

    assert (listed["user_id"], listed["token_id"], listed["request_id"]) == (None, None, "")
    assert (noted["verb"], noted["subject"], noted["subject_id"]) == ("lead.entered", "leads", entered.json["id"])
    assert noted["user_id"] == str(cast.sam.actor.user_id)
    assert noted["token_id"] == str(cast.sam.actor.token_id)
    assert noted["request_id"] == entered.headers["X-Request-ID"]
    assert noted["happened_at"] <= noted["recorded_at"]
    assert "Contoso" not in str(noted)


def test_each_company_reads_its_own_trail_alone_newest_first(cast: Cast) -> None:
    made = leads.offer_at(cast, "accepted")

    assert [one["verb"] for one in trail(cast.ada, subject_id=made["id"])] == ["lead.offered"]
    given = {"email": "olga@globex.example", "name": "Olga", "roles": ["admin"], "password": "a long enough sentence"}
    assert "lead.accepted" not in {one["verb"] for one in trail(cast.ada, limit="200")}
    theirs = trail(cast.ines, limit="200")
    assert "lead.offered" not in {one["verb"] for one in theirs}
    assert [one["recorded_at"] for one in theirs] == sorted((one["recorded_at"] for one in theirs), reverse=True)
    for player in (cast.sam, cast.dana, cast.gina):
        player.call("GET", "/activities", expect=403)
        player.call("POST", "/users", json=given, expect=403)


def test_what_was_refused_leaves_no_trace_in_the_trail(cast: Cast) -> None:
    made = leads.offer_at(cast, "withdrawn")
    before = trail(cast.ada, limit="200")

    cast.sam.call("POST", f"/offers/{made['id']}/withdraw", expect=409)

    assert trail(cast.ada, limit="200") == before


def test_both_sides_read_the_same_timeline_and_never_who_acted(cast: Cast) -> None:
    made = leads.offer(cast.sam, cast.partnership_id)
    leads.step(cast.gina, made["id"], "decline", reason="no_capacity", note="Until June.")
    path = f"/offers/{made['id']}/timeline"

    given, received = (player.response("GET", path) for player in (cast.dana, cast.gina))

    assert given.data == received.data
    assert [(one["verb"], one["acting_organization_id"], one["facts"]) for one in given.json["items"]] == [
        ("lead.offered", made["giver_id"], {}),
        ("lead.declined", made["receiver_id"], {"reason": "no_capacity", "note": "Until June."}),
    ]
    for person in (cast.sam, cast.gina):
        assert str(person.actor.user_id) not in given.text
    for outsider in (cast.nora, cast.ines):
        outsider.call("GET", path, expect=404)
