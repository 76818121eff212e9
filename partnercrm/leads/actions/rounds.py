"""Exchange rounds: proposed by one side, agreed by the other, broken off by either, returned when time is over."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from partnercrm.activity.actions import record
from partnercrm.kernel import clock, db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotFound
from partnercrm.kernel.ids import new_id
from partnercrm.leads.errors import RoundAnswered, RoundGoesOn
from partnercrm.leads.models.rounds import ExchangeRound
from partnercrm.leads.queries import rounds as queries
from partnercrm.leads.queries.rounds import RoundSeen
from partnercrm.leads.rounds import GOING_ON, RoundStatus, is_long_enough, reminder_at
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.actions.announcing import tell_of_partner
from partnercrm.partnerships.errors import AnsweredByTheOther, PartnershipPaused
from partnercrm.partnerships.models import Partnership


def propose_round(actor: Actor, given: Mapping[str, Any]) -> RoundSeen:
    """Propose to exchange so many leads each way by a moment. Raises RoundGoesOn, PartnershipPaused, Invalid."""
    try:
        partnership = partnerships.held_partnership(actor, given["partnership_id"])
    except NotFound as error:
        raise Invalid.field("partnership_id", "You are not a member of such a partnership.") from error
    if partnership.is_paused:
        raise PartnershipPaused
    now = clock.now()
    if not is_long_enough(now, given["ends_at"]):
        raise Invalid.field("ends_at", "A round lasts an hour at least and ninety days at most.")
    proposed = ExchangeRound(
        id=new_id(),
        partnership_id=partnership.id,
        organization_id=actor.organization_id,
        other_id=partnership.other(actor.organization_id),
        leads_each=given["leads_each"],
        ends_at=given["ends_at"],
        note=given.get("note", ""),
        status=RoundStatus.PROPOSED,
        proposed_at=now,
    )
    with db.unique("uq_exchange_rounds_going_on", RoundGoesOn):
        db.session().add(proposed)
    jobs.defer("leads.return_round", actor.organization_id, at=proposed.ends_at, round_id=proposed.id)
    record(actor, "round.proposed", proposed)
    return queries.round_seen(actor, proposed.id)


def agree_round(actor: Actor, round_id: UUID) -> RoundSeen:
    """Agree to a round the other side proposed; both prepare from now on.

    Raises RoundAnswered, AnsweredByTheOther, PartnershipPaused.
    """
    one, partnership = _to_answer(actor, round_id)
    if partnership.is_paused:
        raise PartnershipPaused
    now = clock.now()
    seen = _answered(actor, one, RoundStatus.OPEN, "round.agreed")
    for organization_id in one.sides():
        jobs.defer("leads.remind_of_round", organization_id, at=reminder_at(now, one.ends_at), round_id=one.id)
    return seen


def decline_round(actor: Actor, round_id: UUID) -> RoundSeen:
    """Decline a round the other side proposed. Raises RoundAnswered, AnsweredByTheOther."""
    one, _ = _to_answer(actor, round_id)
    return _answered(actor, one, RoundStatus.DECLINED, "round.declined")


def withdraw_round(actor: Actor, round_id: UUID) -> RoundSeen:
    """Take back a round the actor's side proposed. Raises RoundAnswered, AnsweredByTheOther."""
    one, _ = _to_answer(actor, round_id, by_proposer=True)
    return _answered(actor, one, RoundStatus.WITHDRAWN, "round.withdrawn")


def break_off_round(actor: Actor, round_id: UUID) -> RoundSeen:
    """End a round without an exchange: every lead is its giver's as before. Raises RoundAnswered."""
    one, _ = queries.round_to_step(actor, round_id)
    if one.status is not RoundStatus.OPEN:
        raise RoundAnswered
    _returned(actor, one)
    return queries.round_seen(actor, round_id)


def return_round(actor: Actor, round_id: UUID) -> None:
    """End a round whose time has passed without an exchange."""
    one = queries.round_of_clock(actor, round_id)
    if one is None:
        return
    if db.now() < one.ends_at:
        jobs.defer("leads.return_round", actor.organization_id, at=one.ends_at, round_id=one.id)
        return
    _returned(actor, one)


def remind_of_round(actor: Actor, round_id: UUID) -> None:
    """Remind the actor's managers of a round that ends soon, unless their side has sealed."""
    one = queries.round_of_clock(actor, round_id)
    if one is None or one.status is not RoundStatus.OPEN or queries.own_seal(actor, one.id):
        return
    managers = {member.user_id for member in partnerships.own_managers(actor, one.partnership_id)}
    people = partnerships.and_deputies(actor, managers)
    tell_of_partner(actor, people, "round.due", one.id, partnership_id=one.partnership_id)


def return_of_paused(actor: Actor, verb: str, subject: Any, activity_id: UUID) -> None:
    """End the round that goes on in a partnership which was paused just now."""
    round_id = queries.round_going_on(subject.partnership_id)
    one = queries.round_of_clock(actor, round_id) if round_id else None
    if one:
        _returned(actor, one)


def require_going_on(one: ExchangeRound, status: RoundStatus) -> None:
    """Refuse a round that does not stand there any more, or whose time is over. Raises RoundAnswered."""
    if one.status is not status or db.now() >= one.ends_at:
        raise RoundAnswered


def _returned(actor: Actor, one: ExchangeRound) -> None:
    if (
        one.status in GOING_ON
        and db.session().execute(select(func.step_return_round(one.id, clock.now()))).scalar_one()
    ):
        db.session().refresh(one)
        record(actor, "round.returned", one)


def _to_answer(actor: Actor, round_id: UUID, *, by_proposer: bool = False) -> tuple[ExchangeRound, Partnership]:
    one, partnership = queries.round_to_step(actor, round_id)
    require_going_on(one, RoundStatus.PROPOSED)
    if (one.organization_id == actor.organization_id) is not by_proposer:
        raise AnsweredByTheOther
    return one, partnership


def _answered(actor: Actor, one: ExchangeRound, status: RoundStatus, verb: str) -> RoundSeen:
    one.status, one.answered_at = status, clock.now()
    db.session().flush()
    record(actor, verb, one)
    return queries.round_seen(actor, one.id)
