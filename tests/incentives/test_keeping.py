"""A plan is read again as it was kept, and said in words."""

import json
from datetime import date
from uuid import UUID

from partnercrm.incentives.keeping import kept, read
from partnercrm.incentives.plans import Accelerator, CoSell, Plan, QuotaPeriod, RateTable, Tier, TierMode, Trigger
from partnercrm.incentives.wording import sentences

TIERS = (Tier(0, 10_000_000, 50_000), Tier(10_000_000, None, 82_500))
FULL = Plan(
    "EUR",
    date(2026, 1, 1),
    date(2026, 12, 31),
    (
        RateTable(None, date(2026, 1, 1), None, TierMode.MARGINAL, TIERS),
        RateTable(UUID(int=7), date(2026, 1, 1), date(2026, 6, 30), TierMode.WHOLE, TIERS),
    ),
    quota_minor=50_000_000,
    accelerators=(Accelerator(1_000_000, 1_500_000),),
    factors=((CoSell.LATE, 500_000),),
    floor_minor=5_000,
    deal_cap_minor=2_000_000,
    period_cap_minor=10_000_000,
    lead_bonus_minor=25_000,
    lead_bonus_cap_minor=100_000,
    holding_days=30,
    trigger=Trigger.PAID,
    period=QuotaPeriod.YEAR,
)


def test_a_plan_is_read_again_as_it_was_kept() -> None:
    assert read(json.loads(json.dumps(kept(FULL)))) == FULL
    assert read(kept(Plan("EUR", date(2026, 1, 1), None, FULL.tables))).ends_on is None
    older = {name: value for name, value in kept(FULL).items() if name not in {"trigger", "period"}}
    assert (read(older).trigger, read(older).period) == (Trigger.WON, QuotaPeriod.QUARTER)


def test_a_plan_is_said_in_plain_words() -> None:
    rates = "5 % of what you win up to 100000.00 EUR, 8.25 % beyond"

    assert sentences(FULL) == [
        f"{rates}, from 2026-01-01 on.",
        f"For a product line of its own: {rates}, for all of the deal that reaches it, from 2026-01-01 on.",
        "It is earned when the customer has paid.",
        "The quota of a period is 500000.00 EUR.",
        "From 100 % of the quota on rates count 1.5 times.",
        "A deal that the partner came into late earns 0.5 times as much.",
        "A deal earns at least 50.00 EUR.",
        "A deal earns at most 20000.00 EUR.",
        "A period earns at most 100000.00 EUR.",
        "A qualified lead you give to the partner earns 250.00 EUR.",
        "Leads earn at most 1000.00 EUR in a period.",
        "A period is a calendar year.",
        "What you earn is held for 30 days before it is paid.",
    ]
