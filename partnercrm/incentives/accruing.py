"""What an event of a deal's money comes to for one organization: its fees, and what each of its sellers earns. Pure.

A seller is paid by the plan that was theirs on the event's day, with the standing they had when the event was first
put on record; a refund, another split or another division of it changes what is credited, never by which rules. What
stays after refunds stays of what was earned, rule by rule: nobody is asked again what today's rules would pay.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from partnercrm.incentives.plans import CoSell, Plan, Standing, Won, earning, period_start
from partnercrm.incentives.posting import Part, Waits, parts, stays
from partnercrm.incentives.sharing import FEES, Portion, Posting, Sharing, portions
from partnercrm.incentives.splits import split
from partnercrm.kernel.money import MOST_MINOR, Money
from partnercrm.rates.conversion import Table


@dataclass(frozen=True)
class Event:
    """An event of a deal's money: what it was worth, how much of that was refunded since, and how it is shared now."""

    minor: int
    currency: str
    trigger: str
    on: date
    product_line_id: UUID | None
    refunded_minor: int
    sharing: Sharing | None
    division: Mapping[UUID, Fraction] | None

    @cached_property
    def left(self) -> Fraction:
        """Which part of it stays."""
        return Fraction(self.minor - self.refunded_minor, self.minor)

    @cached_property
    def portions(self) -> Sequence[Posting]:
        """What both organizations have of all of it."""
        return portions(self.sharing, self.minor) if self.sharing else ()

    def own_part(self, organization_id: UUID) -> int:
        """Return what an organization is credited with: its split and its overlay."""
        own = [one for one in self.portions if one.organization_id == organization_id]
        return sum(one.minor for one in own if one.portion not in FEES)


@dataclass(frozen=True, slots=True)
class Basis:
    """By what a seller is paid for an event: the plan's version, the partner's part, and how they stood."""

    plan_id: UUID
    plan_version: int
    plan: Plan
    co_sell: CoSell
    standing: Standing
    credit_minor: int = 0
    earned: tuple[Part, ...] = ()

    def quota_from(self, on: date) -> date:
        """Return from which day on the attainment counts to which the event belongs."""
        return period_start(self.plan.period, on)

    def releases_on(self, on: date) -> date:
        """Return when what is earned may be paid."""
        return on + timedelta(days=self.plan.holding_days)

    def credited(self, shared: Money, on: date, rates: Table) -> Money | None:
        """Return a seller's part of an event in the plan's currency, by the rates of a day.

        None where a rate is missing, and for more than amounts on record can be: no event stops all others.
        """
        found = rates.converted(shared, self.plan.currency, on)
        return found if found and found.minor <= MOST_MINOR else None


class Owed(NamedTuple):
    """What a seller has of an event now: what they are paid by, and what of it stays by rule."""

    basis: Basis
    credit_minor: int
    parts: tuple[Part, ...]

    @property
    def minor(self) -> int:
        """What stays in all."""
        return sum(one.minor for one in self.parts)


def fees(event: Event, organization_id: UUID) -> dict[Portion, int]:
    """Return what an organization receives (positive) or pays (negative) of what stays of an event that was won.

    The other organization's are the same with the other sign.
    """
    if event.sharing is None or event.trigger != "won":
        return {}
    found = portions(event.sharing, event.minor - event.refunded_minor) if event.refunded_minor else event.portions
    return {one.portion: one.minor for one in found if one.organization_id == organization_id and one.portion in FEES}


def credits_of(event: Event, organization_id: UUID) -> dict[UUID, int]:
    """Return what of all of an event is credited to each of an organization's sellers, splits and overlays together."""
    if event.sharing is None or event.division is None:
        return {}
    return split(event.own_part(organization_id), event.division)


def waits_for(event: Event, organization_id: UUID) -> Waits | None:
    """Return what both sides, or the own one, have to agree before anybody earns; of no part nobody does."""
    if event.sharing is None:
        return Waits.SPLIT
    is_nothing = not event.own_part(organization_id)
    return None if is_nothing or event.division is not None else Waits.DIVISION


def owed(event: Event, basis: Basis, credit: Money) -> Owed | None:
    """Return what a seller has of an event now; None where their plan has no rate for it.

    What is credited as before earns what it earned, whatever the plan says by now.
    """
    if credit.minor != basis.credit_minor or not basis.earned:
        made = earning(basis.plan, Won(credit.minor, event.product_line_id, event.on, basis.co_sell), basis.standing)
        if made is None:
            return None
        basis = replace(basis, credit_minor=credit.minor, earned=parts(made))
    return Owed(basis, credit.minor * event.left.numerator // event.left.denominator, stays(basis.earned, event.left))


def partners_part(organization_id: UUID, sourced_by: UUID, influenced_by: UUID | None, *, is_late: bool) -> CoSell:
    """Return how the partner of an organization had a part in a deal, as plans name it."""
    if is_late:
        return CoSell.LATE
    if sourced_by != organization_id:
        return CoSell.SOURCED
    return CoSell.INFLUENCED if influenced_by else CoSell.ALONE
