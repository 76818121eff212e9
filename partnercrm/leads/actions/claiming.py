"""Claiming the credit of a lead that was not taken and then pursued: a case both enter, and the entry it comes to.

Claiming asks nothing of what the receiver has: whatever is there, the same case opens, and only the receiver itself,
or a moderator both name, brings it to anything.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from partnercrm.activity.actions import record
from partnercrm.cases.actions import open_case
from partnercrm.cases.lifecycle import CaseKind, Outcome
from partnercrm.cases.models import Case
from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions.contesting import enter
from partnercrm.leads.errors import NotClaimable
from partnercrm.leads.lifecycle import NOT_TAKEN, ContestStep
from partnercrm.leads.models import Offer
from partnercrm.leads.queries import contests, exchange
from partnercrm.leads.queries.exchange import OfferSeen

_CAME_TO: Final = {Outcome.CORRECTED: ContestStep.RESTORED, Outcome.STANDS: ContestStep.LEFT_AS_IS}


def claim_credit(actor: Actor, offer_id: UUID, given: Mapping[str, Any]) -> OfferSeen:
    """Claim that a lead the other side did not take was pursued by it: a case opens. Raises NotClaimable."""
    offer, _ = exchange.offer_to_step(actor, offer_id)
    if not contests.may_claim(actor, exchange.offer(actor, offer_id)):
        raise NotClaimable
    case = open_case(
        actor,
        offer.partnership_id,
        kind=CaseKind.LEAD_PURSUED,
        claim=given["claim"],
        subject=Offer.__tablename__,
        subject_id=offer.id,
        evidence=[_evidence(offer)],
    )
    enter(offer, case.id, ContestStep.CLAIMED)
    record(actor, "lead.claimed", offer, case_id=str(case.id))
    return exchange.offer(actor, offer.id)


def settle_claim(actor: Actor, _verb: str, case: Case, _activity_id: UUID) -> None:
    """Enter what a decided case means for its lead: where it was pursued, its giver is credited from now on."""
    if case.kind is not CaseKind.LEAD_PURSUED or case.subject_id is None:
        return
    offer = contests.contested_offer(actor, case.subject_id, *NOT_TAKEN)
    step = _CAME_TO.get(case.outcome) if case.outcome else None
    if offer is None or step is None:
        return
    enter(offer, case.id, step)
    record(actor, f"lead.{step.value}", offer, case_id=str(case.id))


def _evidence(offer: Offer) -> dict[str, Any]:
    facts = [
        {"name": "Need", "value": offer.need},
        {"name": "Offered on", "value": offer.offered_at.date().isoformat()},
        {"name": "Came back as", "value": offer.status.value},
        {"name": "For", "value": offer.reason or ""},
    ]
    return {"title": "The lead as both sides read it", "text": offer.note or "", "facts": facts}
