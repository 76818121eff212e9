"""What a partnership is by its deals: when the partner comes in, joint beside own, what two quarters show."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import accumulate, product
from math import comb
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.deals.baselines import Against, middle, middles, rates
from partnercrm.deals.involving import FEWEST, Began, Outcome, involving
from partnercrm.deals.living import Evidence, Finding, Lived, Quarter, Shown, quarters_over
from partnercrm.deals.stages import OPEN_STAGES, Stage
from partnercrm.leads.spans import Span
from partnercrm.partnerships.agreements import PartnershipKind
from tests.cast import Cast, Player
from tests.factories.deals import move, opened
from tests.surfer import Surfer

US, THEM = UUID(int=1), UUID(int=2)
SPAN = Span("2026-01", "2026-03")


@given(
    st.lists(
        st.builds(
            Began,
            st.sampled_from([US, THEM]),
            st.sampled_from(OPEN_STAGES),
            st.booleans(),
            st.sampled_from(Stage),
            st.integers(1, 9),
        )
    )
)
def test_every_deal_is_early_or_late_of_one_side(found: list[Began]) -> None:
    sides = [involving(found, side) for side in (US, THEM)]

    assert sum(one.early.deals + one.late.deals for one in sides) == sum(one.deals for one in found)
    for one in sides:
        assert sum(deals for _, deals in one.by_stage) == one.early.deals + one.late.deals
        assert one.lost_before <= one.late.deals
        assert one.early.won + one.early.lost <= one.early.deals


@pytest.mark.parametrize(
    ("stage", "lost", "late"),
    [
        ("prospect", False, 0),
        ("qualified", False, 0),
        ("qualified", True, 1),
        ("technical_validation", False, 1),
        ("committed", False, 1),
    ],
)
def test_late_is_from_validation_on_or_after_a_loss(stage: str, lost: bool, late: int) -> None:
    assert involving([Began(US, Stage(stage), lost, Stage.PROSPECT, 1)], US).late.deals == late


def test_nothing_is_said_of_fewer_than_eight_closed_deals() -> None:
    assert Outcome(20, 4, 3).interval is None
    assert Outcome(20, 4, 4).interval is not None
    assert middle(range(FEWEST - 1)) is None


@given(st.lists(st.integers(0, 10**6), min_size=FEWEST, max_size=60))
def test_a_middle_lies_in_its_interval_whose_ranks_cover_ninety_five_of_a_hundred(values: list[int]) -> None:
    found, ordered, number = middle(values), sorted(values), len(values)
    assert found is not None
    assert found.low <= found.median <= found.high
    tails = list(accumulate(comb(number, below) for below in range(number + 1)))
    # The slow way: the innermost ranks with at most 2.5 % below them.
    rank = max(rank for rank in range(1, number + 1) if 40 * tails[rank - 1] <= 2**number)
    assert (found.low, found.high) == (ordered[rank - 1], ordered[-rank])


def test_a_difference_is_named_beyond_chance_alone() -> None:
    often, seldom, few = Outcome(100, 80, 20), Outcome(100, 20, 80), Outcome(4, 4, 0)
    assert [
        rates(*pair)
        for pair in ((often, seldom), (seldom, often), (often, often), (few, often), (often, few), (often, None))
    ] == [*(Against.HIGHER, Against.LOWER, Against.ALIKE, Against.TOO_FEW, Against.TOO_FEW, Against.NOT_STATED)]
    days = middle(range(10, 30))
    assert [middles(days, stated) for stated in (5, 20, 40, None)] == [
        *(Against.HIGHER, Against.ALIKE, Against.LOWER, Against.NOT_STATED)
    ]
    assert middles(None, 5) is Against.TOO_FEW


def quarter(ours: tuple[int, int] = (0, 0), theirs: tuple[int, int] = (0, 0), both: int = 0, won: int = 0) -> Quarter:
    return Quarter(SPAN, (Evidence(US, *ours), Evidence(THEM, *theirs)), both, won)


@pytest.mark.parametrize(
    ("one", "shown"),
    [
        (quarter(), Shown.LOGO),
        (quarter(ours=(3, 0)), Shown.ONE_SIDED),
        (quarter(theirs=(0, 4)), Shown.ONE_SIDED),
        (quarter(won=1), Shown.ONE_SIDED),
        (quarter(ours=(0, 2), theirs=(0, 2)), Shown.ONE_SIDED),
        (quarter(ours=(1, 0), theirs=(1, 0)), Shown.CO_SELLING),
        (quarter(both=1), Shown.CO_SELLING),
    ],
)
def test_a_quarter_shows_what_both_did(one: Quarter, shown: Shown) -> None:
    assert one.shown is shown


def test_less_than_claimed_is_said_of_both_quarters_alone() -> None:
    empty, moved, together = quarter(), quarter(ours=(1, 0)), quarter(both=1)
    told = {
        (kind, pair): Lived(kind, pair).finding
        for kind, pair in product(
            [None, *PartnershipKind], [(empty,), (empty, empty), (moved, empty), (empty, together)]
        )
    }
    assert {told[kind, (empty,)] for kind in [None, *PartnershipKind]} == {Finding.TOO_EARLY}
    assert told[None, (empty, empty)] is Finding.NOTHING_CLAIMED
    assert {told[kind, (empty, empty)] for kind in PartnershipKind} == {Finding.LESS}
    assert {told[kind, (empty, together)] for kind in PartnershipKind} == {Finding.AS_CLAIMED}
    less = {kind for kind in PartnershipKind if told[kind, (moved, empty)] is Finding.LESS}
    assert less == {PartnershipKind.CO_SELL, PartnershipKind.STRATEGIC}


@pytest.mark.parametrize(
    ("begun", "now", "months"),
    [
        ((2025, 1, 1), (2026, 2, 3), ["2025-10..2025-12", "2025-07..2025-09"]),
        ((2025, 7, 2), (2026, 3, 31), ["2025-10..2025-12"]),
        ((2026, 1, 1), (2026, 3, 31), []),
        ((2026, 1, 1), (2026, 7, 1), ["2026-04..2026-06", "2026-01..2026-03"]),
    ],
)
def test_only_whole_quarters_of_the_partnership_are_looked_at(
    begun: tuple[int, int, int], now: tuple[int, int, int], months: Sequence[str]
) -> None:
    assert [str(one) for one in quarters_over(datetime(*begun, tzinfo=UTC), datetime(*now, tzinfo=UTC))] == months


def report(player: Player, cast: Cast, name: str, **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = player.call(
        "GET", f"/partnerships/{cast.partnership_id}/{name}", query_string=asked, expect=200
    )
    return found


def test_both_sides_read_the_same_of_when_the_partner_comes_in(cast: Cast) -> None:
    opened(cast, cast.sam, company="Early")
    late = opened(cast, cast.sam, company="Late", entry_stage="business_validation")
    opened(cast, cast.sam, company="Again", lost_before=True)
    before = report(cast.sam, cast, "late-involvement")["as_of"]
    move(cast.gina, late, "closed_lost", reason="price")

    ours, theirs = (report(one, cast, "late-involvement") for one in (cast.sam, cast.gina))

    assert {**ours, "as_of": ""} == {**theirs, "as_of": ""}
    acme = next(one for one in ours["sides"] if one["organization_id"] == str(cast.sam.actor.organization_id))
    assert [one["deals"] for one in acme["by_stage"]] == [2, 0, 0, 1, 0]
    assert (acme["lost_before"], acme["early"]["deals"], acme["late"]["deals"], acme["late"]["lost"]) == (1, 1, 2, 1)
    assert acme["late"]["interval"] is None
    earlier = report(cast.gina, cast, "late-involvement", as_of=before)
    assert [one["late"]["lost"] for one in earlier["sides"]] == [0, 0]
    for stranger in (cast.ines, cast.nora):
        for name in ("late-involvement", "drift", "own-sales"):
            stranger.call("GET", f"/partnerships/{cast.partnership_id}/{name}", expect=404)


def test_a_baseline_is_its_sides_alone_and_every_wrong_field_is_named(cast: Cast) -> None:
    path = f"/partnerships/{cast.partnership_id}/sales-baseline"
    theirs = report(cast.gina, cast, "own-sales")
    body = {"won": 40, "lost": 60, "value": {"amount": "1000.00", "currency": "EUR"}, "days": 90}

    told = cast.dana.call("POST", path, json=body, expect=200)

    assert (told["baseline"]["won"], told["baseline"]["value"]["amount"], told["rate"]) == (
        40,
        "1000.00",
        "too_few_to_tell",
    )
    assert (
        cast.dana.call("POST", path, json={**body, "won": 41, "value": None}, expect=200)["baseline"]["value"] is None
    )
    assert report(cast.gina, cast, "own-sales") == theirs
    cast.sam.call("POST", path, json=body, expect=403)
    wrong = cast.dana.call("POST", path, json={"won": -1, "days": "x"}, expect=422)
    assert {one["field"] for one in wrong["errors"]} == {"won", "lost", "days"}


def test_joint_deals_stand_beside_what_is_won_alone(cast: Cast) -> None:
    for number in range(FEWEST):
        made = opened(cast, cast.sam, company=f"Won{number}", entry_stage="committed")
        move(cast.gina, made, "closed_won")
    body = {"won": 10, "lost": 90, "value": {"amount": "1000.00", "currency": "EUR"}, "days": 90}

    told = cast.dana.call("POST", f"/partnerships/{cast.partnership_id}/sales-baseline", json=body, expect=200)

    assert (told["rate"], told["value"], told["duration"]) == ("higher", "higher", "lower")
    assert (told["joint"]["won"], told["left_out"], told["values"]["median"]["amount"]) == (FEWEST, 0, "120000.00")
    assert report(cast.hank, cast, "own-sales")["rate"] == "not_stated"


def test_what_a_partnership_shows_is_the_same_to_both_and_said_on_a_page(cast: Cast) -> None:
    ours, theirs = (report(one, cast, "drift") for one in (cast.sam, cast.gina))

    assert {**ours, "as_of": ""} == {**theirs, "as_of": ""}
    assert ours["finding"] == "too_early_to_tell"
    dana, gina = (Surfer.signed_in(cast.app, one.email) for one in (cast.dana, cast.gina))
    path = f"/partnerships/{cast.partnership_id}/selling"
    assert "Once two whole quarters are over" in gina.open(path).text
    assert "Once two whole quarters are over" in dana.open(f"/partnerships/{cast.partnership_id}").text
    wrong = dana.send(f"/partnerships/{cast.partnership_id}/sales-baseline", {"won": "x", "lost": "1"}, shown_on=path)
    assert (wrong.status_code, "won" in wrong.text) == (422, True)
    kept = {"won": "40", "lost": "60", "value.amount": "1000", "value.currency": "EUR", "days": ""}
    assert dana.send(f"/partnerships/{cast.partnership_id}/sales-baseline", kept, shown_on=path).status_code == 303
    assert "40 of 100" in dana.open(path).text
    assert "40 of 100" not in gina.open(path).text
