"""Requests to offer beyond a trust advance."""

from typing import Any

from tests.cast import Cast, Player
from tests.factories import leads, terms


def spent(cast: Cast, advance: int = 1) -> None:
    """Agree on a trust advance, and let Acme give it all."""
    terms.agree(cast, trust_advance=advance)
    for _ in range(advance):
        leads.offer(cast.sam, cast.partnership_id)


def asked(player: Player, cast: Cast, *, expect: int = 201, **more: Any) -> dict[str, Any]:
    """Enter a lead and ask to offer it."""
    given = {"partnership_id": str(cast.partnership_id), "note": "They decide in May."} | more
    given.setdefault("lead_id", leads.lead(player)["id"])
    request: dict[str, Any] = player.call("POST", "/offer-requests", json=given, expect=expect)
    return request
