"""Deals that somebody has begun to register, over the API."""

from typing import Any, Final
from uuid import UUID

from partnercrm.deals import queries as registrations
from partnercrm.deals.actions import drafting
from partnercrm.deals.errors import AlreadyRegistered, DealIncomplete
from partnercrm.deals.queries import RegistrationSeen
from partnercrm.deals.queries import drafts as queries
from partnercrm.deals.queries.drafts import DraftSeen
from partnercrm.deals.schemas import RegistrationView
from partnercrm.deals.schemas.drafts import DraftDeal, RegistrationDraftQuery, RegistrationDraftView
from partnercrm.enablement.errors import NotEnabled
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships.errors import PartnershipPaused
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("drafts", prefix="/api/v1", description="Deals you have begun to register; your partner learns nothing.")
_ALL: Final = "/registration-drafts"
_ONE: Final = f"{_ALL}/<uuid:draft_id>"


@api.post(_ALL, scope="deals:write", body=DraftDeal, answers=RegistrationDraftView, status=201, rechecks=queries.draft)
def draft_deal(actor: Actor, given: dict[str, Any]) -> DraftSeen:
    """Keep what is known of a deal so far; it is no claim to anything."""
    return drafting.draft_deal(actor, given)


@api.get(_ALL, scope="deals:read", answers=RegistrationDraftView, query=RegistrationDraftQuery, pages=True)
def list_registration_drafts(actor: Actor, query: dict[str, Any]) -> Page:
    """List the deals you have begun to register; as a manager, those of your side."""
    return queries.drafts(actor, query)


@api.get(_ONE, scope="deals:read", answers=RegistrationDraftView)
def read_registration_draft(actor: Actor, draft_id: UUID) -> DraftSeen:
    """Read one draft."""
    return queries.draft(actor, draft_id)


@api.put(
    _ONE,
    scope="deals:write",
    body=DraftDeal,
    answers=RegistrationDraftView,
    matches=True,
    rechecks=queries.draft,
)
def change_registration_draft(actor: Actor, draft_id: UUID, given: dict[str, Any], expected: str) -> DraftSeen:
    """Keep this in place of what the draft says."""
    return drafting.change_draft(actor, draft_id, given, expected)


@api.post(
    f"{_ONE}/submit",
    scope="deals:write",
    answers=RegistrationView,
    status=201,
    refuses=(DealIncomplete, AlreadyRegistered, PartnershipPaused, NotEnabled),
    rechecks=registrations.registration,
)
def submit_registration_draft(actor: Actor, draft_id: UUID) -> RegistrationSeen:
    """Register the deal as the draft says it, by the same checks; whatever is missing or wrong is named at once."""
    return drafting.submit_draft(actor, draft_id)


@api.delete(_ONE, scope="deals:write")
def discard_registration_draft(actor: Actor, draft_id: UUID, expected: str) -> None:
    """Throw a draft away."""
    drafting.discard_draft(actor, draft_id, expected)
