"""What a deal earns, where it is registered: alone and with the partner; and the rules that apply to the reader."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import render_template
from flask_babel import format_decimal

from partnercrm.deals import involving
from partnercrm.deals.stages import OPEN_STAGES, Stage
from partnercrm.incentives import wording
from partnercrm.incentives.pages import telling
from partnercrm.incentives.pages.blueprint import pages
from partnercrm.incentives.plans import CoSell
from partnercrm.incentives.queries import previewing
from partnercrm.incentives.queries.plans import plan_in_force
from partnercrm.incentives.queries.previewing import Preview
from partnercrm.incentives.schemas.previewing import EarningsPreview, PreviewEarnings
from partnercrm.incentives.splits import WHOLE
from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotFound
from partnercrm.kernel.money import Money
from partnercrm.web.page import Form

_ASKED = ("value.amount", "value.currency", "product_line_id", "partnership_id")


@pages.panel("registering")
def earning_preview(actor: Actor, filled: Form) -> str | None:
    """Show what the deal that is filled in earns the reader, alone and with the partner."""
    if not actor.has("incentives:read") or actor.user_id is None:
        return None
    stage = _stage(filled)
    share = _share(actor, filled, stage)
    seen, problem = _previewed(actor, filled, stage, share)
    return render_template(
        "incentives/preview_panel.html",
        seen=EarningsPreview().dump(seen) if seen else None,
        lines=_lines(seen) if seen and seen.comparison else [],
        earned=_earned(seen),
        rise=_rise(seen),
        share=telling.share(share) if share != WHOLE else None,
        problem=problem,
    )


@pages.show("/my-plan", scope="incentives:read")
def my_plan(actor: Actor) -> str:
    """Show by which rules the reader is paid today."""
    found = plan_in_force(actor, actor.user_id, clock.now()) if actor.user_id else None
    return render_template(
        "incentives/my_plan.html", found=found, sentences=wording.sentences(found.rules) if found else []
    )


def _stage(filled: Form) -> Stage:
    known = {stage.value: stage for stage in OPEN_STAGES}
    return known.get(filled.values.get("entry_stage", ""), Stage.PROSPECT)


def _share(actor: Actor, filled: Form, stage: Stage) -> int:
    """Return what our side would have of the deal, as the terms have it; the whole where they do not say."""
    try:
        return previewing.usual_share(actor, UUID(filled.values.get("partnership_id", "")), stage)
    except (ValueError, NotFound):
        return WHOLE


def _previewed(actor: Actor, filled: Form, stage: Stage, share: int) -> tuple[Preview | None, str | None]:
    """Return what it earns; nothing while its value is not filled in, and why where the plan cannot say."""
    asked = {name: filled.values[name] for name in _ASKED if filled.values.get(name)}
    if "value.amount" not in asked:
        return None, None
    is_late = involving.is_late(stage, lost_before=bool(filled.values.get("lost_before")))
    asked |= {"own_share": str(share), "co_sell": (CoSell.LATE if is_late else CoSell.INFLUENCED).value}
    if close_on := filled.values.get("close_on"):
        asked["on"] = close_on
    try:
        return previewing.preview(actor, Form(asked).load(PreviewEarnings)), None
    except Invalid as refusal:
        return None, next((str(one.message) for one in refusal.errors if one.field == "value.currency"), None)


def _lines(seen: Preview) -> list[tuple[Any, str | None, str | None]]:
    """Return each line of either way side by side: the rule, what it makes alone, and with the partner."""
    told = EarningsPreview().dump(seen)
    found: dict[tuple[Any, Any], dict[str, str]] = {}
    for way in ("alone", "with_partner"):
        for one in told[way]["lines"]:
            found.setdefault((one["rule"], one["place"]), {})[way] = one["amount"]
    rules = {one.rule.value: one.rule for way in _ways(seen) for one in way}
    return [
        (rules[rule], *(_decimal(each[way]) if way in each else None for way in ("alone", "with_partner")))
        for (rule, _), each in found.items()
    ]


def _earned(seen: Preview | None) -> list[Money]:
    """Return what either way earns."""
    if seen is None or seen.comparison is None or seen.in_force is None:
        return []
    both, currency = seen.comparison, seen.in_force.rules.currency
    return [Money(way.earned.minor, currency) for way in (both.alone, both.together)]


def _decimal(amount: str) -> str:
    """Write an exact amount in the reader's language, with all its digits."""
    return str(format_decimal(Decimal(amount), "#,##0.##########"))


def _ways(seen: Preview) -> list[Any]:
    both = seen.comparison
    return [both.alone.earned.lines, both.together.earned.lines] if both else []


def _rise(seen: Preview | None) -> str | None:
    """Write by what factor the chance to win must rise, rounded up to two digits."""
    rise = seen.comparison.break_even if seen and seen.comparison else None
    return None if rise is None else f"{-(-rise.numerator * 100 // rise.denominator) / 100:.2f}"
