"""Exchange rounds for tests."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from partnercrm.kernel import clock
from tests.cast import Cast, Player
from tests.factories import leads


def propose(player: Player, partnership_id: UUID | str, **given: Any) -> dict[str, Any]:
    """Propose a round of two leads each that ends in a week."""
    ends_at = (clock.now() + timedelta(days=7)).isoformat()
    body = {"partnership_id": str(partnership_id), "leads_each": 2, "ends_at": ends_at, **given}
    proposed: dict[str, Any] = player.call("POST", "/rounds", json=body, expect=201)
    return proposed


def opened(proposer: Player, other: Player, partnership_id: UUID | str, **given: Any) -> dict[str, Any]:
    """Propose a round and let the other side agree."""
    one = propose(proposer, partnership_id, **given)
    agreed: dict[str, Any] = other.call("POST", f"/rounds/{one['id']}/agree", expect=200)
    return agreed


def pick(player: Player, one: dict[str, Any], lead: dict[str, Any] | None = None, **how: Any) -> dict[str, Any]:
    """Put a lead of the player's into a round; a new one, where none is named."""
    lead = lead or leads.lead(player)
    picked: dict[str, Any] = player.call(
        "POST", f"/rounds/{one['id']}/pick", json={"lead_id": lead["id"], **how}, expect=200
    )
    return picked


def filled(one: dict[str, Any], *players: Player) -> dict[str, Any]:
    """Let each of the players pick as many leads as were agreed."""
    for player in players:
        for _ in range(one["leads_each"]):
            pick(player, one)
    return one


def seal(player: Player, one: dict[str, Any]) -> dict[str, Any]:
    """Seal what the player's side picked."""
    sealed: dict[str, Any] = player.call("POST", f"/rounds/{one['id']}/seal", expect=200)
    return sealed


def revealed(cast: Cast, **given: Any) -> dict[str, Any]:
    """Return a round of two leads each that was revealed."""
    one = filled(opened(cast.dana, cast.hank, cast.partnership_id, **given), cast.sam, cast.gina)
    seal(cast.dana, one)
    return seal(cast.hank, one)
