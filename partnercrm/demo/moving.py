"""What moves in the demo: an agreed trust advance, a request that waits for the manager, and who is asked first."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions import requesting, routing

_LEAD = {
    "company_name": "Ortega Cold Stores",
    "need": "Harbor Standard for 40 lorries",
    "industry": "Logistics",
    "country": "AT",
}
_WHY = "They decide before the holidays, and Globex knows their dispatcher."


def ask(seller: Actor, partnership_id: UUID, now: datetime) -> None:
    """Let a seller ask to offer one more lead than was agreed before the partner's turn."""
    with clock.at(now - timedelta(minutes=5)), db.transaction(seller):
        requesting.enter_and_ask(seller, _LEAD, {"partnership_id": partnership_id, "note": _WHY})


def route(manager: Actor, sellers: Sequence[UUID], partnership_id: UUID, waiting: Sequence[UUID]) -> None:
    """Let a manager say who is asked first, and let what waits find somebody."""
    everybody = {"countries": [], "industries": [], "size_bands": [], "user_ids": list(sellers), "most_open": 12}
    nearby = everybody | {"countries": ["AT", "CH"], "user_ids": list(sellers[:1])}
    with db.transaction(manager):
        routing.set_routing(manager, {"rules": [nearby, everybody]}, None)
    system = Actor(manager.organization_id, partnership_ids=frozenset({partnership_id}))
    for offer_id in waiting:
        with db.transaction(system):
            routing.route_offer(system, offer_id)
