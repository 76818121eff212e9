"""Reading exchange rounds: what both sides share of them, and what one's own side picked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.leads.models import Lead, OfferDetails
from partnercrm.leads.models.rounds import ExchangeRound, RoundPick, RoundSeal
from partnercrm.leads.queries import own
from partnercrm.leads.queries.exchange import OfferSeen, details_seen_by
from partnercrm.leads.rounds import GOING_ON
from partnercrm.partnerships.models import Partnership
from partnercrm.partnerships.queries import held_partnership, is_held, is_open_to
from partnercrm.web.paging import Page, page

SORTS = {"proposed_at": ExchangeRound.proposed_at}
PICK_SORTS = {"picked_at": RoundPick.picked_at}


class Opening(NamedTuple):
    """The details of one revealed lead as they were sealed, and the salt under which: for who may read them."""

    offer_id: UUID
    salt: bytes
    details: OfferDetails


@dataclass(frozen=True, slots=True)
class RoundSeen:
    """A round with its seals, ordered by organization and time; both sides read the same, but for the openings."""

    round: ExchangeRound
    seals: Sequence[RoundSeal]
    openings: Sequence[Opening]

    @property
    def id(self) -> UUID:
        """The round's id, by which it is read again."""
        return self.round.id

    @property
    def partnership_id(self) -> UUID:
        """The partnership it takes place in."""
        return self.round.partnership_id

    def seal_of(self, organization_id: UUID) -> RoundSeal | None:
        """Return the seal of one side that stands."""
        mine = (seal for seal in self.seals if seal.organization_id == organization_id)
        return next((seal for seal in mine if seal.withdrawn_at is None), None)


class PickSeen(NamedTuple):
    """A lead one's own side picked, and how it is to travel."""

    pick: RoundPick
    lead: Lead

    @property
    def id(self) -> UUID:
        """The pick's id."""
        return self.pick.id

    @property
    def partnership_id(self) -> UUID:
        """The partnership it is picked in."""
        return self.pick.partnership_id


def rounds_seen_by(actor: Actor) -> Select[ExchangeRound]:
    """Return the rounds of the living partnerships that the actor is a member of."""
    mine = actor.organization_id
    return select(ExchangeRound).where(
        or_(ExchangeRound.organization_id == mine, ExchangeRound.other_id == mine),
        is_open_to(actor, ExchangeRound.partnership_id),
    )


def seals_seen_by(actor: Actor) -> Select[RoundSeal]:
    """Return the seals in the living partnerships that the actor is a member of."""
    mine = actor.organization_id
    return select(RoundSeal).where(
        or_(RoundSeal.organization_id == mine, RoundSeal.other_id == mine),
        is_open_to(actor, RoundSeal.partnership_id),
    )


def picks_seen_by(actor: Actor) -> Select[RoundPick]:
    """Return what the actor's own side picked, of the leads the actor sees."""
    leads = own.leads_seen_by(actor).with_only_columns(Lead.id)
    return select(RoundPick).where(
        RoundPick.organization_id == actor.organization_id,
        is_open_to(actor, RoundPick.partnership_id),
        RoundPick.lead_id.in_(leads),
    )


