"""The terms: proposed by one side, agreed by the other, versions nobody changes any more."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from partnercrm.kernel import clock, db
from partnercrm.partnerships import queries, validity
from partnercrm.partnerships.queries.known import terms_known
from tests.cast import Cast, Player
from tests.factories import leads

GOAL = {"text": "Forty leads accepted", "measure": "leads_accepted", "target": 40, "due_on": "2027-12-31"}
CRITERION = {"phase": "proof_of_concept", "text": "Ten leads answered", "due_on": "2027-03-31"}


def in_force(cast: Cast, player: Player | None = None) -> dict[str, Any]:
    found = (player or cast.hank).call("GET", f"/partnerships/{cast.partnership_id}", expect=200)
    terms: dict[str, Any] = found["terms"]
    return terms


def propose(
    cast: Cast, *, by: Player | None = None, expect: int = 201, based_on: int = 1, more: Any = None, **terms: Any
) -> Any:
    given = {"based_on": based_on, "note": "Because.", "terms": terms} | (more or {})
    path = f"/partnerships/{cast.partnership_id}/term-changes"
    return (by or cast.dana).call("POST", path, json=given, expect=expect)


def answer(player: Player, change: dict[str, Any], verb: str, *, expect: int = 200, **body: Any) -> Any:
    options = {"json": body} if verb == "decline" else {}
    return player.call("POST", f"/term-changes/{change['id']}/{verb}", expect=expect, **options)


def agree(cast: Cast, **proposed: Any) -> Any:
    return answer(cast.hank, propose(cast, **proposed), "accept")


def end(cast: Cast) -> None:
    path = f"/partnerships/{cast.partnership_id}"
    cast.dana.call("POST", f"{path}/end", if_match=cast.dana.response("GET", path).headers["ETag"], expect=200)


def test_what_one_side_proposes_and_the_other_accepts_is_the_next_version_for_both(cast: Cast) -> None:
    before = in_force(cast)
    change = propose(cast, response_hours=24, kind="co_sell", tiers={"company": "partner_internal"})
    assert in_force(cast) == before
    assert change["changes"] == [
        {"field": "kind", "old": None, "new": "co_sell"},
        {"field": "response_hours", "old": 48, "new": 24},
        {"field": "tiers.company", "old": "need_to_know", "new": "partner_internal"},
    ]
    assert cast.hank.call("GET", f"/term-changes/{change['id']}", expect=200) == change
    cast.ines.call("GET", f"/term-changes/{change['id']}", expect=404)

    agreed = answer(cast.hank, change, "accept")

    assert (agreed["status"], agreed["agreed_version"]) == ("accepted", 2)
    after = in_force(cast, cast.dana)
    assert after == in_force(cast)
    assert (after["version"], after["response_hours"], after["kind"]) == (2, 24, "co_sell")
    assert after["offer_days"] == before["offer_days"]
    for player in (cast.dana, cast.hank):
        history = player.call("GET", f"/partnerships/{cast.partnership_id}/terms", expect=200)["items"]
        assert [one["terms"]["version"] for one in history] == [2, 1]
        assert history[0]["changes"] == change["changes"]
        assert history[0]["proposed_by"] == str(cast.dana.actor.organization_id)
        assert (history[0]["note"], history[1]["changes"]) == ("Because.", [])
    cast.ines.call("GET", f"/partnerships/{cast.partnership_id}/terms", expect=404)


def test_an_offer_keeps_to_the_terms_in_force_when_it_is_made(cast: Cast) -> None:
    agree(cast, response_hours=5)

    made = leads.offer(cast.sam, cast.partnership_id)

    taken = datetime.fromisoformat(made["respond_by"]) - datetime.fromisoformat(made["offered_at"])
    assert taken == timedelta(hours=5)


def test_terms_of_a_later_day_come_into_force_by_themselves(cast: Cast) -> None:
    tomorrow = clock.now().date() + timedelta(days=1)
    agree(cast, response_hours=24, more={"effective_on": tomorrow.isoformat()})
    tag = cast.hank.response("GET", f"/partnerships/{cast.partnership_id}").headers["ETag"]
    assert in_force(cast)["version"] == 1

    with clock.at(datetime.combine(tomorrow, datetime.min.time(), UTC)):
        assert in_force(cast)["response_hours"] == 24
        assert cast.hank.response("GET", f"/partnerships/{cast.partnership_id}").headers["ETag"] != tag
    assert propose(cast, based_on=1, offer_days=9, expect=409)["code"] == "terms_changed_meanwhile"
    propose(cast, based_on=2, offer_days=9)


def test_terms_never_change_in_the_past(cast: Cast) -> None:
    yesterday = (clock.now() - timedelta(days=1)).date()
    refused = propose(cast, response_hours=24, more={"effective_on": yesterday.isoformat()}, expect=422)
    assert [error["field"] for error in refused["errors"]] == ["effective_on"]

    change = propose(cast, response_hours=24, more={"effective_on": clock.now().date().isoformat()})
    later = clock.now() + timedelta(days=3)
    with clock.at(later):
        answer(cast.hank, change, "accept")
        assert datetime.fromisoformat(in_force(cast)["effective_at"]) == later


def test_one_change_at_a_time_and_the_side_that_proposed_it_does_not_answer_it(cast: Cast) -> None:
    change = propose(cast, response_hours=24)

    for player in (cast.dana, cast.hank):
        assert propose(cast, by=player, offer_days=9, expect=409)["code"] == "term_change_open_already"
    for verb in ("accept", "decline"):
        assert answer(cast.dana, change, verb, expect=409)["code"] == "answered_by_the_other"
    assert answer(cast.hank, change, "withdraw", expect=409)["code"] == "answered_by_the_other"
    for verb in ("accept", "decline", "withdraw"):
        answer(cast.ines, change, verb, expect=404)
    cast.sam.call("POST", f"/term-changes/{change['id']}/withdraw", expect=403)


def test_a_change_declined_or_withdrawn_changes_nothing_and_makes_room(cast: Cast) -> None:
    before = in_force(cast)
    declined = answer(cast.hank, propose(cast, response_hours=24), "decline", answer="36?")
    withdrawn = answer(cast.hank, propose(cast, by=cast.hank, response_hours=36), "withdraw")

    assert (declined["status"], declined["answer"]) == ("declined", "36?")
    assert (withdrawn["status"], withdrawn["agreed_version"]) == ("withdrawn", None)
    assert in_force(cast) == before
    for verb in ("accept", "decline", "withdraw"):
        assert answer(cast.hank, withdrawn, verb, expect=409)["code"] == "term_change_answered"
    listed = cast.hank.call("GET", f"/partnerships/{cast.partnership_id}/term-changes", expect=200)["items"]
    assert [one["id"] for one in listed] == [withdrawn["id"], declined["id"]]


def test_what_says_the_same_is_no_change(cast: Cast) -> None:
    assert propose(cast, response_hours=48, expect=409)["code"] == "nothing_changes"


def test_every_wrong_field_of_a_proposal_is_named_at_once(cast: Cast) -> None:
    stranger = str(cast.ines.actor.organization_id)
    goals = [
        GOAL | {"organization_id": stranger, "from_on": "2028-01-01"},
        GOAL | {"measure": "won_value", "unit": "points", "id": stranger},
    ]
    refused = propose(cast, goals=goals, moderator_email="Sam@acme.example", expect=422)
    assert {error["field"] for error in refused["errors"]} == {
        "terms.goals.0.organization_id",
        "terms.goals.0.from_on",
        "terms.goals.1.unit",
        "terms.goals.1.id",
        "terms.moderator_email",
    }
    refused = propose(cast, goals=[{"text": ""}], response_hours=0, kind="friendship", expect=422)
    assert {error["field"] for error in refused["errors"]} >= {
        "terms.goals.0.text",
        "terms.goals.0.target",
        "terms.response_hours",
        "terms.kind",
    }


def test_goals_criteria_and_product_lines_keep_their_ids_when_they_change(cast: Cast) -> None:
    agree(cast, goals=[GOAL], criteria=[CRITERION], product_lines=[{"name": "Storage"}, {"name": "Anvils"}])
    terms = in_force(cast)
    goal, (storage, anvils) = terms["goals"][0], terms["product_lines"]

    renamed = [anvils, {"id": storage["id"], "name": "Warehouses"}]
    change = propose(cast, based_on=2, product_lines=renamed, goals=[goal | {"target": 50}, GOAL])
    answer(cast.hank, change, "accept")

    assert [(one["field"], one["old"] and one["old"]["id"]) for one in change["changes"]] == [
        ("goals", goal["id"]),
        ("goals", None),
        ("product_lines", storage["id"]),
    ]
    after = in_force(cast)
    assert [one["target"] for one in after["goals"]] == [50, 40]
    assert after["goals"][0]["id"] == goal["id"]
    assert {one["id"]: one["name"] for one in after["product_lines"]} == {
        anvils["id"]: "Anvils",
        storage["id"]: "Warehouses",
    }
    assert after["criteria"] == terms["criteria"]
    twice = propose(cast, based_on=3, product_lines=[anvils, anvils], expect=422)
    assert [error["field"] for error in twice["errors"]] == ["terms.product_lines.1.id"]


def test_a_draft_is_its_own_sides_alone_until_it_is_sent(cast: Cast) -> None:
    path = f"/partnerships/{cast.partnership_id}/term-draft"
    cast.dana.call("GET", path, expect=404)
    kept = cast.dana.call("PUT", path, json={"based_on": 1, "terms": {"offer_days": 9}}, expect=200)

    assert cast.ada.call("GET", path, expect=200) == kept
    assert kept["terms"]["offer_days"] == 9
    cast.sam.call("GET", path, expect=403)
    for outsider in (cast.hank, cast.ines):
        outsider.call("GET", path, expect=404)
        outsider.call("POST", f"{path}/discard", expect=404)
    later = {"based_on": 1, "note": "Soon.", "terms": {}}
    assert cast.dana.call("PUT", path, json=later, expect=428)["code"] == "match_required"
    read = cast.ada.response("GET", path).headers["ETag"]
    again = cast.dana.call("PUT", path, json=later, if_match=read, expect=200)
    assert cast.ada.call("PUT", path, json=later, if_match=read, expect=412)["code"] == "stale"
    assert (again["id"], again["note"], again["terms"]["offer_days"]) == (kept["id"], "Soon.", 30)

    theirs = {"based_on": 1, "terms": {"offer_days": 8}}
    cast.hank.call("PUT", path, json=theirs, if_match=read, expect=412)
    cast.hank.call("PUT", path, json=theirs, expect=200)
    propose(cast, offer_days=9)
    cast.dana.call("GET", path, expect=404)
    cast.hank.call("POST", f"{path}/discard", expect=204)
    cast.hank.call("GET", path, expect=404)


def test_an_ended_partnership_keeps_its_terms_and_agrees_on_nothing_more(cast: Cast) -> None:
    change = propose(cast, response_hours=24)
    end(cast)

    for verb in ("accept", "decline"):
        assert answer(cast.hank, change, verb, expect=404)["code"] == "not_found"
    assert propose(cast, offer_days=9, expect=409)["code"] == "partnership_ended"
    history = cast.hank.call("GET", f"/partnerships/{cast.partnership_id}/terms", expect=200)["items"]
    assert [one["terms"]["version"] for one in history] == [1]


def test_a_report_tells_what_it_told_whatever_is_agreed_afterwards(cast: Cast) -> None:
    leads.offer_at(cast, "won")
    leads.offer_at(cast, "accepted")
    path = f"/partnerships/{cast.partnership_id}/reciprocity"
    before = cast.hank.call("GET", path, expect=200)

    agree(cast, measure="won", window_months=1, share_given_percent=20)

    assert cast.hank.call("GET", path, query_string={"as_of": before["as_of"]}, expect=200) == before
    now = cast.hank.call("GET", path, expect=200)
    assert (now["terms"]["version"], now["index"]["since"]) == (2, f"{clock.now():%Y-%m}")
    counted = ("first", "second", "share_first_percent")
    assert [now["index"][name] for name in counted] == [before["index"][name] for name in counted]
    assert now["months"] == before["months"]


def test_a_month_is_counted_by_the_measure_in_force_when_it_began(cast: Cast) -> None:
    begins = date(2031, 5, 1)
    agree(cast, measure="won", more={"effective_on": begins.isoformat()})
    dana = cast.dana.actor
    with db.transaction(dana, read_only=True):
        partnership = queries.partnership(dana, cast.partnership_id)
        measured = [
            validity.in_force(terms_known(partnership, clock.now()), moment).measure.value
            for moment in (datetime(2031, 4, 30, 23, 59, tzinfo=UTC), datetime(2031, 5, 1, tzinfo=UTC))
        ]
    assert measured == ["accepted", "won"]


@pytest.mark.parametrize("verb", ["accept", "decline"])
def test_a_word_of_the_terms_stays_what_both_agreed(cast: Cast, verb: str) -> None:
    change = propose(cast, response_hours=24, regions=["DE", "Nordics"], moderator_email="Mona@Third.example")
    answer(cast.hank, change, verb)

    told = in_force(cast)
    agreed = verb == "accept"
    assert (told["regions"], told["moderator_email"]) == (
        (["DE", "Nordics"], "mona@third.example") if agreed else ([], None)
    )
