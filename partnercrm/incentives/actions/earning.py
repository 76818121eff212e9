"""Putting on record what a won deal came to: for both sides the same, once; each side's books follow by a job."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from partnercrm.activity.actions import record
from partnercrm.deals.models.deals import Deal
from partnercrm.deals.queries import selling
from partnercrm.deals.stages import MOVERS, Stage
from partnercrm.incentives.errors import NotWon, RefundBeyond, RevenueRecordedAlready, ValuesInBands
from partnercrm.incentives.models.revenues import Revenue, RevenueKind
from partnercrm.incentives.queries import revenues as queries
from partnercrm.incentives.queries.revenues import RevenueSeen
from partnercrm.kernel import db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid
from partnercrm.kernel.ids import new_id
from partnercrm.kernel.money import Money
from partnercrm.leads.actions.steps import tells_exactly


def record_revenue(actor: Actor, deal_id: UUID, given: Mapping[str, Any]) -> RevenueSeen:
    """Put on record that a deal was invoiced or paid, or won once more after a win that was refunded.

    Raises NotFound, NotWon, ValuesInBands, RevenueRecordedAlready, Invalid.
    """
    found, partnership = selling.deal_to_change(actor, deal_id)
    if found.party_of(actor.organization_id) not in MOVERS[found.involvement] or found.stage is not Stage.CLOSED_WON:
        raise NotWon
    if not tells_exactly(partnership):
        raise ValuesInBands
    kind, reference, happened_at = RevenueKind(given["kind"]), given["reference"], given["happened_at"]
    wrong = []
    if not found.opened_at <= happened_at <= db.now():
        wrong.append(FieldError("happened_at", "It happened since the deal was opened, and not in the future."))
    if kind is not RevenueKind.WON and not reference:
        wrong.append(FieldError("reference", "Name the invoice or payment, so that nobody records it twice."))
    if not given["amount"].minor:
        wrong.append(FieldError("amount.amount", "Nothing came of it: put nothing on record."))
    if wrong:
        raise Invalid(wrong)
    taken = queries.by_reference(actor, deal_id, kind, reference) if reference else None
    if taken or (kind is RevenueKind.WON and queries.standing_win(actor, deal_id)):
        raise RevenueRecordedAlready
    return _kept(actor, found, kind, given["amount"], happened_at, reference=reference)


def refund_revenue(actor: Actor, revenue_id: UUID, given: Mapping[str, Any]) -> RevenueSeen:
    """Put on record that of an event part or all was undone. Raises NotFound, NotWon, RefundBeyond, Invalid."""
    found, _ = selling.deal_to_change(actor, queries.revenue(actor, revenue_id).deal_id)
    if found.party_of(actor.organization_id) not in MOVERS[found.involvement]:
        raise NotWon
    undone = queries.revenue(actor, revenue_id)
    amount: Money = given["amount"] or undone.left
    happened_at: datetime = given["happened_at"]
    wrong = []
    if amount.currency != undone.currency:
        wrong.append(FieldError("amount.currency", "A refund is in the currency of what it undoes."))
    if not undone.happened_at <= happened_at <= db.now():
        wrong.append(FieldError("happened_at", "A refund happened after what it undoes, and not in the future."))
    if wrong:
        raise Invalid(wrong)
    if amount.minor > undone.left.minor or not amount.minor:
        raise RefundBeyond
    kind = RevenueKind.REFUNDED
    reference = given["reference"]
    if reference and queries.by_reference(actor, found.id, kind, reference):
        raise RevenueRecordedAlready
    return _kept(actor, found, kind, amount, happened_at, reference=reference, of_id=undone.id)


def record_win(actor: Actor, _verb: str, won: Deal, _activity_id: UUID) -> None:
    """Put on record what a deal was won for, where both sides tell values exactly."""
    if won.value is not None and won.value.minor and not queries.standing_win(actor, won.id):
        _kept(actor, won, RevenueKind.WON, won.value, won.happened_at)


def settle_deal(deal: Deal, at: datetime | None = None) -> None:
    """Let both sides' books follow what was agreed or recorded about a deal, from a moment on."""
    for organization_id in deal.sides():
        jobs.defer("incentives.accrue", organization_id, at=at, deal_id=deal.id)


def from_the(day: date | None) -> datetime | None:
    """Return when a day begins (UTC); None: at once."""
    return None if day is None else datetime.combine(day, time(), UTC)


def _kept(
    actor: Actor,
    of: Deal,
    kind: RevenueKind,
    amount: Money,
    happened_at: datetime,
    *,
    reference: str = "",
    of_id: UUID | None = None,
) -> RevenueSeen:
    (first, second), told = of.sides(), queries.whose(actor, of)
    made = Revenue(
        id=new_id(),
        partnership_id=of.partnership_id,
        first_organization_id=first,
        second_organization_id=second,
        deal_id=of.id,
        product_line_id=of.product_line_id,
        sourced_by=told.sourced_by,
        influenced_by=told.influenced_by,
        is_late=queries.is_late(actor, of),
        organization_id=actor.organization_id,
        kind=kind,
        of_id=of_id,
        reference=reference,
        minor=amount.minor,
        currency=amount.currency,
        happened_at=happened_at,
    )
    db.session().add(made)
    db.session().flush()
    record(actor, f"revenue.{kind.value}", made, deal_id=str(of.id))
    settle_deal(of)
    return queries.revenue(actor, made.id)
