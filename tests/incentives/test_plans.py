"""What a plan pays, line by line to the exact fraction, and what is wrong with a plan, all at once."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.incentives.checking import faults
from partnercrm.incentives.comparing import Reach, break_even, compared, reach
from partnercrm.incentives.plans import (
    Accelerator,
    CoSell,
    Plan,
    RateTable,
    Rule,
    Standing,
    Tier,
    TierMode,
    Won,
    earning,
    lead_bonus,
)

DAY = date(2026, 3, 14)
CLOUD = UUID(int=1)
TIERS = (Tier(0, 100_000, 50_000), Tier(100_000, 200_000, 80_000), Tier(200_000, None, 100_000))
TABLE = RateTable(None, date(2026, 1, 1), None, TierMode.MARGINAL, TIERS)
AT_FIRST = Standing()
PLAN = Plan("EUR", date(2026, 1, 1), None, (TABLE,))


def lines(plan: Plan, won: Won, standing: Standing = AT_FIRST) -> list[tuple[Rule, Fraction | int]]:
    earned = earning(plan, won, standing)
    assert earned is not None
    assert sum(line.minor for line in earned.lines) == earned.minor
    return [(line.rule, line.minor) for line in earned.lines]


def test_each_part_of_a_deal_is_paid_at_the_rate_of_its_tier() -> None:
    earned = earning(PLAN, Won(200_000, None, DAY), Standing(50_000))

    assert earned is not None
    assert [(line.place, line.base, line.rate, line.minor) for line in earned.lines] == [
        (0, 50_000, Fraction(1, 20), 2_500),
        (1, 100_000, Fraction(2, 25), 8_000),
        (2, 50_000, Fraction(1, 10), 5_000),
    ]
    assert earned.minor == 15_500


def test_a_whole_tier_pays_all_of_the_deal_that_reaches_it_and_nothing_for_earlier_ones() -> None:
    whole = replace(PLAN, tables=(replace(TABLE, mode=TierMode.WHOLE),))

    assert lines(whole, Won(50_000, None, DAY), Standing(50_000)) == [(Rule.TIER, 4_000)]
    assert lines(whole, Won(49_999, None, DAY), Standing(50_000))[0] == (Rule.TIER, Fraction(49_999, 20))
    assert lines(whole, Won(0, None, DAY)) == []


def test_accelerators_multiply_what_lies_beyond_their_share_of_the_quota() -> None:
    quota = replace(PLAN, quota_minor=150_000, accelerators=(Accelerator(1_000_000, 1_500_000),))

    assert lines(quota, Won(100_000, None, DAY), Standing(100_000)) == [
        (Rule.TIER, 4_000),
        (Rule.TIER, 4_000),
        (Rule.ACCELERATOR, 2_000),
    ]


def test_the_rules_apply_in_one_order_each_with_its_line() -> None:
    limited = replace(PLAN, factors=((CoSell.LATE, 500_000),), floor_minor=300, deal_cap_minor=2_000)
    late = Won(10_001, None, DAY, CoSell.LATE)

    assert lines(limited, late) == [
        (Rule.TIER, Fraction(10_001, 20)),
        (Rule.CO_SELL, -Fraction(10_001, 40)),
        (Rule.FLOOR, 300 - Fraction(10_001, 40)),
    ]
    assert lines(limited, Won(100_000, None, DAY)) == [(Rule.TIER, 5_000), (Rule.DEAL_CAP, -3_000)]
    period = replace(PLAN, period_cap_minor=6_000)
    assert lines(period, Won(100_000, None, DAY), Standing(0, 5_000))[-1] == (Rule.PERIOD_CAP, -4_000)
    assert lines(period, Won(100_000, None, DAY), Standing(0, 7_000))[-1] == (Rule.PERIOD_CAP, -5_000)


def test_rounding_is_one_last_line_half_to_even() -> None:
    assert lines(PLAN, Won(10, None, DAY)) == [(Rule.TIER, Fraction(1, 2)), (Rule.ROUNDING, -Fraction(1, 2))]
    assert lines(PLAN, Won(30, None, DAY)) == [(Rule.TIER, Fraction(3, 2)), (Rule.ROUNDING, Fraction(1, 2))]


def test_a_line_has_its_own_table_while_it_is_in_force_else_that_of_every_line() -> None:
    own = RateTable(CLOUD, date(2026, 3, 1), date(2026, 3, 31), TierMode.MARGINAL, (Tier(0, None, 200_000),))
    plan = replace(PLAN, tables=(TABLE, own))

    assert lines(plan, Won(100, CLOUD, date(2026, 3, 31))) == [(Rule.TIER, 20)]
    assert lines(plan, Won(100, CLOUD, date(2026, 4, 1))) == [(Rule.TIER, 5)]
    assert lines(plan, Won(100, UUID(int=2), DAY)) == [(Rule.TIER, 5)]
    assert earning(plan, Won(100, None, date(2025, 12, 31)), Standing()) is None


def test_a_plan_pays_nothing_below_its_first_tier_and_takes_nothing_back() -> None:
    assert lines(replace(PLAN, tables=(replace(TABLE, tiers=TIERS[1:]),)), Won(100_100, None, DAY)) == [(Rule.TIER, 8)]
    with pytest.raises(ValueError, match="what was won"):
        earning(PLAN, Won(-1, None, DAY), Standing())


def test_qualified_leads_pay_a_bonus_up_to_what_the_period_leaves() -> None:
    plan = replace(PLAN, lead_bonus_minor=2_500, lead_bonus_cap_minor=10_000)

    assert lead_bonus(plan, 3, Standing()).minor == 7_500
    capped = lead_bonus(plan, 3, Standing(lead_bonus_minor=5_000))
    assert [(line.rule, line.minor) for line in capped.lines] == [(Rule.LEAD_BONUS, 7_500), (Rule.PERIOD_CAP, -2_500)]
    assert lead_bonus(replace(plan, lead_bonus_cap_minor=None), 9, Standing()).minor == 22_500


def test_fewer_leads_than_none_are_refused() -> None:
    with pytest.raises(ValueError, match="leads that were given"):
        lead_bonus(PLAN, -1, AT_FIRST)


def test_a_deal_worth_nothing_does_not_earn_the_floor() -> None:
    floor = replace(PLAN, floor_minor=300)

    assert (lines(floor, Won(0, None, DAY)), lines(floor, Won(1, None, DAY))[-1][0]) == ([], Rule.FLOOR)


def test_a_deal_alone_is_compared_with_one_shared_with_the_partner() -> None:
    plan = replace(PLAN, quota_minor=200_000, accelerators=(Accelerator(1_000_000, 1_500_000),))
    both = compared(plan, Won(150_000, None, DAY), Won(60_000, None, DAY, CoSell.SOURCED), Standing(50_000))

    assert both is not None
    assert (both.alone.earned.minor, both.together.earned.minor) == (10_500, 3_300)
    assert both.break_even == Fraction(35, 11)
    assert both.alone.after == Reach(200_000, 2, Fraction(3, 20), None, None)
    assert both.together.after == Reach(110_000, 1, Fraction(2, 25), 90_000, Fraction(3, 20))
    assert compared(plan, Won(1, None, date(2025, 1, 1)), Won(1, None, DAY), AT_FIRST) is None
    higher = replace(PLAN, tables=(replace(TABLE, tiers=TIERS[1:]),))
    assert reach(higher, Won(5, None, DAY), 5) == Reach(5)
    assert reach(PLAN, Won(5, None, date(2025, 1, 1)), 5) == Reach(5)


def test_the_break_even_is_exact() -> None:
    assert break_even(5_000, 3_000) == Fraction(5, 3)
    assert break_even(5_000, 0) is None


tables = st.lists(st.tuples(st.integers(1, 40), st.integers(0, 300_000)), min_size=1, max_size=4)


@given(tables, st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))
def test_marginal_tiers_pay_what_a_payment_unit_by_unit_comes_to(
    steps: list[tuple[int, int]], attained: int, first: int, second: int
) -> None:
    starts = [sum(width for width, _ in steps[:place]) for place in range(len(steps) + 1)]
    ends = [*starts[1:-1], None]
    tiers = tuple(Tier(starts[place], ends[place], rate) for place, (_, rate) in enumerate(steps))
    plan = replace(PLAN, tables=(replace(TABLE, tiers=tiers),))

    def paid(minor: int, before: int) -> Fraction | int:
        found = lines(plan, Won(minor, None, DAY), Standing(before))
        return sum(amount for rule, amount in found if rule is Rule.TIER)

    def rate(unit: int) -> Fraction:
        return next(Fraction(tier.rate, 10**6) for tier in reversed(tiers) if tier.from_minor <= unit)

    assert paid(first, attained) == sum(rate(unit) for unit in range(attained, attained + first))
    assert paid(first, attained) + paid(second, attained + first) == paid(first + second, attained)
    assert faults(plan) == []


def told(plan: Plan) -> dict[str, str]:
    found = faults(plan)
    return {fault.field: str(fault.message) for fault in found}


def test_gaps_overlaps_and_unreachable_tiers_are_named_all_at_once() -> None:
    tiers = (Tier(1_000, 2_000, 1), Tier(2_500, 4_000, 1), Tier(3_000, 3_000, 1), Tier(3_000, 6_000, -1))

    assert told(replace(PLAN, tables=(replace(TABLE, tiers=tiers),))) == {
        "tables.0.tiers.0.from": "Nothing is paid below 10.00.",
        "tables.0.tiers.1.from": "There is a gap from 20.00 to 25.00.",
        "tables.0.tiers.2.from": "This overlaps the tier before it from 30.00 to 40.00.",
        "tables.0.tiers.2.to": "Nothing can reach this tier: it ends where it starts, or before.",
        "tables.0.tiers.3": "A tier starts at nothing or more, and so does its rate.",
        "tables.0.tiers.3.to": "Nothing is paid from 60.00 on.",
    }
    assert told(replace(PLAN, tables=(replace(TABLE, tiers=tuple(reversed(TIERS))),))) == dict.fromkeys(
        ("tables.0.tiers.1.from", "tables.0.tiers.2.from"),
        "Put the tiers in the order in which they start: this one starts before the one above it.",
    )
    endless = (Tier(0, None, 1), Tier(1_000, None, 1))
    assert told(replace(PLAN, tables=(replace(TABLE, tiers=endless),))) == {
        "tables.0.tiers.1.from": "Nothing can reach this tier: the one before it has no end."
    }
    assert told(replace(PLAN, tables=(replace(TABLE, tiers=()),))) == {"tables.0.tiers": "A table needs a tier."}


def test_a_plan_whose_tables_and_accelerators_follow_each_other_has_no_fault() -> None:
    first = replace(TABLE, starts_on=date.min, ends_on=date(2026, 6, 30))
    second = replace(TABLE, starts_on=date(2026, 7, 1), ends_on=date.max)
    faster = (Accelerator(1_000_000, 1_200_000), Accelerator(1_500_000, 1_500_000))

    assert faults(replace(PLAN, quota_minor=100, tables=(second, first), accelerators=faster)) == []
    assert told(replace(PLAN, tables=(first, second, replace(first, starts_on=DAY), replace(second, ends_on=DAY)))) == {
        "tables.3.starts_on": "Another table of this product line is in force on 2026-07-01.",
        "tables.2.starts_on": "Another table of this product line is in force on 2026-03-14.",
        "tables.3.ends_on": "This ends before it starts.",
    }


def test_a_short_table_within_a_long_one_leaves_no_gap_behind_it() -> None:
    short = [replace(TABLE, starts_on=date(2026, one, 1), ends_on=date(2026, one, 28)) for one in (2, 9)]

    assert told(replace(PLAN, tables=(replace(TABLE, ends_on=date.max), *short))) == {
        "tables.1.starts_on": "Another table of this product line is in force on 2026-02-01.",
        "tables.2.starts_on": "Another table of this product line is in force on 2026-09-01.",
    }


def test_days_without_a_rate_or_with_two_are_named() -> None:
    march = replace(TABLE, starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 31))
    may = replace(TABLE, starts_on=date(2026, 5, 1), ends_on=date(2026, 5, 31))
    twice = replace(may, starts_on=date(2026, 5, 31), ends_on=date(2026, 6, 30))
    own = replace(march, product_line_id=CLOUD)

    assert told(replace(PLAN, tables=(march, may, twice, own))) == {
        "tables.0.starts_on": "There is no rate from 2026-01-01 to 2026-02-28.",
        "tables.1.starts_on": "There is no rate from 2026-04-01 to 2026-04-30.",
        "tables.2.starts_on": "Another table of this product line is in force on 2026-05-31.",
        "tables.2.ends_on": "There is no rate from 2026-07-01 on.",
    }
    assert told(replace(PLAN, ends_on=date(2026, 4, 30), tables=(own,))) == {
        "tables.0.starts_on": "There is no rate from 2026-01-01 to 2026-02-28.",
        "tables.0.ends_on": "There is no rate from 2026-04-01 to 2026-04-30.",
    }
    assert told(replace(PLAN, ends_on=date(2025, 1, 1), tables=())) == {
        "ends_on": "This ends before it starts.",
        "tables": "A plan needs a rate table.",
    }
    backwards = replace(TABLE, ends_on=date(2025, 1, 1))
    assert told(replace(PLAN, ends_on=date(2025, 1, 1), tables=(backwards,)))["tables.0.ends_on"]


def test_limits_and_factors_that_cannot_be_are_named_all_at_once() -> None:
    wrong = replace(
        PLAN,
        currency="EU",
        quota_minor=-1,
        holding_days=-1,
        floor_minor=500,
        deal_cap_minor=400,
        period_cap_minor=300,
        lead_bonus_minor=10,
        lead_bonus_cap_minor=5,
        factors=((CoSell.ALONE, 1), (CoSell.LATE, 1), (CoSell.LATE, -1)),
        tables=(replace(TABLE, tiers=(Tier(5, None, 1),)),),
    )

    assert sorted((fault.field, str(fault.message)) for fault in faults(wrong)) == [
        ("currency", "This is not a current ISO 4217 currency code."),
        ("deal_cap", "Nothing can reach this cap: that of the period is below it."),
        ("deal_cap", "This cap is below the floor, which nothing can then reach."),
        ("factors.0", "A deal won alone has no factor."),
        ("factors.2", "This has a factor already."),
        ("factors.2.factor", "A factor is not less than nothing."),
        ("holding_days", "This is not less than nothing."),
        ("lead_bonus_cap", "This cap is below the bonus for one lead."),
        ("period_cap", "This cap is below the floor, which nothing can then reach."),
        ("quota", "This is not less than nothing."),
        ("tables.0.tiers.0.from", "Nothing is paid below 5."),
    ]
    unordered = (Accelerator(1_000_000, 1), Accelerator(1_000_000, -1))
    assert sorted(told(replace(PLAN, accelerators=unordered))) == [
        "accelerators.1",
        "accelerators.1.from_share",
        "quota",
    ]


def test_a_tier_beyond_the_cap_of_the_period_pays_nobody() -> None:
    capped = replace(PLAN, period_cap_minor=10_000)  # earned at 200,000 even at 5 %

    assert list(told(capped)) == ["tables.0.tiers.2"]
    assert faults(replace(capped, factors=((CoSell.LATE, 500_000),))) == []
    assert faults(replace(capped, deal_cap_minor=1_000)) == []
