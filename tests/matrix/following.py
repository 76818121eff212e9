"""The cells of what becomes of a lead beside its way to a deal."""

from datetime import timedelta
from typing import Any, Final

from partnercrm.kernel import clock
from tests.matrix import valuing
from tests.matrix.people import Caller
from tests.matrix.rules import Cells, joins, takes
from tests.matrix.world import World

NOT_TAKEN: Final = ("declined", "expired", "returned")


def more_time() -> str:
    """Return a day until which the usual terms let a lead be snoozed."""
    return (clock.now() + timedelta(days=20)).date().isoformat()


def _until(world: World, caller: Caller, thing: Any) -> dict[str, Any]:
    return {"json": {"until": more_time()}}


def _step(side: str, *statuses: str, **body: Any) -> tuple[Cells]:
    return (Cells(on="offer", goes=takes(side, *statuses), body=lambda *_: {"json": body}),)


CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "read_sellers": (Cells(on="partnership", sees=joins),),
    "return_lead": _step("receiver", "accepted", reason="no_capacity"),
    "snooze_lead": (Cells(on="offer", goes=takes("receiver", "accepted"), body=_until),),
    "contest_lead": _step("giver", "disqualified", claim="They asked us for an offer."),
    "claim_credit": _step("giver", *NOT_TAKEN, claim="They bought from you."),
    **valuing.CELLS,
}
