"""Whether the same company's need is with a partner already: offered or accepted one after the other, never at once."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, Text, Uuid, any_, bindparam, column, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.companies import KEYS_VERSION, Keys, keys_of
from partnercrm.leads.lifecycle import (
    CLOSED,
    COUNTS_AGAIN_AFTER,
    IN_PROGRESS,
    OPENED,
    WORKED_ON,
    DisqualifyReason,
    OfferStatus,
)
from partnercrm.leads.models import Offer, OfferDetails
from partnercrm.leads.queries.exchange import DetailsSeen, details_seen_by, offers_seen_by

_LOCK_COMPANY: Final = "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(%s::text[]) AS name"

_KEYS: Final = bindparam("keys", type_=ARRAY(Text))


_COMPARED: Final = (Offer.id, Offer.giver_id, Offer.status, Offer.reason, Offer.offered_at, Offer.answered_at)


class _Other(NamedTuple):
    """Another offer of the same need."""

    offer_id: UUID
    giver_id: UUID
    status: OfferStatus
    reason: str | None
    offered_at: datetime
    answered_at: datetime

    def came_first(self, actor: Actor, now: datetime) -> bool:
        """Tell whether a lead of the same need that the actor opens now is a duplicate of this.

        It is while this is worked on, and within 90 days of its answer once it is closed. And where the actor's own
        side gave this and the other opened it, whenever and whatever it came to: that is sent back.
        """
        is_sent_back = self.giver_id == actor.organization_id and self.status in OPENED
        return (
            self.status in WORKED_ON
            or (self.status in CLOSED and self.answered_at > now - COUNTS_AGAIN_AFTER)
            or (is_sent_back and self.reason != DisqualifyReason.DUPLICATE)
        )

    def yields_to(self, actor: Actor, offer: Offer) -> bool:
        """Tell whether this is the actor's own, was given after `offer` was, and is accepted but not yet qualified.

        What a round reveals at one moment has the order of its ids, the same for both sides.
        """
        is_later = (self.offered_at, self.offer_id) > (offer.offered_at, offer.id)
        return is_later and self.giver_id == actor.organization_id and self.status is OfferStatus.ACCEPTED


class Met(NamedTuple):
    """What else there is of a lead's need: whether what came first; what the actor's side gave later, by its ids."""

    is_duplicate: bool
    later: Sequence[UUID]


def lock_company(partnership_id: UUID, details: OfferDetails | DetailsSeen, need: str) -> None:
    """Let others who offer or accept the same company's need in the partnership wait for this transaction."""
    names = [f"offer/{partnership_id}/{key}" for key in sorted(_keys_of(details, need))]
    db.driver_connection().execute(_LOCK_COMPANY, [names])


def under_way(actor: Actor, partnership_id: UUID, details: OfferDetails | DetailsSeen, need: str) -> UUID | None:
    """Return another offer of the same company's need in the partnership that is under way and that the actor sees.

    What the other side keeps to itself, and what it offered but is not yet revealed, plays no part.
    """
    others = _others(actor, partnership_id, details, need)
    return next((one.offer_id for one in others if one.status in IN_PROGRESS), None)


def met(actor: Actor, offer: Offer, details: OfferDetails | DetailsSeen) -> Met:
    """Return what the partnership's record holds of the need of a lead that the actor's side just opened.

    Where details are gone the database compares marks.
    """
    now = clock.now()
    others = {*_others(actor, offer.partnership_id, details, offer.need), *_marked_alike(actor, details)}
    before = [one for one in others if one.came_first(actor, now)]
    later = sorted(one.offer_id for one in before if one.yields_to(actor, offer))
    return Met(is_duplicate=len(before) > len(later), later=later)


def _marked_alike(actor: Actor, details: OfferDetails | DetailsSeen) -> Sequence[_Other]:
    """Return what was opened before of the need of what the actor's side just opened, be its details gone."""
    alike = select(func.step_same_need(details.offer_id).table_valued(column("lead_id", Uuid())))
    rows = offers_seen_by(actor).where(Offer.id.in_(alike)).with_only_columns(*_COMPARED)
    return [_Other(*row) for row in db.rows(rows)]


def _others(actor: Actor, partnership_id: UUID, details: OfferDetails | DetailsSeen, need: str) -> Sequence[_Other]:
    compared = {"keys": list(_keys_of(details, need)), "offer_id": details.offer_id, "partnership_id": partnership_id}
    return [_Other(*row) for row in db.rows(_same(details_seen_by), db.reading(actor) | compared)]


def _keys_of(details: OfferDetails | DetailsSeen, need: str) -> Collection[str]:
    kept = Keys(details.company_key, details.name_key)
    return keys_of(details.company_name, details.company_domain, need, kept)


@cache
def _same(seen_by: Callable[[Actor], Select[OfferDetails]]) -> Select[*tuple[object, ...]]:
    return (
        seen_by(db.READER)
        .with_only_columns(*_COMPARED)
        .select_from(OfferDetails)
        .join(Offer, Offer.id == OfferDetails.offer_id)
        .where(
            OfferDetails.partnership_id == bindparam("partnership_id"),
            or_(OfferDetails.company_key == any_(_KEYS), OfferDetails.name_key == any_(_KEYS)),
            OfferDetails.offer_id.is_distinct_from(bindparam("offer_id", type_=Uuid())),
        )
    )


def kept_by_an_earlier_rule(actor: Actor, most: int) -> Sequence[OfferDetails]:
    """Return what the actor's organization gave whose keys are to be made anew, locked; what others work at is left."""
    rows = _of_an_earlier_rule(actor).order_by(OfferDetails.offer_id).limit(most)
    return db.session().scalars(rows.with_for_update(skip_locked=True)).all()


def count_of_an_earlier_rule(actor: Actor) -> int:
    """Return how many keys of what the actor's organization gave are to be made anew."""
    return db.session().execute(_of_an_earlier_rule(actor).with_only_columns(func.count())).scalar_one()


def _of_an_earlier_rule(actor: Actor) -> Select[OfferDetails]:
    mine = OfferDetails.giver_id == actor.organization_id
    return select(OfferDetails).where(mine, OfferDetails.keys_version < KEYS_VERSION)
