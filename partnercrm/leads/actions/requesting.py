"""Asking the own partner manager to offer beyond the agreed trust advance, and what becomes of it.

A request stands while somebody has to do something about it: it goes when its lead is offered, by whatever way, when
it is withdrawn, when the lead is discarded or the partnership ends. When the turn comes round nothing happens by
itself, since a teaser may have aged meanwhile: its asker may then offer it without anybody's yes.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete

from partnercrm.activity.actions import record
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotAllowed, NotFound
from partnercrm.kernel.ids import new_id
from partnercrm.leads.actions import offering
from partnercrm.leads.actions.keeping import enter_lead
from partnercrm.leads.errors import AskedAlready, RequestDeclined, StillYourTurn, TrustAdvanceGiven
from partnercrm.leads.models import Lead
from partnercrm.leads.models.requests import OfferRequest, RequestStatus
from partnercrm.leads.queries import requests
from partnercrm.leads.queries.exchange import OfferSeen
from partnercrm.leads.queries.requests import RequestSeen
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.actions.announcing import tell_of_partner
from partnercrm.partnerships.models import Partnership

_OFFERED_SO: Final = ("partnership_id", "lead_id", "product_line_id", "message", "shows_company", "role_only")


def ask_to_offer(actor: Actor, given: Mapping[str, Any]) -> RequestSeen:
    """Ask whoever manages the partnership to offer a lead beyond the trust advance.

    Raises what would refuse to offer it, but for the turn; StillYourTurn where nobody has to be asked; AskedAlready.
    """
    partnership, state = offering.to_offer(actor, given["partnership_id"], given["lead_id"])
    return _asked(actor, partnership, state.lead, given)


def enter_and_ask(actor: Actor, lead: Mapping[str, Any], given: Mapping[str, Any]) -> RequestSeen:
    """Enter a new lead and ask to offer it, both or neither."""
    partnership = offering.held(actor, given["partnership_id"])
    return _asked(actor, partnership, enter_lead(actor, lead).lead, given)


def _asked(actor: Actor, partnership: Partnership, lead: Lead, given: Mapping[str, Any]) -> RequestSeen:
    offering.prepared(actor, partnership, lead, given)
    try:
        offering.require_turn(actor, partnership)
    except TrustAdvanceGiven:
        pass
    else:
        raise StillYourTurn
    asked = OfferRequest(
        id=new_id(),
        organization_id=actor.organization_id,
        partnership_id=partnership.id,
        lead_id=lead.id,
        asker_id=actor.user_id or lead.owner_id,
        product_line_id=given.get("product_line_id"),
        message=given.get("message", ""),
        shows_company=bool(given.get("shows_company")),
        role_only=bool(given.get("role_only")),
        note=given.get("note", ""),
        status=RequestStatus.WAITING,
        asked_at=clock.now(),
    )
    _forget(actor, OfferRequest.lead_id == lead.id, OfferRequest.status == RequestStatus.DECLINED)
    with db.unique("uq_offer_requests_organization_id_lead_id", AskedAlready):
        db.session().add(asked)
    record(actor, "offer_request.asked", asked)
    managers = {one.user_id for one in partnerships.own_managers(actor, partnership.id)}
    _tell(actor, partnerships.and_deputies(actor, managers), "offer_request.asked", asked, asked.id)
    return requests.request(actor, asked.id)


def offer_requested(actor: Actor, request_id: UUID) -> OfferSeen:
    """Offer what was asked for, all checks anew: whoever manages the partnership at any time, who asked in their turn.

    Raises whatever refuses to offer it; RequestDeclined.
    """
    found = requests.request(actor, request_id).request
    try:
        partnership, state = offering.to_offer(actor, found.partnership_id, found.lead_id)
    except Invalid as error:
        raise NotFound from error
    asked = requests.request_to_settle(actor, request_id)
    if asked.status is RequestStatus.DECLINED:
        raise RequestDeclined
    given = {name: getattr(asked, name) for name in _OFFERED_SO}
    record(actor, "offer_request.approved", asked)
    db.session().expunge(asked)
    made = offering.offered(actor, partnership, state, given | {"beyond_trust_advance": True}, asked.asker_id)
    _tell(actor, {asked.asker_id}, "offer_request.approved", asked, made.id)
    return made


def decline_request(actor: Actor, request_id: UUID, given: Mapping[str, Any]) -> RequestSeen:
    """Say no, with a reason its asker reads. Raises RequestDeclined."""
    asked = requests.request_to_settle(actor, request_id)
    if asked.status is RequestStatus.DECLINED:
        raise RequestDeclined
    asked.status, asked.answer, asked.answered_at = RequestStatus.DECLINED, given["answer"], clock.now()
    db.session().flush()
    record(actor, "offer_request.declined", asked)
    _tell(actor, {asked.asker_id}, "offer_request.declined", asked, asked.id)
    return requests.request(actor, asked.id)


def withdraw_request(actor: Actor, request_id: UUID) -> None:
    """Take a request back, or put one away that was declined. Raises NotAllowed to everybody but who asked."""
    asked = requests.request_to_settle(actor, request_id)
    if asked.asker_id != actor.user_id:
        raise NotAllowed
    record(actor, "offer_request.withdrawn", asked)
    db.session().expunge(asked)
    _forget(actor, OfferRequest.id == asked.id)


def _forget(actor: Actor, *which: Any) -> None:
    mine = OfferRequest.organization_id == actor.organization_id
    db.session().execute(delete(OfferRequest).where(mine, *which).execution_options(synchronize_session=False))


def _tell(actor: Actor, people: set[UUID], kind: str, asked: OfferRequest, subject_id: UUID) -> None:
    others = people - {actor.user_id}
    tell_of_partner(actor, others, kind, subject_id, partnership_id=asked.partnership_id, event_id=new_id())
