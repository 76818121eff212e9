"""What a plan says, in plain words: sentence by sentence, for who is paid by it. Pure."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Final

from partnercrm.incentives.plans import MILLION, CoSell, Plan, QuotaPeriod, RateTable, TierMode, Trigger
from partnercrm.kernel.errors import Told
from partnercrm.kernel.money import Money

_TRIGGERS: Final = {
    Trigger.WON: Told("It is earned when the deal is won."),
    Trigger.INVOICED: Told("It is earned when the customer is invoiced."),
    Trigger.PAID: Told("It is earned when the customer has paid."),
    Trigger.ELSEWHERE: Told("Another system computes what is earned; it is brought in. These rates serve the preview."),
}
_FACTORS: Final = {
    CoSell.SOURCED: "A deal that the partner brought earns %(factor)s times as much.",
    CoSell.INFLUENCED: "A deal that the partner helped to win earns %(factor)s times as much.",
    CoSell.LATE: "A deal that the partner came into late earns %(factor)s times as much.",
}
_PERIODS: Final = {
    QuotaPeriod.MONTH: Told("A period is a calendar month."),
    QuotaPeriod.QUARTER: Told("A period is a calendar quarter."),
    QuotaPeriod.YEAR: Told("A period is a calendar year."),
}


def sentences(plan: Plan) -> list[Told]:
    """Return what a plan says, its rates first."""
    return [*(_told(plan, table) for table in plan.tables), *_beyond(plan)]


def percent(millionths: int) -> str:
    """Write millionths as a percentage: 52_500 → '5.25 %'."""
    return f"{(Decimal(millionths) * 100 / MILLION).normalize():f} %"


def times(millionths: int) -> str:
    """Write millionths as a factor: 1_500_000 → '1.5'."""
    return f"{(Decimal(millionths) / MILLION).normalize():f}"


def _told(plan: Plan, table: RateTable) -> Told:
    rates = percent(table.tiers[0].rate)
    told = Told("%(rate)s of what you win", rate=rates)
    for before, tier in pairwise(table.tiers):
        sentence = "%(before)s up to %(amount)s, %(rate)s beyond"
        told = Told(sentence, before=told, amount=Money(before.to_minor or 0, plan.currency), rate=percent(tier.rate))
    if table.mode is TierMode.WHOLE and len(table.tiers) > 1:
        told = Told("%(rates)s, for all of the deal that reaches it", rates=told)
    if table.product_line_id is not None:
        told = Told("For a product line of its own: %(rates)s", rates=told)
    return Told("%(rates)s, from %(day)s on.", rates=told, day=table.starts_on)


def _beyond(plan: Plan) -> Iterator[Told]:
    yield _TRIGGERS[plan.trigger]
    if plan.quota_minor is not None:
        yield Told("The quota of a period is %(amount)s.", amount=Money(plan.quota_minor, plan.currency))
    for one in plan.accelerators:
        yield Told(
            "From %(share)s of the quota on rates count %(factor)s times.",
            share=percent(one.from_share),
            factor=times(one.factor),
        )
    for co_sell, factor in plan.factors:
        yield Told(_FACTORS[co_sell], factor=times(factor))
    limits = (
        (plan.floor_minor, "A deal earns at least %(amount)s."),
        (plan.deal_cap_minor, "A deal earns at most %(amount)s."),
        (plan.period_cap_minor, "A period earns at most %(amount)s."),
        (plan.lead_bonus_minor or None, "A qualified lead you give to the partner earns %(amount)s."),
        (plan.lead_bonus_cap_minor, "Leads earn at most %(amount)s in a period."),
    )
    for minor, sentence in limits:
        if minor is not None:
            yield Told(sentence, amount=Money(minor, plan.currency))
    if (plan.quota_minor, plan.period_cap_minor, plan.lead_bonus_cap_minor) != (None, None, None):
        yield _PERIODS[plan.period]
    if plan.holding_days:
        yield Told("What you earn is held for %(days)d days before it is paid.", days=plan.holding_days)
