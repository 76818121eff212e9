"""Trying a plan's draft on what was sold: of a year, of everybody it is for; distributions, names where agreed."""

from collections.abc import Mapping
from datetime import UTC, date, timedelta
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
from partnercrm.incentives.simulating import Change, Sale, changes, quartiles
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.money import Money

DAYS: Final = 365
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
    """Return what a plan's draft would have paid for what was sold in the year until today.

    Of everybody whom the plan paid then; of a plan that paid nobody, of everybody whom any plan did. Whose sales these
    are is nobody's choice, so that no two simulations differ by one person. Names are told where the works agreement
    opens them. Raises NotFound, NothingToSimulate.
    """
    plan = queries.plan(actor, plan_id)
    if plan.draft is None:
        raise NothingToSimulate
    today = db.now().astimezone(UTC).date()
    sales, left_out = _sales(actor, plan, plan.draft.currency, today - timedelta(days=DAYS))
    found = changes(sales, plan.draft)
    told = Simulation(today - timedelta(days=DAYS), today, GROUP_MINIMUM, left_out, *([None] * 5))
    currency = plan.draft.currency
    if opens_persons(actor, actor):
        told = told._replace(persons=_named(actor, found, currency))
    if len(found) < GROUP_MINIMUM:
        return told
    lower, middle, upper = quartiles([one.then - one.now for one in found.values()])
    return told._replace(
        people=len(found),
        now=Money(sum(one.now for one in found.values()), currency),
        then=Money(sum(one.then for one in found.values()), currency),
        quartiles=(Money(lower, currency), Money(middle, currency), Money(upper, currency)),
    )


def opens_persons(viewer: Actor, person: Actor) -> bool:
    """Tell whether the works agreement opens what people would earn, by name, to who keeps plans; to programs never."""
    agreed = identity.agreement(viewer).person_figures
    is_program = Role.INTEGRATION in viewer.roles
    return may_see_person(agreed, is_oneself=False, oversees=viewer.has(queries.MANAGE), is_program=is_program)


def _sales(actor: Actor, plan: PlanSeen, currency: str, since: date) -> tuple[list[Sale], int]:
    """Return what was sold by those it is for, oldest first, and how many sales could not be tried."""
    last = books.simulated_accruals_seen_by(actor).ext(distinct_on(Accrual.revenue_id, Accrual.user_id))
    newest = last.order_by(Accrual.revenue_id, Accrual.user_id, Accrual.revision.desc()).subquery()
    state = (AccrualState.organization_id == newest.c.organization_id) & (
        AccrualState.revenue_id == newest.c.revenue_id
    )
    rows = (
        select(newest, Revenue.minor, Revenue.happened_at, Revenue.product_line_id, AccrualState.refunded_minor)
        .join(Revenue, Revenue.id == newest.c.revenue_id)
        .join(AccrualState, state)
        .where(Revenue.happened_at >= since)
    )
    own = rows.where(newest.c.plan_id == plan.id)
    every = _count(own)
    rows, every = (own, every) if every else (rows, _count(rows))
    taken = (
        rows.where(newest.c.currency == currency).order_by(Revenue.happened_at.desc(), Revenue.id.desc()).limit(MOST)
    )
    found = db.session().execute(taken).all()
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
    return sales, every - len(sales)


def _count(rows: Select[Any]) -> int:
    return db.session().execute(select(func.count()).select_from(rows.subquery())).scalar_one()


def _named(actor: Actor, found: Mapping[UUID, Change], currency: str) -> list[PersonChange]:
    names = {one.id: one.name for one in identity.colleagues(actor)}
    return [
        PersonChange(names[who], Money(one.now, currency), Money(one.then, currency))
        for who, one in sorted(found.items(), key=lambda pair: names.get(pair[0], ""))
        if who in names
    ]
