"""What offering and answering share: the step that is written, who takes it, how a value is told."""

from datetime import datetime
from uuid import UUID

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.kernel.ids import new_id
from partnercrm.kernel.money import Money
from partnercrm.leads.bands import band
from partnercrm.leads.models import LeadStep, Offer
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import Member, Partnership, ValueDisclosure


def add_step(offer: Offer, happened_at: datetime, value: Money | None = None, *, exact: bool = False) -> None:
    """Write the step an offer just took; reports as of an earlier moment do not change by it."""
    partnerships.settle(offer.partnership_id)
    told = value if exact else None
    db.insert(
        LeadStep(
            id=new_id(),
            partnership_id=offer.partnership_id,
            giver_id=offer.giver_id,
            receiver_id=offer.receiver_id,
            offer_id=offer.id,
            step=offer.status,
            reason=offer.reason,
            value_minor=told.minor if told else None,
            currency=value.currency if value else None,
            value_band=band(*value) if value else None,
            happened_at=happened_at,
        )
    )


def acting_member(actor: Actor, partnership_id: UUID) -> Member:
    """Return the membership the actor acts under: its own, else that of whom it stands in for. Raises NotFound."""
    member = partnerships.acting_member(actor, partnership_id)
    if member is None:
        raise NotFound
    return member


def tells_exactly(partnership: Partnership) -> bool:
    """Tell whether both sides agreed to tell values exactly, not as bands."""
    return partnership.terms.value_disclosure is ValueDisclosure.EXACT
