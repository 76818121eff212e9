"""Time over the API: what a partnership takes one's own side, told by whoever wishes to."""

from typing import Any
from uuid import UUID

from partnercrm.accounts.actions import times as actions
from partnercrm.accounts.queries import times as queries
from partnercrm.accounts.queries.times import TimeSeen
from partnercrm.accounts.schemas.times import StateTimeBaseline, TellTime, TimeView
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door

api = Door("times", prefix="/api/v1", description="What a partnership takes your side, and what mapping saved it.")


@api.get("/partnerships/<uuid:partnership_id>/time", scope="partnerships:read", answers=TimeView)
def read_time(actor: Actor, partnership_id: UUID) -> TimeSeen:
    """Read what a partnership takes your side: totals of eight people or more, and what you said yourself."""
    return queries.time_of(actor, partnership_id)


@api.post(
    "/partnerships/<uuid:partnership_id>/time",
    scope="accounts:write",
    body=TellTime,
    answers=TimeView,
    rechecks=queries.time_of,
)
def tell_time(actor: Actor, partnership_id: UUID, given: dict[str, Any]) -> TimeSeen:
    """Say what a partnership took you in a month, if you wish; nobody else reads it."""
    return actions.tell_time(actor, partnership_id, given)


@api.post(
    "/partnerships/<uuid:partnership_id>/time-baseline",
    scope="partnerships:write",
    body=StateTimeBaseline,
    answers=TimeView,
    rechecks=queries.time_of,
)
def state_time_baseline(actor: Actor, partnership_id: UUID, given: dict[str, Any]) -> TimeSeen:
    """State what your side took before the partnership was signed; the partner does not read it."""
    return actions.state_time_baseline(actor, partnership_id, given)
