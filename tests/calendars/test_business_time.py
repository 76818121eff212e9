"""Working time against a slow reference that looks at the clock on the wall minute by minute."""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.calendars.business_time import ALWAYS, BusinessHours, NeverOpen, Span, Spans, add, add_days, between

PROVE = os.environ.get("PARTNERCRM_PROVE") == "1"
MINUTE = timedelta(minutes=1)
OFFICE = ((Span(9 * 60, 17 * 60),),) * 5 + ((), ())
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
# Jumps over midnight, of half an hour, a skipped day, two changes a year at most: where shortcuts would be wrong.
ODD = {
    "America/St_Johns": datetime(2010, 11, 7, 2, tzinfo=UTC),
    "Pacific/Apia": datetime(2011, 12, 30, 9, tzinfo=UTC),
    "Pacific/Kwajalein": datetime(1993, 8, 21, 11, tzinfo=UTC),
    "Australia/Lord_Howe": datetime(2026, 4, 4, 14, tzinfo=UTC),
    "America/Havana": datetime(2026, 3, 8, 4, tzinfo=UTC),
    "Africa/Casablanca": datetime(2026, 2, 15, 1, tzinfo=UTC),
    "Asia/Beirut": datetime(2026, 3, 28, 21, tzinfo=UTC),
    "America/Sao_Paulo": datetime(2018, 11, 4, 2, tzinfo=UTC),
    "Europe/Berlin": datetime(2026, 10, 25, 0, tzinfo=UTC),
    "Asia/Kathmandu": datetime(1985, 12, 31, 17, tzinfo=UTC),
}


def is_open(hours: BusinessHours, moment: datetime) -> bool:
    """Look at the wall: which day and which minute is it there?"""
    wall = moment.astimezone(hours.zone)
    minute = 60 * wall.hour + wall.minute
    return any(span.opens <= minute < span.closes for span in hours.spans_on(wall.date()))


def slow_add(hours: BusinessHours, moment: datetime, minutes: int) -> datetime:
    while minutes > 0:
        minutes -= is_open(hours, moment)
        moment += MINUTE
    return moment


def slow_between(hours: BusinessHours, start: datetime, end: datetime) -> timedelta:
    passed = 0
    while start < end:
        passed += is_open(hours, start)
        start += MINUTE
    return passed * MINUTE


def some_spans(random: Random) -> Spans:
    ends = sorted(random.sample(range(0, 1441, random.choice((1, 15, 60))), random.choice((2, 2, 2, 4))))
    return tuple(Span(*pair) for pair in zip(ends[::2], ends[1::2], strict=True))


def some_case(random: Random) -> tuple[BusinessHours, datetime, int]:
    """Return a calendar in a zone, a moment near a jump of its clock as often as not, and a number of minutes."""
    name = random.choice(list(ODD)) if random.random() < 0.5 else random.choice(ZONES)
    around = ODD.get(name, datetime(random.randrange(1990, 2037), random.randrange(1, 13), 1, tzinfo=UTC))
    moment = (around + timedelta(minutes=random.randrange(-3000, 1500))).replace(second=0)
    week = tuple(some_spans(random) if random.random() < 0.75 else () for _ in range(6))
    near = [moment.date() + timedelta(days=random.randrange(-1, 4)) for _ in range(2)]
    hours = BusinessHours(
        ZoneInfo(name),
        (*week, (Span(0, random.choice((600, 1440))),)),
        holidays=frozenset(near[: random.randrange(2)]),
        days={near[1]: random.choice(((), some_spans(random)))} if random.random() < 0.3 else {},
    )
    return hours, moment, random.choice((0, 1, 59, 60, 480, random.randrange(1, 1500)))


# The rules are measured below; the slow reference's every minute, measured too, took thrice as long.
@pytest.mark.no_cover
def test_ten_thousand_random_cases_agree_with_the_slow_reference(
    record_property: Callable[[str, object], None],
) -> None:
    random, cases = Random(20261122), 10_000 if PROVE else 1_000
    for number in range(cases):
        hours, moment, minutes = some_case(random)
        found = add(hours, moment, minutes * MINUTE)
        case = f"case {number}: {hours} at {moment} for {minutes} minutes"
        assert found == slow_add(hours, moment, minutes), case
        assert between(hours, moment, found) == minutes * MINUTE, case
        later = moment + timedelta(minutes=random.randrange(4000))
        assert between(hours, moment, later) == slow_between(hours, moment, later), case
    record_property("random cases of working time", cases)


spans = st.lists(st.integers(0, 1440), min_size=2, max_size=4, unique=True).map(
    lambda ends: tuple(Span(*pair) for pair in zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False))
)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
durations = st.timedeltas(timedelta(), timedelta(hours=90))
calendars = st.builds(
    BusinessHours,
    st.sampled_from(ZONES).map(ZoneInfo),
    st.tuples(*[st.one_of(st.just(()), spans)] * 6, spans),
    st.frozensets(st.dates(date(1990, 1, 1), date(2037, 1, 1)), max_size=3),
)


@given(calendars, moments, durations, durations)
def test_what_is_added_has_passed_and_parts_add_up(
    hours: BusinessHours, moment: datetime, one: timedelta, other: timedelta
) -> None:
    due = add(hours, moment, one)

    assert between(hours, moment, due) == one
    assert between(hours, due, moment) == -one
    assert add(hours, due, other) == add(hours, moment, one + other)
    assert due >= moment
    assert due.tzinfo is UTC


@given(calendars, moments, moments, moments)
def test_working_time_is_additive_and_never_longer_than_time(
    hours: BusinessHours, one: datetime, other: datetime, third: datetime
) -> None:
    first, second, last = sorted((one, other, third))
    second, last = min(second, first + timedelta(days=40)), min(last, first + timedelta(days=80))

    assert between(hours, first, last) == between(hours, first, second) + between(hours, second, last)
    assert timedelta() <= between(hours, first, last) <= last - first


