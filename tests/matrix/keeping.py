"""The cells of how long things are kept."""

from typing import Any, Final

from tests.matrix.people import Caller
from tests.matrix.rules import Cells
from tests.matrix.world import World


def retained(world: World, caller: Caller) -> str:
    """Return the version of the caller's company's periods, as it is now; none to who may not read them."""
    if not (caller.is_alive and caller.person):
        return "none"
    return world.players[caller.person.name].response("GET", "/retention").headers.get("ETag", "none").strip('"')


def _changed(world: World, caller: Caller, thing: Any) -> dict[str, Any]:
    return {"tag": retained(world, caller), "json": {"periods": {"notices": 300}}}


CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "read_retention": (Cells(),),
    "change_retention": (Cells(body=_changed),),
}
