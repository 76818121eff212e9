"""A partnership whose trust advance is given, and leads that wait for somebody, for generated requests."""

from tests.cast import Cast, Player, organization, partnership, person
from tests.factories import leads, terms


def things(cast: Cast, manager: Player) -> dict[str, list[str]]:
    """Return leads that can be asked for, where, and requests to settle, by operation and field."""
    email = "tara@neighbour.example"
    neighbour = person(cast.app, organization(f"Neighbour of {email}"), "Tara", email, "partner_manager")
    begun = partnership(manager, neighbour)
    change = terms.propose(manager, begun, trust_advance=1)
    neighbour.call("POST", f"/term-changes/{change['id']}/accept", expect=200)
    leads.offer(manager, begun)

    def asked() -> str:
        given = {"lead_id": leads.lead(manager)["id"], "partnership_id": str(begun)}
        return str(manager.call("POST", "/offer-requests", json=given, expect=201)["id"])

    def waits() -> str:
        return str(leads.offer(cast.gina, cast.partnership_id)["id"])

    mine = {"user_id": str(manager.actor.user_id)}
    assigned = [waits() for _ in range(2)]
    for offer_id in assigned:
        manager.call("POST", f"/offers/{offer_id}/assign", json=mine, expect=200)
    return {
        "read_assignment.offer_id": assigned,
        "assign_lead.offer_id": [waits() for _ in range(2)],
        "assign_lead.user_id": [mine["user_id"]],
        "hand_over_lead.offer_id": [leads.offer_at(cast, "accepted")["id"] for _ in range(2)],
        "hand_over_lead.user_id": [mine["user_id"]],
        "set_routing.user_ids": [mine["user_id"]],
        "try_routing.partnership_id": [str(cast.partnership_id)],
        "ask_to_offer.lead_id": [leads.lead(manager)["id"] for _ in range(8)],
        "ask_to_offer.partnership_id": [str(begun)],
        "request_id": [asked()],
        "offer_requested.request_id": [asked() for _ in range(3)],
        "decline_request.request_id": [asked() for _ in range(3)],
        "withdraw_request.request_id": [asked() for _ in range(3)],
    }
