"""The world's registered deals in every state, and what is done to them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from partnercrm.calendars import queries as calendars
from partnercrm.deals import queries
from partnercrm.deals.actions import watching
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.lifecycle import WORKED_ON
from tests.factories.deals import ago, deal, step
from tests.matrix.people import MEMBERS, PEOPLE, Caller, administrators
from tests.matrix.rules import Body, Cells, Rule, joins, never, takes
from tests.matrix.things import Thing, World

WAITING: Final = ("submitted", "in_review")
PROTECTED: Final = ("approved", "extended")
_numbers = count(1)
_STRANGE: Final = ("strangers'", "begun")
ROADS: Final[dict[str, tuple[str, ...]]] = {
    "submitted": (),
    "in_review": ("begin-review",),
    "action_required": ("ask",),
    "approved": ("approve",),
    "extended": ("approve", "extend"),
    "rejected": ("reject",),
    "withdrawn": ("withdraw",),
    "expired": ("expire",),
}


def register(world: World) -> None:
    """Let either side have registered deals in every state; one was outweighed; strangers have one of their own."""
    world.things += [registered(world, "sam", "hank", state) for state in ROADS]
    world.things += [_drafted(world, who) for who in ("sam", "gina", "hugo")]
    world.things += [
        registered(world, "gina", "dana", "submitted"),
        registered(world, "gina", "dana", "holding", days=9),
        registered(world, "sam", "hank", "outweighed", company="holding"),
        registered(world, "hugo", "ines", "strangers'"),
        registered(world, "gina", "dana", "known", given={"involvement": "visibility_only"}),
    ]


def _drafted(world: World, who: str) -> Thing:
    """Let somebody begin to register a deal; of it only they and managers of their side may read."""
    side = PEOPLE[who].organization
    members = ("hugo", "ines") if who == "hugo" else MEMBERS
    readers = [name for name in members if PEOPLE[name].organization == side]
    readers = [name for name in readers if name == who or "deals:review" in PEOPLE[name].scopes]
    partnership = world.one("partnership", "strangers'").id if who == "hugo" else world.living
    name = world.canaries.word(f"company of {who}'s draft", readers)
    given: dict[str, Any] = {"partnership_id": partnership, "account": {"name": name}}
    given["asks"] = world.canaries.word(f"what {who}'s draft asks", readers)
    given["value"] = {"amount": world.canaries.amount(f"value of {who}'s draft", readers), "currency": "EUR"}
    made = world.players[who].call("POST", "/registration-drafts", json=given, expect=201)
    state = "strangers'" if who == "hugo" else "incomplete"
    return Thing("registration draft", state, side, made["id"], owner=who)


def _readers(state: str) -> tuple[str, ...]:
    return ("hugo", "ines") if state in _STRANGE else MEMBERS


def registered(
    world: World,
    who: str,
    other: str,
    state: str,
    *,
    company: str = "",
    days: float = 3,
    given: Mapping[str, Any] = MappingProxyType({}),
) -> Thing:
    """Let somebody register a deal, and bring it into a state."""
    readers = _readers(state)
    partnership = world.one("partnership", "strangers'").id if state in _STRANGE else world.living
    name = world.places.get(f"company {company}") or world.canaries.word(f"company of {who}'s {state} deal", readers)
    world.places[f"company {state}"] = name
    given = deal(partnership, evidence=[step(ago(days))], **given)
    given["account"] = {"name": name, "domain": f"{name}.com".lower()}
    given["asks"] = world.canaries.word(f"what {who}'s {state} deal asks", readers)
    given["value"] = {"amount": world.canaries.amount(f"value of {who}'s {state} deal", readers), "currency": "EUR"}
    made_id = world.players[who].call("POST", "/registrations", json=given, expect=201)["id"]
    for verb in ROADS.get(state, ()):
        side = who if verb in {"withdraw", "extend"} else other
        go(world, side, made_id, verb, (*readers, *administrators(PEOPLE[side].organization)))
    ours, theirs = PEOPLE[who].organization, PEOPLE[other].organization
    return Thing("registration", state, ours, made_id, owner=who, other=theirs)


def go(world: World, who: str, made_id: str, verb: str, readers: tuple[str, ...]) -> None:
    """Let somebody take a step of a registration; the clock lets one expire whose review nobody made."""
    if verb == "expire":
        actor = Actor.system(world.organizations[PEOPLE[who].organization])
        with clock.at(clock.now() + timedelta(days=31)), db.transaction(actor):
            watching.ask_for_review(actor, UUID(made_id))
        return
    note = world.canaries.word(f"note to {verb}", readers)
    bodies: dict[str, dict[str, Any]] = {
        "ask": {"asked_fields": ["close_on"], "note": note},
        "approve": {"note": note},
        "reject": {"reason": "other", "note": note},
        "extend": {"kind": "meeting_held", "happened_at": clock.now().isoformat()},
    }
    options = {"json": bodies[verb]} if verb in bodies else {}
    world.players[who].call("POST", f"/registrations/{made_id}/{verb}", expect=200, **options)


def kept(actor: Actor, world: World) -> Sequence[Any]:
    """Return what is kept beside the deal that Acme's seller registered first."""
    found = db.session().scalars(queries.registration_sides_seen_by(actor))
    return [one for one in found if str(one.registration_id) == world.one("registration", "submitted").id]


