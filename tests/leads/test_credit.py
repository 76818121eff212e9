"""What a side is credited for cannot be bent by its giver: rules on random leads, and the ways somebody would try."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import uuid4

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.kernel import clock
from partnercrm.leads.credit import APART, Junk, Qualified, junk, uncredited
from partnercrm.leads.lifecycle import DisqualifyReason
from tests.cast import Cast, Player
from tests.factories import leads
from tests.leads.test_contesting import contested, settle

BEGUN = datetime(2026, 1, 12, 10, tzinfo=UTC)
SIDES = (uuid4(), uuid4())
MOMENTS = st.integers(0, 400).map(lambda days: BEGUN + timedelta(days=days))
QUALIFIED = st.builds(Qualified, st.integers(1, 3), st.sampled_from(SIDES), MOMENTS)


@given(st.lists(QUALIFIED, max_size=25))
def test_a_need_is_credited_once_in_ninety_days_whoever_gives_it(qualified: list[Qualified]) -> None:
    repeated = uncredited(qualified).total()

    credited = 0
    for need in {one.need for one in qualified}:
        last = None
        for moment in sorted(one.happened_at for one in qualified if one.need == need):
            if last is None or moment >= last + APART:
                last, credited = moment, credited + 1
    assert credited == len(qualified) - repeated


@given(st.lists(QUALIFIED, max_size=12), QUALIFIED)
def test_one_more_lead_never_takes_more_than_one_credit_away(qualified: list[Qualified], more: Qualified) -> None:
    before = len(qualified) - uncredited(qualified).total()
    after = len(qualified) + 1 - uncredited([*qualified, more]).total()

    assert before <= after + 1
    assert after <= before + 1


def test_the_ninetieth_day_brings_the_next_credit_and_the_one_before_it_none() -> None:
    for days, repeated in ((89, 1), (90, 0)):
        pair = [Qualified(1, SIDES[0], BEGUN), Qualified(1, SIDES[0], BEGUN + timedelta(days=days))]
        assert uncredited(pair).total() == repeated


def test_a_repeated_lead_is_counted_in_its_month_with_its_giver() -> None:
    found = uncredited([Qualified(1, SIDES[1], BEGUN + timedelta(days=30)), Qualified(1, SIDES[0], BEGUN)])

    assert found == {(SIDES[1], "2026-02"): 1}


def test_only_reasons_of_quality_make_a_lead_junk() -> None:
    found = junk({reason.value: 2 for reason in DisqualifyReason}, 40)

    assert (found, found.share) == (Junk(8, 40), Fraction(1, 5))
    assert Junk(0, 0).share is None


def credit(player: Player, cast: Cast, of: Player, **query: str) -> dict[str, Any]:
    path = f"/partnerships/{cast.partnership_id}/reciprocity"
    told = player.call("GET", path, query_string=query, expect=200)
    mine = str(of.actor.organization_id)
    [found] = [side["credit"] for side in told["organizations"] if side["organization_id"] == mine]
    assert isinstance(found, dict)
    return found


def qualified(giver: Player, receiver: Player, cast: Cast, moment: datetime, **fields: Any) -> dict[str, Any]:
    with clock.at(moment):
        made = leads.offer(giver, cast.partnership_id, **fields)
        for verb in ("accept", "qualify"):
            leads.step(receiver, made["id"], verb)
    return made


def test_credit_starts_at_qualified(cast: Cast) -> None:
    for status in ("offered", "declined", "accepted", "returned", "disqualified"):
        leads.offer_at(cast, status)
    assert credit(cast.gina, cast, cast.sam)["credited"] == 0

    for status in ("qualified", "won", "lost"):
        leads.offer_at(cast, status)
    assert credit(cast.gina, cast, cast.sam)["credited"] == 3


def test_taking_details_back_and_offering_the_same_company_again_earns_no_second_credit(cast: Cast) -> None:
    one = {"company_name": "Contoso", "need": "Anvils"}
    made = qualified(cast.sam, cast.gina, cast, BEGUN, **one)
    cast.sam.call("POST", f"/offers/{made['id']}/take-back", expect=200)
    qualified(cast.sam, cast.gina, cast, BEGUN + timedelta(days=20), **one)

    found = credit(cast.gina, cast, cast.sam)
    assert (found["credited"], found["repeated"]) == (1, 1)
    assert credit(cast.dana, cast, cast.sam) == found

    [again] = cast.sam.call("GET", "/offers?status=qualified&sort=-offered_at&limit=1", expect=200)["items"]
    cast.sam.call("POST", f"/offers/{again['id']}/take-back", expect=200)
    qualified(cast.sam, cast.gina, cast, BEGUN + timedelta(days=95), **one)
    assert credit(cast.gina, cast, cast.sam)["credited"] == 2
    january = credit(cast.gina, cast, cast.sam, window="2026-01..2026-01")
    february = credit(cast.gina, cast, cast.sam, window="2026-02..2026-02")
    assert (january["credited"], february["credited"], february["repeated"]) == (1, 0, 1)


def test_giving_back_what_one_was_given_earns_no_credit(cast: Cast) -> None:
    one = {"company_name": "Contoso", "need": "Anvils"}
    made = qualified(cast.sam, cast.gina, cast, BEGUN, **one)
    cast.sam.call("POST", f"/offers/{made['id']}/take-back", expect=200)
    qualified(cast.gina, cast.sam, cast, BEGUN + timedelta(days=10), **one)

    assert credit(cast.dana, cast, cast.sam)["credited"] == 1
    theirs = credit(cast.dana, cast, cast.gina)
    assert (theirs["credited"], theirs["repeated"]) == (0, 1)


def test_disqualifying_for_quality_shows_and_a_case_found_wrong_gives_the_credit_back(app: Flask, cast: Cast) -> None:
    leads.offer_at(cast, "qualified")
    _, case_id = contested(cast)
    before = credit(cast.dana, cast, cast.sam)
    assert (before["credited"], before["junk"], before["junk_percent"]) == (1, 1, "50.0")
    assert before["disqualified_for"] == [{"reason": "no_budget", "count": 1}]

    settle(cast, case_id, "corrected")

    after = credit(cast.gina, cast, cast.sam)
    assert (after["credited"], after["junk"], after["disqualified_for"]) == (2, 0, [])
