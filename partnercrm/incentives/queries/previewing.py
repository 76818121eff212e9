"""Reading what a deal would earn the reader, alone and with the partner: by their own plan and what they say."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from partnercrm.deals.queries.baselines import own_sales
from partnercrm.deals.queries.involving import MONTHS
from partnercrm.deals.stages import Stage
from partnercrm.incentives.comparing import Comparison, compared
from partnercrm.incentives.plans import CoSell, Standing, Won, period_start
from partnercrm.incentives.queries.accruing import standings
from partnercrm.incentives.queries.plans import InForce, plan_in_force
from partnercrm.incentives.sharing import applied, template_for
from partnercrm.incentives.splits import WHOLE
from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid, NotFound, Told
from partnercrm.kernel.money import Money
from partnercrm.leads.intervals import Interval
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.agreements import EntryStage, PartnerRole


class Preview(NamedTuple):
    """What a deal earns either way by the plan in force; without one, `sentence` says so.

    `observed` is by what factor the own side's joint deals were won more often than its deals alone, between which
    bounds; None where no partnership was named or too few tell.
    """

    in_force: InForce | None
    comparison: Comparison | None
    sentence: str | None
    observed: Interval | None = None


def preview(actor: Actor, given: Mapping[str, Any]) -> Preview:
    """Return what a deal would earn the actor if it is won on a day. Raises Invalid: not the plan's currency.

    Nor one of the actor's partnerships.
    """
    observed = _observed(actor, given["partnership_id"])
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
    stood = _stood(actor, found, on)
    comparison = compared(
        found.rules,
        Won(minor["value"], line, on, CoSell.ALONE),
        Won(ours, line, on, given["co_sell"]),
        stood._replace(**{f"{name}_minor": minor[name] for name in ("attained", "earned") if name in amounts}),
    )
    sentence = None if comparison else "Your plan has no rate for this product line on this day."
    return Preview(found, comparison, sentence, observed)


def _stood(actor: Actor, found: InForce, on: date) -> Standing:
    """Return where the books say the actor stands in the period of a day; where they say nothing, it begins."""
    if actor.user_id is None:
        return Standing()
    key = actor.user_id, found.plan_id, period_start(found.rules.period, on)
    return standings(actor, [actor.user_id]).get(key, Standing())


def _observed(actor: Actor, partnership_id: UUID | None) -> Interval | None:
    if partnership_id is None:
        return None
    try:
        return own_sales(actor, partnership_id, MONTHS).factor
    except NotFound as error:
        raise Invalid.field("partnership_id", "This is none of your partnerships.") from error


def usual_share(actor: Actor, partnership_id: UUID, stage: Stage) -> int:
    """Return what the own side has of a deal it creates, in millionths, by the template of the terms; else the whole.

    Raises NotFound.
    """
    partnership = partnerships.joined_partnership(actor, partnership_id)
    mine, other = actor.organization_id, partnership.other(actor.organization_id)
    template = template_for(partnership.terms.split_templates, mine, PartnerRole.CO_SELL, EntryStage(stage.value))
    return applied(template, mine, other).splits[mine] if template else WHOLE