def _state(one: Thing) -> str:
    states = {"holding": "submitted", "strangers'": "submitted", "outweighed": "rejected"}
    states |= dict.fromkeys(("known", "committed", "lost"), "approved")
    return states.get(one.state, one.state)


def _registrant(*states: str) -> Rule:
    return lambda caller, one: caller.organization == one.organization and _state(one) in states


def _reviewer(*states: str) -> Rule:
    return lambda caller, one: caller.organization == one.other and _state(one) in states


def _appeals(caller: Caller, one: Thing) -> bool:
    return caller.organization == one.organization and one.state == "outweighed"


def sent(**body: Any) -> Body:
    """Send this."""
    return lambda world, caller, thing: {"json": body}


def _deal(world: World, caller: Caller, partnership: Any) -> dict[str, Any]:
    return {"json": deal(partnership.id, "Wingtip")}


def _with(world: World, caller: Caller, joint: Any) -> dict[str, Any]:
    """Register a deal with a joint account, where its strangers have theirs."""
    where = world.one("partnership", "strangers'").id if joint.state == "strangers'" else world.living
    return {"json": deal(where, joint_account_id=joint.id, account=None)}


def _draft_tag(world: World, caller: Caller, draft: Any) -> dict[str, Any]:
    """Send the draft's version as its owner reads it."""
    path = f"/registration-drafts/{draft.id}"
    tag = world.players[draft.owner].response("GET", path).headers.get("ETag", "none") if draft.owner else "none"
    return {"tag": tag}


def _changed(world: World, caller: Caller, draft: Any) -> dict[str, Any]:
    where = world.one("partnership", "strangers'").id if draft.state == "strangers'" else world.living
    return _draft_tag(world, caller, draft) | {"json": {"partnership_id": where, "asks": "More."}}


def _on_page(world: World, caller: Caller, draft: Any) -> dict[str, Any]:
    asked = _changed(world, caller, draft)
    return {"data": asked["json"] | {"version": asked["tag"].strip('"')}}


def logged_now(world: World, caller: Caller, thing: Any) -> dict[str, Any]:
    """Log a meeting that was just now."""
    return {"json": {"kind": "meeting_held", "happened_at": clock.now().isoformat()}}


def _of_partners(caller: Caller) -> bool:
    return caller.organization in {None, "acme", "globex"}


CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "check_deal": (Cells(on="partnership", sees=joins, hidden=200, body=_deal),),
    "register_deal": (
        Cells(on="partnership", sees=joins, hidden=422, body=_deal),
        Cells(
            on="offer",
            hidden=422,
            goes=takes("receiver", *WORKED_ON),
            refused=422,
            body=lambda world, _, offer: {"json": deal(world.living, f"Wingtip{next(_numbers)}", offer_id=offer.id)},
            only=_of_partners,
        ),
        Cells(on="joint account", hidden=422, body=_with, only=_of_partners),
    ),
    "draft_deal": (
        Cells(on="partnership", sees=joins, hidden=422, body=lambda *asked: {"json": {"partnership_id": asked[2].id}}),
        Cells(on="joint account", hidden=422, body=_with, only=_of_partners),
    ),
    "list_registration_drafts": (Cells(lists="registration draft"),),
    "read_registration_draft": (Cells(on="registration draft"),),
    "change_registration_draft": (Cells(on="registration draft", body=_changed),),
    # What is missing of each is named.
    "submit_registration_draft": (Cells(on="registration draft", goes=never, refused=422),),
    "discard_registration_draft": (Cells(on="registration draft", body=_draft_tag),),
    "list_registrations": (Cells(lists="registration"),),
    "read_registration": (Cells(on="registration"),),
    "read_registration_timeline": (Cells(on="registration"),),
    "begin_review": (Cells(on="registration", goes=_reviewer("submitted")),),
    "ask_for_more": (
        Cells(on="registration", goes=_reviewer(*WAITING), body=sent(asked_fields=["asks"], note="What do you need?")),
    ),
    "approve_registration": (Cells(on="registration", goes=_reviewer(*WAITING), body=sent(note="Go ahead.")),),
    "reject_registration": (Cells(on="registration", goes=_reviewer(*WAITING), body=sent(reason="other")),),
    "resubmit": (Cells(on="registration", goes=_registrant("action_required"), body=sent(close_on="2040-01-31")),),
    "withdraw_registration": (Cells(on="registration", goes=_registrant(*WAITING, "action_required", *PROTECTED)),),
    "extend_registration": (Cells(on="registration", goes=_registrant(*PROTECTED), body=logged_now),),
    "appeal_registration": (Cells(on="registration", goes=_appeals, body=sent(claim="We met in March.")),),
}


def form_of(name: str, cells_of: Mapping[str, tuple[Cells, ...]] | None = None) -> tuple[Cells, ...]:
    """Send as a form what the API's cells send as JSON."""

    def formed(cells: Cells) -> Cells:
        def body(world: World, caller: Caller, thing: Any) -> dict[str, Any]:
            asked = cells.body(world, caller, thing) if cells.body else {}
            return {"data": asked.get("json", {})}

        return replace(cells, body=body)

    return tuple(formed(cells) for cells in (cells_of or CELLS)[name])


def _typed(world: World, caller: Caller, partnership: Any) -> dict[str, Any]:
    given = deal(partnership.id)
    typed = {name: given[name] for name in ("partnership_id", "close_on", "involvement")}
    value = {"value.amount": "120000.00", "value.currency": "EUR"}
    return {"data": typed | value | {"company": "Wingtip", "domain": "wingtip.example"}}


def today(world: World, caller: Caller, thing: Any) -> dict[str, Any]:
    """Log a meeting of today on a page: of the day that it is where the caller is."""
    player = world.players.get(caller.person.name) if caller.person and caller.is_alive else None
    with db.transaction(player.actor if player else None, read_only=True):
        now = clock.now().astimezone(calendars.zone_of(player.actor) if player else None)
    return {"data": {"kind": "meeting_held", "happened_on": now.date().isoformat()}}


_STEPS: Final = (
    *("begin_review", "ask_for_more", "approve_registration", "reject_registration", "resubmit"),
    *("withdraw_registration", "appeal_registration"),
)
PAGE_CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "deals_pages.registrations": (Cells(),),
    "deals_pages.registration": (Cells(on="registration"),),
    "deals_pages.new_registration": (Cells(),),
    "deals_pages.register_deal": (Cells(on="partnership", sees=joins, hidden=422, body=_typed),),
    "deals_pages.check_deal": (Cells(on="partnership", sees=joins, hidden=200, body=_typed),),
    "deals_pages.drafts": (Cells(),),
    "deals_pages.keep_new_draft": (
        Cells(on="partnership", sees=joins, hidden=422, body=lambda *asked: {"data": {"partnership_id": asked[2].id}}),
    ),
    "deals_pages.draft": (Cells(on="registration draft"),),
    "deals_pages.check_draft": (
        Cells(on="registration draft", body=lambda *asked: {"data": _typed(*asked)["data"] | _on_page(*asked)["data"]}),
    ),
    **{
        f"deals_pages.{name}": (Cells(on="registration draft", body=_on_page),)
        for name in ("keep_draft", "discard_draft")
    },
    "deals_pages.submit_draft": (Cells(on="registration draft", goes=never, refused=422, body=_on_page),),
    **{f"deals_pages.{name}": form_of(name) for name in _STEPS},
    "deals_pages.extend_registration": (Cells(on="registration", goes=_registrant(*PROTECTED), body=today),),
}
