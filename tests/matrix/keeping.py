"""The cells of how long things are kept."""

from typing import Any, Final

from tests.matrix.people import PEOPLE, Caller, administrators
from tests.matrix.rules import Cells
from tests.matrix.world import World


def retained(world: World, caller: Caller) -> str:
    """Return the version of the caller's company's periods, as it is now; none to who may not read them."""
    if not (caller.is_alive and caller.person):
        return "none"
    return world.players[caller.person.name].response("GET", "/retention").headers.get("ETag", "none").strip('"')


def _changed(world: World, caller: Caller, thing: Any) -> dict[str, Any]:
    return {"tag": retained(world, caller), "json": {"periods": {"notices": 300}}}


def embedded(world: World, caller: Caller) -> str:
    """Return the version of where the caller's company shows cards, as it is now; none to who may not read it."""
    if not (caller.is_alive and caller.person):
        return "none"
    return world.players[caller.person.name].response("GET", "/embedding").headers.get("ETag", "none").strip('"')


def show_cards(world: World) -> None:
    """Let both sides and the stranger have said where their cards may be shown."""
    for who in ("ada", "hank", "ines"):
        readers = administrators(PEOPLE[who].organization)
        origin = f"https://{world.canaries.word(f'where cards of {who} are shown', readers).lower()}.example"
        player = world.players[who]
        tag = player.response("GET", "/embedding").headers["ETag"]
        player.call("PATCH", "/embedding", json={"origins": [origin]}, if_match=tag, expect=200)


def _embedded(world: World, caller: Caller, thing: Any) -> dict[str, Any]:
    return {"tag": embedded(world, caller), "json": {"origins": ["https://crm.wingtip.example"]}}


CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "read_retention": (Cells(),),
    "change_retention": (Cells(body=_changed),),
    "read_embedding": (Cells(),),
    "change_embedding": (Cells(body=_embedded),),
}
