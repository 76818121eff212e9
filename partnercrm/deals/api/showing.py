"""Over the API: when partners come in, what a partnership shows, and joint deals beside one's own."""

from typing import Any
from uuid import UUID

from partnercrm.deals.actions import baselining as actions
from partnercrm.deals.queries import baselines, involving
from partnercrm.deals.queries.baselines import OwnSales
from partnercrm.deals.queries.involving import LateInvolvement, LivedSeen
from partnercrm.deals.schemas.showing import (
    LateInvolvementQuery,
    LateInvolvementView,
    LivedQuery,
    LivedView,
    MonthsQuery,
    OwnSalesView,
    StateSalesBaseline,
)
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door

api = Door("showing", prefix="/api/v1", description="What partnerships are by what happens in their deals.")


@api.get(
    "/partnerships/<uuid:partnership_id>/late-involvement",
    scope="reports:read",
    answers=LateInvolvementView,
    query=LateInvolvementQuery,
)
def read_late_involvement(actor: Actor, partnership_id: UUID, query: dict[str, Any]) -> LateInvolvement:
    """Read how far deals were when the partner came in, and what became of early and late ones; both read the same."""
    return involving.late_involvement(actor, partnership_id, query["months"], query.get("as_of"))


@api.get("/partnerships/<uuid:partnership_id>/drift", scope="reports:read", answers=LivedView, query=LivedQuery)
def read_drift(actor: Actor, partnership_id: UUID, query: dict[str, Any]) -> LivedSeen:
    """Read what the last two quarters show beside the kind of partnership that the terms claim, with the evidence."""
    return involving.lived(actor, partnership_id, query.get("as_of"))


@api.get("/partnerships/<uuid:partnership_id>/own-sales", scope="reports:read", answers=OwnSalesView, query=MonthsQuery)
def read_own_sales(actor: Actor, partnership_id: UUID, query: dict[str, Any]) -> OwnSales:
    """Read joint deals beside what your side wins alone: how often, how large, how fast; the partner does not."""
    return baselines.own_sales(actor, partnership_id, query["months"])


@api.post(
    "/partnerships/<uuid:partnership_id>/sales-baseline",
    scope="partnerships:write",
    body=StateSalesBaseline,
    answers=OwnSalesView,
    rechecks=lambda actor, partnership_id: baselines.own_sales(actor, partnership_id, involving.MONTHS),
)
def state_sales_baseline(actor: Actor, partnership_id: UUID, given: dict[str, Any]) -> OwnSales:
    """State what your side won and lost alone; the partner does not read it."""
    return actions.state_sales_baseline(actor, partnership_id, given)
