"""Clocks that somebody else waits for: working time, bounded however few the hours are. Pure."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from partnercrm.calendars.business_time import (
    FEWEST,
    BusinessHours,
    NeverOpen,
    Span,
    add,
    add_days,
    due,
    due_days,
    latest,
    weekly,
)

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
MINUTE_A_WEEK = ((Span(540, 541),), *((),) * 6)
spans = st.lists(st.integers(0, 1440), min_size=2, max_size=4, unique=True).map(
    lambda ends: tuple(Span(*pair) for pair in zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False))
)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
durations = st.timedeltas(timedelta(), timedelta(hours=200))
zones = st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia"]).map(ZoneInfo)
calendars = st.builds(BusinessHours, zones, st.tuples(*[st.one_of(st.just(()), spans)] * 7))


@given(calendars, moments, durations)
def test_no_clock_runs_longer_than_the_fewest_hours_allow(
    hours: BusinessHours, moment: datetime, duration: timedelta
) -> None:
    found = due(hours, moment, duration)

    assert moment <= found <= latest(moment, duration)
    try:
        exact = add(hours, moment, duration)
    except NeverOpen:
        exact = latest(moment, duration)
    assert found == min(exact, latest(moment, duration))


@given(calendars.filter(lambda hours: weekly(hours) >= FEWEST), moments, durations)
def test_hours_that_are_enough_are_counted_exactly(hours: BusinessHours, moment: datetime, duration: timedelta) -> None:
    assert due(hours, moment, duration) == add(hours, moment, duration)


@given(calendars, moments, st.integers(1, 12))
def test_working_days_are_bounded_as_well(hours: BusinessHours, moment: datetime, days: int) -> None:
    found = due_days(hours, moment, days)

    assert moment < found <= moment + timedelta(days=14) + days * timedelta(days=7) / 3
    if all(hours.week[:5]):
        assert found == add_days(hours, moment, days)


def test_a_minute_a_week_is_looked_at_for_as_long_as_a_clock_may_run_and_no_longer() -> None:
    looked_at: list[date] = []

    class Noted(frozenset[date]):
        def __contains__(self, day: object) -> bool:
            looked_at.append(day)  # type: ignore[arg-type]
            return False

    found = due(BusinessHours(ZoneInfo("UTC"), MINUTE_A_WEEK, Noted()), MONDAY, timedelta(hours=48))

    assert found == latest(MONDAY, timedelta(hours=48)) < MONDAY + timedelta(days=37)
    assert len(set(looked_at)) < 40


def test_closures_and_holidays_delay_a_clock_by_no_more_than_it_may_run() -> None:
    office = ((Span(540, 1020),),) * 5 + ((), ())
    closed = {MONDAY.date() + timedelta(days=number): () for number in range(200)}
    away = dict.fromkeys(list(closed)[:12], ())

    assert due(BusinessHours(ZoneInfo("UTC"), office, days=closed), MONDAY, timedelta(hours=8)) == latest(
        MONDAY, timedelta(hours=8)
    )
    summer = BusinessHours(ZoneInfo("UTC"), office, days=away)
    assert due(summer, MONDAY, timedelta(hours=8)) == datetime(2026, 12, 7, 17, tzinfo=UTC)


def test_where_nobody_ever_works_a_clock_still_ends() -> None:
    never = BusinessHours(ZoneInfo("UTC"), ((),) * 7)

    assert due(never, MONDAY, timedelta(hours=8)) == latest(MONDAY, timedelta(hours=8))
    assert due_days(never, MONDAY, 3) == MONDAY + timedelta(days=21)
