"""Sums of the record: rows add up to the total, every amount is converted by itself, bands are summed to nothing."""

from collections import Counter
from datetime import date
from fractions import Fraction
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.kernel.money import Money
from partnercrm.leads.bands import ValueBand
from partnercrm.leads.reckoning import Alike, Cell, Closed, InBand, cell, realised, rows

DAY = date(2026, 3, 31)
SIDES = (uuid4(), uuid4())
PER_EURO = {"EUR": Fraction(1), "USD": Fraction(10850, 10000), "JPY": Fraction(16150, 10000)}


def convert(amount: Money, on_day: date) -> Money | None:
    """Convert into euros, as if a cent were a minor unit everywhere; of yen nothing is known."""
    return None if amount.currency == "JPY" else Money(round(amount.minor / PER_EURO[amount.currency]), "EUR")


ALIKE = st.builds(
    lambda key, side, told, steps: Alike(key, side, DAY, *told, steps),
    st.sampled_from([None, "a", "b", "c"]),
    st.sampled_from(SIDES),
    st.one_of(
        st.tuples(st.sampled_from(sorted(PER_EURO)), st.integers(0, 10**12), st.just(ValueBand.FROM_10K)),
        st.tuples(st.sampled_from(sorted(PER_EURO)), st.none(), st.sampled_from(ValueBand)),
        st.just((None, None, None)),
    ),
    st.integers(1, 20),
)


def added(cells: list[Cell]) -> tuple[int, int, Counter[str], Counter[str], Counter[tuple[str, str]], int]:
    told, lost, banded = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for one in cells:
        told.update({each.currency: each.minor for each in one.as_told if each.minor})
        lost.update({each.currency: each.minor for each in one.unconverted if each.minor})
        banded.update({(each.band.value, each.currency): each.leads for each in one.in_bands})
    value = sum(one.value.minor for one in cells if one.value)
    return sum(one.leads for one in cells), value, told, lost, banded, sum(one.untold for one in cells)


@given(st.lists(ALIKE, max_size=30), st.none() | st.fractions(0, 3, max_denominator=1000))
def test_rows_add_up_exactly_to_the_total_of_each_side(steps: list[Alike], scale: Fraction | None) -> None:
    def cells(those: list[Alike]) -> tuple[Cell, Cell]:
        first, second = (cell([one for one in those if one.giver_id == side], "EUR", convert, scale) for side in SIDES)
        return first, second

    found, total = rows(steps, cells, {"a": "Zebra", "b": "Anvil"}), cells(steps)

    for place in (0, 1):
        assert added([(row.first, row.second)[place] for row in found]) == added([total[place]])
    assert [row.key for row in found] == [key for key in ("b", "a", "c", None) if key in {one.key for one in steps}]


@given(st.lists(ALIKE, max_size=10))
def test_every_lead_is_told_exactly_in_a_band_or_not_at_all(steps: list[Alike]) -> None:
    found = cell(steps, "EUR", convert)

    exact = sum(one.steps for one in steps if one.minor is not None)
    assert found.leads == exact + sum(one.leads for one in found.in_bands) + found.untold


def test_bands_are_counted_and_amounts_without_a_rate_stand_beside_the_sum() -> None:
    steps = [
        Alike("a", SIDES[0], DAY, "USD", 1000, ValueBand.UNDER_10K, 3),
        Alike("a", SIDES[0], DAY, "JPY", 500, ValueBand.UNDER_10K, 1),
        Alike("a", SIDES[0], DAY, "EUR", None, ValueBand.OVER_1M, 2),
        Alike("a", SIDES[0], DAY, None, None, None, 4),
    ]

    found = cell(steps, "EUR", convert)

    assert found == Cell(
        leads=10,
        value=Money(3 * 922, "EUR"),
        as_told=[Money(500, "JPY"), Money(3000, "USD")],
        unconverted=[Money(500, "JPY")],
        in_bands=[InBand(ValueBand.OVER_1M, "EUR", 2)],
        untold=4,
    )
    assert cell(steps, None, convert) == Cell(10, None, [], [], [], 0)


def closed(hoped: int, won: int | None, leads: int, currency: str = "EUR") -> Closed:
    return Closed(SIDES[0], Money(hoped, currency), DAY, None if won is None else Money(won, "EUR"), DAY, leads)


def test_expectations_are_scaled_by_what_came_of_closed_leads_once_there_are_eight() -> None:
    seven = [closed(1000, 800, 4), closed(1000, None, 3), closed(1000, 1000, 50, "JPY")]
    one_more = [*seven, closed(500, 500, 1)]

    assert (realised(seven, "EUR", convert).closed, realised(seven, "EUR", convert).ratio) == (7, None)
    assert realised(one_more, "EUR", convert).ratio == Fraction(4 * 800 + 500, 7500)
    assert realised([closed(0, 5, 9)], "EUR", convert).ratio is None


@pytest.mark.parametrize(("minor", "comes_to"), [(1, 0), (3, 2), (5, 2), (7, 4)])
def test_each_expectation_is_scaled_by_itself_half_to_even(minor: int, comes_to: int) -> None:
    step = Alike(None, SIDES[0], DAY, "EUR", minor, ValueBand.UNDER_10K, 2)

    assert cell([step], "EUR", convert, Fraction(1, 2)).value == Money(2 * comes_to, "EUR")
