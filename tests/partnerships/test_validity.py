"""Which version is in force, against asking them one by one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from partnercrm.partnerships.validity import in_force

BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
days = st.integers(0, 40)


@dataclass
class Agreed:
    version: int
    effective_at: datetime


@given(st.lists(days, min_size=1, max_size=8), days)
def test_the_highest_version_that_holds_is_in_force(begins: list[int], day: int) -> None:
    versions = [Agreed(number, BEGUN + timedelta(days=begin)) for number, begin in enumerate(begins, 1)]
    moment = BEGUN + timedelta(days=day)
    holding = {one.version for one in versions if one.effective_at <= moment}

    assert in_force(versions, moment).version == (max(holding) if holding else 1)


@given(st.lists(days, min_size=2, max_size=8), days)
def test_what_is_agreed_later_changes_no_moment_before_it_begins(begins: list[int], day: int) -> None:
    versions = [Agreed(number, BEGUN + timedelta(days=begin)) for number, begin in enumerate(begins, 1)]
    *before, last = versions
    moment = min(BEGUN + timedelta(days=day), last.effective_at - timedelta(microseconds=1))

    assert in_force(versions, moment) is in_force(before, moment)
