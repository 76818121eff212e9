"""The demo's exchange rounds: one revealed two days ago, and one that is open, of which one side has sealed."""

from datetime import datetime, timedelta
from typing import Any, Final

from partnercrm.demo.settling import GINA, SAM, Told
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions import keeping, rounds, sealing

DANA: Final = "dana@acme.example"
HANK: Final = "hank@globex.example"
_LEADS: Final = (
    (SAM, "Alpenglow Outdoor", "Warehouse scanning", "Retail"),
    (SAM, "Bluewater Ferries", "Ticketing at the pier", "Transport"),
    (GINA, "Castell Ceramics", "ERP for a subsidiary", "Manufacturing"),
    (GINA, "Deltaport Cold Stores", "Energy monitoring", "Logistics"),
    (SAM, "Eastgate Clinics", "Shift planning", "Health"),
    (GINA, "Fernhill Dairies", "Route planning", "Food"),
)


def exchange(world: Told, now: datetime) -> None:
    """Let both sides give two leads each at the same moment, and Globex have sealed for the next time."""
    begun = now - timedelta(days=6)
    first = _agreed(world, begun, 2, "Two each, so that nobody has to be first.")
    for number, lead in enumerate(_LEADS[:4]):
        _pick(world, first, lead, begun + timedelta(days=1, hours=number))
    for manager, days in ((DANA, 2), (HANK, 4)):
        _done(world.called(manager), begun + timedelta(days=days), sealing.seal_round, first)
    _done(Actor.system(world.called(DANA).organization_id), now - timedelta(days=2), sealing.begin_offers, first)
    second = _agreed(world, now - timedelta(days=1), 1, "One more each before the quarter ends.")
    for number, lead in enumerate(_LEADS[4:]):
        _pick(world, second, lead, now - timedelta(hours=20 - number))
    _done(world.called(HANK), now - timedelta(hours=3), sealing.seal_round, second)


def _agreed(world: Told, at: datetime, leads_each: int, note: str) -> Any:
    given = {
        "partnership_id": world.partnership,
        "leads_each": leads_each,
        "ends_at": at + timedelta(days=14),
        "note": note,
    }
    proposed = _done(world.called(DANA), at, rounds.propose_round, given)
    _done(world.called(HANK), at + timedelta(hours=2), rounds.agree_round, proposed.id)
    return proposed.id


def _pick(world: Told, round_id: Any, lead: tuple[str, str, str, str], at: datetime) -> None:
    seller, company, need, industry = lead
    actor = world.called(seller)
    given = {"company_name": company, "need": need, "industry": industry, "country": "DE"}
    entered = _done(actor, at, keeping.enter_lead, given)
    how = {"message": "", "shows_company": False, "role_only": False, "product_line_id": None}
    _done(actor, at, sealing.pick_lead, round_id, {"lead_id": entered.id, **how})


def _done(actor: Actor, at: datetime, act: Any, *given: Any) -> Any:
    with clock.at(at), db.transaction(actor):
        return act(actor, *given)
