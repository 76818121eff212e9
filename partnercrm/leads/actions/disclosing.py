"""What the giver of an offer shows more of, or takes back; the receipts follow the copies by themselves."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from partnercrm.activity.actions import record
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.errors import CompanyNotShown, NothingToTakeBack
from partnercrm.leads.queries import exchange
from partnercrm.leads.queries.exchange import OfferSeen


def take_back_details(actor: Actor, offer_id: UUID) -> OfferSeen:
    """Take back who the lead is, however far it was shown: the copy and the company's name are deleted at once.

    Raises NothingToTakeBack.
    """
    offer, _ = exchange.offer_to_step(actor, offer_id)
    if not _step(func.step_take_back_details(offer.id, clock.now())):
        raise NothingToTakeBack
    record(actor, "lead.details_taken_back", offer)
    return exchange.offer(actor, offer_id)


def show_company(actor: Actor, offer_id: UUID) -> OfferSeen:
    """Show the company's name before the offer is answered. Raises CompanyNotShown."""
    offer, _ = exchange.offer_to_step(actor, offer_id)
    if not _step(func.step_show_company(offer.id)):
        raise CompanyNotShown
    record(actor, "lead.company_shown", offer)
    return exchange.offer(actor, offer_id)


def _step(step: Any) -> bool:
    return bool(db.session().execute(select(step)).scalar_one())
