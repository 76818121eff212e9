"""Compensation plans for who keeps them: written on a form, read in words, published, given to people and teams."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from babel import Locale
from flask import flash, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from partnercrm.calendars import queries as calendars
from partnercrm.identity import queries as identity
from partnercrm.incentives import wording
from partnercrm.incentives.actions import planning as actions
from partnercrm.incentives.errors import NothingToSimulate
from partnercrm.incentives.models.plans import CompensationAssignment
from partnercrm.incentives.pages.blueprint import pages
from partnercrm.incentives.plans import CoSell, Plan, QuotaPeriod, TierMode, Trigger
from partnercrm.incentives.queries import plans as queries
from partnercrm.incentives.queries.plans import MANAGE, PlanSeen
from partnercrm.incentives.queries.simulating import simulation
from partnercrm.incentives.schemas.plans import (
    AssignCompensationPlan,
    ChangeCompensationPlan,
    CompensationPlanQuery,
    CompensationRules,
    DraftCompensationPlan,
)
from partnercrm.kernel import money
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.percents import millionths, percent
from partnercrm.web import amounts, frame, rows
from partnercrm.web.page import Form
from partnercrm.web.speaking import spoken

_IN_PERCENT: Final = frozenset({"rate", "factor", "from_share"})
_AMOUNTS: Final = frozenset({"from", "to", "quota", "floor", "deal_cap", "period_cap", "lead_bonus", "lead_bonus_cap"})
_BLANK: Final = {"tables": 1, "tiers": 2, "accelerators": 1, "factors": 1}
_LEAST: Final = {"tables": 2, "tiers": 3, "accelerators": 2, "factors": 3}
_MOST: Final = {"tables": 100, "tiers": 50, "accelerators": 20, "factors": 3}


@pages.show("/compensation-plans", scope=MANAGE)
def compensation_plans(actor: Actor) -> str:
    """List the plans."""
    filters = Form.asked()
    found = queries.plans(actor, filters.load(CompensationPlanQuery))
    first_url, next_url = filters.pages("incentives_pages.compensation_plans", found.next)
    return render_template("incentives/plans.html", found=found.items, first_url=first_url, next_url=next_url)


@pages.show("/compensation-plans/<uuid:plan_id>", scope=MANAGE)
def compensation_plan(actor: Actor, plan_id: UUID, form: Form | None = None) -> str:
    """Show what a plan says and will say, whose it is, and the ways to publish it and to give it to somebody."""
    one = queries.plan(actor, plan_id)
    people = identity.colleagues(actor)
    teams = identity.teams(actor).items
    frame.stand_under("incentives_pages.compensation_plans")
    return render_template(
        "incentives/plan.html",
        one=one,
        said=[(each, wording.sentences(each.rules)) for each in reversed(one.versions)],
        drafted=wording.sentences(one.draft) if one.draft else [],
        whose=_whose(one, {each.id: each.name for each in [*people, *teams]}),
        people=[(str(each.id), each.name) for each in people],
        teams=[(str(each.id), each.name) for each in teams],
        form=form or Form({"starts_on": calendars.today(actor).replace(day=1).isoformat()}),
    )


@pages.show("/compensation-plans/<uuid:plan_id>/simulation", scope=MANAGE)
def simulate_compensation_plan(actor: Actor, plan_id: UUID) -> AnyResponse | str:
    """Show what the draft would have paid for a year's sales."""
    one = queries.plan(actor, plan_id)
    try:
        found = simulation(actor, plan_id)
    except NothingToSimulate as refusal:
        flash(spoken(refusal.sentence), "problem")
        return redirect(_to(plan_id), 303)
    frame.stand_under("incentives_pages.compensation_plans")
    return render_template("incentives/simulation.html", one=one, found=found)


@pages.show("/compensation-plans/new", scope=MANAGE)
def new_compensation_plan(actor: Actor, form: Form | None = None) -> str:
    """Show the blank form of a plan."""
    today = calendars.today(actor)
    blank = {
        "rules.starts_on": today.replace(month=1, day=1).isoformat(),
        "rules.trigger": Trigger.WON.value,
        "rules.period": QuotaPeriod.QUARTER.value,
        "rules.tables.0.mode": TierMode.MARGINAL.value,
        "rules.tables.0.tiers.0.from": "0",
    }
    return _written(actor, url_for("incentives_pages.draft_compensation_plan"), form or Form(blank))


@pages.act("/compensation-plans/new", scope=MANAGE, again=new_compensation_plan)
def draft_compensation_plan(actor: Actor, form: Form) -> str:
    """Write a plan."""
    made = actions.draft_plan(actor, read(form).load(DraftCompensationPlan))
    flash(_("Written. Nobody is paid by it until you publish it and say whose it is."))
    return _to(made.id)


@pages.show("/compensation-plans/<uuid:plan_id>/change", scope=MANAGE)
def change_compensation_plan(actor: Actor, plan_id: UUID, form: Form | None = None) -> str:
    """Show the form of what a plan is to say next: its draft, else what it says last."""
    one = queries.plan(actor, plan_id)
    rules = one.draft or one.versions[-1].rules
    filled = form or Form({"name": one.name, "version": one.version_tag, **written(rules)})
    return _written(actor, url_for("incentives_pages.keep_compensation_plan", plan_id=plan_id), filled, one)


@pages.act("/compensation-plans/<uuid:plan_id>/change", scope=MANAGE, again=change_compensation_plan)
def keep_compensation_plan(actor: Actor, plan_id: UUID, form: Form) -> str:
    """Keep what a plan is to say next."""
    given = read(form.without("version")).load(ChangeCompensationPlan)
    actions.change_plan(actor, plan_id, given, form.values.get("version", ""))
    flash(_("Kept as a draft. What is published stays until you publish this."))
    return _to(plan_id)


