"""What amounts come to in another currency: exactly, through the euro, by the last rate of at most seven days ago."""

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.kernel import money
from partnercrm.kernel.money import Money
from partnercrm.rates.conversion import BASE, Quote, Table

DAY = date(2026, 3, 31)
RATES = {"USD": Decimal("1.0850"), "JPY": Decimal("161.50"), "KWD": Decimal("0.3341")}
TABLE = Table(Quote(currency, DAY, rate) for currency, rate in RATES.items())
CURRENCIES = st.sampled_from([BASE, *RATES])


@given(st.integers(0, 10**15), CURRENCIES, CURRENCIES)
def test_a_conversion_is_what_decimals_of_sixty_digits_say(minor: int, of: str, to: str) -> None:
    exact = Context(prec=60, rounding=ROUND_HALF_EVEN)
    units = exact.divide(Decimal(minor).scaleb(-money.exponent(of)), RATES.get(of, Decimal(1)))
    target = exact.multiply(units, RATES.get(to, Decimal(1))).scaleb(money.exponent(to), exact)
    wanted = Money(minor, of) if of == to else Money(int(exact.to_integral_value(target)), to)

    assert TABLE.converted(Money(minor, of), to, DAY) == wanted


@pytest.mark.parametrize(("minor", "comes_to"), [(1, 0), (3, 2), (5, 2), (7, 4)])
def test_a_half_goes_to_the_even_unit(minor: int, comes_to: int) -> None:
    table = Table([Quote("USD", DAY, Decimal(2))])

    assert table.converted(Money(minor, "USD"), "EUR", DAY) == (comes_to, "EUR")


def test_a_day_without_a_rate_takes_the_last_before_it_at_most_seven_days_back() -> None:
    table = Table([Quote("USD", DAY, Decimal(2)), Quote("USD", DAY + timedelta(days=1), Decimal(4))])

    found = [table.quote("USD", DAY + timedelta(days=days)) for days in (-1, 0, 1, 8, 9)]

    assert [quote and quote.rate for quote in found] == [None, 2, 4, 4, None]


@pytest.mark.parametrize(("of", "to"), [("GBP", "EUR"), ("EUR", "GBP"), ("USD", "GBP")])
def test_without_a_rate_nothing_is_converted(of: str, to: str) -> None:
    assert TABLE.converted(Money(100, of), to, DAY) is None


def test_an_amount_stays_what_it_is_in_its_own_currency() -> None:
    assert TABLE.converted(Money(100, "GBP"), "GBP", DAY) == (100, "GBP")
