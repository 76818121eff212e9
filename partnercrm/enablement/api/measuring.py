"""Coverage and pulses over the API; a pulse is answered on its page alone, where no answer is kept for a retry."""

from typing import Any
from uuid import UUID

from partnercrm.enablement.actions import measuring
from partnercrm.enablement.errors import PulseOpen
from partnercrm.enablement.queries import coverage
from partnercrm.enablement.queries.coverage import PulseSeen
from partnercrm.enablement.schemas.measuring import (
    CoverageGroupsView,
    CoverageView,
    OpenPulse,
    PulseQuery,
    PulseView,
)
from partnercrm.identity.errors import FiguresArePrivate
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("coverage", prefix="/api/v1", description="How much of each side is enabled, and trusts.")


@api.get("/partnerships/<uuid:partnership_id>/coverage", scope="enablement:read", answers=CoverageView)
def read_coverage(actor: Actor, partnership_id: UUID) -> dict[str, Any]:
    """Read how much of either side was enabled at the end of each month; both sides read the same."""
    return {"partnership_id": partnership_id, "months": coverage.months(actor, partnership_id)}


@api.get(
    "/partnerships/<uuid:partnership_id>/coverage/groups",
    scope="enablement:read",
    answers=CoverageGroupsView,
    refuses=(FiguresArePrivate,),
)
def read_coverage_groups(actor: Actor, partnership_id: UUID) -> dict[str, Any]:
    """Read the same of your own teams and regions, in groups of at least eight people that nobody can take apart."""
    return {"partnership_id": partnership_id, "groups": coverage.groups(actor, partnership_id)}


@api.post(
    "/partnerships/<uuid:partnership_id>/pulses",
    scope="enablement:all",
    body=OpenPulse,
    answers=PulseView,
    status=201,
    refuses=(PulseOpen,),
    rechecks=coverage.pulse,
)
def open_pulse(actor: Actor, partnership_id: UUID, given: dict[str, Any]) -> PulseSeen:
    """Ask your own people, without names, how much they trust a partner."""
    return coverage.pulse_seen(actor, measuring.open_pulse(actor, partnership_id, given).id)


@api.get(
    "/partnerships/<uuid:partnership_id>/pulses",
    scope="enablement:read",
    answers=PulseView,
    query=PulseQuery,
    pages=True,
)
def list_pulses(actor: Actor, partnership_id: UUID, query: dict[str, Any]) -> Page:
    """List your side's pulses of a partner; each tells once it is over, and of eight people at least."""
    return coverage.pulses(actor, partnership_id, query)
