"""Reading doubts about disqualified leads, and what became of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from partnercrm.calendars import queries as calendars
from partnercrm.calendars.business_time import due_days
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.lifecycle import CLAIM_DAYS, CONTEST_DAYS, NOT_TAKEN, ContestStep, OfferStatus, Side
from partnercrm.leads.models import LeadStep, Offer, OfferedLead
from partnercrm.leads.models.following import LeadContest
from partnercrm.leads.queries.exchange import OfferSeen
from partnercrm.partnerships.queries import is_open_to


def contests_seen_by(actor: Actor) -> Select[LeadContest]:
    """Return what was contested, and what became of it, in the living partnerships the actor is a member of."""
    mine = actor.organization_id
    return select(LeadContest).where(
        or_(LeadContest.giver_id == mine, LeadContest.receiver_id == mine),
        is_open_to(actor, LeadContest.partnership_id),
    )


def of_offer(actor: Actor, offer_id: UUID) -> Sequence[LeadContest]:
    """Return what was contested about one offer and what became of it, in its order."""
    rows = contests_seen_by(actor).where(LeadContest.offer_id == offer_id)
    return db.session().scalars(rows.order_by(LeadContest.recorded_at)).all()


def disqualified(offer_id: UUID) -> LeadStep:
    """Return the step that disqualified an offer's lead."""
    rows = select(LeadStep).where(LeadStep.offer_id == offer_id, LeadStep.step == OfferStatus.DISQUALIFIED)
    return db.session().scalars(rows).one()


def contested_offer(actor: Actor, offer_id: UUID, *statuses: OfferStatus) -> Offer | None:
    """Return the offer that a case of the actor's organization is about, locked, if it stands at one of `statuses`.

    For what follows from a decision.
    """
    mine = actor.organization_id
    rows = select(Offer).where(
        Offer.id == offer_id,
        Offer.status.in_(statuses),
        or_(Offer.giver_id == mine, Offer.receiver_id == mine),
    )
    return db.session().scalars(rows.with_for_update()).one_or_none()


def is_corrected(as_of: datetime | None = None) -> ColumnElement[bool]:
    """Tell of a step whether it disqualified a lead that, as a case found by `as_of` (now, when None), was one."""
    found = exists().where(LeadContest.offer_id == LeadStep.offer_id, LeadContest.step == ContestStep.CORRECTED)
    if as_of is not None:
        found = found.where(LeadContest.recorded_at <= as_of)
    return and_(LeadStep.step == OfferStatus.DISQUALIFIED, found)


def was_accepted(offer: Offer) -> bool:
    """Tell whether a lead was ever accepted, not ended as a duplicate when it was answered."""
    taken = exists().where(LeadStep.offer_id == offer.id, LeadStep.step == OfferStatus.ACCEPTED)
    return bool(db.session().execute(select(taken)).scalar())


def may_contest(actor: Actor, offer: OfferSeen, contested: Sequence[LeadContest]) -> bool:
    """Tell whether the actor's side may contest what became of a lead it gave: once, within ten working days."""
    is_mine = offer.side is Side.GIVER and actor.has("leads:write")
    if not is_mine or offer.status is not OfferStatus.DISQUALIFIED or contested:
        return False
    hours = calendars.working_hours(actor, None)
    return clock.now() <= due_days(hours, disqualified(offer.id).recorded_at, CONTEST_DAYS)


def may_claim(actor: Actor, offer: OfferSeen) -> bool:
    """Tell whether the actor's side may claim that a lead it gave was pursued without it: once, within a year.

    Neither this offer nor another of the same lead of theirs was claimed. It rests on nothing the receiver has.
    """
    is_mine = offer.side is Side.GIVER and actor.has("leads:write")
    if not is_mine or offer.status not in NOT_TAKEN:
        return False
    return clock.now() < offer.offered_at + timedelta(days=CLAIM_DAYS) and not _was_claimed(actor, offer.id)


def _was_claimed(actor: Actor, offer_id: UUID) -> bool:
    this, same = aliased(OfferedLead), aliased(OfferedLead)
    offers = (
        select(same.offer_id)
        .join(this, and_(this.organization_id == same.organization_id, this.lead_id == same.lead_id))
        .where(this.organization_id == actor.organization_id, this.offer_id == offer_id)
    )
    claimed = contests_seen_by(actor).where(
        LeadContest.step == ContestStep.CLAIMED,
        or_(LeadContest.offer_id == offer_id, LeadContest.offer_id.in_(offers)),
    )
    return db.session().execute(claimed.with_only_columns(LeadContest.id).limit(1)).first() is not None
