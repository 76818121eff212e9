"""Leads and offers for tests."""

from itertools import count
from typing import Any
from uuid import UUID

from tests.cast import Cast, Player

_numbers = count(1)
# What must be known of a contact for name and address to travel.
KNOWN: dict[str, Any] = {
    "contact_basis": "consent",
    "contact_channels": ["email", "phone"],
    "contact_source": "person",
    "contact_information": "informed",
    "contact_informed_on": "2026-03-02",
}


def lead(player: Player, **fields: Any) -> dict[str, Any]:
    """Enter a draft lead of a company of its own."""
    number = next(_numbers)
    given = {"company_name": f"Northwind {number}", "need": "GTX Plus Basic", **fields}
    entered: dict[str, Any] = player.call("POST", "/leads", json=given, expect=201)
    return entered


def offer(player: Player, partnership_id: UUID, **fields: Any) -> dict[str, Any]:
    """Enter a lead and offer it."""
    given = {"lead_id": lead(player, **fields)["id"], "partnership_id": str(partnership_id)}
    offered: dict[str, Any] = player.call("POST", "/offers", json=given, expect=201)
    return offered


def step(player: Player, offer_id: str, verb: str, **body: Any) -> dict[str, Any]:
    """Take a step of an offered lead."""
    options: dict[str, Any] = {} if verb in {"accept", "withdraw"} else {"json": body}
    taken: dict[str, Any] = player.call("POST", f"/offers/{offer_id}/{verb}", expect=200, **options)
    return taken


def offer_at(cast: Cast, status: str) -> dict[str, Any]:
    """Return an offer of Acme's, brought to this status by the people it takes."""
    made = offer(cast.sam, cast.partnership_id, value={"amount": "12500.00", "currency": "EUR"})
    paths: dict[str, list[tuple[Player, str, dict[str, Any]]]] = {
        "offered": [],
        "withdrawn": [(cast.sam, "withdraw", {})],
        "declined": [(cast.gina, "decline", {"reason": "no_capacity"})],
        "accepted": [(cast.gina, "accept", {})],
    }
    paths["disqualified"] = [*paths["accepted"], (cast.gina, "disqualify", {"reason": "no_budget"})]
    paths["returned"] = [*paths["accepted"], (cast.gina, "return", {"reason": "no_capacity"})]
    paths["qualified"] = [*paths["accepted"], (cast.gina, "qualify", {})]
    paths["converted"] = [*paths["qualified"], (cast.gina, "convert", {})]
    won = {"value": {"amount": "12000.00", "currency": "EUR"}}
    paths["won"] = [*paths["converted"], (cast.gina, "win", won)]
    paths["lost"] = [*paths["converted"], (cast.gina, "lose", {"reason": "price"})]
    for player, verb, body in paths[status]:
        made = step(player, made["id"], verb, **body)
    return made
