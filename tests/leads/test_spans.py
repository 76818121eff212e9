"""Windows of months: both ends belong to them, either may be left out."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.leads.spans import Span, next_month, span

MONTHS = st.builds(lambda year, month: f"{year:04}-{month:02}", st.integers(1000, 2998), st.integers(1, 12))


@given(st.none() | MONTHS, st.none() | MONTHS)
def test_a_window_is_read_as_it_is_written(first: str | None, last: str | None) -> None:
    assert span(str(Span(first, last))) == Span(first, last)


@given(st.none() | MONTHS, st.none() | MONTHS, MONTHS, st.integers(1, 28), st.integers(0, 23))
def test_months_and_moments_are_in_the_same_windows(
    first: str | None, last: str | None, month: str, day: int, hour: int
) -> None:
    one = Span(first, last)
    moment = datetime.fromisoformat(f"{month}-{day:02}T{hour:02}:59:59.999999+00:00")

    since, until = one.begins_at, one.ends_before

    assert one.holds(month) == ((since is None or moment >= since) and (until is None or moment < until))
    assert not (one.is_backwards and one.holds(month))


def test_the_month_after_december_is_january() -> None:
    assert (next_month("2026-12"), next_month("2026-01")) == ("2027-01", "2026-02")
    assert Span(None, "2026-12").ends_before == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("wrong", ["", "2026", "2026-01", "2026-13..", "..2026-00", "2026-1..2026-2", "0999-01.."])
def test_nothing_else_is_a_window(wrong: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(wrong)}$"):
        span(wrong)