def rounds(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of the rounds."""
    rows = rounds_seen_by(actor)
    for name in ("partnership_id", "status"):
        if name in given:
            rows = rows.where(getattr(ExchangeRound, name) == given[name])
    return page(actor, rows, given, sorts=SORTS, key=ExchangeRound.id)


def round_seen(actor: Actor, round_id: UUID) -> RoundSeen:
    """Return one round as the actor sees it. Raises NotFound."""
    found = _one(rounds_seen_by(actor).where(ExchangeRound.id == round_id))
    seals = seals_seen_by(actor).where(RoundSeal.round_id == round_id)
    ordered = seals.order_by(RoundSeal.organization_id, RoundSeal.sealed_at, RoundSeal.id)
    shown = db.session().scalars(ordered.execution_options(populate_existing=True)).all()
    return RoundSeen(found, shown, _openings(actor, shown))


def _openings(actor: Actor, seals: Sequence[RoundSeal]) -> Sequence[Opening]:
    """Return what is open to the actor of the leads these seals revealed, in the order of the documents."""
    ids = [UUID(one["offer_id"]) for seal in seals if seal.document for one in seal.document["leads"]]
    rows = details_seen_by(actor).where(OfferDetails.offer_id.in_(ids)) if ids else None
    details = {one.offer_id: one for one in db.session().scalars(rows)} if rows is not None else {}
    found = ((offer_id, details.get(offer_id)) for offer_id in ids)
    return [Opening(offer_id, one.sealed_salt, one) for offer_id, one in found if one and one.sealed_salt]


def round_of(actor: Actor, offer: OfferSeen) -> UUID | None:
    """Return the exchange round in which a lead was given, if it was in one."""
    of_lead = RoundSeal.document.contains({"leads": [{"offer_id": str(offer.id)}]})
    rows = seals_seen_by(actor).where(RoundSeal.partnership_id == offer.partnership_id, of_lead)
    return db.session().scalars(rows.with_only_columns(RoundSeal.round_id)).first()


def round_to_step(actor: Actor, round_id: UUID, *, read: bool = False) -> tuple[ExchangeRound, Partnership]:
    """Return one round, locked, and its partnership, which cannot end meanwhile. Raises NotFound.

    Locked to `read`, it can be prepared by several at once, but neither sealed nor ended.
    """
    rows = rounds_seen_by(actor).where(ExchangeRound.id == round_id)
    partnership_id = db.session().scalars(rows.with_only_columns(ExchangeRound.partnership_id)).one_or_none()
    if partnership_id is None:
        raise NotFound
    partnership = held_partnership(actor, partnership_id)
    return _one(rows.with_for_update(of=ExchangeRound, read=read)), partnership


def round_of_clock(actor: Actor, round_id: UUID) -> ExchangeRound | None:
    """Return a round of the actor's organization that goes on, locked, if its partnership lives; for the clock."""
    mine = actor.organization_id
    rows = select(ExchangeRound).where(
        ExchangeRound.id == round_id,
        or_(ExchangeRound.organization_id == mine, ExchangeRound.other_id == mine),
        ExchangeRound.status.in_(GOING_ON),
    )
    partnership_id = db.session().scalars(rows.with_only_columns(ExchangeRound.partnership_id)).one_or_none()
    if partnership_id is None or not is_held(actor, partnership_id):
        return None
    return db.session().scalars(rows.with_for_update().execution_options(populate_existing=True)).one_or_none()


def round_going_on(partnership_id: UUID) -> UUID | None:
    """Return the round that is proposed or open in a partnership."""
    rows = select(ExchangeRound.id).where(
        ExchangeRound.partnership_id == partnership_id, ExchangeRound.status.in_(GOING_ON)
    )
    return db.session().scalars(rows).one_or_none()


def own_seal(actor: Actor, round_id: UUID) -> RoundSeal | None:
    """Return the seal of the actor's own side that stands."""
    rows = select(RoundSeal).where(
        RoundSeal.round_id == round_id,
        RoundSeal.organization_id == actor.organization_id,
        RoundSeal.withdrawn_at.is_(None),
    )
    return db.session().scalars(rows).one_or_none()


def picks(actor: Actor, round_id: UUID, given: Mapping[str, Any]) -> Page:
    """Return a page of what the actor's own side picked for a round, of the leads the actor sees. Raises NotFound."""
    seen = _one(rounds_seen_by(actor).where(ExchangeRound.id == round_id))
    rows = _with_lead(picks_seen_by(actor).where(RoundPick.round_id == seen.id))
    return page(
        actor,
        rows,
        {**given, "round_id": round_id},
        sorts=PICK_SORTS,
        key=RoundPick.id,
        shown=lambda row: PickSeen(row[0], row[1]),
    )


def pick(actor: Actor, pick_id: UUID) -> PickSeen:
    """Return one lead that the actor's own side picked. Raises NotFound."""
    found = db.session().execute(_with_lead(picks_seen_by(actor).where(RoundPick.id == pick_id))).one_or_none()
    if found is None:
        raise NotFound
    return PickSeen(*found)


def pick_of(actor: Actor, round_id: UUID, lead_id: UUID) -> RoundPick | None:
    """Return how a lead was picked for a round, if it was, and if the actor sees it."""
    rows = picks_seen_by(actor).where(RoundPick.round_id == round_id, RoundPick.lead_id == lead_id)
    return db.session().scalars(rows).one_or_none()


def picks_to_seal(actor: Actor, round_id: UUID) -> Sequence[RoundPick]:
    """Return all that the actor's own side picked, in the order in which leads are locked; none unless all are seen."""
    seen = (
        db.session()
        .scalars(picks_seen_by(actor).where(RoundPick.round_id == round_id).order_by(RoundPick.lead_id))
        .all()
    )
    mine = RoundPick.organization_id == actor.organization_id
    there = select(func.count()).select_from(RoundPick).where(mine, RoundPick.round_id == round_id)
    return seen if db.session().execute(there).scalar_one() == len(seen) else ()


def has_sealed(actor: Actor, round_id: UUID) -> bool:
    """Tell whether the actor's side has sealed."""
    return own_seal(actor, round_id) is not None


def _with_lead(rows: Select[RoundPick]) -> Select[RoundPick, Lead]:
    of_pick = (Lead.organization_id == RoundPick.organization_id) & (Lead.id == RoundPick.lead_id)
    return rows.join(Lead, of_pick).add_columns(Lead)


def _one(rows: Select[ExchangeRound]) -> ExchangeRound:
    found = db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found
