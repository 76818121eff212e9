"""Until when a registration is protected, and when the clock asks for its review: pure."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from partnercrm.calendars.business_time import ALWAYS, BusinessHours, Span
from partnercrm.deals import protection, reviewing
from partnercrm.deals.reviewing import Alarm
from partnercrm.leads.watching import round_at

WEEK = BusinessHours(ZoneInfo("UTC"), ((Span(540, 1020),),) * 5 + ((), ()))
SUNDAYS = BusinessHours(ZoneInfo("UTC"), ((),) * 6 + ((Span(600, 720),),))
FRIDAY = datetime(2026, 11, 20, 9, tzinfo=UTC)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
days = st.integers(1, 365)


def test_a_window_ends_when_the_later_side_closes_on_a_day_it_works() -> None:
    assert protection.window([WEEK, WEEK], FRIDAY, 1) == datetime(2026, 11, 23, 17, tzinfo=UTC)
    assert protection.window([WEEK, SUNDAYS], FRIDAY, 5) == datetime(2026, 11, 29, 12, tzinfo=UTC)


@given(moments, days)
def test_a_window_is_never_shorter_than_agreed(begun: datetime, count: int) -> None:
    assert protection.window([ALWAYS, WEEK], begun, count) >= begun + timedelta(days=count - 1)


@given(moments, days, st.integers(0, 400), st.integers(0, 400))
def test_activity_extends_never_shortens_and_ends_within_a_year(
    approved: datetime, count: int, first: int, second: int
) -> None:
    until = protection.window([WEEK], approved, count)
    for later in (first, second):
        before, at = until, approved + timedelta(days=later)
        until = protection.extended([WEEK], approved, until, happened_at=at, days=count)
        assert until >= before
    assert until <= max(protection.window([WEEK], approved, count), approved + protection.LONGEST)


def test_those_who_decide_are_asked_half_way_then_their_manager_then_time_is_over() -> None:
    agreed = reviewing.times(WEEK, FRIDAY, 16)

    assert agreed == (datetime(2026, 11, 23, 17, tzinfo=UTC), datetime(2026, 11, 25, 17, tzinfo=UTC))
    planned = reviewing.alarms(WEEK, FRIDAY, agreed)
    assert planned == {
        Alarm.REVIEW_DUE: FRIDAY + timedelta(hours=8),
        Alarm.REVIEW_LATE: agreed.respond_by,
        Alarm.TIME_OVER: agreed.ends_at,
    }
    come = round_at(planned, {Alarm.REVIEW_DUE}, agreed.respond_by)
    assert come == ([(Alarm.REVIEW_LATE, agreed.respond_by)], agreed.ends_at)
