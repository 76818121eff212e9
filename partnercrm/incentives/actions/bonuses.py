"""Paying the bonus for leads that were given and qualified: each lead once, by the plan of the day it was qualified."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from partnercrm.incentives.actions.posting import Draft, Line, post, write
from partnercrm.incentives.models.ledgers import LeadBonus
from partnercrm.incentives.plans import Standing, Trigger, lead_bonus, period_start
from partnercrm.incentives.posting import Account, Kind
from partnercrm.incentives.queries import accruing as queries
from partnercrm.incentives.queries import bonuses
from partnercrm.incentives.queries.plans import InForce, plans_of
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor

AT_ONCE: Final = 500


class _Due(NamedTuple):
    """A lead whose bonus is due: whose it is, by which plan, and what it comes to."""

    offer_id: UUID
    user_id: UUID
    on: date
    quota_from: date
    found: InForce
    minor: int


def accrue_bonuses(
    actor: Actor, after: tuple[datetime, UUID] | None = None, most: int = AT_ONCE
) -> tuple[datetime, UUID] | None:
    """Post the bonuses of some qualified leads that have none yet; return after which to go on, None at the end.

    A bonus is due once its plan's holding time is over, and posted then. What the period's cap leaves nothing of is
    decided, too: it is not paid in a later period. Of a lead whose giver has no plan nothing is decided.
    """
    queries.lock(actor)
    today = db.now().astimezone(UTC).date()
    found = bonuses.without_bonus(actor, after, most)
    plans = plans_of(actor, {one.user_id for one in found})
    given = bonuses.given(actor, {one.user_id for one in found})
    due: list[_Due] = []
    for one in found:
        on = one.qualified_at.astimezone(UTC).date()
        paid_by = plans.in_force(one.user_id, on)
        if paid_by is None or not _pays(paid_by, on, today):
            continue
        key = one.user_id, paid_by.plan_id, period_start(paid_by.rules.period, on)
        minor = lead_bonus(paid_by.rules, 1, Standing(lead_bonus_minor=given.get(key, 0))).minor
        given[key] = given.get(key, 0) + minor
        due.append(_Due(one.offer_id, one.user_id, on, key[2], paid_by, minor))
    paid = [one for one in due if one.minor]
    journals = dict(zip((one.offer_id for one in paid), post(actor, map(_draft, paid)), strict=True))
    write(LeadBonus, [_kept(actor, one, journals.get(one.offer_id)) for one in due])
    return (found[-1].qualified_at, found[-1].offer_id) if len(found) == most else None


def _pays(found: InForce, on: date, today: date) -> bool:
    rules = found.rules
    is_over = on + timedelta(days=rules.holding_days) <= today
    return bool(rules.lead_bonus_minor) and rules.trigger is not Trigger.ELSEWHERE and is_over


def _draft(one: _Due) -> Draft:
    currency, of = one.found.rules.currency, {"user_id": one.user_id}
    lines = [Line(Account.COMMISSION, one.minor, currency, of), Line(Account.DUE, -one.minor, currency, of)]
    return Draft(Kind.BONUS, one.on, lines)


def _kept(actor: Actor, one: _Due, journal_id: UUID | None) -> dict[str, Any]:
    return {
        "organization_id": actor.organization_id,
        "offer_id": one.offer_id,
        "user_id": one.user_id,
        "plan_id": one.found.plan_id,
        "plan_version": one.found.version,
        "quota_from": one.quota_from,
        "qualified_on": one.on,
        "minor": one.minor,
        "currency": one.found.rules.currency,
        "journal_id": journal_id,
    }
