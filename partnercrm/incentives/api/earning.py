"""What won deals come to, over the API: put on record by either side, read alike by both."""

from typing import Any
from uuid import UUID

from partnercrm.incentives.actions import earning as actions
from partnercrm.incentives.errors import NotWon, RefundBeyond, RevenueRecordedAlready, ValuesInBands
from partnercrm.incentives.queries import revenues as queries
from partnercrm.incentives.queries.revenues import RevenueSeen
from partnercrm.incentives.schemas.earning import RecordRevenue, RefundRevenue, RevenueQuery, RevenueView
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("revenues", prefix="/api/v1", description="What won deals came to: won, invoiced, paid and refunded.")


@api.get("/deals/<uuid:deal_id>/revenues", scope="deals:read", answers=RevenueView, query=RevenueQuery, pages=True)
def list_revenues(actor: Actor, deal_id: UUID, query: dict[str, Any]) -> Page:
    """List what a deal came to; a win is put on record when the deal is won, where both tell values exactly."""
    return queries.revenues(actor, deal_id, query)


@api.get("/revenues/<uuid:revenue_id>", scope="deals:read", answers=RevenueView)
def read_revenue(actor: Actor, revenue_id: UUID) -> RevenueSeen:
    """Read one event of a deal's money."""
    return queries.revenue(actor, revenue_id)


@api.post(
    "/deals/<uuid:deal_id>/revenues",
    scope="incentives:record",
    body=RecordRevenue,
    answers=RevenueView,
    status=201,
    refuses=(NotWon, ValuesInBands, RevenueRecordedAlready),
    rechecks=queries.revenue,
)
def record_revenue(actor: Actor, deal_id: UUID, given: dict[str, Any]) -> RevenueSeen:
    """Put an invoice or a payment on record; both sides read it, and both sides' sellers are paid by it."""
    return actions.record_revenue(actor, deal_id, given)


@api.post(
    "/revenues/<uuid:revenue_id>/refund",
    scope="incentives:record",
    body=RefundRevenue,
    answers=RevenueView,
    status=201,
    refuses=(NotWon, RefundBeyond, RevenueRecordedAlready),
    rechecks=queries.revenue,
)
def refund_revenue(actor: Actor, revenue_id: UUID, given: dict[str, Any]) -> RevenueSeen:
    """Undo part or all of an event; what was earned of it is clawed back, of both sides' sellers."""
    return actions.refund_revenue(actor, revenue_id, given)
