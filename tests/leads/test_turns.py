"""Whose turn it is to give."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from partnercrm.leads.turns import Turn, advance_left, advance_turn, turn


def _within(first: int, second: int, share: int, tolerance: int) -> bool:
    return abs(Fraction(100 * first, first + second) - share) <= tolerance


def test_nobody_is_next_before_the_first_lead() -> None:
    assert turn(0, 0, share_percent=50, tolerance_points=10) is None


def test_the_side_below_its_share_gives_next_until_both_are_within_tolerance() -> None:
    assert turn(107, 26, share_percent=50, tolerance_points=10) == Turn(1, 46)
    assert turn(1, 9, share_percent=50, tolerance_points=10) == Turn(0, 5)


def test_nobody_is_next_within_tolerance() -> None:
    assert turn(6, 4, share_percent=50, tolerance_points=10) is None


@given(
    first=st.integers(0, 5000),
    second=st.integers(0, 5000),
    share=st.integers(1, 99),
    tolerance=st.integers(0, 49),
)
def test_the_count_is_the_smallest_that_passes_the_violated_bound(
    first: int, second: int, share: int, tolerance: int
) -> None:
    due = turn(first, second, share_percent=share, tolerance_points=tolerance)
    if first + second == 0:
        assert due is None
        return
    assert (due is None) == _within(first, second, share, tolerance)
    if due is None:
        return

    def passes(leads: int) -> bool:
        gave = [first, second]
        gave[due.place] += leads
        mine = Fraction(100 * gave[due.place], sum(gave))
        return mine >= (share if due.place == 0 else 100 - share) - tolerance

    assert passes(due.leads)
    assert not passes(due.leads - 1)


@given(first=st.integers(0, 50), second=st.integers(0, 50), advance=st.integers(1, 20))
def test_who_gave_the_trust_advance_waits_until_the_other_side_evened_it(first: int, second: int, advance: int) -> None:
    due = advance_turn(first, second, advance)

    assert (due is None) == (advance_left(first, second, advance) > 0 < advance_left(second, first, advance))
    if due is not None:
        gave = [first, second]
        gave[due.place] += due.leads
        assert gave[0] == gave[1]
        assert advance_left(*sorted((first, second), reverse=True), advance) == 0
