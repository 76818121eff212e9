"""Whom an offer names: the other side's person to who must speak to them, and to nobody once the lead is over."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from partnercrm.kernel import clock
from partnercrm.leads.counterparts import must_speak
from partnercrm.leads.lifecycle import IN_PROGRESS, OfferStatus
from tests.cast import Cast, Player
from tests.factories import leads
from tests.surfer import Surfer

OVER = sorted(set(OfferStatus) - IN_PROGRESS)


def names(player: Player, offer: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return whom the offer names to a reader: its giver's person, its receiver's."""
    seen = player.call("GET", f"/offers/{offer['id']}", expect=200)
    giver, receiver = (seen[side] and seen[side]["name"] for side in ("giver_member", "receiver_member"))
    return giver, receiver


@pytest.mark.parametrize("status", OfferStatus)
@pytest.mark.parametrize("may_answer", [True, False])
@pytest.mark.parametrize("works_on_it", [True, False])
def test_the_other_sides_person_is_told_where_there_is_need(
    status: OfferStatus, *, may_answer: bool, works_on_it: bool
) -> None:
    told = must_speak(status, may_answer=may_answer, works_on_it=works_on_it)

    needs = {OfferStatus.OFFERED: may_answer} | dict.fromkeys(IN_PROGRESS - {OfferStatus.OFFERED}, works_on_it)
    assert told is needs.get(status, False)


def test_until_it_is_answered_an_offer_names_its_giver_to_who_may_answer(cast: Cast) -> None:
    made = leads.offer_at(cast, "offered")

    assert [names(player, made) for player in (cast.gina, cast.hank, cast.sam, cast.dana)] == [("Sam", None)] * 4


@pytest.mark.parametrize("status", ["accepted", "qualified", "converted"])
def test_while_it_is_worked_on_a_lead_names_its_two_people_to_each_other(cast: Cast, status: str) -> None:
    made = leads.offer_at(cast, status)

    assert [names(player, made) for player in (cast.sam, cast.gina)] == [("Sam", "Gina")] * 2
    assert (names(cast.dana, made), names(cast.hank, made)) == (("Sam", None), (None, "Gina"))


def test_who_stands_in_for_somebody_is_told_as_they_are(cast: Cast) -> None:
    made = leads.offer_at(cast, "accepted")
    today = clock.now().date()
    away = {"deputy_id": str(cast.dana.actor.user_id), "from_on": str(today), "to_on": str(today + timedelta(days=9))}

    cast.sam.call("POST", "/deputies", json=away, expect=201)

    assert names(cast.dana, made) == ("Sam", "Gina")


@pytest.mark.parametrize("status", [status for status in OVER if status is not OfferStatus.EXPIRED])
def test_once_it_is_over_a_lead_names_nobody_of_the_other_side(app: Flask, cast: Cast, status: str) -> None:
    made = leads.offer_at(cast, status)
    took_it = "Gina" if status in {"disqualified", "lost", "returned", "won"} else None

    assert {names(player, made) for player in (cast.sam, cast.dana)} == {("Sam", None)}
    assert {names(player, made) for player in (cast.gina, cast.hank)} == {(None, took_it)}
    for player, foreign in ((cast.dana, "Gina"), (cast.hank, "Sam")):
        page = Surfer.signed_in(app, player.email).open(f"/offers/{made['id']}").text
        assert "Offered by" in page
        assert foreign not in page
        assert foreign not in player.response("GET", f"/offers/{made['id']}/timeline").text


def test_nobody_of_the_partner_counts_what_a_person_did_by_reading_offers_one_by_one(cast: Cast) -> None:
    """As W1 asks, for whatever came to an end: won, lost, declined, sent back."""
    for status in ("won", "won", "declined", "lost", "returned", "withdrawn", "disqualified"):
        leads.offer_at(cast, status)
    listed = cast.hank.call("GET", "/offers", query_string={"limit": 200}, expect=200)["items"]

    assert {names(cast.hank, one)[0] for one in listed} == {None}
    listed = cast.dana.call("GET", "/offers", query_string={"limit": 200}, expect=200)["items"]
    assert {names(cast.dana, one)[1] for one in listed} == {None}
