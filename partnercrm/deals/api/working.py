"""Who works on a deal and what they write about it, over the API."""

from typing import Any, Final
from uuid import UUID

from partnercrm.deals.actions import working as actions
from partnercrm.deals.errors import NotANextStep
from partnercrm.deals.models.work import DealEntry
from partnercrm.deals.queries import working as queries
from partnercrm.deals.queries.working import Team
from partnercrm.deals.schemas.working import DealEntryQuery, DealEntryView, DealTeamView, NameDealTeam, WriteEntry
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("working", prefix="/api/v1", description="Teams, comments and next steps of a deal.")
_ONE: Final = "/deals/<uuid:deal_id>"


@api.get(f"{_ONE}/team", scope="deals:read", answers=DealTeamView)
def read_deal_team(actor: Actor, deal_id: UUID) -> Team:
    """Read who works on a deal, of both sides."""
    return queries.team(actor, deal_id)


@api.post(f"{_ONE}/team", scope="deals:write", body=NameDealTeam, answers=DealTeamView, rechecks=queries.team)
def name_deal_team(actor: Actor, deal_id: UUID, given: dict[str, Any]) -> Team:
    """Name who of your side works on it; the partner's people read whom to ask."""
    return actions.name_deal_team(actor, deal_id, given["member_ids"])


@api.get(f"{_ONE}/entries", scope="deals:read", answers=DealEntryView, query=DealEntryQuery, pages=True)
def list_deal_entries(actor: Actor, deal_id: UUID, query: dict[str, Any]) -> Page:
    """Read what was written about a deal, newest first."""
    return queries.entries(actor, deal_id, query)


@api.post(
    f"{_ONE}/entries",
    scope="deals:write",
    body=WriteEntry,
    answers=DealEntryView,
    status=201,
    rechecks=queries.entry,
)
def write_deal_entry(actor: Actor, deal_id: UUID, given: dict[str, Any]) -> DealEntry:
    """Write a comment or a next step; whoever is mentioned is told."""
    return actions.write(actor, deal_id, given)


@api.post(
    "/deal-entries/<uuid:entry_id>/finish",
    scope="deals:write",
    answers=DealEntryView,
    refuses=(NotANextStep,),
    rechecks=queries.entry,
)
def finish_deal_step(actor: Actor, entry_id: UUID) -> DealEntry:
    """Say that a next step is done."""
    return actions.finish_step(actor, entry_id)
