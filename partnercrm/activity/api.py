"""The record's API."""

from typing import Any

from partnercrm.activity import queries
from partnercrm.activity.schemas import ActivityView, AuditQuery, HeadsView
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("activity", prefix="/api/v1/activities", description="What your organization did.")


@api.get("", scope="activity:read", answers=ActivityView, query=AuditQuery, pages=True)
def list_activities(actor: Actor, query: dict[str, Any]) -> Page:
    """List what your people, tokens and jobs did, newest first."""
    return queries.audit_trail(actor, query)


@api.get("/heads", scope="activity:read", answers=HeadsView)
def read_heads(actor: Actor) -> dict[str, Any]:
    """Read the ends of the chains over your record and your partnerships': kept elsewhere, they show a cut tail."""
    return {"heads": queries.heads(actor)}
