"""Telling what one lead is worth exactly: each side says yes for itself and takes it back; the copies follow both."""

from uuid import UUID

from sqlalchemy import delete

from partnercrm.activity.actions import record
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.money import Money
from partnercrm.leads.errors import ValueAgreedAlready, ValueNotAgreed, ValueNotToTell
from partnercrm.leads.lifecycle import IN_PROGRESS, OfferStatus, Side
from partnercrm.leads.models import Offer
from partnercrm.leads.models.values import OfferAmount, ValueConsent
from partnercrm.leads.queries import exchange, values
from partnercrm.leads.queries.values import ValuesSeen
from partnercrm.partnerships.tiers import Detail

_TOLD_OF = IN_PROGRESS | {OfferStatus.WON, OfferStatus.LOST}


def agree_value(actor: Actor, offer_id: UUID) -> ValuesSeen:
    """Say yes for the actor's side to telling exactly what this lead is worth; told once the other side says so too.

    Raises ValueNotToTell, ValueAgreedAlready.
    """
    offer, partnership = exchange.offer_to_step(actor, offer_id)
    if not may_be_agreed(offer):
        raise ValueNotToTell
    if values.values_of(actor, offer).agreed_at(offer.side_of(actor.organization_id)):
        raise ValueAgreedAlready
    if offer.side_of(actor.organization_id) is Side.GIVER and (expected := values.own_amount(actor, offer)):
        keep_amount(actor, offer, expected)
    of_offer = {name: getattr(offer, name) for name in ("partnership_id", "giver_id", "receiver_id")}
    tier = partnership.terms.tiers[Detail.VALUE]
    db.insert(
        ValueConsent(
            **of_offer, offer_id=offer.id, organization_id=actor.organization_id, tier=tier, said_at=clock.now()
        )
    )
    record(actor, "lead.value_agreed", offer)
    return values.values_of(actor, offer)


def take_back_value(actor: Actor, offer_id: UUID) -> ValuesSeen:
    """Take the actor's side's yes back: from now on nothing is told, and both sides read bands again.

    Raises ValueNotAgreed.
    """
    offer, _ = exchange.offer_to_step(actor, offer_id)
    mine = ValueConsent.organization_id == actor.organization_id
    gone = delete(ValueConsent).where(ValueConsent.offer_id == offer.id, mine).returning(ValueConsent.offer_id)
    if not db.rows(gone):
        raise ValueNotAgreed
    record(actor, "lead.value_taken_back", offer)
    return values.values_of(actor, offer)


def may_be_agreed(offer: Offer | exchange.OfferSeen) -> bool:
    """Tell whether a lead has a value that could be told: it is under way, won or lost, and was not taken back."""
    return offer.status in _TOLD_OF and offer.taken_back_at is None


def keep_amount(actor: Actor, offer: Offer, amount: Money) -> None:
    """Keep what the actor's side knows of a lead's value, for itself until both sides say yes."""
    of_offer = {name: getattr(offer, name) for name in ("partnership_id", "giver_id", "receiver_id")}
    db.insert(
        OfferAmount(
            **of_offer,
            offer_id=offer.id,
            organization_id=actor.organization_id,
            value_minor=amount.minor,
            currency=amount.currency,
        )
    )
