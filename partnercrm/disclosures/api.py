"""Disclosures' API: the receipts of a partnership, and what flowed without its content."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from partnercrm.disclosures import queries
from partnercrm.disclosures.queries import Flow
from partnercrm.disclosures.schemas import FlowsView, ReceiptQuery, ReceiptView
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("disclosures", prefix="/api/v1", description="What one side has shown the other, and until when.")


@api.get(
    "/partnerships/<uuid:partnership_id>/disclosures",
    scope="partnerships:read",
    answers=ReceiptView,
    query=ReceiptQuery,
    pages=True,
)
def list_disclosures(actor: Actor, partnership_id: UUID, query: dict[str, Any]) -> Page:
    """List the receipts of a partnership, both ways: which fields of what, at which tier, until when."""
    return queries.receipts(actor, partnership_id, query)


@api.get("/partnerships/<uuid:partnership_id>/flows", scope="partnerships:read", answers=FlowsView)
def read_flows(actor: Actor, partnership_id: UUID) -> dict[str, Sequence[Flow]]:
    """Read what flowed by month, side and tier, in counts alone; both sides read the same."""
    return {"flows": queries.flows(actor, partnership_id)}
