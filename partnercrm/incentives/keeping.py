"""How a plan is kept as JSON: every amount in minor units, and read again as it was. Pure."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from partnercrm.incentives.plans import Accelerator, CoSell, Plan, QuotaPeriod, RateTable, Tier, TierMode, Trigger


def kept(plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON keeps it."""
    written: dict[str, Any] = _written(asdict(plan))
    return written


def read(given: Mapping[str, Any]) -> Plan:
    """Return the plan that was kept; one from before there were triggers pays what is won, by the quarter."""
    apart = {"tables", "accelerators", "factors", "trigger", "period"}
    rest = {name: given[name] for name in given if name not in apart}
    return Plan(
        **rest | {name: _day(given[name]) for name in ("starts_on", "ends_on")},
        trigger=Trigger(given.get("trigger", Trigger.WON)),
        period=QuotaPeriod(given.get("period", QuotaPeriod.QUARTER)),
        tables=tuple(_table(one) for one in given["tables"]),
        accelerators=tuple(Accelerator(*one) for one in given["accelerators"]),
        factors=tuple((CoSell(co_sell), factor) for co_sell, factor in given["factors"]),
    )


def _table(given: Mapping[str, Any]) -> RateTable:
    line = given["product_line_id"]
    starts_on, ends_on = _day(given["starts_on"]) or date.min, _day(given["ends_on"])
    tiers = tuple(Tier(*one) for one in given["tiers"])
    return RateTable(UUID(line) if line else None, starts_on, ends_on, TierMode(given["mode"]), tiers)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _written(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _written(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_written(one) for one in value]
    return str(value) if isinstance(value, (date, UUID)) else value
