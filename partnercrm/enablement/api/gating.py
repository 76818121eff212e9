"""Gates over the API: what they do to who is not enabled, and whom a manager lets pass for a time."""

from typing import Any
from uuid import UUID

from partnercrm.enablement import queries, schemas
from partnercrm.enablement.actions import gating
from partnercrm.enablement.errors import ExceptionOver
from partnercrm.enablement.items import GateMode
from partnercrm.enablement.models import GateException, Programme
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("gates", prefix="/api/v1", description="Who may register deals and take leads on, by what they know.")


@api.get("/partnerships/<uuid:partnership_id>/enablement-gates", scope="enablement:read", answers=schemas.GatesView)
def read_enablement_gates(actor: Actor, partnership_id: UUID) -> Programme | dict[str, Any]:
    """Read what your side's gates do in a partnership."""
    off = {"registering": GateMode.OFF, "receiving": GateMode.OFF, "changed_at": None}
    return queries.gates(actor, partnership_id) or off


@api.put(
    "/partnerships/<uuid:partnership_id>/enablement-gates",
    scope="enablement:all",
    body=schemas.SetGates,
    answers=schemas.GatesView,
    replaces=True,
    rechecks=queries.living,
)
def set_enablement_gates(actor: Actor, partnership_id: UUID, given: dict[str, Any], expected: str | None) -> Programme:
    """Set what your side's gates do, from now on."""
    return gating.set_gates(actor, partnership_id, given, expected)


@api.post(
    "/partnerships/<uuid:partnership_id>/enablement-exceptions",
    scope="enablement:all",
    body=schemas.GrantException,
    answers=schemas.ExceptionView,
    status=201,
    rechecks=queries.exception,
)
def grant_enablement_exception(actor: Actor, partnership_id: UUID, given: dict[str, Any]) -> GateException:
    """Let a colleague pass your side's gates for a time, for a reason that both of you read."""
    return gating.grant_exception(actor, partnership_id, given)


@api.get(
    "/partnerships/<uuid:partnership_id>/enablement-exceptions",
    scope="enablement:read",
    answers=schemas.ExceptionView,
    query=schemas.ExceptionQuery,
    pages=True,
)
def list_enablement_exceptions(actor: Actor, partnership_id: UUID, query: dict[str, Any]) -> Page:
    """List your own exceptions in a partnership; who keeps the programme lists all."""
    return queries.exceptions(actor, partnership_id, query)


@api.post(
    "/enablement-exceptions/<uuid:exception_id>/end",
    scope="enablement:all",
    answers=schemas.ExceptionView,
    refuses=(ExceptionOver,),
    rechecks=queries.exception,
)
def end_enablement_exception(actor: Actor, exception_id: UUID) -> GateException:
    """End an exception before its time."""
    return gating.end_exception(actor, exception_id)
