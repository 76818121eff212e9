"""When the clock asks whom: pure."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from partnercrm.calendars.business_time import ALWAYS, BusinessHours, Span
from partnercrm.leads.watching import Alarm, FollowUp, answer_alarms, follow_up, round_at, snoozed, status_alarms

OFFICE = BusinessHours(ZoneInfo("UTC"), ((Span(540, 1020),),) * 5 + ((), ()))
MONDAYS = BusinessHours(ZoneInfo("UTC"), ((Span(540, 600),), *((),) * 6))
FRIDAY = datetime(2026, 11, 20, 9, tzinfo=UTC)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
spans = st.integers(1, 400)


def test_those_who_answer_are_asked_half_way_and_their_manager_when_it_is_late() -> None:
    respond_by = datetime(2026, 11, 23, 17, tzinfo=UTC)

    assert answer_alarms(OFFICE, FRIDAY, respond_by) == {
        Alarm.ANSWER_DUE: FRIDAY + timedelta(hours=8),
        Alarm.ANSWER_LATE: respond_by,
    }


def test_a_status_is_due_then_late_then_the_lead_goes_back() -> None:
    due = follow_up(OFFICE, FRIDAY, 16)

    assert due == FollowUp(datetime(2026, 11, 23, 17, tzinfo=UTC), datetime(2026, 11, 25, 17, tzinfo=UTC))
    assert status_alarms(OFFICE, due)[Alarm.STATUS_LATE] == datetime(2026, 11, 24, 17, tzinfo=UTC)
    assert snoozed(OFFICE, due.returns_at, 16) == FollowUp(due.returns_at, datetime(2026, 11, 27, 17, tzinfo=UTC))


@given(moments, spans, st.lists(st.integers(-100, 3000), max_size=12))
def test_whenever_and_however_often_it_is_looked_each_alarm_fires_once(
    begun: datetime, hours: int, looks: list[int]
) -> None:
    alarms = status_alarms(ALWAYS, follow_up(ALWAYS, begun, hours))
    fired: list[tuple[Alarm, datetime]] = []
    latest = begun

    for look in looks:
        now = begun + timedelta(hours=look)
        latest = max(latest, now)
        found = round_at(alarms, [alarm for alarm, _ in fired], now)
        fired += found.due
        assert found.next_at is None or found.next_at > now

    assert sorted(fired) == sorted((alarm, at) for alarm, at in alarms.items() if at <= latest)


@given(
    moments, spans, st.lists(st.tuples(st.integers(0, 900), st.sampled_from([ALWAYS, OFFICE, MONDAYS])), max_size=12)
)
def test_whatever_the_hours_become_each_alarm_fires_once(
    begun: datetime, hours: int, looks: list[tuple[int, BusinessHours]]
) -> None:
    respond_by = begun + timedelta(hours=hours)
    told: list[Alarm] = []

    for look, today in sorted(looks, key=lambda one: one[0]):
        told += [
            alarm
            for alarm, _ in round_at(answer_alarms(today, begun, respond_by), told, begun + timedelta(hours=look)).due
        ]

    assert len(told) == len(set(told))


@given(moments, spans)
def test_following_each_next_moment_comes_to_the_end(begun: datetime, hours: int) -> None:
    alarms = status_alarms(OFFICE, follow_up(OFFICE, begun, hours))
    order, fired, now = [], [], begun

    while True:
        found = round_at(alarms, [alarm for alarm, _ in fired], now)
        fired += found.due
        order += [alarm for alarm, _ in found.due]
        if found.next_at is None:
            break
        now = found.next_at

    assert order == [Alarm.STATUS_DUE, Alarm.STATUS_LATE, Alarm.UNATTENDED]
