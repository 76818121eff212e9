"""The one place that knows what time it is."""

from datetime import UTC, datetime, timedelta, timezone
from threading import Thread

import pytest

from partnercrm.kernel import clock

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


def test_now_is_the_present_moment_in_utc() -> None:
    before, now, after = datetime.now(UTC), clock.now(), datetime.now(UTC)
    assert before <= now <= after
    assert now.tzinfo is UTC


def test_a_block_believes_the_moment_it_is_told_in_utc_and_only_that_block() -> None:
    with clock.at(NOON.astimezone(timezone(timedelta(hours=9)))):
        assert clock.now() == NOON
        assert clock.now().tzinfo is UTC
        with clock.at(NOON + timedelta(days=1)):
            assert clock.now() == NOON + timedelta(days=1)
        assert clock.now() == NOON
    assert clock.now() != NOON


def test_a_block_that_fails_gives_the_time_back() -> None:
    with pytest.raises(LookupError), clock.at(NOON):
        raise LookupError
    assert clock.now() > NOON


def test_other_threads_keep_the_present() -> None:
    seen: list[datetime] = []
    with clock.at(NOON):
        other = Thread(target=lambda: seen.append(clock.now()))
        other.start()
        other.join()
    assert seen[0] != NOON
