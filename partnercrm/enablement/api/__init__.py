"""Enablement over the API: your own side's programmes, what you did with them, and where you stand."""

from typing import Any
from uuid import UUID

from partnercrm.enablement import queries, schemas
from partnercrm.enablement.actions import keeping, learning, looking
from partnercrm.enablement.errors import DoneOtherwise, ItemArchived, ProgrammeFull, ResultDiffers
from partnercrm.enablement.models import ItemResult
from partnercrm.enablement.queries import ItemSeen, standing
from partnercrm.enablement.queries.standing import PersonStanding
from partnercrm.identity.errors import FiguresArePrivate
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("enablement", prefix="/api/v1", description="What your sellers are to know before they co-sell.")


@api.post(
    "/partnerships/<uuid:partnership_id>/enablement-items",
    scope="enablement:all",
    body=schemas.MakeItem,
    answers=schemas.ItemView,
    status=201,
    refuses=(ProgrammeFull,),
    rechecks=queries.item,
)
def make_enablement_item(actor: Actor, partnership_id: UUID, given: dict[str, Any]) -> ItemSeen:
    """Add to your side's programme of a partnership what your sellers are to know."""
    return keeping.make_item(actor, partnership_id, given)


@api.get(
    "/partnerships/<uuid:partnership_id>/enablement-items",
    scope="enablement:read",
    answers=schemas.ItemView,
    query=schemas.ItemQuery,
    pages=True,
)
def list_enablement_items(actor: Actor, partnership_id: UUID, query: dict[str, Any]) -> Page:
    """List your side's programme of a partnership."""
    return queries.items(actor, partnership_id, query)


@api.get("/enablement-items/<uuid:item_id>", scope="enablement:read", answers=schemas.ItemView)
def read_enablement_item(actor: Actor, item_id: UUID) -> ItemSeen:
    """Read one item."""
    return queries.item(actor, item_id)


@api.get(
    "/enablement-items/<uuid:item_id>/versions",
    scope="enablement:read",
    answers=schemas.ItemVersionView,
    query=schemas.ItemVersionsQuery,
    pages=True,
)
def list_enablement_item_versions(actor: Actor, item_id: UUID, query: dict[str, Any]) -> Page:
    """List what an item was, version by version."""
    return queries.versions(actor, item_id, query)


@api.patch(
    "/enablement-items/<uuid:item_id>",
    scope="enablement:all",
    body=schemas.ChangeItem,
    answers=schemas.ItemView,
    refuses=(ItemArchived,),
    rechecks=queries.item,
)
def change_enablement_item(actor: Actor, item_id: UUID, given: dict[str, Any], expected: str) -> ItemSeen:
    """Change an item as a new version; other content of what must be known reopens it."""
    return keeping.change_item(actor, item_id, given, expected)


@api.post(
    "/enablement-items/<uuid:item_id>/archive",
    scope="enablement:all",
    answers=schemas.ItemView,
    refuses=(ItemArchived,),
    rechecks=queries.item,
)
def archive_enablement_item(actor: Actor, item_id: UUID) -> ItemSeen:
    """Put an item away: nobody needs it from now on."""
    return keeping.archive_item(actor, item_id)


@api.post("/partnerships/<uuid:partnership_id>/enablement/tell", scope="enablement:all", status=204)
def tell_enablement(actor: Actor, partnership_id: UUID) -> None:
    """Have everybody whom the programme concerns told of it who never was; it does not answer who or how many."""
    keeping.tell_programme(actor, partnership_id)


@api.post(
    "/enablement-items/<uuid:item_id>/start",
    scope="enablement:write",
    answers=schemas.ResultView,
    refuses=(ItemArchived,),
    rechecks=standing.result,
)
def start_enablement_item(actor: Actor, item_id: UUID) -> ItemResult:
    """Begin with an item."""
    return learning.start_item(actor, item_id)


@api.post(
    "/enablement-items/<uuid:item_id>/acknowledge",
    scope="enablement:write",
    answers=schemas.ResultView,
    refuses=(ItemArchived, DoneOtherwise),
    rechecks=standing.result,
)
def acknowledge_enablement_item(actor: Actor, item_id: UUID) -> ItemResult:
    """Say that you have read and understood an item."""
    return learning.acknowledge_item(actor, item_id)


@api.post(
    "/enablement-items/<uuid:item_id>/answers",
    scope="enablement:write",
    body=schemas.AnswerQuiz,
    answers=schemas.ResultView,
    refuses=(ItemArchived, DoneOtherwise),
    rechecks=standing.result,
)
def answer_enablement_quiz(actor: Actor, item_id: UUID, given: dict[str, Any]) -> ItemResult:
    """Answer a course's quiz: it is passed from the per cent the item asks for, and can be tried again."""
    return learning.answer_quiz(actor, item_id, given)


@api.post(
    "/enablement-items/<uuid:item_id>/results",
    scope="enablement:all",
    body=schemas.EnterResult,
    answers=schemas.ResultView,
    status=201,
    refuses=(ItemArchived, DoneOtherwise),
    rechecks=standing.result,
)
def enter_enablement_result(actor: Actor, item_id: UUID, given: dict[str, Any]) -> ItemResult:
    """Enter what a colleague did elsewhere: a certificate, a live session."""
    return learning.enter_result(actor, item_id, given)


@api.put(
    "/enablement-results/by-key/<string:connector>/<string:external_id>",
    scope="enablement:all",
    body=schemas.PutResult,
    answers=schemas.ResultView,
    refuses=(DoneOtherwise, ResultDiffers),
    rechecks=standing.result,
)
def put_enablement_result(actor: Actor, connector: str, external_id: str, given: dict[str, Any]) -> ItemResult:
    """Enter a result under your learning system's own key; sent again, it is the same one."""
    return learning.put_result(actor, connector, external_id, given)


@api.get(
    "/enablement-results",
    scope="enablement:read",
    answers=schemas.ResultView,
    query=schemas.ResultQuery,
    pages=True,
)
def list_enablement_results(actor: Actor, query: dict[str, Any]) -> Page:
    """List what you did with items, and what was entered for you; nobody else lists it."""
    return standing.own_results(actor, query)


@api.get(
    "/partnerships/<uuid:partnership_id>/enablement",
    scope="enablement:read",
    answers=schemas.PersonStandingView,
    query=schemas.StandingQuery,
)
def read_enablement(actor: Actor, partnership_id: UUID, query: dict[str, Any]) -> PersonStanding:
    """Read where you stand in a partnership's programme, and what is missing."""
    return standing.own_standing(actor, partnership_id, query.get("at"))


@api.get(
    "/partnerships/<uuid:partnership_id>/enablement/people",
    scope="enablement:all",
    answers=schemas.StandingsView,
    query=schemas.StandingQuery,
    refuses=(FiguresArePrivate,),
)
def read_enablement_of_people(actor: Actor, partnership_id: UUID, query: dict[str, Any]) -> dict[str, Any]:
    """Read where colleagues stand, where the works agreement opens it to managers; each reads that you looked."""
    return {"partnership_id": partnership_id, "people": looking.look_at_people(actor, partnership_id, query.get("at"))}
