"""Answering an offer and telling what became of the lead."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from partnercrm.kernel import clock
from tests.cast import Cast, Player
from tests.factories import leads

WON = {"value": {"amount": "100.00", "currency": "EUR"}}
BODIES: dict[str, dict[str, Any] | None] = {
    "accept": None,
    "withdraw": None,
    "decline": {"reason": "no_fit"},
    "qualify": {},
    "disqualify": {"reason": "no_budget"},
    "convert": {},
    "win": WON,
    "lose": {"reason": "price"},
}
POSSIBLE = {
    "offered": {("gina", "accept"), ("gina", "decline"), ("sam", "withdraw")},
    "accepted": {("gina", "qualify"), ("gina", "disqualify")},
    "qualified": {("gina", "convert")},
    "converted": {("gina", "win"), ("gina", "lose")},
}


def tell(player: Player, offer_id: str, verb: str, *, expect: int, **changes: Any) -> Any:
    body = BODIES[verb]
    options = {} if body is None else {"json": body | changes}
    return player.call("POST", f"/offers/{offer_id}/{verb}", expect=expect, **options)


@pytest.mark.parametrize("status", ["offered", "accepted", "qualified", "converted", "won", "lost", "withdrawn"])
def test_steps_out_of_order_or_by_the_other_side_are_refused_and_change_nothing(cast: Cast, status: str) -> None:
    made = leads.offer_at(cast, status)
    for who in ("sam", "gina"):
        player: Player = getattr(cast, who)
        for verb in BODIES:
            if (who, verb) in POSSIBLE.get(status, set()):
                continue
            code = tell(player, made["id"], verb, expect=409)["code"]
            answered = verb in {"accept", "decline", "withdraw"} and status != "offered"
            assert code == ("offer_already_answered" if answered else "step_not_possible"), (who, verb)
    assert cast.sam.call("GET", f"/offers/{made['id']}", expect=200)["status"] == status


def test_outcomes_may_be_backdated_but_neither_before_the_step_before_nor_into_the_future(cast: Cast) -> None:
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=5)
    with clock.at(start):
        made = leads.offer(cast.sam, cast.partnership_id)
        leads.step(cast.gina, made["id"], "accept")

    def at(days: float) -> str:
        return (start + timedelta(days=days)).isoformat()

    for moment in (at(-1), at(6)):
        refused = tell(cast.gina, made["id"], "qualify", expect=422, happened_at=moment)
        assert refused["code"] == "happened_out_of_order"
        assert [error["field"] for error in refused["errors"]] == ["happened_at"]
    tell(cast.gina, made["id"], "qualify", expect=200, happened_at=at(2))
    tell(cast.gina, made["id"], "convert", expect=422, happened_at=at(1))
    tell(cast.gina, made["id"], "convert", expect=200, happened_at=at(2))
    tell(cast.gina, made["id"], "win", expect=200, happened_at=at(3))


def test_answers_happen_when_they_are_given(cast: Cast) -> None:
    made = leads.offer(cast.sam, cast.partnership_id)
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()

    refused = tell(cast.gina, made["id"], "decline", expect=422, happened_at=yesterday)
    assert [error["field"] for error in refused["errors"]] == ["happened_at"]
    before = datetime.now(UTC)
    accepted = leads.step(cast.gina, made["id"], "accept")
    assert before <= datetime.fromisoformat(accepted["answered_at"]) <= datetime.now(UTC)


def test_a_reason_is_one_of_those_agreed_and_both_sides_read_it_with_its_note(cast: Cast) -> None:
    made = leads.offer(cast.sam, cast.partnership_id)
    for wrong in ({"reason": "boredom"}, {"reason": "price"}, {"reason": None}):
        refused = tell(cast.gina, made["id"], "decline", expect=422, **wrong)
        assert [error["field"] for error in refused["errors"]] == ["reason"]
    missing = cast.gina.call("POST", f"/offers/{made['id']}/decline", json={"note": "No."}, expect=422)
    assert [error["field"] for error in missing["errors"]] == ["reason"]

    tell(cast.gina, made["id"], "decline", expect=200, note="Booked until June.")

    for player in (cast.sam, cast.gina):
        read = player.call("GET", f"/offers/{made['id']}", expect=200)
        assert (read["status"], read["reason"], read["note"]) == ("declined", "no_fit", "Booked until June.")


def test_a_win_needs_a_value_and_a_loss_a_reason(cast: Cast) -> None:
    made = leads.offer_at(cast, "converted")
    for verb, body in (("win", {}), ("win", {"value": {"amount": "1"}}), ("lose", {}), ("lose", {"reason": "no_fit"})):
        cast.gina.call("POST", f"/offers/{made['id']}/{verb}", json=body, expect=422)
    assert tell(cast.gina, made["id"], "win", expect=200)["status"] == "won"


def test_an_accepted_offer_names_who_took_it(cast: Cast) -> None:
    made = leads.offer(cast.sam, cast.partnership_id)
    assert (made["giver_member"]["name"], made["receiver_member"]) == ("Sam", None)
    accepted = leads.step(cast.gina, made["id"], "accept")
    assert accepted["receiver_member"]["name"] == "Gina"


def test_offers_are_listed_by_direction_status_and_what_is_due(cast: Cast) -> None:
    now = datetime.now(UTC)
    with clock.at(now - timedelta(days=1)):
        early = leads.offer(cast.sam, cast.partnership_id)
    late = leads.offer(cast.gina, cast.partnership_id, need="Kite")

    def found(player: Player, **query: str) -> list[str]:
        items = player.call("GET", "/offers", query_string=query, expect=200)["items"]
        return [item["id"] for item in items]

    assert found(cast.sam) == [late["id"], early["id"]]
    assert found(cast.sam, sort="respond_by") == [early["id"], late["id"]]
    assert found(cast.sam, direction="given") == found(cast.gina, direction="received") == [early["id"]]
    assert found(cast.gina, direction="given", need="Kite") == [late["id"]]
    leads.step(cast.gina, early["id"], "accept")
    assert found(cast.sam, status="accepted") == [early["id"]]
    assert found(cast.hank, status="offered", partnership_id=str(cast.partnership_id)) == [late["id"]]
    cast.ines.call("GET", f"/offers?partnership_id={cast.partnership_id}", expect=200)
    assert found(cast.ines) == []
