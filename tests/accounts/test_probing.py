"""Trying out guesses on a partner's list: what it yields in thirty days, and that the partner sees each attempt."""

import os
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.accounts.probing import (
    COMPARISONS,
    EDGES,
    EPOCH,
    PERIOD,
    K,
    Look,
    Told,
    Tripwire,
    band,
    band_told,
    blur,
    comparisons_left,
    resting,
    retold,
    ripe_at,
    tripped,
)
from partnercrm.accounts.tiers import MappingTier
from tests.accounts import attackers
from tests.accounts.attackers import Strategy, thirty_days

PROVE: Final = os.environ.get("PARTNERCRM_PROVE") == "1"
SEEDS: Final = 1_000 if PROVE else 8
NOW: Final = datetime(2026, 3, 14, 9, tzinfo=UTC)
ONE: Final = UUID(int=1)
FEW: Final = 2
COUNTS, SINGLY = MappingTier.COUNTS, MappingTier.OVERLAPS
counts = st.integers(0, 3_000_000)
secrets = st.binary(min_size=32, max_size=32)

ATTACKS: Final[dict[str, tuple[Strategy, MappingTier]]] = {
    "a guess at an edge": (attackers.at_the_edge(1, 1), COUNTS),
    "guesses at an edge of three lists": (attackers.at_the_edge(1, 3), COUNTS),
    "two guesses at once": (attackers.at_the_edge(2, 1), COUNTS),
    "differences": (attackers.by_difference, COUNTS),
    "all guesses at once": (attackers.all_at_once, SINGLY),
    "ten guesses a week": (attackers.little_by_little, SINGLY),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_thirty_days_of_guessing_yield_two_members_at_most_and_every_attempt_shows(name: str) -> None:
    strategy, tier = ATTACKS[name]
    for seed in range(SEEDS):
        attack = thirty_days(strategy, tier, seed)

        assert len(attack.inferred & attack.members) <= FEW, seed
        assert attack.shown == attack.epochs


def test_a_list_of_known_members_and_guesses_alone_freezes_before_anything_is_told() -> None:
    attack = thirty_days(attackers.undiluted, SINGLY, 1)

    assert (attack.inferred, attack.is_frozen, attack.epochs) == (frozenset(), True, 1)


def test_bringing_every_guess_at_once_freezes() -> None:
    attack = thirty_days(attackers.all_at_once, SINGLY, 1)

    assert (attack.inferred, attack.is_frozen, attack.epochs) == (frozenset(), True, 2)


def test_the_attacks_would_succeed_without_the_guards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exact thresholds that everybody knows yield a member an epoch, and unripe accounts told of singly, dozens."""
    monkeypatch.setattr("partnercrm.accounts.probing.blur", lambda secret, *basis: 0)
    at_edges = max(len(thirty_days(*ATTACKS["guesses at an edge of three lists"], seed).inferred) for seed in range(9))
    monkeypatch.setattr("tests.accounts.attackers.ripe_at", lambda listed_at: listed_at)
    singly = thirty_days(attackers.little_by_little, SINGLY, 1).inferred

    assert at_edges > FEW
    assert len(singly) > FEW


@given(counts, st.integers(0, K - 1))
def test_a_count_lies_in_the_band_that_is_told_of_it(count: int, blurred: int) -> None:
    told = band(count, blurred)

    assert told.least <= count
    assert told.most is None or count <= told.most
    assert told.least == 0 or told.least in EDGES


def test_beyond_the_last_edge_a_band_is_open() -> None:
    assert band(EDGES[-1] + K, 0) == (EDGES[-1], None)
    assert band(0, K - 1) == (0, EDGES[0] + K - 2)


@given(secrets, st.integers())
def test_a_blur_follows_from_the_secret_and_stays(secret: bytes, basis: int) -> None:
    assert blur(secret, basis) == blur(secret, basis)
    assert 0 <= blur(secret, basis) < K


def test_a_blur_takes_every_value_and_is_another_for_another_purpose() -> None:
    secret = bytes(32)

    assert {blur(secret, number) for number in range(200)} == set(range(K))
    assert [blur(secret, number, "band") for number in range(9)] != [
        blur(secret, number, "other") for number in range(9)
    ]


@given(secrets, counts, st.integers(1 - K, K - 1), st.integers(2, 500))
def test_a_small_difference_is_not_told(secret: bytes, count: int, less: int, epoch: int) -> None:
    told = Told(count, 1)
    after = retold(told, max(0, count + less), epoch, secret, ONE)

    assert after is told
    assert band_told(after, secret, ONE) == band_told(told, secret, ONE)


@given(secrets, counts, st.integers(2, 500))
def test_a_large_difference_is_told(secret: bytes, count: int, epoch: int) -> None:
    assert retold(Told(count, 1), count + 2 * K - 1, epoch, secret, ONE) == Told(count + 2 * K - 1, epoch)


def test_the_first_count_is_told() -> None:
    assert retold(None, 3, 1, bytes(32), ONE) == Told(3, 1)


def test_a_side_compares_so_many_changed_lists_in_a_period() -> None:
    spent = [NOW - PERIOD, NOW - PERIOD + timedelta(seconds=1), NOW - EPOCH, NOW]

    assert comparisons_left([], NOW) == COMPARISONS
    assert comparisons_left(spent, NOW) == COMPARISONS - 3
    assert comparisons_left(spent * 4, NOW) == 0


def test_what_comes_onto_a_list_ripens_for_a_period() -> None:
    assert ripe_at(NOW) == NOW + PERIOD


@pytest.mark.parametrize(
    ("look", "wires"),
    [
        (Look(100, 0, 50, 0), []),
        (Look(99, 0, 50, 0), [Tripwire.MATCH_RATIO]),
        (Look(60, 0, 49, 0), []),
        (Look(20, 50, 0, 0), []),
        (Look(20, 51, 0, 0), [Tripwire.LIST_GROWTH]),
        (Look(1_000, 100, 0, 0), []),
        (Look(1_000, 101, 600, 2), list(Tripwire)),
    ],
)
def test_tripwires(look: Look, wires: list[Tripwire]) -> None:
    assert tripped(look) == wires
    assert tripped(look, wires) == []


def test_a_tripwire_rests_for_a_time_once_both_have_looked() -> None:
    lifted = [(Tripwire.MATCH_RATIO, NOW - PERIOD), (Tripwire.LIST_GROWTH, NOW - PERIOD)]

    assert resting(lifted, NOW) == {Tripwire.MATCH_RATIO}
