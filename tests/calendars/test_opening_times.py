"""How opening times are written and read."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.calendars.business_time import Span
from partnercrm.calendars.opening_times import DAY, TIMES, read_days, read_times, write_days, write_times, write_week

ends = st.lists(st.integers(0, 1439), min_size=0, max_size=8, unique=True).filter(lambda found: len(found) % 2 == 0)
times = ends.map(sorted).map(lambda found: tuple(Span(*pair) for pair in zip(found[::2], found[1::2], strict=True)))


@given(times)
def test_what_is_written_is_read_as_it_was(spans: tuple[Span, ...]) -> None:
    written = write_times(spans)

    assert read_times(written) == spans
    assert re.fullmatch(TIMES, written)


@given(st.dictionaries(st.dates(date(1000, 1, 1)), times, max_size=4))
def test_days_that_are_written_are_read_as_they_were(days: dict[date, tuple[Span, ...]]) -> None:
    lines = write_days(days)

    assert read_days(lines) == days
    assert lines == sorted(lines)
    assert all(re.fullmatch(DAY, line) for line in lines)


def test_a_day_may_end_at_midnight() -> None:
    assert read_times("22:00-24:00") == (Span(1320, 1440),)


@pytest.mark.parametrize(
    "written", ["12:00-09:00", "09:00-09:00", "09:00-12:00, 11:00-13:00", "13:00-14:00,09:00-10:00"]
)
def test_times_out_of_order_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match="in their order"):
        read_times(written)


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        (["2026-02-30"], "no such day"),
        (["2026-02-01", "2026-02-01 09:00-10:00"], "twice"),
        (["2026-02-01 10:00-09:00"], "order"),
    ],
)
def test_days_that_cannot_be_are_refused(lines: list[str], wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        read_days(lines)


def test_a_week_is_written_with_days_alike_in_a_row_as_one() -> None:
    office, short = read_times("09:00-17:00"), read_times("09:00-12:00")

    assert write_week([office] * 4 + [short, (), ()]) == [(0, 3, "09:00-17:00"), (4, 4, "09:00-12:00")]
    assert write_week([office, (), office, office, (), (), short]) == [
        (0, 0, "09:00-17:00"),
        (2, 3, "09:00-17:00"),
        (6, 6, "09:00-12:00"),
    ]
    assert write_week([()] * 7) == []
