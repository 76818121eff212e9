"""What becomes of accepted leads beside their way to a deal, over the API: given back, more time, contested."""

from typing import Any
from uuid import UUID

from partnercrm.kernel.actor import Actor
from partnercrm.leads import schemas
from partnercrm.leads.actions import claiming, contesting, exchanging, following
from partnercrm.leads.errors import (
    AlreadySnoozed,
    HappenedOutOfOrder,
    NotClaimable,
    NotContestable,
    OfferAlreadyAnswered,
    OfferExpired,
    StepNotPossible,
)
from partnercrm.leads.queries import exchange
from partnercrm.leads.queries.exchange import OfferSeen
from partnercrm.web.endpoint import Door

api = Door("following", prefix="/api/v1", description="Leads given back, followed up later, or contested.")


@api.post(
    "/offers/<uuid:offer_id>/return",
    scope="leads:write",
    body=schemas.ReturnLead,
    answers=schemas.OfferView,
    refuses=(OfferAlreadyAnswered, OfferExpired, StepNotPossible, HappenedOutOfOrder),
    rechecks=exchange.offer,
)
def return_lead(actor: Actor, offer_id: UUID, given: dict[str, Any]) -> OfferSeen:
    """Give a lead you accepted back, with a reason both sides read."""
    return exchanging.return_lead(actor, offer_id, given)


@api.post(
    "/offers/<uuid:offer_id>/snooze",
    scope="leads:write",
    body=schemas.SnoozeLead,
    answers=schemas.OfferView,
    refuses=(StepNotPossible, AlreadySnoozed),
    rechecks=exchange.offer,
)
def snooze_lead(actor: Actor, offer_id: UUID, given: dict[str, Any]) -> OfferSeen:
    """Ask for more time to say how an accepted lead stands, once; its giver sees until when."""
    return following.snooze_lead(actor, offer_id, given)


@api.post(
    "/offers/<uuid:offer_id>/contest",
    scope="leads:write",
    body=schemas.ContestLead,
    answers=schemas.OfferView,
    refuses=(NotContestable,),
    rechecks=exchange.offer,
)
def contest_lead(actor: Actor, offer_id: UUID, given: dict[str, Any]) -> OfferSeen:
    """Contest that a lead you gave was disqualified, within ten working days: both sides settle it as a case."""
    return contesting.contest_lead(actor, offer_id, given)


@api.post(
    "/offers/<uuid:offer_id>/claim-credit",
    scope="leads:write",
    body=schemas.ClaimCredit,
    answers=schemas.OfferView,
    refuses=(NotClaimable,),
    rechecks=exchange.offer,
)
def claim_credit(actor: Actor, offer_id: UUID, given: dict[str, Any]) -> OfferSeen:
    """Claim that a lead of yours that was declined, returned or not answered was then pursued: a case opens."""
    return claiming.claim_credit(actor, offer_id, given)
