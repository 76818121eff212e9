"""Quiet hours and digests on the clock on the wall, at every jump of a clock too."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.notices.quiet import is_quiet, may_tell_at, next_digest

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia")
BERLIN = ZoneInfo("Europe/Berlin")
minutes = st.integers(0, 1439).map(lambda minute: time(minute // 60, minute % 60))
moments = st.integers(1_322_697_600, 1_830_211_200).map(lambda second: datetime.fromtimestamp(second, UTC))


def on_the_wall(moment: datetime, zone: str) -> time:
    return moment.astimezone(ZoneInfo(zone)).time()


@given(moments, st.sampled_from(ZONES), minutes, minutes)
def test_nobody_is_told_in_quiet_hours_nor_later_than_their_end(
    moment: datetime, zone: str, begins: time, ends: time
) -> None:
    told = may_tell_at(moment, zone, begins, ends)

    assert not is_quiet(told, zone, begins, ends)
    assert moment <= told <= moment + timedelta(hours=26)
    if told > moment:
        assert is_quiet(told - timedelta(minutes=1), zone, begins, ends) or told - moment < timedelta(minutes=1)


@given(moments, st.sampled_from(ZONES), st.integers(0, 23))
def test_a_digest_comes_at_its_hour_once_a_day(moment: datetime, zone: str, hour: int) -> None:
    first = next_digest(moment, zone, hour)
    second = next_digest(first, zone, hour)

    assert moment < first < second
    for due in (first, second):
        shown = on_the_wall(due, zone)
        assert shown == time(hour) or (shown > time(hour) and skips(due, zone, hour))
    days = [due.astimezone(ZoneInfo(zone)).date() for due in (first, second)]
    assert days[0] < days[1]


def skips(due: datetime, zone: str, hour: int) -> bool:
    """Tell whether the day of this moment has no such hour."""
    wall = ZoneInfo(zone)
    wanted = datetime.combine(due.astimezone(wall).date(), time(hour), wall)
    return wanted.astimezone(UTC).astimezone(wall).time() != time(hour)


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (datetime(2026, 3, 28, 23, 30, tzinfo=BERLIN), datetime(2026, 3, 29, 7, 0, tzinfo=BERLIN)),
        (datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1), datetime(2026, 10, 25, 7, 0, tzinfo=BERLIN)),
        (datetime(2026, 5, 1, 7, 0, tzinfo=BERLIN), datetime(2026, 5, 1, 7, 0, tzinfo=BERLIN)),
        (datetime(2026, 5, 1, 21, 59, tzinfo=BERLIN), datetime(2026, 5, 1, 21, 59, tzinfo=BERLIN)),
    ],
)
def test_a_night_ends_in_the_morning_also_when_clocks_are_changed(moment: datetime, told: datetime) -> None:
    assert may_tell_at(moment, "Europe/Berlin", time(22), time(7)) == told.astimezone(UTC)


def test_a_digest_hour_that_a_day_skips_is_as_long_after_midnight_as_on_others() -> None:
    before = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    assert next_digest(before, "Europe/Berlin", 2) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_without_quiet_hours_everything_is_told_at_once() -> None:
    now = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    assert may_tell_at(now, "UTC", None, None) == now
