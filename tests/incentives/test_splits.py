"""Splits: exact to the minor unit, whoever is named first, and undone by exactly what they gave."""

import os
from collections.abc import Callable
from fractions import Fraction
from math import floor
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.incentives.splits import MOST_PARTICIPANTS, WHOLE, ShareError, overlay, refund, split
from partnercrm.kernel import money

PROVE = os.environ.get("PARTNERCRM_PROVE") == "1"
THIRDS = dict.fromkeys("abc", Fraction(1, 3))


@pytest.mark.parametrize(
    ("amount", "currency", "shares", "parts"),
    [
        ("100.00", "EUR", {"a": 100_000, "b": 580_200, "c": 319_800}, ["10.00", "58.02", "31.98"]),
        ("0.05", "EUR", {"a": 100_000, "b": 580_200, "c": 319_800}, ["0.00", "0.03", "0.02"]),
        ("100.00", "EUR", THIRDS, ["33.34", "33.33", "33.33"]),
        ("0.02", "EUR", THIRDS, ["0.01", "0.01", "0.00"]),
        ("100", "JPY", THIRDS, ["34", "33", "33"]),
        ("1.000", "KWD", THIRDS, ["0.334", "0.333", "0.333"]),
        ("1.0000", "CLF", THIRDS, ["0.3334", "0.3333", "0.3333"]),
        ("10.00", "EUR", {"a": 333_333, "b": 333_333, "c": 333_334}, ["3.33", "3.33", "3.34"]),
        ("0.02", "EUR", {"a": 333_333, "b": 333_333, "c": 333_334}, ["0.01", "0.00", "0.01"]),
        ("10.01", "EUR", {"a": 1_000_000, "b": 0}, ["10.01", "0.00"]),
    ],
)
def test_the_cases_of_public_bug_reports_are_exact(
    amount: str, currency: str, shares: dict[str, Fraction | int], parts: list[str]
) -> None:
    whole = money.parse(amount, currency).minor

    assert [money.text(part, currency) for part in split(whole, shares).values()] == parts
    assert split(-whole, shares) == {who: -part for who, part in split(whole, shares).items()}


@pytest.mark.parametrize(
    ("shares", "kind", "said"),
    [
        ({"a": 333_333, "b": 333_333, "c": 333_333}, ValueError, "999999/1000000 of the whole, not to 1"),
        ({"a": Fraction(1, 3), "b": 666_667}, ValueError, "3000001/3000000 of the whole"),
        ({"a": 1_000_001, "b": -1}, ValueError, "not less than nothing"),
        ({}, ValueError, "Between 1 and 200"),
        ({str(who): Fraction(1, 201) for who in range(201)}, ValueError, "Between 1 and 200"),
        ({"a": 0.5, "b": 0.5}, TypeError, "an int of millionths"),
        ({"a": True}, TypeError, "an int of millionths"),
    ],
)
def test_shares_that_are_not_exactly_the_whole_are_refused(
    shares: dict[str, int], kind: type[Exception], said: str
) -> None:
    with pytest.raises(kind, match=said):
        split(100, shares)


def test_everybody_whose_share_is_wrong_is_named_at_once() -> None:
    with pytest.raises(ShareError) as refused:
        split(100, {"a": -1, "b": 1_000_000, "c": Fraction(-1, 3)})

    assert [error.field for error in refused.value.errors] == ["shares.a", "shares.c", "shares"]
    with pytest.raises(ShareError, match="2/3 of the whole, not to 1"):
        refund({"a": 1, "b": 1}, 1, dict.fromkeys("ab", Fraction(1, 3)))


def test_equal_remainders_go_to_the_smaller_participant_id() -> None:
    assert split(1, {"b": 500_000, "a": 500_000}) == {"a": 1, "b": 0}
    assert list(split(1, {10: 500_000, 9: 500_000}).items()) == [(9, 1), (10, 0)]


