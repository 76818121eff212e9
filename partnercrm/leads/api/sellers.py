"""One's own side of an exchange by seller, over the API: beside the report that both sides read, and never in it."""

from typing import Any
from uuid import UUID

from partnercrm.kernel.actor import Actor
from partnercrm.leads import schemas
from partnercrm.leads.actions import publishing
from partnercrm.web.endpoint import Door

api = Door("sellers", prefix="/api/v1", description="Your own side of an exchange by seller.")


@api.get(
    "/partnerships/<uuid:partnership_id>/reciprocity/sellers",
    scope="leads:read",
    answers=schemas.SellersView,
    query=schemas.SellersQuery,
)
def read_sellers(actor: Actor, partnership_id: UUID, query: dict[str, Any]) -> dict[str, Any]:
    """Read your side by seller: yourself, and colleagues only where the works agreement opens them to managers."""
    found = publishing.look_at_sellers(actor, partnership_id, query["window"])
    return {"partnership_id": partnership_id, "window": str(query["window"]), "sellers": found}
