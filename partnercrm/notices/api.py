"""What you were told, and how you wish to be told, over the API."""

from typing import Any
from uuid import UUID

from partnercrm.kernel.actor import Actor
from partnercrm.notices import queries
from partnercrm.notices.actions import preferring, reading
from partnercrm.notices.queries import NoticeSeen, WishesSeen
from partnercrm.notices.schemas import NoticeQuery, NoticeView, Prefer, PreferencesView
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("notices", prefix="/api/v1", description="What you were told, and how you wish to be told.")


@api.get("/notices", scope="notices:read", answers=NoticeView, query=NoticeQuery, pages=True)
def list_notices(actor: Actor, query: dict[str, Any]) -> Page:
    """List what you were told, newest first."""
    return queries.notices(actor, query)


@api.post("/notices/<uuid:notice_id>/read", scope="notices:write", answers=NoticeView, rechecks=queries.notice)
def read_notice(actor: Actor, notice_id: UUID) -> NoticeSeen:
    """Mark one notice as read."""
    return reading.read_notice(actor, notice_id)


@api.post("/notices/read", scope="notices:write", status=204)
def read_notices(actor: Actor) -> None:
    """Mark everything you were told so far as read."""
    reading.read_notices(actor)


@api.get("/notice-preferences", scope="notices:read", answers=PreferencesView)
def read_notice_preferences(actor: Actor) -> WishesSeen:
    """Read how you are told."""
    return WishesSeen(queries.wishes(actor))


@api.patch(
    "/notice-preferences",
    scope="notices:write",
    body=Prefer,
    answers=PreferencesView,
    rechecks=queries.own_wishes,
)
def edit_notice_preferences(actor: Actor, given: dict[str, Any], expected: str) -> WishesSeen:
    """Change how you are told."""
    return WishesSeen(preferring.prefer(actor, given, expected))
