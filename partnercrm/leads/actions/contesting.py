"""Doubting that a disqualified lead was none: a case between both sides, and the entry that corrects."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from partnercrm.activity.actions import record
from partnercrm.cases.actions import open_case
from partnercrm.cases.lifecycle import CaseKind, Outcome
from partnercrm.cases.models import Case
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id
from partnercrm.leads.actions.steps import add_step, expected
from partnercrm.leads.errors import NotContestable
from partnercrm.leads.lifecycle import ContestStep, OfferStatus
from partnercrm.leads.models import Offer
from partnercrm.leads.models.following import LeadContest
from partnercrm.leads.queries import contests, exchange
from partnercrm.leads.queries.exchange import OfferSeen
from partnercrm.partnerships.queries import settlement

_CAME_TO: Final = {Outcome.CORRECTED: ContestStep.CORRECTED, Outcome.STANDS: ContestStep.UPHELD}


def contest_lead(actor: Actor, offer_id: UUID, given: Mapping[str, Any]) -> OfferSeen:
    """Contest that a given lead was disqualified: a case opens, which both sides settle. Raises NotContestable."""
    offer, _ = exchange.offer_to_step(actor, offer_id)
    if not contests.may_contest(actor, exchange.offer(actor, offer_id), contests.of_offer(actor, offer_id)):
        raise NotContestable
    case = open_case(
        actor,
        offer.partnership_id,
        kind=CaseKind.LEAD_DISQUALIFIED,
        claim=given["claim"],
        subject=Offer.__tablename__,
        subject_id=offer.id,
        evidence=[_evidence(offer)],
    )
    enter(offer, case.id, ContestStep.CONTESTED)
    record(actor, "lead.contested", offer, case_id=str(case.id))
    return exchange.offer(actor, offer.id)


def settle_contest(actor: Actor, _verb: str, case: Case, _activity_id: UUID) -> None:
    """Enter what a decided case means for its lead: a corrected one counts as qualified from now on.

    One that ended as a duplicate when it was answered was accepted then, as the case found.
    """
    if case.kind is not CaseKind.LEAD_DISQUALIFIED or case.subject_id is None:
        return
    offer = contests.contested_offer(actor, case.subject_id, OfferStatus.DISQUALIFIED)
    step = _CAME_TO.get(case.outcome) if case.outcome else None
    if offer is None or step is None:
        return
    enter(offer, case.id, step)
    if step is ContestStep.CORRECTED and offer.answered_at and not contests.was_accepted(offer):
        add_step(offer, offer.answered_at, expected(offer), step=OfferStatus.ACCEPTED)
    record(actor, f"lead.{step.value}", offer, case_id=str(case.id))


def enter(offer: Offer, case_id: UUID, step: ContestStep) -> None:
    """Enter beside an offer's steps what a case is about, or what it came to."""
    settlement.settle(offer.partnership_id)
    db.session().add(
        LeadContest(
            id=new_id(),
            partnership_id=offer.partnership_id,
            giver_id=offer.giver_id,
            receiver_id=offer.receiver_id,
            offer_id=offer.id,
            case_id=case_id,
            step=step,
            happened_at=clock.now(),
        )
    )
    db.session().flush()


def _evidence(offer: Offer) -> dict[str, Any]:
    facts = [
        {"name": "Need", "value": offer.need},
        {"name": "Disqualified for", "value": offer.reason or ""},
    ]
    return {"title": "The lead as both sides read it", "text": offer.note or "", "facts": facts}
