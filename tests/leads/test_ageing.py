"""Older leads count less."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.leads.ageing import aged_share, weight
from partnercrm.leads.reciprocity import Exchange

ages = st.floats(0, 1000)
half_lives = st.floats(0.1, 1000)
dated = st.lists(st.tuples(ages, st.builds(Exchange, st.integers(0, 99), st.integers(0, 99))), max_size=20)


@given(ages, half_lives)
def test_a_half_life_halves_what_a_lead_counts(age: float, half_life: float) -> None:
    assert weight(age + half_life, half_life) == pytest.approx(weight(age, half_life) / 2, abs=1e-12)
    assert weight(-age, half_life) == weight(0, half_life) == 1


@given(dated, half_lives)
def test_the_aged_share_is_one_of_both_sides(exchanges: list[tuple[float, Exchange]], half_life: float) -> None:
    share = aged_share(exchanges, half_life)
    other = aged_share([(age, Exchange(one.second, one.first)) for age, one in exchanges], half_life)

    assert (share is None) == (other is None)
    if share is not None and other is not None:
        assert share + other == pytest.approx(1)


def test_a_lead_a_half_life_ago_counts_half_of_one_of_today() -> None:
    assert aged_share([(0, Exchange(0, 1)), (12, Exchange(1, 0))], 12) == pytest.approx(1 / 3)
    assert aged_share([], 12) is None
    assert aged_share([(10**6, Exchange(5, 0))], 1) is None
