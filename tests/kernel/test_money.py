"""Money: integer minor units, decimals on the wire."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.kernel import money
from partnercrm.kernel.money import Money

EXPONENTS = {"JPY": 0, "EUR": 2, "BHD": 3, "CLF": 4}
# The wire takes fifteen digits before the point.
amounts = st.sampled_from(sorted(EXPONENTS)).flatmap(
    lambda currency: st.builds(Money, st.integers(0, min(money.MOST_MINOR, 10**15 - 1)), st.just(currency))
)


@pytest.mark.parametrize(("currency", "digits"), EXPONENTS.items())
def test_each_currency_has_its_own_number_of_decimals(currency: str, digits: int) -> None:
    assert money.exponent(currency) == digits


@given(amounts)
def test_what_is_written_reads_back_as_it_was(amount: Money) -> None:
    assert money.parse(amount.amount, amount.currency) == amount


@given(amounts)
def test_what_is_written_is_the_exact_decimal(amount: Money) -> None:
    digits = EXPONENTS[amount.currency]
    assert Decimal(amount.amount) * 10**digits == amount.minor
    assert len(amount.amount.partition(".")[2]) == digits


@given(amounts)
def test_a_debt_is_written_with_its_sign(amount: Money) -> None:
    owed = money.text(-amount.minor, amount.currency)
    assert owed == (f"-{amount.amount}" if amount.minor else amount.amount)


@pytest.mark.parametrize(
    ("written", "currency", "minor"),
    [
        ("0", "EUR", 0),
        ("0.05", "EUR", 5),
        ("12.5", "EUR", 1250),
        ("12.5000", "EUR", 1250),
        ("7.00", "JPY", 7),
        ("1.234", "BHD", 1234),
        ("1.2345", "CLF", 12345),
        ("10000000000000", "EUR", 10**15),
    ],
)
def test_plain_decimals_are_read_exactly(written: str, currency: str, minor: int) -> None:
    assert money.parse(written, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "written",
    [
        *("", " ", "1,000.00", "1.000,00", "1 000", "-1", "+1", "1e3", "1E3", "0x10", "1_000", ".5", "5.", "01"),
        *("1.00000", "NaN", "Infinity", "1\n", " 1", "\u0661", "1.2.3", "9" * 16),
    ],
)
def test_other_ways_to_write_a_figure_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match="plain decimal"):
        money.parse(written, "EUR")


@pytest.mark.parametrize(("written", "currency"), [("1.005", "EUR"), ("1.5", "JPY"), ("1.2345", "BHD")])
def test_more_decimals_than_the_currency_has_are_refused(written: str, currency: str) -> None:
    with pytest.raises(ValueError, match=f"{currency} has {EXPONENTS[currency]} decimals"):
        money.parse(written, currency)


def test_more_than_the_system_records_is_refused() -> None:
    with pytest.raises(ValueError, match="larger"):
        money.parse("10000000000000.01", "EUR")


@pytest.mark.parametrize("code", ["XXX", "DEM", "eur", "EU", "", "XAU"])
def test_only_current_currencies_with_minor_units_are_known(code: str) -> None:
    assert not money.is_currency(code)
    with pytest.raises(ValueError, match="ISO 4217"):
        money.parse("1", code)


@given(st.text(max_size=12))
def test_any_other_text_is_refused_and_never_fails_otherwise(written: str) -> None:
    try:
        read = money.parse(written, "EUR")
    except ValueError:
        return
    assert Decimal(written) * 100 == read.minor
