"""Terms as both sides agree them."""

from typing import Any, Final
from uuid import UUID

from tests.cast import Cast, Player

GOAL: Final = {"text": "Forty leads accepted", "measure": "leads_accepted", "target": 40, "due_on": "2040-12-31"}
CRITERION: Final = {"phase": "proof_of_concept", "text": "Ten leads answered in time", "due_on": "2040-03-31"}
WHOLE: Final = {
    "kind": "co_sell",
    "response_hours": 24,
    "trust_advance": 3,
    "goals": [GOAL],
    "criteria": [CRITERION],
    "product_lines": [{"name": "Storage"}],
    "regions": ["DE", "Nordics"],
}


def propose(
    player: Player, partnership_id: UUID, *, note: str = "Because.", expect: int = 201, **terms: Any
) -> dict[str, Any]:
    """Propose terms on the ground of those agreed last; a bit of everything when none are named."""
    path = f"/partnerships/{partnership_id}"
    agreed = player.call("GET", f"{path}/terms?limit=1", expect=200)["items"][0]["terms"]
    given = {"based_on": agreed["version"], "note": note, "terms": terms or WHOLE}
    change: dict[str, Any] = player.call("POST", f"{path}/term-changes", json=given, expect=expect)
    return change


def agree(cast: Cast, **terms: Any) -> dict[str, Any]:
    """Let Acme propose terms and Globex accept them; return the terms in force."""
    change = propose(cast.dana, cast.partnership_id, **terms)
    cast.hank.call("POST", f"/term-changes/{change['id']}/accept", expect=200)
    found: dict[str, Any] = cast.dana.call("GET", f"/partnerships/{cast.partnership_id}", expect=200)["terms"]
    return found
