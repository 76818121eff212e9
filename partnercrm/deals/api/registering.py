"""Deal registrations over the API."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from marshmallow import Schema

from partnercrm.deals import queries, schemas
from partnercrm.deals.actions import appealing, registering, reviewing
from partnercrm.deals.actions.weighing import Weighed
from partnercrm.deals.errors import (
    AlreadyRegistered,
    DealIncomplete,
    NotAppealable,
    NotAsked,
    RegistrationDecided,
    RegistrationMoved,
    ReviewOver,
)
from partnercrm.deals.queries import RegistrationSeen
from partnercrm.enablement.errors import NotEnabled
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Refusal
from partnercrm.partnerships.errors import PartnershipPaused
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

_LATE = (RegistrationDecided, RegistrationMoved, ReviewOver)

api = Door("deals", prefix="/api/v1", description="Deals registered with a partner, reviewed and protected.")


def _step(
    verb: str, body: type[Schema] | None = None, *, scope: str = "deals:write", also: tuple[type[Refusal], ...] = ()
) -> Callable[..., Any]:
    return api.post(
        f"/registrations/<uuid:registration_id>/{verb}",
        scope=scope,
        body=body,
        answers=schemas.RegistrationView,
        refuses=(*_LATE, *also),
        rechecks=queries.registration,
    )


@api.post(
    "/deals/check",
    scope="deals:write",
    body=schemas.CheckDeal,
    answers=schemas.DealCheckView,
    refuses=(PartnershipPaused, NotEnabled),
    secret=True,
)
def check_deal(actor: Actor, given: dict[str, Any]) -> Weighed:
    """Learn what registering this deal would be refused for, all at once, and whose claim would hold."""
    return registering.check_deal(actor, given)


@api.post(
    "/registrations",
    scope="deals:write",
    body=schemas.RegisterDeal,
    answers=schemas.RegistrationView,
    status=201,
    refuses=(DealIncomplete, AlreadyRegistered, PartnershipPaused, NotEnabled),
    rechecks=queries.registration,
)
def register_deal(actor: Actor, given: dict[str, Any]) -> RegistrationSeen:
    """Register a deal; one that earlier evidence outweighs is on record as rejected, and can be appealed."""
    return registering.register_deal(actor, given)


@api.get(
    "/registrations",
    scope="deals:read",
    answers=schemas.RegistrationView,
    query=schemas.RegistrationQuery,
    pages=True,
)
def list_registrations(actor: Actor, query: dict[str, Any]) -> Page:
    """List what either side registered in the partnerships you are a member of."""
    return queries.registrations(actor, query)


@api.get("/registrations/<uuid:registration_id>", scope="deals:read", answers=schemas.RegistrationView)
def read_registration(actor: Actor, registration_id: UUID) -> RegistrationSeen:
    """Read one registration, with the evidence it rests on."""
    return queries.registration(actor, registration_id)


@api.get(
    "/registrations/<uuid:registration_id>/timeline",
    scope="deals:read",
    answers=schemas.RegistrationEventView,
    pages=True,
)
def read_registration_timeline(actor: Actor, registration_id: UUID) -> Page:
    """Read what happened to one registration, as both sides read it."""
    return queries.timeline(actor, registration_id)


@_step("begin-review", scope="deals:review")
def begin_review(actor: Actor, registration_id: UUID) -> RegistrationSeen:
    """Say that you are looking at it."""
    return reviewing.begin_review(actor, registration_id)


@_step("ask", schemas.AskForMore, scope="deals:review")
def ask_for_more(actor: Actor, registration_id: UUID, given: dict[str, Any]) -> RegistrationSeen:
    """Ask for named fields to be filled in or mended."""
    return reviewing.ask_for_more(actor, registration_id, given)


@_step("resubmit", schemas.Resubmit, also=(NotAsked,))
def resubmit(actor: Actor, registration_id: UUID, given: dict[str, Any]) -> RegistrationSeen:
    """Fill in what was asked for, all of it and nothing else."""
    return reviewing.resubmit(actor, registration_id, given)


@_step("approve", schemas.Approve, scope="deals:review")
def approve_registration(actor: Actor, registration_id: UUID, given: dict[str, Any]) -> RegistrationSeen:
    """Approve it: it is protected for as long as was agreed."""
    return reviewing.approve(actor, registration_id, given)


@_step("reject", schemas.RejectRegistration, scope="deals:review")
def reject_registration(actor: Actor, registration_id: UUID, given: dict[str, Any]) -> RegistrationSeen:
    """Reject it, for a reason both sides read."""
    return reviewing.reject_registration(actor, registration_id, given)


@_step("withdraw")
def withdraw_registration(actor: Actor, registration_id: UUID) -> RegistrationSeen:
    """Take a registration of your side back; its place is free."""
    return reviewing.withdraw(actor, registration_id)


@_step("extend", schemas.Extend)
def extend_registration(actor: Actor, registration_id: UUID, given: dict[str, Any]) -> RegistrationSeen:
    """Log a step of a protected deal: it protects as long again from then, within a year of the approval."""
    return reviewing.extend(actor, registration_id, given)


@_step("appeal", schemas.Appeal, also=(NotAppealable,))
def appeal_registration(actor: Actor, registration_id: UUID, given: dict[str, Any]) -> RegistrationSeen:
    """Appeal that earlier evidence outweighed your claim: a case opens, which both sides or a moderator decide."""
    return appealing.appeal(actor, registration_id, given)
