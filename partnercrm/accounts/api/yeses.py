"""Mutual yes over the API: said in private, opened only where somebody of either side said it."""

from typing import Any
from uuid import UUID

from partnercrm.accounts.actions import yeses as actions
from partnercrm.accounts.errors import TooManyYeses
from partnercrm.accounts.queries import yeses as queries
from partnercrm.accounts.queries.yeses import OpeningSeen, YesSeen
from partnercrm.accounts.schemas.yeses import MutualYesView, OpeningQuery, SayYes, YesQuery, YesView
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("yeses", prefix="/api/v1", description="Accounts you would talk about; told once somebody there would, too.")


@api.post(
    "/accounts/<uuid:account_id>/yeses",
    scope="accounts:write",
    body=SayYes,
    answers=YesView,
    status=201,
    refuses=(TooManyYeses,),
    rechecks=queries.yes,
)
def say_yes(actor: Actor, account_id: UUID, given: dict[str, Any]) -> YesSeen:
    """Say that you would talk about an account; nobody learns of it unless somebody at the partner says the same."""
    return actions.say_yes(actor, account_id, given)


@api.get("/yeses", scope="accounts:read", answers=YesView, query=YesQuery, pages=True)
def list_yeses(actor: Actor, query: dict[str, Any]) -> Page:
    """List what you said yourself."""
    return queries.yeses(actor, query)


@api.post("/yeses/<uuid:yes_id>/take-back", scope="accounts:write", status=204)
def take_yes_back(actor: Actor, yes_id: UUID) -> None:
    """Take a yes back; what it opened is closed for both at once."""
    actions.take_yes_back(actor, yes_id)


@api.get("/openings", scope="accounts:read", answers=MutualYesView, query=OpeningQuery, pages=True)
def list_openings(actor: Actor, query: dict[str, Any]) -> Page:
    """List the people at partners who would talk about the same companies as you."""
    return queries.openings(actor, query)


@api.get("/openings/<uuid:opening_id>", scope="accounts:read", answers=MutualYesView)
def read_opening(actor: Actor, opening_id: UUID) -> OpeningSeen:
    """Read who at a partner would talk about the same company as you."""
    return queries.opening(actor, opening_id)
