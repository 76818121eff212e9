"""What is posted for an event: whole units by rule, never more than was earned, and nothing left when all is undone."""

import os
from collections import Counter
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnercrm.incentives.plans import Earning, Line, QuotaPeriod, Rule, period_start
from partnercrm.incentives.posting import Key, Part, by_rule, moved, parts, stays

PROVE = os.environ.get("PARTNERCRM_PROVE") == "1"
MORE = st.fractions(0, 10**12, max_denominator=10**6)


@st.composite
def earnings(draw: st.DrawFn) -> Earning:
    """Draw what a plan makes: rates, a factor that takes away or adds, and a cap."""
    lines = [Line(Rule.TIER, draw(MORE), place=place) for place in range(draw(st.integers(1, 3)))]
    total = sum((one.minor for one in lines), Fraction(0))
    lines.append(Line(Rule.CO_SELL, total * draw(st.fractions(-1, 2))))
    total += lines[-1].minor
    lines.append(Line(Rule.DEAL_CAP, -draw(st.fractions(0, 1)) * total))
    total += lines[-1].minor
    return Earning((*lines, Line(Rule.ROUNDING, round(total) - total)))


@settings(max_examples=20_000 if PROVE else 100)
@given(earned=earnings(), parts_of=st.integers(1, 10**9), left=st.lists(st.integers(0, 10**9), max_size=4))
def test_what_is_posted_is_what_was_earned_and_undoing_it_leaves_nothing(
    earned: Earning, parts_of: int, left: list[int]
) -> None:
    base = parts(earned)
    assert sum(one.minor for one in base) == earned.minor
    for rule in {line.rule for line in earned.lines} - {Rule.ROUNDING, Rule.TIER}:
        exact = sum((line.minor for line in earned.lines if line.rule is rule), Fraction(0))
        assert abs(sum(one.minor for one in base if one.rule is rule) - exact) <= 1

    posted: Counter[Key] = Counter()
    before = earned.minor
    shares = sorted({Fraction(min(one, parts_of), parts_of) for one in left}, reverse=True)
    for share in [Fraction(1), *shares, Fraction(0)]:
        after = by_rule(stays(base, share))
        for key, minor in moved(posted, after):
            posted[key] += minor
        total = sum(posted.values())
        assert 0 <= total <= before
        assert abs(total - earned.minor * share) < 1
        before = total
    assert not any(posted.values())


def test_posting_again_posts_nothing_and_has_one_order() -> None:
    now = by_rule((Part(Rule.FLOOR, None, 5), Part(Rule.TIER, 1, 3), Part(Rule.TIER, 0, 1), Part(Rule.TIER, 1, 2)))

    assert moved(now, now) == []
    assert [(*key, minor) for key, minor in moved({}, now)] == [
        (Rule.TIER, 0, 1),
        (Rule.TIER, 1, 5),
        (Rule.FLOOR, None, 5),
    ]


@pytest.mark.parametrize(
    ("period", "day", "starts"),
    [
        (QuotaPeriod.MONTH, date(2026, 11, 30), date(2026, 11, 1)),
        (QuotaPeriod.QUARTER, date(2026, 11, 30), date(2026, 10, 1)),
        (QuotaPeriod.QUARTER, date(2026, 3, 31), date(2026, 1, 1)),
        (QuotaPeriod.YEAR, date(2026, 12, 31), date(2026, 1, 1)),
    ],
)
def test_a_period_is_one_of_the_calendar(period: QuotaPeriod, day: date, starts: date) -> None:
    assert period_start(period, day) == starts
