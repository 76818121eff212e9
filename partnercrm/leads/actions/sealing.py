"""What a side puts into an exchange round: picked in private, sealed all at once, revealed when both sides have."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import cast, delete, func, select, update
from sqlalchemy.dialects.postgresql import JSONB

from partnercrm.activity.actions import record
from partnercrm.activity.queries.subjects import subjects_of
from partnercrm.calendars import queries as calendars
from partnercrm.kernel import clock, db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Conflict, FieldError, Invalid, NotFound
from partnercrm.kernel.ids import new_id, random_id
from partnercrm.leads import sealing
from partnercrm.leads.actions.copying import announce, details_of, offer_times, teaser_of
from partnercrm.leads.actions.offering import require_free
from partnercrm.leads.errors import (
    PicksRefused,
    RoundNotFilled,
    RoundNotOpen,
    RoundNotSealed,
    RoundSealed,
    SameLeadWithPartner,
)
from partnercrm.leads.models import Offer
from partnercrm.leads.models.rounds import ExchangeRound, RoundPick, RoundSeal, SealedDocument
from partnercrm.leads.queries import own, same
from partnercrm.leads.queries import rounds as queries
from partnercrm.leads.queries.exchange import DetailsSeen
from partnercrm.leads.queries.own import LeadState
from partnercrm.leads.queries.rounds import PickSeen, RoundSeen
from partnercrm.leads.rounds import RoundStatus
from partnercrm.leads.sealing import SealedLead
from partnercrm.partnerships.errors import PartnershipPaused
from partnercrm.partnerships.models import Partnership
from partnercrm.partnerships.queries import settlement

HOW = ("message", "shows_company", "role_only", "product_line_id")
_TWICE = "Another of these leads is of the same company and need."
_UNCOMMITTED = ("company_key", "name_key", "tier")


def pick_lead(actor: Actor, round_id: UUID, given: Mapping[str, Any]) -> PickSeen:
    """Mean to put a lead into a round, or change how it is to travel; the other side learns nothing of it.

    Raises RoundNotOpen, RoundSealed, and what offering the lead would raise.
    """
    one, partnership = _open(actor, round_id, read=True)
    if queries.own_seal(actor, one.id):
        raise RoundSealed
    try:
        state = own.lead(actor, given["lead_id"], lock=True)
    except NotFound as error:
        raise Invalid.field("lead_id", "There is no such lead among those you see.") from error
    _prepared(actor, partnership, state, given)
    pick = queries.pick_of(actor, one.id, state.id)
    if pick is None:
        pick = RoundPick(
            id=random_id(),
            organization_id=actor.organization_id,
            partnership_id=one.partnership_id,
            round_id=one.id,
            lead_id=state.id,
            picked_at=clock.now(),
        )
        db.session().add(pick)
    for name in HOW:
        setattr(pick, name, given[name])
    db.session().flush()
    record(actor, "round.picked", pick)
    return PickSeen(pick, state.lead)


def unpick_lead(actor: Actor, round_id: UUID, given: Mapping[str, Any]) -> RoundSeen:
    """Leave a lead out of a round again. Raises RoundNotOpen, RoundSealed, Invalid."""
    one, _ = _open(actor, round_id, read=True)
    if queries.own_seal(actor, one.id):
        raise RoundSealed
    pick = queries.pick_of(actor, one.id, given["lead_id"])
    if pick is None:
        raise Invalid.field("lead_id", "This lead is not among those you picked.")
    record(actor, "round.unpicked", pick)
    db.session().delete(pick)
    db.session().flush()
    return queries.round_seen(actor, one.id)


def seal_round(actor: Actor, round_id: UUID) -> RoundSeen:
    """Seal what the actor's side picked: it shows the commitment alone. Once both sides have sealed, all is revealed.

    Raises RoundNotOpen, RoundSealed, RoundNotFilled, PartnershipPaused, PicksRefused.
    """
    one, partnership = _open(actor, round_id)
    if partnership.is_paused:
        raise PartnershipPaused
    if queries.own_seal(actor, one.id):
        raise RoundSealed
    picks = queries.picks_to_seal(actor, one.id)
    if len(picks) != one.leads_each:
        raise RoundNotFilled(picked=len(picks), leads_each=one.leads_each)
    leads = _sealed(actor, partnership, picks)
    salt = secrets.token_bytes(sealing.SALT_BYTES)
    document = sealing.seal_document(one.id, actor.organization_id, partnership.terms.version, leads)
    seal = RoundSeal(
        id=new_id(),
        partnership_id=one.partnership_id,
        round_id=one.id,
        organization_id=actor.organization_id,
        other_id=one.other(actor.organization_id),
        commitment=sealing.commitment(salt, document),
        sealed_at=clock.now(),
    )
    of_seal = {"organization_id": actor.organization_id, "partnership_id": one.partnership_id, "round_id": one.id}
    db.session().add(seal)
    db.session().flush()
    db.session().add(SealedDocument(seal_id=seal.id, salt=salt, document=document, **of_seal))
    db.session().flush()
    record(actor, "round.sealed", one)
    _reveal(actor, one, partnership)
    return queries.round_seen(actor, one.id)


def unseal_round(actor: Actor, round_id: UUID) -> RoundSeen:
    """Break the actor's own seal while the round is open: the commitment stands as withdrawn, the picks as they were.

    Raises RoundNotOpen, RoundNotSealed.
    """
    one, _ = _open(actor, round_id)
    seal = queries.own_seal(actor, one.id)
    if seal is None:
        raise RoundNotSealed
    seal.withdrawn_at = clock.now()
    mine = RoundPick.organization_id == actor.organization_id
    nothing = dict.fromkeys(("offer_id", "details", "details_salt", *_UNCOMMITTED))
    db.session().execute(update(RoundPick).where(mine, RoundPick.round_id == one.id).values(nothing))
    db.session().execute(delete(SealedDocument).where(SealedDocument.seal_id == seal.id))
    db.session().flush()
    record(actor, "round.unsealed", one)
    return queries.round_seen(actor, one.id)


def begin_offers(actor: Actor, round_id: UUID) -> None:
    """Record for the actor's side the offers that a round revealed, and let their clocks run; again changes nothing."""
    rows = select(RoundSeal).where(
        RoundSeal.round_id == round_id,
        RoundSeal.organization_id == actor.organization_id,
        RoundSeal.document.is_not(None),
    )
    for seal in db.session().scalars(rows):
        ids = [UUID(one["offer_id"]) for one in (seal.document or {})["leads"]]
        hours = calendars.hours_of_side(actor, seal.other_id)
        begun = subjects_of(actor, "lead.offered", ids)
        mine = select(Offer).where(Offer.giver_id == actor.organization_id, Offer.id.in_(ids)).order_by(Offer.id)
        for offer in db.session().scalars(mine).all():
            if offer.id not in begun:
                announce(actor, offer, hours)


