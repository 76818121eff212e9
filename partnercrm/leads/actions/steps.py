"""What offering and answering share: the step that is written, who takes it, how a value is told."""

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import select

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.kernel.ids import new_id
from partnercrm.kernel.money import Money
from partnercrm.leads.bands import ValueBand, band
from partnercrm.leads.lifecycle import OfferStatus
from partnercrm.leads.models import LeadStep, Offer, OfferDetails
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import Member, Partnership, ValueDisclosure
from partnercrm.partnerships.queries import settlement


class Told(NamedTuple):
    """A value as a step tells it: the amount where that is told, else its band alone; nothing at all."""

    minor: int | None = None
    currency: str | None = None
    band: ValueBand | None = None


NOTHING: Final = Told()


def told(value: Money, *, exact: bool) -> Told:
    """Return a value as both sides agreed to tell it."""
    return Told(value.minor if exact else None, value.currency, band(*value))


def expected(offer: Offer) -> Told:
    """Return what the step of acceptance tells, with which the details open: what the giver expects."""
    minor = db.session().execute(select(OfferDetails.value_minor).where(OfferDetails.offer_id == offer.id)).scalar()
    return Told(minor, offer.value_currency, offer.value_band)


def add_step(offer: Offer, happened_at: datetime, value: Told = NOTHING, *, step: OfferStatus | None = None) -> None:
    """Write the step an offer just took, or took in truth; reports as of an earlier moment do not change by it."""
    settlement.settle(offer.partnership_id)
    row = {
        "id": new_id(),
        "partnership_id": offer.partnership_id,
        "giver_id": offer.giver_id,
        "receiver_id": offer.receiver_id,
        "offer_id": offer.id,
        "step": step or offer.status,
        "reason": None if step else offer.reason,
        "value_minor": value.minor,
        "currency": value.currency,
        "value_band": value.band,
        "happened_at": happened_at,
    }
    db.insert((LeadStep, row))


def acting_member(actor: Actor, partnership_id: UUID) -> Member:
    """Return the membership the actor acts under: its own, else that of whom it stands in for. Raises NotFound."""
    member = partnerships.acting_member(actor, partnership_id)
    if member is None:
        raise NotFound
    return member


def tells_exactly(partnership: Partnership) -> bool:
    """Tell whether both sides agreed to tell values exactly, not as bands."""
    return partnership.terms.value_disclosure is ValueDisclosure.EXACT
