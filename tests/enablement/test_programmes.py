"""Programmes over the API: kept by managers, done by sellers, read by nobody of the other side."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from partnercrm.enablement import jobs
from partnercrm.enablement.actions import telling
from partnercrm.enablement.gates import Verdict
from partnercrm.enablement.items import Gated
from partnercrm.enablement.queries.gate import Gate, gate
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from tests.cast import Cast, Player
from tests.factories.enablement import acknowledge, change, exception, gates, item, own, passed


def states(player: Player, cast: Cast) -> dict[str, str]:
    return {one["item_id"]: one["place"]["state"] for one in own(player, cast.partnership_id)["items"]}


def asked(cast: Cast, what: Gated = Gated.REGISTERING) -> Gate:
    sam = cast.sam.actor
    assert sam.user_id is not None
    with db.transaction(sam, read_only=True):
        return gate(sam, cast.partnership_id, sam.user_id, clock.now(), what)


def remind(cast: Cast) -> None:
    hand = Actor.system(cast.sam.actor.organization_id)
    with db.transaction(hand):
        telling.remind(hand)


def test_a_seller_is_enabled_once_all_that_must_be_known_is(cast: Cast) -> None:
    note, course = item(cast.dana, cast.partnership_id), item(cast.dana, cast.partnership_id, "course")
    certificate = item(cast.dana, cast.partnership_id, "certificate", valid_days=365)
    item(cast.dana, cast.partnership_id, "live_session", is_must_know=False)
    item(cast.dana, cast.partnership_id, roles=["executive"])
    assert own(cast.sam, cast.partnership_id)["status"] == "unaware"

    acknowledge(cast.sam, note["id"])
    path = f"/enablement-items/{course['id']}/answers"
    failed = cast.sam.call("POST", path, json={"answers": [0, 0]}, expect=200)
    assert (failed["outcome"], failed["score"]) == ("failed", 50)
    assert own(cast.sam, cast.partnership_id)["status"] == "in_progress"
    cast.sam.call("POST", path, json={"answers": [0, 1]}, expect=200)
    passed(cast.dana, certificate["id"], cast.sam, days_ago=1)

    stands = own(cast.sam, cast.partnership_id)
    assert (stands["status"], len(stands["items"])) == ("enabled", 4)
    assert [one for one in stands["items"] if one["is_missing"]] == []
    with clock.at(clock.now() + timedelta(days=364)):
        assert own(cast.sam, cast.partnership_id)["status"] == "expired"
    was = {"at": (clock.now() - timedelta(hours=3)).isoformat()}
    before = cast.sam.call("GET", f"/partnerships/{cast.partnership_id}/enablement", query_string=was, expect=200)
    assert (before["status"], before["items"]) == ("aware", [])


def test_a_new_version_of_what_must_be_known_reopens_it_and_those_who_knew_it_are_told(cast: Cast) -> None:
    note = item(cast.dana, cast.partnership_id)
    acknowledge(cast.sam, note["id"])

    kept = change(cast.dana, note["id"], valid_days=700, title=note["title"])
    assert (kept["version"], states(cast.sam, cast)[note["id"]]) == (2, "done")
    reopened = change(cast.dana, note["id"], text="They connect other terminals too.")
    jobs.tell_of_reopened(str(cast.sam.actor.organization_id), note["id"])

    assert (reopened["version"], states(cast.sam, cast)[note["id"]]) == (3, "reopened")
    [told] = cast.sam.call("GET", "/notices", expect=200)["items"]
    assert told["kind"] == "enablement.reopened"
    acknowledge(cast.sam, note["id"])
    assert own(cast.sam, cast.partnership_id)["status"] == "enabled"
    versions = cast.sam.call("GET", f"/enablement-items/{note['id']}/versions", expect=200)["items"]
    assert [(one["version"], one["reopens"]) for one in versions] == [(3, True), (2, False), (1, False)]


def test_who_was_never_told_is_told_once_and_nobody_reads_who_that_was(cast: Cast) -> None:
    item(cast.dana, cast.partnership_id)
    path = f"/partnerships/{cast.partnership_id}/enablement/tell"

    assert cast.dana.call("POST", path, expect=204) is None
    for _ in range(2):
        jobs.tell(str(cast.dana.actor.organization_id), str(cast.partnership_id))

    for player in (cast.sam, cast.nora):
        assert [one["kind"] for one in player.call("GET", "/notices", expect=200)["items"]] == ["enablement.told"]
        assert own(player, cast.partnership_id)["status"] == "aware"
    assert cast.gina.call("GET", "/notices", expect=200)["items"] == []


def test_what_runs_out_is_told_once_for_each_end(cast: Cast) -> None:
    certificate = item(cast.dana, cast.partnership_id, "certificate", valid_days=40, renew_days=10)
    passed(cast.dana, certificate["id"], cast.sam, days_ago=5)

    remind(cast)
    assert cast.sam.call("GET", "/notices", expect=200)["items"] == []
    with clock.at(clock.now() + timedelta(days=26)):
        for _ in range(2):
            remind(cast)
        assert [one["kind"] for one in cast.sam.call("GET", "/notices", expect=200)["items"]] == ["enablement.ending"]


def test_the_gate_says_what_is_missing_at_that_moment_and_an_exception_lets_pass(cast: Cast) -> None:
    note = item(cast.dana, cast.partnership_id)
    assert asked(cast).verdict is Verdict.PASSED
    gates(cast.dana, cast.partnership_id, registering="warn", receiving="block")

    warned, blocked = asked(cast), asked(cast, Gated.RECEIVING)
    assert (warned.verdict, blocked.verdict) == (Verdict.WARNED, Verdict.BLOCKED)
    assert [(one.title, one.link) for one in blocked.missing] == [(note["title"], f"/enablement/items/{note['id']}")]

    granted = exception(cast.dana, cast.partnership_id, cast.sam, days=3)
    excepted = asked(cast, Gated.RECEIVING)
    assert (excepted.verdict, excepted.is_excepted, len(excepted.missing)) == (Verdict.PASSED, True, 1)
    with clock.at(clock.now() + timedelta(days=4)):
        assert asked(cast, Gated.RECEIVING).is_blocked
    ended = f"/enablement-exceptions/{granted['id']}/end"
    cast.dana.call("POST", ended, expect=200)
    assert cast.dana.call("POST", ended, expect=409)["code"] == "exception_over"
    assert asked(cast, Gated.RECEIVING).is_blocked
    acknowledge(cast.sam, note["id"])
    assert asked(cast, Gated.RECEIVING).verdict is Verdict.PASSED


def test_an_exception_is_somebody_elses_to_give_with_a_reason_and_an_end(cast: Cast) -> None:
    path = f"/partnerships/{cast.partnership_id}/enablement-exceptions"
    later = (clock.now() + timedelta(days=3)).isoformat()
    mine = {"user_id": str(cast.dana.actor.user_id), "reason": "Me.", "ends_at": later}
    for wrong in (mine, mine | {"user_id": str(cast.gina.actor.user_id)}):
        assert [one["field"] for one in cast.dana.call("POST", path, json=wrong, expect=422)["errors"]] == ["user_id"]
    past = {"user_id": str(cast.sam.actor.user_id), "reason": "Late.", "ends_at": "2020-01-01T00:00:00Z"}
    assert cast.dana.call("POST", path, json=past, expect=422)["errors"][0]["field"] == "ends_at"
    assert {one["field"] for one in cast.dana.call("POST", path, json={}, expect=422)["errors"]} == {
        *("user_id", "reason", "ends_at")
    }
    granted = exception(cast.dana, cast.partnership_id, cast.sam)

    assert [one["id"] for one in cast.sam.call("GET", path, expect=200)["items"]] == [granted["id"]]
    assert cast.nora.call("GET", path, expect=200)["items"] == []


def test_where_colleagues_stand_is_read_only_as_the_works_agreement_says_and_each_reads_that_somebody_looked(
    cast: Cast,
) -> None:
    acknowledge(cast.sam, item(cast.dana, cast.partnership_id)["id"])
    path = f"/partnerships/{cast.partnership_id}/enablement/people"
    assert cast.dana.call("GET", path, expect=403)["code"] == "figures_are_private"
    cast.sam.call("GET", path, expect=403)

    cast.ada.call("POST", "/works-agreement", json={"person_figures": "managers", "reason": "Agreed."}, expect=201)
    people = {one["name"]: one["status"] for one in cast.dana.call("GET", path, expect=200)["people"]}

    assert people == {"Dana": "unaware", "Nora": "unaware", "Sam": "enabled"}
    assert [one["facts"]["what"] for one in cast.sam.call("GET", "/activities/looks-at-me", expect=200)["looks"]] == [
        "figures"
    ]


def test_the_partner_and_the_stranger_read_nothing_of_it(cast: Cast) -> None:
    made = item(cast.dana, cast.partnership_id)
    never = f"/enablement-items/{made['id'][:-4]}0000"

    for player in (cast.hank, cast.gina, cast.ines):
        hidden = player.call("GET", f"/enablement-items/{made['id']}", expect=404)
        assert {**hidden, "request_id": ""} == {**player.call("GET", never, expect=404), "request_id": ""}
    listed = f"/partnerships/{cast.partnership_id}/enablement-items"
    assert cast.hank.call("GET", listed, expect=200)["items"] == []
    cast.ines.call("GET", listed, expect=404)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"kind": "course", "title": "X"}, {"quiz"}),
        (
            {"kind": "certificate", "title": "X", "quiz": [{"question": "?", "answers": ["a", "b"], "right": 0}]},
            {"quiz"},
        ),
        (
            {"kind": "course", "title": "X", "quiz": [{"question": "?", "answers": ["a", "b"], "right": 2}]},
            {"quiz.0.right"},
        ),
        (
            {"kind": "poem", "roles": [], "link": "http://x", "valid_days": 0},
            {"kind", "title", "roles", "link", "valid_days"},
        ),
    ],
)
def test_what_is_wrong_of_an_item_is_named(cast: Cast, given: dict[str, Any], wrong: set[str]) -> None:
    path = f"/partnerships/{cast.partnership_id}/enablement-items"

    assert {one["field"] for one in cast.dana.call("POST", path, json=given, expect=422)["errors"]} == wrong


def test_each_kind_is_done_in_its_own_way_and_what_was_put_away_in_none(cast: Cast) -> None:
    note, session = item(cast.dana, cast.partnership_id), item(cast.dana, cast.partnership_id, "live_session")
    cast.sam.call("POST", f"/enablement-items/{session['id']}/acknowledge", expect=409)
    cast.sam.call("POST", f"/enablement-items/{note['id']}/answers", json={"answers": [0]}, expect=409)
    cast.sam.call("POST", f"/enablement-items/{session['id']}/start", expect=200)
    assert states(cast.sam, cast)[session["id"]] == "started"

    archived = cast.dana.call("POST", f"/enablement-items/{session['id']}/archive", expect=200)
    assert archived["archived_at"]
    assert cast.sam.call("POST", f"/enablement-items/{session['id']}/start", expect=409)["code"] == "item_archived"
    assert set(states(cast.sam, cast)) == {note["id"]}


def test_a_learning_system_sends_a_result_twice_and_it_counts_once(cast: Cast) -> None:
    certificate = item(cast.dana, cast.partnership_id, "certificate")
    path = "/enablement-results/by-key/lms/42"
    given = {"item_id": certificate["id"], "email": "Sam@acme.example", "outcome": "passed"}
    given |= {"happened_at": (clock.now() - timedelta(days=2)).isoformat(), "score": 91}

    first = cast.dana.call("PUT", path, json=given, expect=200)
    assert cast.dana.call("PUT", path, json=given, expect=200) == first
    assert cast.dana.call("PUT", path, json=given | {"score": 12}, expect=409)["code"] == "result_differs"
    assert own(cast.sam, cast.partnership_id)["status"] == "enabled"
    for wrong in (
        {"email": "gina@globex.example"},
        {"happened_at": "2999-01-01T00:00:00Z"},
        {"item_id": str(UUID(int=7))},
    ):
        cast.dana.call("PUT", "/enablement-results/by-key/lms/43", json=given | wrong, expect=422)


def test_a_leavers_items_pass_to_who_keeps_programmes(cast: Cast) -> None:
    made = item(cast.dana, cast.partnership_id)
    dana = cast.dana.actor.user_id
    refused = {"successor_id": str(cast.sam.actor.user_id)}
    assert cast.ada.call("POST", f"/users/{dana}/hand-over", json=refused, expect=422)
    assert cast.sam.call("GET", f"/enablement-items/{made['id']}", expect=200)["owner_id"] == str(dana)
