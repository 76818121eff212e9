"""What both sides begin with when they look for a cause, over the API."""

from typing import Any
from uuid import UUID

from partnercrm.kernel.actor import Actor
from partnercrm.leads import schemas
from partnercrm.leads.queries import factsheets
from partnercrm.leads.queries.factsheets import FactSheet
from partnercrm.web.endpoint import Door

api = Door("causes", prefix="/api/v1", description="Where the leads of an exchange end, and where a difference sits.")


@api.get(
    "/partnerships/<uuid:partnership_id>/fact-sheet",
    scope="reports:read",
    answers=schemas.FactSheetView,
    query=schemas.FactSheetQuery,
)
def read_fact_sheet(actor: Actor, partnership_id: UUID, query: dict[str, Any]) -> FactSheet:
    """Read the fact sheet of an exchange: what the system knows of its causes, the same for both sides."""
    return factsheets.fact_sheet(actor, partnership_id, query.get("as_of"))
