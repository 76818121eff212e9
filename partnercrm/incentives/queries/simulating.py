"""Trying a plan's draft on what was sold in twelve months by everybody it is for: distributions, names where agreed."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from partnercrm.identity import queries as identity
from partnercrm.identity.agreements import GROUP_MINIMUM, may_see_person
from partnercrm.identity.scopes import Role
from partnercrm.incentives.errors import NothingToSimulate
from partnercrm.incentives.models.ledgers import Accrual, AccrualState
from partnercrm.incentives.models.revenues import Revenue
from partnercrm.incentives.queries import books
from partnercrm.incentives.queries import plans as queries
from partnercrm.incentives.queries.plans import PlanSeen
from partnercrm.incentives.simulating import Change, Sale, changes, coarse, is_tellable, quartiles
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.money import Money

MOST: Final = 20_000
"""How many sales are tried at once: the newest ones."""


class PersonChange(NamedTuple):
    """What one person has of their sales, and would have."""

    name: str
    now: Money
    then: Money


class Simulation(NamedTuple):
    """What a draft would have paid for a year's sales; nothing is told of fewer people than `fewest`."""

    from_on: date
    until_on: date
    fewest: int
    left_out: int
    people: int | None
    now: Money | None
    then: Money | None
    quartiles: tuple[Money, Money, Money] | None
    persons: list[PersonChange] | None


def simulation(actor: Actor, plan_id: UUID) -> Simulation:
    """Return what a plan's draft would have paid for what was sold in the last twelve whole months.

    Of everybody whom the plan paid then; of a plan that paid nobody, of everybody whom any plan did. Of the group only
    what hides each of them in one simulation is told, in two digits, and only where those beside it would hide each
    other as well; who writes many drafts can still learn of one. Names are told where the works agreement opens them.
    Raises NotFound, NothingToSimulate.
    """
    plan = queries.plan(actor, plan_id)
    if plan.draft is None:
        raise NothingToSimulate
    from_on, before = window(db.now().astimezone(UTC).date())
    currency = plan.draft.currency
    tried = _sales(actor, plan, currency, (from_on, before))
    found = changes(tried.sales, plan.draft)
    told = Simulation(from_on, before - timedelta(days=1), GROUP_MINIMUM, 0, *([None] * 5))
    if opens_persons(actor, actor):
        told = told._replace(persons=_named(actor, found, currency))
    if 0 < tried.others < GROUP_MINIMUM or not is_tellable(found.values(), GROUP_MINIMUM):
        return told
    lower, middle, upper = (coarse(one) for one in quartiles([one.then - one.now for one in found.values()]))
    return told._replace(
        left_out=tried.left_out,
        people=len(found),
        now=Money(coarse(sum(one.now for one in found.values())), currency),
        then=Money(coarse(sum(one.then for one in found.values())), currency),
        quartiles=(Money(lower, currency), Money(middle, currency), Money(upper, currency)),
    )


def window(today: date) -> tuple[date, date]:
    """Return the first day of the last twelve whole months, and the day after the last: this month is none of them."""
    before = today.replace(day=1)
    return before.replace(year=before.year - 1), before


def opens_persons(viewer: Actor, person: Actor) -> bool:
    """Tell whether the works agreement opens what people would earn, by name, to who keeps plans; to programs never."""
    agreed = identity.agreement(viewer).person_figures
    is_program = Role.INTEGRATION in viewer.roles
    return may_see_person(agreed, is_oneself=False, oversees=viewer.has(queries.MANAGE), is_program=is_program)


class _Tried(NamedTuple):
    """What is tried, oldest first; how many sales could not be, and of how many other people there are some."""

    sales: list[Sale]
    left_out: int
    others: int


def _sales(actor: Actor, plan: PlanSeen, currency: str, within: tuple[date, date]) -> _Tried:
    """Return what was sold by those whom the plan paid, or by everybody where it paid nobody."""
    last = books.simulated_accruals_seen_by(actor).ext(distinct_on(Accrual.revenue_id, Accrual.user_id))
    newest = last.order_by(Accrual.revenue_id, Accrual.user_id, Accrual.revision.desc()).subquery()
    state = (AccrualState.organization_id == newest.c.organization_id) & (
        AccrualState.revenue_id == newest.c.revenue_id
    )
    begins, ends = (datetime.combine(day, time(), UTC) for day in within)
    every = (
        select(newest, Revenue.minor, Revenue.happened_at, Revenue.product_line_id, AccrualState.refunded_minor)
        .join(Revenue, Revenue.id == newest.c.revenue_id)
        .join(AccrualState, state)
        .where(Revenue.happened_at >= begins, Revenue.happened_at < ends)
    )
    own = every.where(newest.c.plan_id == plan.id)
    rows = own if _people(own) else every
    taken = rows.where(newest.c.currency == currency).order_by(Revenue.happened_at.desc(), Revenue.id.desc())
    found = db.session().execute(taken.limit(MOST)).all()
    said = queries.plans_of(actor, (), {row.plan_id for row in found}).versions
    rules = {(plan_id, one.version): one.rules for plan_id, versions in said.items() for one in versions}
    sales = [
        Sale(
            row.user_id,
            row.happened_at.astimezone(UTC).date(),
            row.product_line_id,
            row.credit_minor,
            Fraction(row.minor - row.refunded_minor, row.minor),
            row.co_sell,
            rules[row.plan_id, row.plan_version],
        )
        for row in reversed(found)
    ]
    others = _people(every) - {one.user_id for one in sales}
    return _Tried(sales, _count(rows) - len(sales), len(others))


def _people(rows: Select[Any]) -> set[UUID]:
    return set(db.session().scalars(select(rows.subquery().c.user_id).distinct()))


def _count(rows: Select[Any]) -> int:
    return db.session().execute(select(func.count()).select_from(rows.subquery())).scalar_one()


def _named(actor: Actor, found: Mapping[UUID, Change], currency: str) -> list[PersonChange]:
    names = {one.id: one.name for one in identity.colleagues(actor)}
    return [
        PersonChange(names[who], Money(one.now, currency), Money(one.then, currency))
        for who, one in sorted(found.items(), key=lambda pair: names.get(pair[0], ""))
        if who in names
    ]
