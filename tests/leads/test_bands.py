"""Value bands."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.kernel import money
from partnercrm.leads.bands import ValueBand, band

FROM = {"under_10k": 0, "10k_50k": 10_000, "50k_250k": 50_000, "250k_1m": 250_000, "over_1m": 1_000_000}


def slow_band(minor: int, currency: str) -> str:
    amount = Decimal(minor).scaleb(-money.exponent(currency))
    return [name for name, least in FROM.items() if amount >= least][-1]


@given(minor=st.integers(0, money.MOST_MINOR), currency=st.sampled_from(money.CURRENCIES))
def test_a_value_lies_in_the_band_of_its_whole_units(minor: int, currency: str) -> None:
    assert band(minor, currency).value == slow_band(minor, currency)


@pytest.mark.parametrize("currency", ["JPY", "EUR", "BHD", "CLF"])
def test_each_band_begins_where_the_one_before_ends(currency: str) -> None:
    for before, after in zip(FROM, list(FROM)[1:], strict=False):
        limit = money.parse(str(FROM[after]), currency).minor
        assert (band(limit - 1, currency), band(limit, currency)) == (before, after)
    assert set(FROM) == {name.value for name in ValueBand}
