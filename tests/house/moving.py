"""A partnership whose trust advance is given, for generated requests: what is asked there waits."""

from tests.cast import Cast, Player, organization, partnership, person
from tests.factories import leads


def things(cast: Cast, manager: Player) -> dict[str, list[str]]:
    """Return leads that can be asked for, where, and requests to settle, by operation and field."""
    email = "tara@neighbour.example"
    neighbour = person(cast.app, organization(f"Neighbour of {email}"), "Tara", email, "partner_manager")
    begun = partnership(manager, neighbour, trust_advance=1)
    leads.offer(manager, begun)

    def asked() -> str:
        given = {"lead_id": leads.lead(manager)["id"], "partnership_id": str(begun)}
        return str(manager.call("POST", "/offer-requests", json=given, expect=201)["id"])

    return {
        "ask_to_offer.lead_id": [leads.lead(manager)["id"] for _ in range(8)],
        "ask_to_offer.partnership_id": [str(begun)],
        "request_id": [asked()],
        "offer_requested.request_id": [asked() for _ in range(3)],
        "decline_request.request_id": [asked() for _ in range(3)],
        "withdraw_request.request_id": [asked() for _ in range(3)],
    }
