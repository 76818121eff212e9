"""The world's registered deals in every state, and what is done to them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from partnercrm.deals import queries
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from tests.factories.deals import ago, deal, step
from tests.matrix.joining import version_at
from tests.matrix.people import MEMBERS, PEOPLE, Caller, administrators
from tests.matrix.rules import Body, Cells, Rule, joins, never, stands
from tests.matrix.things import Thing, World

WAITING: Final = ("submitted", "in_review")
PROTECTED: Final = ("approved", "extended")
_STRANGE: Final = ("strangers'", "begun")
ROADS: Final[dict[str, tuple[str, ...]]] = {
    "submitted": (),
    "in_review": ("begin-review",),
    "action_required": ("ask",),
    "approved": ("approve",),
    "extended": ("approve", "extend"),
    "rejected": ("reject",),
    "withdrawn": ("withdraw",),
}


def register(world: World) -> None:
    """Let either side have registered deals in every state; one was outweighed; strangers have one of their own."""
    world.things += [_registered(world, "sam", "hank", state) for state in ROADS]
    world.things += [
        _registered(world, "gina", "dana", "submitted"),
        _registered(world, "gina", "dana", "holding", days=9),
        _registered(world, "sam", "hank", "outweighed", company="holding"),
        _registered(world, "hugo", "ines", "strangers'"),
        _registered(world, "gina", "dana", "known", given={"involvement": "visibility_only"}),
    ]
    work(world)


def work(world: World) -> None:
    """Let there be a deal that either side works on, one won, one Acme only knows of, a stranger's."""
    known, begun = world.one("registration", "known"), _registered(world, "hugo", "ines", "begun")
    _go(world, "dana", known.id, "approve", MEMBERS)
    _go(world, "ines", begun.id, "approve", ("hugo", "ines"))
    _deal_of(world, world.one("registration", "approved"), "deal", "open")
    _deal_of(world, world.one("registration", "extended"), "deal", "won", "committed", "closed_won")
    _deal_of(world, known, "known deal", "open")
    _deal_of(world, begun, "deal", "strangers'")
    for who in ("sam", "gina"):
        own = [name for name in MEMBERS if PEOPLE[name].organization == PEOPLE[who].organization]
        kept = {name: world.canaries.word(f"{name} in {who}'s book", own) for name in ("own_stage", "notes")}
        kept["price"] = {"amount": world.canaries.amount(f"price in {who}'s book", own), "currency": "EUR"}
        path = f"/deals/{world.one('deal', 'open').id}/book"
        tag = world.players[who].response("GET", path).headers["ETag"]
        world.players[who].call("PATCH", path, json=kept, if_match=tag, expect=200)


def _deal_of(world: World, registration: Thing, kind: str, state: str, *moves: str) -> None:
    """Find the deal that a registration opened, and move it on."""
    player = world.players[registration.owner or ""]
    listed = player.call("GET", "/deals", expect=200)["items"]
    deal_id = next(one["id"] for one in listed if one["registration_id"] == registration.id)
    for stage in moves:
        tag = player.response("GET", f"/deals/{deal_id}").headers["ETag"]
        player.call("POST", f"/deals/{deal_id}/move", json={"stage": stage}, if_match=tag, expect=200)
    world.tags[deal_id] = player.response("GET", f"/deals/{deal_id}").headers["ETag"]
    world.things.append(replace(registration, kind=kind, state=state, id=deal_id))


def _readers(state: str) -> tuple[str, ...]:
    return ("hugo", "ines") if state in _STRANGE else MEMBERS


def _registered(
    world: World,
    who: str,
    other: str,
    state: str,
    *,
    company: str = "",
    days: float = 3,
    given: Mapping[str, Any] = MappingProxyType({}),
) -> Thing:
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
        _go(world, side, made_id, verb, (*readers, *administrators(PEOPLE[side].organization)))
    ours, theirs = PEOPLE[who].organization, PEOPLE[other].organization
    return Thing("registration", state, ours, made_id, owner=who, other=theirs)


def _go(world: World, who: str, made_id: str, verb: str, readers: tuple[str, ...]) -> None:
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
    states = {"holding": "submitted", "strangers'": "submitted", "outweighed": "rejected", "known": "approved"}
    return states.get(one.state, one.state)


def _registrant(*states: str) -> Rule:
    return lambda caller, one: caller.organization == one.organization and _state(one) in states


def _reviewer(*states: str) -> Rule:
    return lambda caller, one: caller.organization == one.other and _state(one) in states


def _works_there(caller: Caller, one: Thing) -> bool:
    return caller.organization == one.organization


def _appeals(caller: Caller, one: Thing) -> bool:
    return caller.organization == one.organization and one.state == "outweighed"


def _sent(**body: Any) -> Body:
    return lambda world, caller, thing: {"json": body}


def _deal(world: World, caller: Caller, partnership: Any) -> dict[str, Any]:
    return {"json": deal(partnership.id, "Wingtip")}


def _with(world: World, caller: Caller, joint: Any) -> dict[str, Any]:
    """Register a deal with a joint account, where its strangers have theirs."""
    where = world.one("partnership", "strangers'").id if joint.state == "strangers'" else world.living
    return {"json": deal(where, joint_account_id=joint.id, account=None)}


def _logged(world: World, caller: Caller, thing: Any) -> dict[str, Any]:
    return {"json": {"kind": "meeting_held", "happened_at": clock.now().isoformat()}}


