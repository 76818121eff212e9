"""Cases for tests."""

from typing import Any

from tests.cast import Cast, Player

MODERATOR = "ines@initech.example"


def case(player: Player, cast: Cast, **fields: Any) -> dict[str, Any]:
    """Open a claim in the partnership of Acme and Globex."""
    given = {"partnership_id": str(cast.partnership_id), "kind": "claim", "claim": "The answer came late.", **fields}
    opened: dict[str, Any] = player.call("POST", "/cases", json=given, expect=201)
    return opened


def say(player: Player, case_id: str, text: str = "We wrote twice.") -> dict[str, Any]:
    """Make a statement."""
    said: dict[str, Any] = player.call("POST", f"/cases/{case_id}/statements", json={"text": text}, expect=200)
    return said


def propose(player: Player, case_id: str, outcome: str = "arranged") -> dict[str, Any]:
    """Propose an outcome."""
    given = {"outcome": outcome, "reasons": "The calendar was wrong.", "next_step": "We mend it."}
    proposed: dict[str, Any] = player.call("POST", f"/cases/{case_id}/propose", json=given, expect=200)
    return proposed


def decided(cast: Cast) -> dict[str, Any]:
    """Return a case that both sides decided."""
    opened = case(cast.sam, cast)
    proposal = propose(cast.gina, opened["id"])["proposal_id"]
    agreed: dict[str, Any] = cast.sam.call(
        "POST", f"/cases/{opened['id']}/agree", json={"proposal_id": proposal}, expect=200
    )
    return agreed


def invited(cast: Cast, address: str = MODERATOR, case_id: str = "") -> dict[str, Any]:
    """Return a case, a new one unless it is named, whose moderator both sides named."""
    case_id = case_id or case(cast.sam, cast)["id"]
    path = f"/cases/{case_id}/moderator"
    cast.sam.call("POST", path, json={"address": address}, expect=200)
    confirmed: dict[str, Any] = cast.gina.call("POST", f"{path}/confirm", expect=200)
    return confirmed


def submitted(cast: Cast) -> dict[str, Any]:
    """Return a case that lies with Ines of Initech as its moderator."""
    return submit(cast, case(cast.sam, cast)["id"])


def submit(cast: Cast, case_id: str) -> dict[str, Any]:
    """Let both sides submit a case to Ines of Initech as its moderator."""
    found = invited(cast, case_id=case_id)
    (asked,) = [
        one for one in cast.ines.call("GET", "/moderations", expect=200)["items"] if one["case_id"] == found["id"]
    ]
    declared = {"declares": "We work with neither of you."}
    cast.ines.call("POST", f"/moderations/{asked['id']}/accept", json=declared, expect=200)
    handed: dict[str, Any] = cast.gina.call("POST", f"/cases/{found['id']}/submit", expect=200)
    return handed
