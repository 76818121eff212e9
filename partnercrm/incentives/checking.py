"""What is wrong with a plan when it is entered: gaps, overlaps and what nobody can reach, all at once. Pure."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from partnercrm.incentives.plans import MILLION, CoSell, Plan, RateTable, Tier
from partnercrm.kernel import money
from partnercrm.kernel.errors import FieldError, Told


def faults(plan: Plan) -> list[FieldError]:
    """Return every fault of a plan with its field, as a dotted path; none: it may be published."""
    found = [*_limits(plan), *_factors(plan), *_dates(plan)]
    for place, table in enumerate(plan.tables):
        if table.ends_on is not None and table.ends_on < table.starts_on:
            found.append(FieldError(f"tables.{place}.ends_on", "This ends before it starts."))
        path = f"tables.{place}.tiers"
        found += [*_tiers(path, table, plan.currency), *_joints(path, table, plan.currency)]
    return [*found, *_beyond_the_cap(plan)]


def _tiers(path: str, table: RateTable, currency: str) -> Iterator[FieldError]:
    if not table.tiers:
        yield FieldError(path, "A table needs a tier.")
        return
    starts = [tier.from_minor for tier in table.tiers]
    for place, (begins, before) in enumerate(zip(starts[1:], starts, strict=False), 1):
        if begins < before:
            message = "Put the tiers in the order in which they start: this one starts before the one above it."
            yield FieldError(f"{path}.{place}.from", message)
    for place, tier in enumerate(table.tiers):
        if tier.from_minor < 0 or tier.rate < 0:
            yield FieldError(f"{path}.{place}", "A tier starts at nothing or more, and so does its rate.")
        if tier.to_minor is not None and tier.to_minor <= tier.from_minor:
            yield FieldError(f"{path}.{place}.to", "Nothing can reach this tier: it ends where it starts, or before.")
    ordered = _ordered(table)
    if first := ordered[0][1].from_minor:
        yield FieldError(
            f"{path}.{ordered[0][0]}.from", Told("Nothing is paid below %(amount)s.", amount=_amount(first, currency))
        )
    if (last := ordered[-1][1].to_minor) is not None:
        message = Told("Nothing is paid from %(amount)s on.", amount=_amount(last, currency))
        yield FieldError(f"{path}.{ordered[-1][0]}.to", message)


def _ordered(table: RateTable) -> list[tuple[int, Tier]]:
    """Return the tiers in the order in which they start, each with the place in which it was given."""
    return sorted(enumerate(table.tiers), key=lambda one: one[1].from_minor)


def _joints(path: str, table: RateTable, currency: str) -> Iterator[FieldError]:
    """Yield where a tier does not begin where the one before it ends."""
    for (_, tier), (place, following) in pairwise(_ordered(table)):
        field, begins = f"{path}.{place}.from", _amount(following.from_minor, currency)
        if tier.to_minor is None:
            yield FieldError(field, "Nothing can reach this tier: the one before it has no end.")
        elif following.from_minor > tier.to_minor:
            ends = _amount(tier.to_minor, currency)
            yield FieldError(field, Told("There is a gap from %(ends)s to %(begins)s.", ends=ends, begins=begins))
        elif following.from_minor < tier.to_minor:
            ends = _amount(tier.to_minor, currency)
            yield FieldError(
                field, Told("This overlaps the tier before it from %(begins)s to %(ends)s.", begins=begins, ends=ends)
            )


def _dates(plan: Plan) -> Iterator[FieldError]:
    """Yield where two tables of one line are in force at once, and days on which a line has none."""
    if plan.ends_on is not None and plan.ends_on < plan.starts_on:
        yield FieldError("ends_on", "This ends before it starts.")
    if not plan.tables:
        yield FieldError("tables", "A plan needs a rate table.")
    lines = {table.product_line_id for table in plan.tables}
    for line in sorted(lines, key=str):
        own = [(place, table) for place, table in enumerate(plan.tables) if table.product_line_id == line]
        own.sort(key=lambda one: one[1].starts_on)
        # Where every line has a table, a line without its own has that one.
        has_gaps = line is None or None not in lines
        rest = plan.starts_on.toordinal()  # the first day that no table so far is in force on
        for number, (place, table) in enumerate(own):
            starts = table.starts_on.toordinal()
            if number and starts < rest:
                message = Told("Another table of this product line is in force on %(day)s.", day=table.starts_on)
                yield FieldError(f"tables.{place}.starts_on", message)
            elif has_gaps and starts > rest:
                yield _gap(f"tables.{place}.starts_on", rest, starts - 1)
            rest = max(rest, (table.ends_on or date.max).toordinal() + 1)
        if has_gaps and rest <= (plan.ends_on or date.max).toordinal():
            yield _gap(f"tables.{own[-1][0]}.ends_on", rest, plan.ends_on.toordinal() if plan.ends_on else None)


def _gap(field: str, first: int, last: int | None) -> FieldError:
    day = date.fromordinal(first)
    if last is None:
        return FieldError(field, Told("There is no rate from %(first)s on.", first=day))
    return FieldError(
        field, Told("There is no rate from %(first)s to %(last)s.", first=day, last=date.fromordinal(last))
    )


def _factors(plan: Plan) -> Iterator[FieldError]:
    named = [co_sell for co_sell, _ in plan.factors]
    for place, (co_sell, factor) in enumerate(plan.factors):
        if co_sell is CoSell.ALONE:
            yield FieldError(f"factors.{place}", "A deal won alone has no factor.")
        elif co_sell in named[:place]:
            yield FieldError(f"factors.{place}", "This has a factor already.")
        if factor < 0:
            yield FieldError(f"factors.{place}.factor", "A factor is not less than nothing.")
    if plan.accelerators and not plan.quota_minor:
        yield FieldError("quota", "Accelerators need a quota.")
    for place, one in enumerate(plan.accelerators):
        if one.from_share < 0 or one.factor < 0:
            message = "An accelerator starts at nothing or more, and so does its factor."
            yield FieldError(f"accelerators.{place}", message)
    for place, (one, following) in enumerate(pairwise(plan.accelerators), 1):
        if following.from_share <= one.from_share:
            yield FieldError(f"accelerators.{place}.from_share", "Accelerators start one after the other.")


def _limits(plan: Plan) -> Iterator[FieldError]:
    if not money.is_currency(plan.currency):
        yield FieldError("currency", "This is not a current ISO 4217 currency code.")
    limits = {
        "quota": plan.quota_minor,
        "floor": plan.floor_minor,
        "deal_cap": plan.deal_cap_minor,
        "period_cap": plan.period_cap_minor,
        "lead_bonus": plan.lead_bonus_minor,
        "lead_bonus_cap": plan.lead_bonus_cap_minor,
        "holding_days": plan.holding_days,
    }
    for field, limit in limits.items():
        if limit is not None and limit < 0:
            yield FieldError(field, "This is not less than nothing.")
    deal, period, floor = plan.deal_cap_minor, plan.period_cap_minor, plan.floor_minor
    for field, cap in (("deal_cap", deal), ("period_cap", period)):
        if cap is not None and floor is not None and cap < floor:
            yield FieldError(field, "This cap is below the floor, which nothing can then reach.")
    if deal is not None and period is not None and period < deal:
        yield FieldError("deal_cap", "Nothing can reach this cap: that of the period is below it.")
    if plan.lead_bonus_cap_minor is not None and 0 <= plan.lead_bonus_cap_minor < plan.lead_bonus_minor:
        yield FieldError("lead_bonus_cap", "This cap is below the bonus for one lead.")


def _beyond_the_cap(plan: Plan) -> Iterator[FieldError]:
    """Yield tiers that cannot pay: whoever comes so far has earned the period's cap, even at the least of all rates.

    Not where a deal has a cap or an accelerator slows: then one may come far and earn little.
    """
    slowing = [one for one in plan.accelerators if one.factor < MILLION]
    if plan.period_cap_minor is None or plan.deal_cap_minor is not None or slowing:
        return
    rates = [tier.rate for table in plan.tables for tier in table.tiers]
    least = min(rates, default=0) * min((plan.factor(co_sell) for co_sell in CoSell), default=1) / MILLION
    for place, table in enumerate(plan.tables):
        for number, tier in enumerate(table.tiers[1:], 1):
            if least > 0 and tier.from_minor * least >= plan.period_cap_minor:
                message = "Nothing is paid in this tier: whoever reaches it has earned the cap of the period."
                yield FieldError(f"tables.{place}.tiers.{number}", message)


def _amount(minor: int, currency: str) -> str:
    return money.text(minor, currency) if money.is_currency(currency) else str(minor)