def _booked(world: World, caller: Caller, one: Any) -> dict[str, Any]:
    return {"tag": version_at("/deals/{}/book")(world, caller, one), "json": {"notes": "Mine."}}


def _of_partners(caller: Caller) -> bool:
    return caller.organization in {None, "acme", "globex"}


CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "check_deal": (Cells(on="partnership", sees=joins, hidden=200, body=_deal),),
    "register_deal": (
        Cells(on="partnership", sees=joins, hidden=422, body=_deal),
        Cells(on="joint account", hidden=422, body=_with, only=_of_partners),
    ),
    "list_registrations": (Cells(lists="registration"),),
    "read_registration": (Cells(on="registration"),),
    "read_registration_timeline": (Cells(on="registration"),),
    "begin_review": (Cells(on="registration", goes=_reviewer("submitted")),),
    "ask_for_more": (
        Cells(on="registration", goes=_reviewer(*WAITING), body=_sent(asked_fields=["asks"], note="What do you need?")),
    ),
    "approve_registration": (Cells(on="registration", goes=_reviewer(*WAITING), body=_sent(note="Go ahead.")),),
    "reject_registration": (Cells(on="registration", goes=_reviewer(*WAITING), body=_sent(reason="other")),),
    "resubmit": (Cells(on="registration", goes=_registrant("action_required"), body=_sent(close_on="2040-01-31")),),
    "withdraw_registration": (Cells(on="registration", goes=_registrant(*WAITING, "action_required", *PROTECTED)),),
    "extend_registration": (Cells(on="registration", goes=_registrant(*PROTECTED), body=_logged),),
    "list_deals": (Cells(lists="deal"), Cells(lists="known deal")),
    **{name: (Cells(on="deal"), Cells(on="known deal")) for name in ("read_deal", "list_deal_states")},
    "read_deal_book": (Cells(on="deal"), Cells(on="known deal")),
    "keep_deal_book": (Cells(on="deal", body=_booked), Cells(on="known deal", body=_booked)),
    "read_deal_timeline": (Cells(on="deal"), Cells(on="known deal")),
    **{
        name: (
            Cells(on="deal", goes=stands("open", "strangers'"), body=_sent(**given)),
            Cells(on="known deal", goes=_works_there, refused=403, body=_sent(**given)),
        )
        for name, given in (("move_deal", {"stage": "qualified"}), ("change_deal", {"close_on": "2040-01-31"}))
    },
    # What opened a deal is not undone.
    "undo_change": (
        Cells(on="deal", goes=never),
        Cells(on="known deal", goes=never, only=lambda caller: caller.organization != "acme"),
        Cells(on="known deal", goes=never, refused=403, only=lambda caller: caller.organization == "acme"),
    ),
    "appeal_registration": (Cells(on="registration", goes=_appeals, body=_sent(claim="We met in March.")),),
}


def _form(name: str) -> tuple[Cells, ...]:
    """Send as a form what the API's cells send as JSON."""

    def formed(cells: Cells) -> Cells:
        def body(world: World, caller: Caller, thing: Any) -> dict[str, Any]:
            asked = cells.body(world, caller, thing) if cells.body else {}
            return {"data": asked.get("json", {})}

        return replace(cells, body=body)

    return tuple(formed(cells) for cells in CELLS[name])


def _based(name: str) -> tuple[Cells, ...]:
    """Send as a form what the API's cells send as JSON, based on what is read."""

    def formed(cells: Cells) -> Cells:
        def body(world: World, caller: Caller, one: Any) -> dict[str, Any]:
            asked = cells.body(world, caller, one) if cells.body else {}
            version = asked.get("tag", world.tags.get(one.id, "none"))
            return {"data": {"version": version, **asked.get("json", {})}}

        return replace(cells, body=body)

    return tuple(formed(cells) for cells in CELLS[name])


def _typed(world: World, caller: Caller, partnership: Any) -> dict[str, Any]:
    given = deal(partnership.id)
    typed = {name: given[name] for name in ("partnership_id", "close_on", "involvement")}
    value = {"value.amount": "120000.00", "value.currency": "EUR"}
    return {"data": typed | value | {"company": "Wingtip", "domain": "wingtip.example"}}


def _today(world: World, caller: Caller, thing: Any) -> dict[str, Any]:
    return {"data": {"kind": "meeting_held", "happened_on": clock.now().date().isoformat()}}


_STEPS: Final = (
    *("begin_review", "ask_for_more", "approve_registration", "reject_registration", "resubmit"),
    *("withdraw_registration", "appeal_registration"),
)
PAGE_CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "deals_pages.deals": (Cells(),),
    "deals_pages.list_deals": (Cells(),),
    **{f"deals_pages.{name}": (Cells(on="deal"), Cells(on="known deal")) for name in ("deal", "deal_book")},
    **{f"deals_pages.{name}": _based(name) for name in ("move_deal", "change_deal", "undo_change", "keep_deal_book")},
    "deals_pages.registrations": (Cells(),),
    "deals_pages.registration": (Cells(on="registration"),),
    "deals_pages.new_registration": (Cells(),),
    "deals_pages.register_deal": (Cells(on="partnership", sees=joins, hidden=422, body=_typed),),
    "deals_pages.check_deal": (Cells(on="partnership", sees=joins, hidden=200, body=_typed),),
    **{f"deals_pages.{name}": _form(name) for name in _STEPS},
    "deals_pages.extend_registration": (Cells(on="registration", goes=_registrant(*PROTECTED), body=_today),),
}
