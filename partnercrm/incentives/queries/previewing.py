"""Reading what a deal would earn the reader, alone and with the partner: by their own plan and what they say."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from fractions import Fraction
from typing import Any, NamedTuple

from partnercrm.incentives.comparing import Comparison, compared
from partnercrm.incentives.plans import CoSell, Standing, Won
from partnercrm.incentives.queries.plans import InForce, plan_in_force
from partnercrm.incentives.splits import WHOLE
from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid, Told
from partnercrm.kernel.money import Money


class Preview(NamedTuple):
    """What a deal earns either way by the plan in force; without one, `sentence` says so."""

    in_force: InForce | None
    comparison: Comparison | None
    sentence: str | None


def preview(actor: Actor, given: Mapping[str, Any]) -> Preview:
    """Return what a deal would earn the actor if it is won on a day. Raises Invalid: not the plan's currency."""
    on = given["on"] or clock.now().astimezone(UTC).date()
    found = None
    if actor.user_id is not None:
        found = plan_in_force(actor, actor.user_id, datetime.combine(on, time(), UTC))
    if found is None:
        return Preview(
            None, None, "No compensation plan is yours on this day; ask whoever keeps plans in your company."
        )
    amounts: dict[str, Money] = {name: given[name] for name in ("value", "attained", "earned") if given[name]}
    message = Told("Your plan counts in %(currency)s.", currency=found.rules.currency)
    if wrong := [
        FieldError(f"{name}.currency", message)
        for name, money in amounts.items()
        if money.currency != found.rules.currency
    ]:
        raise Invalid(wrong)
    minor = {name: amounts[name].minor if name in amounts else 0 for name in ("value", "attained", "earned")}
    line = given["product_line_id"]
    ours = round(Fraction(minor["value"] * given["own_share"], WHOLE))
    comparison = compared(
        found.rules,
        Won(minor["value"], line, on, CoSell.ALONE),
        Won(ours, line, on, given["co_sell"]),
        Standing(minor["attained"], minor["earned"]),
    )
    sentence = None if comparison else "Your plan has no rate for this product line on this day."
    return Preview(found, comparison, sentence)
