"""Monthly reports of what flowed, over the API: the same rows for both sides."""

from typing import Any
from uuid import UUID

from partnercrm.accounts.queries import flows as queries
from partnercrm.accounts.schemas.flows import FlowReportQuery, FlowReportView
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("flows", prefix="/api/v1", description="What flowed between both sides, month by month, without content.")


@api.get(
    "/partnerships/<uuid:partnership_id>/flow-reports",
    scope="partnerships:read",
    answers=FlowReportView,
    query=FlowReportQuery,
    pages=True,
)
def list_flow_reports(actor: Actor, partnership_id: UUID, query: dict[str, Any]) -> Page:
    """List what flowed by month, side, kind and tier, as it was counted once the month was over."""
    return queries.flow_reports(actor, partnership_id, query)
