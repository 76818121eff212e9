"""The record's API."""

from typing import Any

from partnercrm.activity import queries
from partnercrm.activity.schemas import ActivityView, AuditQuery
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("activity", prefix="/api/v1/activities", description="What your organization did.")


@api.get("", scope="activity:read", answers=ActivityView, query=AuditQuery, pages=True)
def list_activities(actor: Actor, query: dict[str, Any]) -> Page:
    """List what your people, tokens and jobs did, newest first."""
    return queries.audit_trail(actor, query)