def _open(actor: Actor, round_id: UUID, *, read: bool = False) -> tuple[ExchangeRound, Partnership]:
    one, partnership = queries.round_to_step(actor, round_id, read=read)
    if one.status is not RoundStatus.OPEN or db.now() >= one.ends_at:
        raise RoundNotOpen
    return one, partnership


def _prepared(
    actor: Actor, partnership: Partnership, state: LeadState, how: Mapping[str, Any]
) -> tuple[sealing.Json, dict[str, Any]]:
    """Return the teaser and the details that would travel now; raises what offering the lead would raise."""
    require_free(state)
    teaser = sealing.plain(teaser_of(state.lead, partnership, how))
    details = details_of(state.lead, partnership, how)
    if earlier := same.under_way(actor, partnership.id, DetailsSeen(offer_id=None, **details), state.lead.need):
        raise SameLeadWithPartner(offer_id=earlier)
    return teaser, details


def _sealed(actor: Actor, partnership: Partnership, picks: Sequence[RoundPick]) -> list[SealedLead]:
    """Put copies of what travels beside the picks; return what is committed to. Raises PicksRefused, all at once."""
    sealed, wrong, keys = [], [], set[str]()
    for pick in picks:
        how = {name: getattr(pick, name) for name in HOW}
        try:
            teaser, details = _prepared(actor, partnership, own.lead(actor, pick.lead_id, lock=True), how)
        except Conflict as refusal:
            wrong.append(FieldError(f"leads.{pick.lead_id}", refusal.title))
        except Invalid as refusal:
            wrong += [FieldError(f"leads.{pick.lead_id}.{one.field}", one.message) for one in refusal.errors]
        else:
            if details["name_key"] in keys:
                wrong.append(FieldError(f"leads.{pick.lead_id}", _TWICE))
            keys.add(details["name_key"])
            committed = sealing.details_document(details)
            pick.offer_id, pick.details = new_id(), committed
            pick.details_salt = secrets.token_bytes(sealing.SALT_BYTES)
            for name in _UNCOMMITTED:
                setattr(pick, name, details[name])
            sealed.append(SealedLead(pick.offer_id, teaser, sealing.commitment(pick.details_salt, committed)))
    if wrong:
        raise PicksRefused(wrong)
    return sealed


def _reveal(actor: Actor, one: ExchangeRound, partnership: Partnership) -> None:
    """Open both seals if both stand; from then on there are ordinary offers each way."""
    now = clock.now()
    settlement.settle(partnership.id)
    times = {
        str(giver): {
            name: at.isoformat()
            for name, at in offer_times(partnership, calendars.hours_of_side(actor, one.other(giver)), now)
            ._asdict()
            .items()
        }
        for giver in one.sides()
    }
    step = func.step_reveal_round(one.id, now, partnership.terms.version, cast(times, JSONB))
    if not db.session().execute(select(step)).scalar_one():
        return
    db.session().expire_all()
    db.session().refresh(one)
    record(actor, "round.revealed", one)
    begin_offers(actor, one.id)
    jobs.defer("leads.begin_offers", one.other(actor.organization_id), round_id=one.id)
