"""How an exchange of leads stands, against a slow reference of its own."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.leads.reciprocity import Exchange, exchanges, window_begins, written
from partnercrm.partnerships.measures import Measure

counts = st.integers(0, 10**6)
values = st.fractions(-1000, 1000, max_denominator=10**6)


def slow_figures(given_by_first: int, given_by_second: int) -> dict[str, Fraction | None]:
    """Count lead by lead, each a 1/total part of all."""
    total = given_by_first + given_by_second
    if total == 0:
        return dict.fromkeys(("share", "net", "balance", "ratio"))
    share = Fraction(given_by_first, total)
    larger, smaller = max(share, 1 - share), min(share, 1 - share)
    return {
        "share": share,
        "net": share - (1 - share),
        "balance": 1 - (larger - smaller),
        "ratio": share / (1 - share) if share < 1 else None,
    }


@given(counts, counts)
def test_every_figure_equals_the_slow_reference(first: int, second: int) -> None:
    exchange = Exchange(first, second)
    found = {
        "share": exchange.share_first,
        "net": exchange.net,
        "balance": exchange.balance,
        "ratio": exchange.ratio,
    }
    assert found == slow_figures(first, second)


@given(counts, counts)
def test_swapping_the_sides_turns_the_figures_round_and_leaves_the_balance(first: int, second: int) -> None:
    one, other = Exchange(first, second), Exchange(second, first)

    assert one.balance == other.balance
    if one.net is None or one.share_first is None:
        assert (other.net, other.share_first) == (None, None)
        return
    assert other.net == -one.net
    assert other.share_first == 1 - one.share_first
    assert 0 <= one.share_first <= 1
    assert -1 <= one.net <= 1
    if one.ratio and other.ratio:
        assert one.ratio * other.ratio == 1


def test_an_empty_exchange_has_no_figures_and_a_one_sided_one_no_ratio() -> None:
    empty, gave_all, got_all = Exchange(0, 0), Exchange(7, 0), Exchange(0, 7)

    assert (empty.share_first, empty.balance, empty.net, empty.ratio) == (None, None, None, None)
    assert (gave_all.share_first, gave_all.balance, gave_all.net, gave_all.ratio) == (1, 0, 1, None)
    assert (got_all.share_first, got_all.balance, got_all.net, got_all.ratio) == (0, 0, -1, 0)


def test_steps_a_side_never_took_count_nothing() -> None:
    found = exchanges({"offered": 4, "won": 1, "declined": 9}, {"offered": 2})

    assert found == {
        Measure.OFFERED: Exchange(4, 2),
        Measure.ACCEPTED: Exchange(0, 0),
        Measure.QUALIFIED: Exchange(0, 0),
        Measure.WON: Exchange(1, 0),
    }


@given(value=values, digits=st.integers(0, 6))
def test_an_exact_value_is_written_as_decimal_arithmetic_rounds_it(value: Fraction, digits: int) -> None:
    with localcontext(prec=60):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        expected = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)

    text = written(value, digits)

    assert text is not None
    assert Decimal(text) == expected
    assert len(text.partition(".")[2]) == digits


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (Fraction(1, 2), 0, "0"),
        (Fraction(3, 2), 0, "2"),
        (Fraction(-1, 2), 0, "0"),
        (Fraction(-3, 2), 0, "-2"),
        (Fraction(1, 3), 4, "0.3333"),
        (Fraction(2, 3), 4, "0.6667"),
        (Fraction(-1, 30000), 4, "0.0000"),
        (Fraction(1), 6, "1.000000"),
        (None, 4, None),
    ],
)
def test_halves_go_to_the_even_digit_and_nothing_is_ever_minus_zero(
    value: Fraction | None, digits: int, text: str | None
) -> None:
    assert written(value, digits) == text


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda moment: moment.year > 1900), st.integers(1, 60))
def test_a_window_holds_its_months_and_ends_with_the_present_one(as_of: datetime, months: int) -> None:
    year, month = as_of.year, as_of.month
    for _ in range(months - 1):
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)

    assert window_begins(as_of, months) == f"{year}-{month:02}"
    assert window_begins(as_of, None) is None
