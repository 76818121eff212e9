"""How the exchange stands: what waits in each partnership, and the steps of one offer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import case, func

from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.leads.lifecycle import OfferStatus
from partnercrm.leads.models import LeadStep, Offer
from partnercrm.leads.queries.exchange import offer, offers_seen_by
from partnercrm.leads.queries.reports import steps_seen_by, taken_back


@dataclass(frozen=True, slots=True)
class Waiting:
    """Offers without an answer in one partnership, on our side and on theirs; late ones are past the agreed time."""

    ours: int = 0
    ours_late: int = 0
    theirs: int = 0
    theirs_late: int = 0


class Gave(NamedTuple):
    """How many leads a side offered, without those it took back, and how many of them were accepted."""

    offered: int = 0
    accepted: int = 0


def waiting(actor: Actor) -> Mapping[UUID, Waiting]:
    """Return what waits for an answer, by partnership; partnerships in which nothing waits are absent."""
    ours = Offer.receiver_id == actor.organization_id
    late = Offer.respond_by < clock.now()
    rows = (
        offers_seen_by(actor)
        .where(Offer.status == OfferStatus.OFFERED)
        .with_only_columns(
            Offer.partnership_id,
            func.count(case((ours, 1))),
            func.count(case((ours & late, 1))),
            func.count(case((~ours, 1))),
            func.count(case((~ours & late, 1))),
        )
        .group_by(Offer.partnership_id)
    )
    return {partnership_id: Waiting(*counts) for partnership_id, *counts in db.session().execute(rows)}


def given_counts(actor: Actor) -> Mapping[tuple[UUID, UUID], Gave]:
    """Return how many leads each organization gave, by (partnership, organization)."""
    rows = (
        steps_seen_by(actor)
        .where(~taken_back())
        .with_only_columns(
            LeadStep.partnership_id,
            LeadStep.giver_id,
            func.count(case((LeadStep.step == OfferStatus.OFFERED, 1))),
            func.count(case((LeadStep.step == OfferStatus.ACCEPTED, 1))),
        )
        .group_by(LeadStep.partnership_id, LeadStep.giver_id)
    )
    return {
        (partnership_id, giver_id): Gave(*counts) for partnership_id, giver_id, *counts in db.session().execute(rows)
    }


def exhibit(actor: Actor, offer_id: UUID) -> Mapping[str, Any]:
    """Return the record of one offer as both sides read it, to be copied into a case. Raises NotFound."""
    seen = offer(actor, offer_id)
    taken = [
        {"name": step.step.value, "value": f"{step.happened_at:%Y-%m-%d %H:%M} UTC"} for step in steps(actor, seen.id)
    ]
    return {"title": seen.need, "facts": taken}


def steps(actor: Actor, offer_id: UUID) -> Sequence[LeadStep]:
    """Return the steps of one offer as both sides read them, in their order. Raises NotFound.

    Every offer has a step; where none is seen, the sharing ended since the offer was read.
    """
    rows = steps_seen_by(actor).where(LeadStep.offer_id == offer_id)
    found = db.session().scalars(rows.order_by(LeadStep.happened_at, LeadStep.recorded_at, LeadStep.id)).all()
    if not found:
        raise NotFound
    return found
