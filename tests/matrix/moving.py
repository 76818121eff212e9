"""What the matrix knows of requests to offer beyond a trust advance and of routing: things, and their doors' cells."""

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from partnercrm.kernel import clock, db
from partnercrm.kernel.ids import new_id
from partnercrm.leads.models.requests import OfferRequest, RequestStatus
from tests.matrix import rules
from tests.matrix.people import PEOPLE, Caller
from tests.matrix.rules import Cells, takes
from tests.matrix.world import Thing, World, lead, own_readers

_WHY: Final = {"answer": "After theirs."}


def ask(world: World) -> None:
    """Let there be requests of both sides, as they stand when the advance they went beyond is agreed no more."""
    for who, state in (("sam", "waiting"), ("sam", "declined"), ("dana", "colleague's"), ("gina", "partner's")):
        decide = [name for name in rules.MEMBERS if "partnerships:write" in PEOPLE[name].scopes]
        readers = [name for name in own_readers(who) if name in {who, *decide}]
        lead_id = lead(world, who, f"{state} request's")
        world.things.pop()
        words = {
            name: world.canaries.word(f"{name} of {who}'s {state} request", readers) for name in ("note", "message")
        }
        actor = world.players[who].actor
        declined = {"status": RequestStatus.DECLINED, "answer": "No.", "answered_at": clock.now()}
        made = OfferRequest(
            id=new_id(),
            organization_id=actor.organization_id,
            partnership_id=UUID(world.living),
            lead_id=UUID(lead_id),
            asker_id=actor.user_id,
            shows_company=False,
            role_only=False,
            asked_at=clock.now(),
            **({"status": RequestStatus.WAITING} | (declined if state == "declined" else {})),
            **words,
        )
        with db.transaction(actor) as session:
            session.add(made)
        world.things.append(Thing("request", state, PEOPLE[who].organization, str(made.id), owner=who))


def assign(world: World) -> None:
    """Let the receiver of a lead that waits be asked first by hand."""
    offer, gina = world.one("offer", "offered"), {"user_id": world.person_id("gina")}
    world.players["hank"].call("POST", f"/offers/{offer.id}/assign", json=gina, expect=200)


def _reads_assignment(caller: Caller, offer: Thing) -> bool:
    return offer.state == "offered" and caller.organization == "globex" and rules.SEES["offer"](caller, offer)


def _colleague(world: World, caller: Caller, offer: Thing) -> dict[str, Any]:
    return {"json": {"user_id": world.person_id("gina" if caller.organization == "globex" else "sam")}}


_UNDER_WAY: Final = ("accepted", "qualified", "converted")


def _works_on(caller: Caller, offer: Thing) -> bool:
    """Whether somebody of the caller's side gave or took what is under way."""
    return takes("giver", "offered", *_UNDER_WAY)(caller, offer) or takes("receiver", *_UNDER_WAY)(caller, offer)


def _tried(world: World, caller: Caller, partnership: Thing) -> dict[str, Any]:
    return {"query_string": {"partnership_id": partnership.id, "country": "DE"}}


def _may_offer(caller: Caller, request: Thing) -> bool:
    return request.state != "declined"


def _as_its_asker(caller: Caller, request: Thing) -> bool:
    return caller.person is not None and caller.person.name == request.owner


def _asked(world: World, caller: Caller, lead: Thing) -> dict[str, Any]:
    return {"json": {"lead_id": lead.id, "partnership_id": world.living}}


def _sent(**body: Any) -> rules.Body:
    return lambda world, caller, thing: {"json": body}


_OFFER: Final = Cells(on="request", goes=_may_offer)
_DECLINE: Final = Cells(on="request", goes=_may_offer, body=_sent(**_WHY))
_WITHDRAW: Final = Cells(on="request", goes=_as_its_asker, refused=403)
CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "read_turn": (Cells(on="partnership", sees=rules.joins),),
    "ask_to_offer": (Cells(on="lead", hidden=422, goes=lambda caller, lead: False, body=_asked),),
    "list_offer_requests": (Cells(lists="request"),),
    "read_offer_request": (Cells(on="request"),),
    "offer_requested": (_OFFER,),
    "decline_request": (_DECLINE,),
    "withdraw_request": (_WITHDRAW,),
    "check_claim": (Cells(on="partnership", sees=rules.joins),),
    "read_routing": (Cells(),),
    "set_routing": (Cells(body=_sent(rules=[])),),
    "try_routing": (Cells(on="partnership", hidden=422, sees=rules.joins, body=_tried),),
    "read_assignment": (Cells(on="offer", sees=_reads_assignment),),
    "assign_lead": (Cells(on="offer", goes=takes("receiver", "offered"), body=_colleague),),
    "hand_over_lead": (Cells(on="offer", goes=_works_on, body=_colleague),),
}
PAGE_CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "leads_pages.offer_request": CELLS["read_offer_request"],
    "leads_pages.offer_requested": (_OFFER,),
    "leads_pages.decline_request": (replace(_DECLINE, body=lambda *_: {"data": _WHY}),),
    "leads_pages.withdraw_request": (_WITHDRAW,),
    "leads_pages.claim_check": CELLS["check_claim"],
    "leads_pages.share_check": (
        Cells(on="partnership", sees=rules.joins, body=lambda *_: {"data": {"claim": "What keeps them?"}}),
    ),
    "leads_pages.routing": (Cells(),),
    "leads_pages.set_routing": (Cells(body=lambda *_: {"data": {}}),),
    "leads_pages.assign_lead": (
        replace(
            CELLS["assign_lead"][0],
            body=lambda world, caller, offer: {"data": _colleague(world, caller, offer)["json"]},
        ),
    ),
    "leads_pages.hand_over_lead": (
        replace(
            CELLS["hand_over_lead"][0],
            body=lambda world, caller, offer: {"data": _colleague(world, caller, offer)["json"]},
        ),
    ),
}
