"""Co-sell deals over the API: those two sides work on, moved and changed by either, with every state they were in."""

from typing import Any, Final
from uuid import UUID

from partnercrm.deals.actions import keeping
from partnercrm.deals.actions import selling as actions
from partnercrm.deals.attributing import Attribution
from partnercrm.deals.errors import DealChanged, DealClosed, NothingToUndo, NotInvolved, StageNotNext
from partnercrm.deals.models.deals import DealEvent
from partnercrm.deals.queries import attributing, books
from partnercrm.deals.queries import selling as queries
from partnercrm.deals.queries.books import Book
from partnercrm.deals.queries.selling import DealSeen
from partnercrm.deals.schemas.attributing import AttributionQuery, AttributionView, DealEventView
from partnercrm.deals.schemas.books import BookView, KeepBook
from partnercrm.deals.schemas.reading import RegistrationEventView
from partnercrm.deals.schemas.registering import LogStep
from partnercrm.deals.schemas.selling import (
    ChangeDeal,
    DealQuery,
    DealStateQuery,
    DealStateView,
    DealView,
    MoveDeal,
)
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("selling", prefix="/api/v1", description="Deals that two sides work on, from the first talk to won or lost.")
_ONE: Final = "/deals/<uuid:deal_id>"
_REFUSES: Final = (DealChanged, DealClosed, NotInvolved)


@api.get("/deals", scope="deals:read", answers=DealView, query=DealQuery, pages=True)
def list_deals(actor: Actor, query: dict[str, Any]) -> Page:
    """List the deals of the partnerships you are a member of."""
    return queries.deals(actor, query)


@api.get(_ONE, scope="deals:read", answers=DealView)
def read_deal(actor: Actor, deal_id: UUID) -> DealSeen:
    """Read one deal."""
    return queries.deal(actor, deal_id)


@api.post(
    f"{_ONE}/move",
    scope="deals:write",
    body=MoveDeal,
    answers=DealView,
    refuses=(*_REFUSES, StageNotNext),
    rechecks=queries.deal,
    matches=True,
)
def move_deal(actor: Actor, deal_id: UUID, given: dict[str, Any], expected: str) -> DealSeen:
    """Move a deal to another stage; the other side's team is told."""
    return actions.move_deal(actor, deal_id, given, expected)


@api.patch(_ONE, scope="deals:write", body=ChangeDeal, answers=DealView, refuses=_REFUSES, rechecks=queries.deal)
def change_deal(actor: Actor, deal_id: UUID, given: dict[str, Any], expected: str) -> DealSeen:
    """Change what both sides read of a deal."""
    return actions.change_deal(actor, deal_id, given, expected)


@api.post(
    f"{_ONE}/undo",
    scope="deals:write",
    answers=DealView,
    refuses=(*_REFUSES, NothingToUndo),
    rechecks=queries.deal,
    matches=True,
)
def undo_change(actor: Actor, deal_id: UUID, expected: str) -> DealSeen:
    """Undo the last change of a deal, if your side made it; undoing is a change, too."""
    return actions.undo_change(actor, deal_id, expected)


@api.get(f"{_ONE}/states", scope="deals:read", answers=DealStateView, query=DealStateQuery, pages=True)
def list_deal_states(actor: Actor, deal_id: UUID, query: dict[str, Any]) -> Page:
    """Read every state a deal has been in, newest first, and which field each changed from what to what."""
    return queries.states(actor, deal_id, query)


@api.get(f"{_ONE}/timeline", scope="deals:read", answers=RegistrationEventView, pages=True)
def read_deal_timeline(actor: Actor, deal_id: UUID) -> Page:
    """Read what happened to one deal, as both sides read it."""
    return queries.timeline(actor, deal_id)


@api.get(f"{_ONE}/book", scope="deals:read", answers=BookView)
def read_deal_book(actor: Actor, deal_id: UUID) -> Book:
    """Read what your side keeps of a deal for itself."""
    return books.book(actor, deal_id)


@api.patch(f"{_ONE}/book", scope="deals:write", body=KeepBook, answers=BookView, rechecks=books.book)
def keep_deal_book(actor: Actor, deal_id: UUID, given: dict[str, Any], expected: str) -> Book:
    """Keep something of a deal for your side alone; nothing the partner reads changes by it."""
    return keeping.keep_book(actor, deal_id, given, expected)


@api.post(
    f"{_ONE}/log",
    scope="deals:write",
    body=LogStep,
    answers=DealEventView,
    status=201,
    refuses=(DealClosed,),
    rechecks=queries.event,
)
def log_deal_event(actor: Actor, deal_id: UUID, given: dict[str, Any]) -> DealEvent:
    """Log what your side did for a deal; by it is told who influenced it."""
    return actions.log_event(actor, deal_id, given)


@api.get(f"{_ONE}/attribution", scope="deals:read", answers=AttributionView, query=AttributionQuery)
def read_attribution(actor: Actor, deal_id: UUID, query: dict[str, Any]) -> Attribution:
    """Read who sourced and who influenced a deal, by written rules, as of any moment, with every deed that says so."""
    return attributing.attribution(actor, deal_id, query.get("as_of"))