def test_an_overlay_rounds_its_total_once() -> None:
    assert overlay(100, {"a": 5_000, "b": 5_000, "c": 5_000}) == {"a": 1, "b": 1, "c": 0}  # 1.5 to even: 2
    assert overlay(100, {"a": 1_500_000, "b": 250_000}) == {"a": 150, "b": 25}
    assert overlay(-100, {"a": 5_000, "b": 5_000, "c": 5_000}) == {"a": -1, "b": -1, "c": 0}


def test_an_overlay_stays_within_the_agreed_cap() -> None:
    shares = {"a": 200_000, "b": 300_000}

    assert overlay(100, shares, 500_000) == overlay(100, shares, Fraction(1, 2)) == {"a": 20, "b": 30}
    with pytest.raises(ShareError, match="1/2 of the whole, beyond the agreed 2/5"):
        overlay(100, shares, 400_000)


def test_nobody_gains_by_a_part_refund_though_splitting_the_rest_anew_would_pay_them() -> None:
    paradox = {"a": Fraction(6, 14), "b": Fraction(6, 14), "c": Fraction(2, 14)}
    assert (split(11, paradox)["c"], split(10, paradox)["c"]) == (1, 2)
    assert refund(split(11, paradox), 1, paradox) == {"a": 1, "b": 0, "c": 0}


def test_a_refund_takes_single_units_from_each_in_turn() -> None:
    halves = dict.fromkeys("ab", 500_000)

    assert refund(split(2, halves), 1, halves) == {"a": 1, "b": 0}
    assert refund({"a": 0, "b": 1}, 1, halves) == {"a": 0, "b": 1}


def test_a_full_refund_of_a_part_refunded_deal_ends_at_zero() -> None:
    held = split(-10_001, THIRDS)
    back = refund(held, -3_334, THIRDS)
    rest = {who: held[who] - back[who] for who in held}

    assert refund(rest, -6_667, THIRDS) == rest
    with pytest.raises(ValueError, match="no more"):
        refund(rest, -6_668, THIRDS)
    with pytest.raises(ValueError, match="no more"):
        refund(rest, 1, THIRDS)
    with pytest.raises(ValueError, match="no more"):
        refund({"a": 1}, 1, THIRDS)


def test_nothing_is_refunded_of_nothing_or_less() -> None:
    assert refund({"a": -3, "b": -4}, 0, dict.fromkeys("ab", 500_000)) == {"a": 0, "b": 0}
    assert refund({"a": 0, "b": 0}, 0, dict.fromkeys("ab", 500_000)) == {"a": 0, "b": 0}
    with pytest.raises(ValueError, match="no more"):
        refund({"a": -3, "b": 4}, 0, dict.fromkeys("ab", 500_000))


def given_back(held: dict[int, int], minor: int, shares: dict[int, Fraction | int]) -> dict[int, int]:
    """Give back unit by unit: always whoever has most beyond their ideal of what stays, of equals the smaller id."""
    stays = sum(held.values()) - minor
    over = {
        who: held[who] - stays * Fraction(part, 1 if isinstance(part, Fraction) else WHOLE)
        for who, part in shares.items()
    }
    back = {who: max(0, floor(beyond)) for who, beyond in sorted(over.items())}
    while (total := sum(back.values())) != minor:
        if total < minor:
            who = min((one for one in back if back[one] < held[one]), key=lambda one: (back[one] - over[one], one))
            back[who] += 1
        else:
            who = min((one for one in back if back[one] > 0), key=lambda one: (over[one] - back[one], one))
            back[who] -= 1
    return back


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)), min_size=1, max_size=6), st.data())
def test_a_refund_is_that_of_units_given_back_one_by_one(parts: list[tuple[int, int]], data: st.DataObject) -> None:
    held = {who: part for who, (part, _) in enumerate(parts)}
    shares = weighted([weight for _, weight in parts[1:]] + [parts[0][1] + 1])
    minor = data.draw(st.integers(0, sum(held.values())))

    assert refund(held, minor, shares) == given_back(held, minor, shares)


