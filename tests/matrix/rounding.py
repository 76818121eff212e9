"""The world's exchange rounds, in every state, and the cells of what is done to them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from partnercrm.kernel import clock
from tests.matrix.people import MEMBERS, PEOPLE, Caller
from tests.matrix.rules import Cells, joins, stands
from tests.matrix.things import Thing, World
from tests.matrix.world import lead, own_readers


def exchange(world: World) -> None:
    """Let rounds between partners have been declined, broken off and revealed; in one, open, a side has sealed."""
    _round(world, "hank", "dana", "declined")
    _round(world, "dana", "hank", "returned")
    _round(world, "hank", "dana", "revealed")
    _round(world, "dana", "hank", "open")
    _round(world, "hugo", "ines", "proposed")


def _round(world: World, proposer: str, other: str, state: str) -> None:
    strange = proposer == "hugo"
    partnership_id = world.one("partnership", "strangers'").id if strange else world.living
    note = world.canaries.word(f"note to a {state} round", ("hugo", "ines") if strange else MEMBERS)
    given = {"partnership_id": partnership_id, "leads_each": 1, "ends_at": _later(), "note": note}
    round_id = world.players[proposer].call("POST", "/rounds", json=given, expect=201)["id"]
    verb = {"proposed": "", "declined": "decline"}.get(state, "agree")
    if verb:
        world.players[other].call("POST", f"/rounds/{round_id}/{verb}", expect=200)
    if verb == "agree":
        _prepare(world, round_id, state)
    ours, theirs = PEOPLE[proposer].organization, PEOPLE[other].organization
    # Told as the partnership's things are: who of the strangers calls is a member.
    named = "strangers'" if strange else state
    world.things.append(Thing("round", named, ours, round_id, other=theirs))


def _prepare(world: World, round_id: str, state: str) -> None:
    sealed = {"open": "sealed", "returned": "draft"}.get(state, state)
    for who, its in (("sam", sealed), ("gina", "picked" if state == "open" else sealed)):
        if state == "returned" and who == "gina":
            continue
        own_side = [name for name in MEMBERS if PEOPLE[name].organization == PEOPLE[who].organization]
        shown = (MEMBERS, own_side) if state == "revealed" else ()
        lead_id = lead(world, who, its, *shown)
        readers = own_side if state == "revealed" else own_readers(who)
        message = world.canaries.word(f"message of {who}'s {its} pick", readers)
        picked = {"lead_id": lead_id, "message": message}
        world.players[who].call("POST", f"/rounds/{round_id}/pick", json=picked, expect=200)
    world.players["dana"].call("POST", f"/rounds/{round_id}/seal", expect=200)
    if state == "revealed":
        world.players["hank"].call("POST", f"/rounds/{round_id}/seal", expect=200)
    if state == "returned":
        world.players["hank"].call("POST", f"/rounds/{round_id}/break-off", expect=200)


def _later() -> str:
    return (clock.now() + timedelta(days=30)).isoformat()


def _sealing(caller: Caller, one: Thing) -> bool:
    """Tell whether the caller's side has yet to seal."""
    return one.state == "open" and caller.organization == "globex"


def _sealed(caller: Caller, one: Thing) -> bool:
    return one.state == "open" and caller.organization == "acme"


def _proposed_to(caller: Caller, one: Thing) -> bool:
    return one.state == "strangers'" and caller.organization == one.other


def _proposing(world: World, caller: Caller, partnership: Any) -> dict[str, Any]:
    return {"json": {"partnership_id": partnership.id, "leads_each": 1, "ends_at": _later()}}


def _any_lead(world: World, caller: Caller, thing: Thing) -> dict[str, Any]:
    state = {"acme": "draft", "globex": "partner's"}.get(caller.organization or "", "stranger's")
    return {"json": {"lead_id": world.one("lead", state).id}}


def _picked_lead(world: World, caller: Caller, thing: Thing) -> dict[str, Any]:
    return {"json": {"lead_id": world.one("lead", "picked").id}}


def _into_open(world: World, caller: Caller, lead: Thing) -> dict[str, Any]:
    return {"path": {"round_id": world.one("round", "open").id}, "json": {"lead_id": lead.id}}


def _may_be_picked(caller: Caller, lead: Thing) -> bool:
    return caller.organization == "globex" and lead.state in {"partner's", "picked", "received declined"}


def _never(caller: Caller, thing: Thing) -> bool:
    """A round goes on in every partnership of this world."""
    return False


def _of_globex(caller: Caller) -> bool:
    return caller.name in {"anonymous", "partner", "partner's manager"}


CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "propose_round": (Cells(on="partnership", sees=joins, hidden=422, goes=_never, body=_proposing),),
    "list_rounds": (Cells(lists="round"),),
    "read_round": (Cells(on="round"),),
    "agree_round": (Cells(on="round", goes=_proposed_to),),
    "decline_round": (Cells(on="round", goes=_proposed_to),),
    "withdraw_round": (Cells(on="round", goes=_never),),
    "break_off_round": (Cells(on="round", goes=stands("open")),),
    "list_picks": (Cells(on="round"),),
    "pick_lead": (
        Cells(on="round", goes=_sealing, body=_any_lead),
        Cells(on="lead", hidden=422, goes=_may_be_picked, body=_into_open, only=_of_globex),
    ),
    "unpick_lead": (Cells(on="round", goes=_sealing, body=_picked_lead),),
    "seal_round": (Cells(on="round", goes=_sealing),),
    "unseal_round": (Cells(on="round", goes=_sealed),),
}


def _form(name: str) -> tuple[Cells, ...]:
    """Send as a form what the API's cells send as JSON."""

    def formed(cells: Cells) -> Cells:
        def body(world: World, caller: Caller, thing: Any) -> dict[str, Any]:
            asked = cells.body(world, caller, thing) if cells.body else {}
            return {"path": asked.get("path", {}), "data": asked.get("json", {})}

        return replace(cells, body=body)

    return tuple(formed(cells) for cells in CELLS[name])


def _until_a_day(world: World, caller: Caller, partnership: Any) -> dict[str, Any]:
    return {"data": {"leads_each": "1", "ends_on": _later()[:10]}}


_STEPS: Final = ("agree_round", "decline_round", "withdraw_round", "break_off_round", "unpick_lead", "seal_round")
PAGE_CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "leads_pages.rounds": (Cells(on="partnership", sees=joins),),
    "leads_pages.propose_round": (Cells(on="partnership", sees=joins, goes=_never, body=_until_a_day),),
    "leads_pages.exchange_round": (Cells(on="round"),),
    **{f"leads_pages.{name}": _form(name) for name in (*_STEPS, "pick_lead", "unseal_round")},
}
