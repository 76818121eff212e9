"""The demo's compensation plans: by each side's own its sellers read what a deal earns them; what Acme wins alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from partnercrm.deals.actions import baselining
from partnercrm.incentives.actions import planning
from partnercrm.incentives.plans import CoSell, Plan, RateTable, Tier, TierMode
from partnercrm.incentives.queries import plans
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.money import Money

_WINS_ALONE: Final = {"won": 31, "lost": 74, "value": Money(9_500_000, "EUR"), "days": 110}


def pay(manager: Actor, sellers: Sequence[Actor], now: datetime, name: str, rate: int) -> None:
    """Let a side have published a plan at the beginning of last year, whose rate rises from half a million euros on."""
    first = date(now.year - 1, 1, 1)
    tiers = Tier(0, 50_000_000, rate), Tier(50_000_000, None, rate + 20_000)
    rules = Plan(
        currency="EUR",
        starts_on=first,
        ends_on=None,
        tables=(RateTable(None, first, None, TierMode.MARGINAL, tiers),),
        factors=((CoSell.LATE, 500_000),),
        lead_bonus_minor=25_000,
        lead_bonus_cap_minor=150_000,
        holding_days=7,
    )
    with clock.at(now - timedelta(days=95)), db.transaction(manager):
        drafted = planning.draft_plan(manager, {"name": name, "rules": rules})
        planning.publish_plan(manager, drafted.id, drafted.version_tag)
        for one in sellers:
            planning.assign_plan(manager, drafted.id, {"user_id": one.user_id, "team_id": None, "starts_on": first})
    with db.transaction(manager):
        read = plans.plan(manager, drafted.id)
        later = replace(rules, starts_on=date(now.year + 1, 1, 1), tables=_raised(rules, now.year + 1))
        planning.change_plan(manager, drafted.id, {"rules": later}, read.version_tag)


def _raised(rules: Plan, year: int) -> tuple[RateTable, ...]:
    """Return what next year's draft pays: half a point more in each tier."""
    [table] = rules.tables
    tiers = tuple(one._replace(rate=one.rate + 5_000) for one in table.tiers)
    return (replace(table, starts_on=date(year, 1, 1), tiers=tiers),)


def win_alone(manager: Actor, partnership_id: UUID, now: datetime) -> None:
    """Let a side have stated what it won alone, before it signed."""
    with clock.at(now - timedelta(days=90)), db.transaction(manager):
        baselining.state_sales_baseline(manager, partnership_id, _WINS_ALONE)
