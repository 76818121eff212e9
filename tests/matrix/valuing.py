"""The cells of telling what one lead is worth exactly; in the world Acme says yes for one lead that was won."""

from typing import Any, Final

from partnercrm.leads.lifecycle import IN_PROGRESS
from tests.matrix.people import Caller
from tests.matrix.rules import Cells, status
from tests.matrix.things import Thing, World

_TOLD_OF: Final = {*IN_PROGRESS, "won", "lost"}


def agree(world: World) -> None:
    """Let Acme's side say yes for the lead that was won."""
    path = f"/offers/{world.one('offer', 'won').id}/agree-value"
    world.players["sam"].call("POST", path, expect=200)


def _has_agreed(caller: Caller, offer: Thing) -> bool:
    return offer.state == "won" and caller.organization == "acme"


def _may_agree(caller: Caller, offer: Thing) -> bool:
    return status(offer) in _TOLD_OF and not _has_agreed(caller, offer)


CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "read_values": (Cells(on="offer"),),
    "agree_value": (Cells(on="offer", goes=_may_agree),),
    "take_back_value": (Cells(on="offer", goes=_has_agreed),),
}


def _nothing(world: World, caller: Caller, thing: Any) -> dict[str, Any]:
    return {"data": {}}


PAGE_CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "leads_pages.agree_value": (Cells(on="offer", goes=_may_agree, body=_nothing),),
    "leads_pages.take_back_value": (Cells(on="offer", goes=_has_agreed, body=_nothing),),
}
