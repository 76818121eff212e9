"""The record's API."""

from typing import Any
from uuid import UUID

from partnercrm.activity import actions, queries
from partnercrm.activity.models import Activity
from partnercrm.activity.schemas import ActivityView, AuditQuery, HeadsView, LooksView, OpenActivity
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("activity", prefix="/api/v1/activities", description="What your organization did.")


@api.get("", scope="activity:read", answers=ActivityView, query=AuditQuery, pages=True)
def list_activities(actor: Actor, query: dict[str, Any]) -> Page:
    """List what your people, tokens and jobs did, newest first; who worked on what is not told in lists."""
    return queries.audit_trail(actor, query)


@api.get("/heads", scope="activity:read", answers=HeadsView)
def read_heads(actor: Actor) -> dict[str, Any]:
    """Read the ends of the chains over your record and your partnerships': kept elsewhere, they show a cut tail."""
    return {"heads": queries.heads(actor)}


@api.post(
    "/<uuid:activity_id>/open",
    scope="activity:read",
    body=OpenActivity,
    answers=ActivityView,
    rechecks=queries.activity,
)
def open_activity(actor: Actor, activity_id: UUID, given: dict[str, Any]) -> Activity:
    """Open one activity with who did it; that you did, and for what, is noted for that person to read."""
    return actions.open_activity(actor, activity_id, given["purpose"])


@api.get("/looks-at-me", scope="identity:read", answers=LooksView)
def read_looks(actor: Actor) -> dict[str, Any]:
    """Read who in your company looked at your figures, or opened what you did with your name, and for what."""
    return {"looks": queries.looks_at(actor)}
