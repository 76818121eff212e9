"""What nobody does any more: leads that wait are routed anew, leads under way pass to a manager. Nothing lands nowhere.

A member is released, disabled or loses a right at once, whatever they hold: to cut somebody off waits for no successor.
So what they held is found afterwards, by the organization's own hand, and again every night.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select

from partnercrm.activity.actions import record
from partnercrm.identity.queries import staying
from partnercrm.kernel import db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid
from partnercrm.kernel.ids import new_id
from partnercrm.leads.actions import routing
from partnercrm.leads.actions.watching import OwnOffer
from partnercrm.leads.errors import StepNotPossible
from partnercrm.leads.lifecycle import IN_PROGRESS, OfferStatus
from partnercrm.leads.models.routing import Assignment
from partnercrm.leads.queries import exchange, passing, watching
from partnercrm.leads.queries.exchange import OfferSeen
from partnercrm.leads.queries.passing import Astray
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.actions.announcing import tell_of_partner
from partnercrm.partnerships.queries import answering


def pass_on_later(actor: Actor, _verb: str, _subject: Any, _activity_id: UUID) -> None:
    """Look for what nobody does any more, once the transaction is kept that may have left it so."""
    jobs.defer("leads.pass_on", actor.organization_id)


def pass_on(actor: Actor) -> None:
    """Let others follow wherever somebody is asked first, or works on a lead, who can no more; again nothing."""
    for one in passing.unanswerable(actor):
        _route_anew(_within(actor, one), one)
    for one in passing.unattended(actor):
        _hand_over(_within(actor, one), one)


def hand_over_lead(actor: Actor, offer_id: UUID, given: Mapping[str, Any]) -> OfferSeen:
    """Let a colleague work from now on on a lead that is under way; both sides see who, and the other is told.

    Raises StepNotPossible where nobody of the actor's side works on it, Invalid for who may not.
    """
    staying.those_who_stay(actor, {given["user_id"]})
    offer, _ = exchange.offer_to_step(actor, offer_id)
    holder_id = passing.holder_of(actor, offer)
    if holder_id is None or offer.status not in IN_PROGRESS:
        raise StepNotPossible
    follower = partnerships.own_member(actor, offer.partnership_id, given["user_id"])
    if follower is None or not answering.may_answer(actor, offer.partnership_id, follower.user_id):
        raise Invalid.field("user_id", "Choose a member of this partnership who may answer leads.")
    if follower.user_id != holder_id:
        db.session().execute(select(func.step_hand_over_offer(offer.id, holder_id, follower.id)))
        db.session().refresh(offer)
        record(actor, "lead.handed_over", offer)
        _tell(actor, {follower.user_id} - {actor.user_id}, offer.id, offer.partnership_id)
    return exchange.offer(actor, offer_id)


def _within(actor: Actor, one: Astray) -> Actor:
    return replace(actor, partnership_ids=frozenset({one.partnership_id}))


def _route_anew(actor: Actor, one: Astray) -> None:
    """Ask whose turn it is about a lead that waits; where nobody is found, the managers."""
    offer = watching.received_offer(actor, one.offer_id, OfferStatus.OFFERED)
    if offer is None:
        return
    mine = Assignment.organization_id == actor.organization_id
    gone = delete(Assignment).where(mine, Assignment.offer_id == offer.id, Assignment.assignee_id == one.user_id)
    db.session().execute(gone)
    assignee = routing.route_offer(actor, offer.id)
    if assignee is not None:
        routing.tell_assignee(actor, offer, assignee)
        return
    record(actor, "lead.unassigned", OwnOffer(offer.id))
    routing.tell_managers(actor, offer, new_id())


def _hand_over(actor: Actor, one: Astray) -> None:
    """Let a manager follow who gave or took a lead that is under way; the partner sees who, not why."""
    follower = passing.follower(actor, one)
    offer, _ = exchange.offer_to_step(actor, one.offer_id)
    before = offer.version
    if follower is None or offer.status not in IN_PROGRESS:
        return
    db.session().execute(select(func.step_hand_over_offer(offer.id, one.user_id, follower.id)))
    db.session().refresh(offer)
    if offer.version == before:
        return
    record(actor, "lead.handed_over", offer)
    if follower.user_id != one.user_id:
        _tell(actor, {follower.user_id}, offer.id, offer.partnership_id)


def _tell(actor: Actor, people: Collection[UUID], offer_id: UUID, partnership_id: UUID) -> None:
    told = partnerships.and_deputies(actor, people)
    tell_of_partner(actor, told, "lead.passed_on", offer_id, partnership_id=partnership_id, event_id=new_id())