@pages.act("/compensation-plans/<uuid:plan_id>/publish", scope=MANAGE, again=compensation_plan)
def publish_compensation_plan(actor: Actor, plan_id: UUID, form: Form) -> str:
    """Publish the draft that was read."""
    actions.publish_plan(actor, plan_id, form.values.get("version", ""))
    flash(_("Published. It says this from its first day on, for ever."))
    return _to(plan_id)


@pages.act("/compensation-plans/<uuid:plan_id>/assign", scope=MANAGE, again=compensation_plan)
def assign_compensation_plan(actor: Actor, plan_id: UUID, form: Form) -> str:
    """Let a plan be a person's or a team's from a day on."""
    actions.assign_plan(actor, plan_id, form.load(AssignCompensationPlan))
    flash(_("From that day on they are paid by this plan."))
    return _to(plan_id)


def read(form: Form) -> Form:
    """Return the form as the API takes a plan: percent as millionths, plain amounts, tiers to where the next begins.

    A further table without a tier is none; one that does not say when it begins does so with the plan.
    """
    values = {name: value for name, value in form.values.items() if not _is_of_no_table(name, form.values)}
    values = rows.compacted(values)
    currency = values.get("rules.currency", "").upper()
    read_values = {name: _read(name, value, currency) for name, value in values.items()}
    if currency:
        read_values["rules.currency"] = currency
    for at, following in _tiers(read_values):
        read_values[f"{at}.to"] = following
    for table in _tables(read_values):
        if "rules.starts_on" in values:
            read_values.setdefault(f"{table}.starts_on", values["rules.starts_on"])
    return Form(read_values, form.chosen, form.errors, form.problem, form.labels)


def written(rules: Plan) -> dict[str, str]:
    """Return the fields of a form that a plan fills."""
    return dict(_flat("rules", CompensationRules().dump(rules)))


def _read(name: str, value: str, currency: str) -> str:
    last = name.rpartition(".")[2]
    if last in _IN_PERCENT:
        found = millionths(value)
        return value if found is None else str(found)
    if last in _AMOUNTS:
        try:
            return amounts.plain(value, currency, get_locale() or Locale("en"))
        except ValueError:
            # The schema refuses it, and says how it is written.
            return value
    return value


def _is_of_no_table(name: str, values: Mapping[str, str]) -> bool:
    table = _table_of(name)
    return table not in {None, "rules.tables.0"} and not any(one.startswith(f"{table}.tiers.") for one in values)


def _table_of(name: str) -> str | None:
    parts = name.split(".")
    return ".".join(parts[:3]) if parts[:2] == ["rules", "tables"] and len(parts) > 3 else None


def _tables(values: Mapping[str, str]) -> list[str]:
    return sorted({table for name in values if (table := _table_of(name))})


def _tiers(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each tier before the last of its table, and where the one after it begins."""
    for table in _tables(values):
        places = {int(name.split(".")[4]) for name in values if name.startswith(f"{table}.tiers.")}
        for place in range(len(places) - 1):
            following = values.get(f"{table}.tiers.{place + 1}.from")
            if following is not None:
                yield f"{table}.tiers.{place}", following


def _flat(at: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the fields of a form for what the API tells: no end of a tier, which is where the next begins."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _flat(f"{at}.{name}", one)
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _flat(f"{at}.{place}", one)
    elif value is not None and not at.endswith(".to"):
        yield at, percent(value) if at.rpartition(".")[2] in _IN_PERCENT else str(value)


def _written(actor: Actor, url: str, form: Form, one: PlanSeen | None = None) -> str:
    frame.stand_under("incentives_pages.compensation_plans")
    lines = [
        (str(line.id), f"{line.name} ({partner})")
        for each in partnerships.joined_partnerships(actor)
        for partner in [each.name_of(each.other(actor.organization_id))]
        for line in each.terms.product_lines
    ]
    tables = _count("rules.tables", form)
    return render_template(
        "incentives/plan_form.html",
        one=one,
        url=url,
        form=form,
        lines=lines,
        tables=[(place, _count(f"rules.tables.{place}.tiers", form)) for place in range(tables)],
        filled=[any(name.startswith(f"rules.tables.{place}.") for name in form.values) for place in range(tables)],
        accelerators=_count("rules.accelerators", form),
        factors=_count("rules.factors", form),
        currencies=[(each, each) for each in money.CURRENCIES],
        modes=frame.choices(TierMode),
        triggers=frame.choices(Trigger),
        periods=frame.choices(QuotaPeriod),
        parts=[pair for pair in frame.choices(CoSell) if pair[0] != CoSell.ALONE.value],
    )


def _count(listed: str, form: Form) -> int:
    """Return how many rows of a list to show: those filled in, and some to fill in."""
    kind = listed.rpartition(".")[2]
    filled = {
        name.removeprefix(f"{listed}.").partition(".")[0] for name in form.values if name.startswith(f"{listed}.")
    }
    last = max((int(place) for place in filled if place.isdecimal()), default=-1)
    return min(_MOST[kind], max(_LEAST[kind], last + 1 + _BLANK[kind]))


def _whose(one: PlanSeen, names: Mapping[UUID, str]) -> list[tuple[str, CompensationAssignment]]:
    left = str(_("Somebody who left"))
    found = [(names.get(each.user_id or each.team_id or one.id, left), each) for each in one.assignments]
    return sorted(found, key=lambda pair: (pair[1].starts_on, pair[0]), reverse=True)


def _to(plan_id: UUID) -> str:
    return url_for("incentives_pages.compensation_plan", plan_id=plan_id)
