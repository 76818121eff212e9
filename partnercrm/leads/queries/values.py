"""Reading what one lead is worth: who of the two sides says yes, what both then read, and what one's own side keeps."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.money import Money
from partnercrm.leads.lifecycle import Side
from partnercrm.leads.models import Lead, Offer, OfferedLead
from partnercrm.leads.models.values import OfferAmount, ToldValue, ValueConsent
from partnercrm.leads.queries import exchange
from partnercrm.leads.queries.exchange import OfferSeen
from partnercrm.partnerships.queries import is_open_to


@dataclass(frozen=True, slots=True)
class ValuesSeen:
    """What both sides read of one lead's value, the same for both; `id` is the offer's."""

    id: UUID
    partnership_id: UUID
    giver_agreed_at: datetime | None
    receiver_agreed_at: datetime | None
    expected: Money | None
    won: Money | None

    def agreed_at(self, side: Side) -> datetime | None:
        """Return since when a side says yes."""
        return self.giver_agreed_at if side is Side.GIVER else self.receiver_agreed_at


def consents_seen_by(actor: Actor) -> Select[ValueConsent]:
    """Return who says yes, in the living partnerships that the actor is a member of."""
    mine = actor.organization_id
    return select(ValueConsent).where(
        or_(ValueConsent.giver_id == mine, ValueConsent.receiver_id == mine),
        is_open_to(actor, ValueConsent.partnership_id),
    )


def told_values_seen_by(actor: Actor) -> Select[ToldValue]:
    """Return the values that both sides tell, in the living partnerships that the actor is a member of."""
    mine = actor.organization_id
    return select(ToldValue).where(
        or_(ToldValue.giver_id == mine, ToldValue.receiver_id == mine), is_open_to(actor, ToldValue.partnership_id)
    )


def amounts_seen_by(actor: Actor) -> Select[OfferAmount]:
    """Return what the actor's own side keeps of the values of leads, in living partnerships it is a member of."""
    return select(OfferAmount).where(
        OfferAmount.organization_id == actor.organization_id, is_open_to(actor, OfferAmount.partnership_id)
    )


def values(actor: Actor, offer_id: UUID) -> ValuesSeen:
    """Return what both sides read of a lead's value. Raises NotFound."""
    return values_of(actor, exchange.offer(actor, offer_id))


def values_of(actor: Actor, offer: Offer | OfferSeen) -> ValuesSeen:
    """Return what both sides read of the value of a lead that the actor sees."""
    said = consents_seen_by(actor).where(ValueConsent.offer_id == offer.id)
    agreed = {one.organization_id: one.said_at for one in db.session().scalars(said)}
    told = told_values_seen_by(actor).where(ToldValue.offer_id == offer.id)
    read = {one.discloser_id: one.value for one in db.session().scalars(told)}
    return ValuesSeen(
        id=offer.id,
        partnership_id=offer.partnership_id,
        giver_agreed_at=agreed.get(offer.giver_id),
        receiver_agreed_at=agreed.get(offer.receiver_id),
        expected=read.get(offer.giver_id),
        won=read.get(offer.receiver_id),
    )


def own_amount(actor: Actor, offer: Offer | OfferSeen) -> Money | None:
    """Return what the actor's side would tell: of its own lead what it expects now, of a received one what it won."""
    if offer.giver_id == actor.organization_id:
        link = (OfferedLead.organization_id == Lead.organization_id) & (OfferedLead.lead_id == Lead.id)
        rows = select(Lead).join(OfferedLead, link)
        rows = rows.where(Lead.organization_id == actor.organization_id, OfferedLead.offer_id == offer.id)
        lead = db.session().scalars(rows).one_or_none()
        return lead.value if lead else None
    kept = amounts_seen_by(actor).where(OfferAmount.offer_id == offer.id)
    won = db.session().scalars(kept).one_or_none()
    return Money(won.value_minor, won.currency) if won else None