@given(calendars, moments, durations, durations)
def test_more_work_is_due_later_and_a_later_start_is_never_due_earlier(
    hours: BusinessHours, moment: datetime, duration: timedelta, more: timedelta
) -> None:
    assert add(hours, moment, duration + more) >= add(hours, moment, duration)
    assert add(hours, moment + more, duration) >= add(hours, moment, duration)


@given(calendars, moments, st.integers(1, 12))
def test_the_last_of_so_many_working_days_closes_in_working_time(
    hours: BusinessHours, moment: datetime, days: int
) -> None:
    due = add_days(hours, moment, days)

    begun, ended = (one.astimezone(hours.zone).date() for one in (moment, due - timedelta(microseconds=1)))
    assert between(hours, due - timedelta(microseconds=1), due) == timedelta(microseconds=1)
    assert add_days(hours, moment, days + 1) > due
    assert sum(bool(hours.spans_on(begun + timedelta(days=n))) for n in range(1, (ended - begun).days + 1)) >= days


@pytest.mark.parametrize(
    ("offered", "due"),
    [
        ("2026-11-20T17:00+01:00", "2026-11-24T17:00+01:00"),
        ("2026-11-20T16:30+01:00", "2026-11-24T16:30+01:00"),
        ("2026-11-21T12:00+01:00", "2026-11-24T17:00+01:00"),
        ("2026-12-23T12:00+01:00", "2026-12-28T12:00+01:00"),
    ],
)
def test_two_working_days_from_a_friday_evening_end_on_tuesday_evening(offered: str, due: str) -> None:
    hours = BusinessHours(ZoneInfo("Europe/Berlin"), OFFICE, holidays={date(2026, 12, 25)})

    assert add(hours, datetime.fromisoformat(offered), timedelta(hours=16)) == datetime.fromisoformat(due)


def test_the_hour_that_the_clock_skips_is_nobodys_and_the_one_it_shows_twice_counts_twice() -> None:
    nights = BusinessHours(ZoneInfo("Europe/Berlin"), ((Span(60, 240),),) * 7)

    for day, worked in ((date(2026, 3, 29), 2), (date(2026, 6, 1), 3), (date(2026, 10, 25), 4)):
        midnight = datetime(day.year, day.month, day.day, tzinfo=nights.zone)
        assert between(nights, midnight, midnight + timedelta(hours=12)) == timedelta(hours=worked)


def test_on_a_day_that_the_zone_skips_nobody_works() -> None:
    samoa = BusinessHours(ZoneInfo("Pacific/Apia"), ((Span(0, 1440),),) * 7, days={date(2011, 12, 29): ()})
    thursday = datetime(2011, 12, 29, 12, tzinfo=samoa.zone)

    assert add(samoa, thursday, MINUTE) == datetime(2011, 12, 31, 0, 1, tzinfo=samoa.zone)
    assert add_days(samoa, thursday, 1).astimezone(samoa.zone) == datetime(2012, 1, 1, tzinfo=samoa.zone)


def test_hours_that_are_never_open_are_refused_clearly() -> None:
    never = BusinessHours(ZoneInfo("UTC"), ((),) * 7)

    for ask in (lambda: add(never, datetime.now(UTC), MINUTE), lambda: add_days(never, datetime.now(UTC), 1)):
        with pytest.raises(NeverOpen):
            ask()
    assert between(never, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)) == timedelta()
    once = BusinessHours(ZoneInfo("UTC"), ((),) * 7, days={date(2026, 5, 1): (Span(0, 1),)})
    assert add(once, datetime(2026, 4, 1, tzinfo=UTC), MINUTE) == datetime(2026, 5, 1, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "week",
    [
        OFFICE[:6],
        ((Span(600, 540),), *OFFICE[1:]),
        ((Span(540, 540),), *OFFICE[1:]),
        ((Span(540, 1441),), *OFFICE[1:]),
        ((Span(-1, 60),), *OFFICE[1:]),
        ((Span(540, 720), Span(700, 900)), *OFFICE[1:]),
        ((Span(700, 900), Span(540, 600)), *OFFICE[1:]),
    ],
)
def test_weeks_no_clock_could_follow_are_refused(week: tuple[Spans, ...]) -> None:
    with pytest.raises(ValueError, match=r"week|spans"):
        BusinessHours(ZoneInfo("UTC"), week)


def test_around_the_clock_working_time_is_time() -> None:
    moment = datetime(2026, 3, 28, 23, 59, 59, 999_999, tzinfo=UTC)

    assert add(ALWAYS, moment, timedelta(hours=48)) == moment + timedelta(hours=48)


def test_moments_of_any_zone_are_understood() -> None:
    tokyo = BusinessHours(ZoneInfo("Asia/Tokyo"), OFFICE)
    friday = datetime(2026, 11, 20, 8, tzinfo=ZoneInfo("America/New_York"))

    assert add(tokyo, friday, timedelta(hours=1)) == datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Asia/Tokyo"))


def test_a_long_time_is_found_by_days_not_by_minutes() -> None:
    hours = BusinessHours(ZoneInfo("Europe/Berlin"), OFFICE)
    looked_at: list[date] = []

    class Noted(frozenset[date]):
        def __contains__(self, day: object) -> bool:
            looked_at.append(day)  # type: ignore[arg-type]
            return False

    add(BusinessHours(hours.zone, OFFICE, Noted()), datetime(2026, 1, 1, tzinfo=UTC), timedelta(hours=2080))

    assert len(looked_at) < 3 * 366