def test_a_refund_of_what_is_far_from_the_shares_does_not_walk_unit_by_unit() -> None:
    far = 10**15
    shares = {who: Fraction(1, MOST_PARTICIPANTS) for who in range(MOST_PARTICIPANTS)}
    held = dict.fromkeys(shares, 0) | {0: far, 1: far}

    assert refund(held, far + 1, shares) == dict.fromkeys(shares, 0) | {0: far // 2, 1: far // 2 + 1}


def weighted(weights: list[int]) -> dict[int, Fraction | int]:
    """Return shares in proportion, the last one what remains; weights of millionths stay such."""
    total = sum(weights)
    return {who: weight if total == WHOLE else Fraction(weight, total) for who, weight in enumerate(weights)}


def holds(minor: int, shares: dict[int, Fraction | int], random: Random) -> None:
    parts = split(minor, shares)
    assert sum(parts.values()) == minor
    assert all(type(part) is int for part in parts.values())
    for who, share in shares.items():
        exact = share if isinstance(share, Fraction) else Fraction(share, WHOLE)
        assert abs(parts[who] * exact.denominator - minor * exact.numerator) < exact.denominator, who
    order = list(shares)
    random.shuffle(order)
    again = split(minor, {who: shares[who] for who in order})
    assert list(again.items()) == list(parts.items())
    assert split(-minor, shares) == {who: -part for who, part in parts.items()}


def some_shares(random: Random) -> dict[int, Fraction | int]:
    many = random.choice((1, 2, 2, 3, 3, 4, 5, 8, random.randint(1, 24)))
    if random.random() < 0.001:
        many = MOST_PARTICIPANTS
    if random.random() < 0.5:
        cuts = sorted(random.choices(range(WHOLE + 1), k=many - 1))
        return weighted([end - begin for begin, end in zip([0, *cuts], [*cuts, WHOLE], strict=True)])
    return weighted([random.randint(0, 60) for _ in range(many - 1)] + [random.randint(1, 60)])


@pytest.mark.no_cover
def test_random_splits_are_exact_near_in_any_order_and_mirrored(
    record_property: Callable[[str, object], None],
) -> None:
    random, cases = Random(20261123), 1_000_000 if PROVE else 1_000
    for _ in range(cases):
        holds(random.choice((1, -1)) * random.randrange(10 ** random.randint(0, 15)), some_shares(random), random)
    record_property("random splits", cases)


@pytest.mark.no_cover
def test_rows_of_part_refunds_never_go_beyond_the_sale_and_end_at_zero(
    record_property: Callable[[str, object], None],
) -> None:
    random, cases = Random(20261124), 100_000 if PROVE else 300
    for number in range(cases):
        shares = some_shares(random)
        held = split(random.randrange(10 ** random.randint(1, 5)), shares)
        while total := sum(held.values()):
            back = refund(held, minor := random.randint(1, total), shares)
            assert sum(back.values()) == minor
            assert all(0 <= part <= held[who] for who, part in back.items()), f"case {number}"
            mirrored = refund({who: -part for who, part in held.items()}, -minor, shares)
            assert mirrored == {who: -part for who, part in back.items()}
            held = {who: held[who] - part for who, part in back.items()}
        assert not any(held.values())
    record_property("rows of part refunds", cases)


@given(st.integers(0, 10**6), st.lists(st.integers(0, 3_000_000), min_size=1, max_size=8))
def test_an_overlay_of_any_total_is_near_its_ideals(minor: int, millionths: list[int]) -> None:
    parts = overlay(minor, dict(enumerate(millionths)))

    assert sum(parts.values()) == round(Fraction(minor * sum(millionths), WHOLE))
    assert all(abs(parts[who] * WHOLE - minor * share) < WHOLE for who, share in enumerate(millionths))
