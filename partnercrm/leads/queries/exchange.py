"""Reading offers across the wall: what the actor gave and received in partnerships it is a member of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from partnercrm.activity import queries as activity
from partnercrm.identity import queries as identity
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.leads.lifecycle import OfferStatus, Side
from partnercrm.leads.models import LeadStep, Offer, OfferDetails
from partnercrm.partnerships.models import Member
from partnercrm.partnerships.queries import is_open_to
from partnercrm.web.paging import Page, page

SORTS = {"offered_at": Offer.offered_at, "respond_by": Offer.respond_by}
_WHOLE = (joinedload(Offer.details), joinedload(Offer.giver_member), joinedload(Offer.receiver_member))


@dataclass(frozen=True, slots=True)
class Names:
    """Whom a list may name to its reader: themselves; colleagues where the works agreement opens lists by person.

    The partner's people are named on a single offer only, to say whom to talk to.
    """

    user_id: UUID | None
    organization_id: UUID
    colleagues: bool

    def may_tell(self, member: Member) -> bool:
        """Tell whether the list says that it was this person."""
        is_colleague = member.organization_id == self.organization_id
        return is_colleague and (self.colleagues or member.user_id == self.user_id)


class OfferSeen:
    """An offer as one side sees it: the shared row, and its details where they are open to that side."""

    def __init__(self, actor: Actor, offer: Offer, *, names: "Names | None" = None) -> None:
        self._offer = offer
        self._names = names
        self.side = offer.side_of(actor.organization_id)
        self.direction = "given" if self.side == "giver" else "received"

    def __getattr__(self, name: str) -> Any:
        """Read everything else from the shared row."""
        return getattr(self._offer, name)

    @property
    def giver_member(self) -> Member | None:
        """Who offered it; in a list only where the reader may be told by the works agreement."""
        return self._named(self._offer.giver_member)

    @property
    def receiver_member(self) -> Member | None:
        """Who took it on; in a list only where the reader may be told by the works agreement."""
        return self._named(self._offer.receiver_member)

    def _named(self, member: Member | None) -> Member | None:
        is_told = member is None or self._names is None or self._names.may_tell(member)
        return member if is_told else None

    @property
    def details(self) -> OfferDetails | None:
        """Who the lead is, for its giver; for its receiver once revealed."""
        found: OfferDetails | None = self._offer.details
        is_open = found is not None and (self.side is Side.GIVER or found.revealed_at is not None)
        return found if is_open else None

    @property
    def is_late(self) -> bool:
        """Whether the agreed time to answer has passed without an answer."""
        return self._offer.status is OfferStatus.OFFERED and clock.now() > self._offer.respond_by


def offers_seen_by(actor: Actor) -> Select[Offer]:
    """Return the offers of the living partnerships that the actor is a member of."""
    mine = actor.organization_id
    return select(Offer).where(
        or_(Offer.giver_id == mine, Offer.receiver_id == mine), is_open_to(actor, Offer.partnership_id)
    )


def details_seen_by(actor: Actor) -> Select[OfferDetails]:
    """Return the details the actor may read: of what its side gave, and of what was revealed to it."""
    mine = actor.organization_id
    return select(OfferDetails).where(
        or_(
            OfferDetails.giver_id == mine,
            (OfferDetails.receiver_id == mine) & OfferDetails.revealed_at.is_not(None),
        ),
        is_open_to(actor, OfferDetails.partnership_id),
    )


def _filtered(actor: Actor, given: Mapping[str, Any]) -> Select[Offer]:
    rows = offers_seen_by(actor)
    if direction := given.get("direction"):
        side = Offer.giver_id if direction == "given" else Offer.receiver_id
        rows = rows.where(side == actor.organization_id)
    for name in ("status", "partnership_id", "need"):
        if name in given:
            rows = rows.where(getattr(Offer, name) == given[name])
    return rows


def offers(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of offers given or received."""
    rows = _filtered(actor, given).options(*_WHOLE)
    found = page(actor, rows, given, sorts=SORTS, key=Offer.id)
    names = Names(actor.user_id, actor.organization_id, identity.sees_figures_of(actor, None))
    return Page([OfferSeen(actor, offer, names=names) for offer in found.items], found.next)


def offer(actor: Actor, offer_id: UUID) -> OfferSeen:
    """Return one offer as the actor sees it. Raises NotFound."""
    rows = offers_seen_by(actor).where(Offer.id == offer_id).options(*_WHOLE)
    found = db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return OfferSeen(actor, found)


def offer_to_step(actor: Actor, offer_id: UUID) -> Offer:
    """Return one offer, locked, for its next step; its partnership cannot end meanwhile. Raises NotFound."""
    rows = offers_seen_by(actor).where(Offer.id == offer_id).with_for_update(of=Offer)
    found = db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def last_step_at(offer: Offer) -> datetime:
    """Return when the last step of an offer happened."""
    rows = select(func.max(LeadStep.happened_at)).where(LeadStep.offer_id == offer.id)
    return db.session().execute(rows).scalar_one()


def timeline(actor: Actor, offer_id: UUID) -> Page:
    """Return what happened to one offer, as both sides read it, oldest first. Raises NotFound."""
    seen = offer(actor, offer_id)
    return Page(activity.timeline(actor, Offer.__tablename__, seen.id), None)


def lock_company(partnership_id: UUID, details: OfferDetails) -> None:
    """Let others who offer or accept the same company's need in the partnership wait for this transaction."""
    for key in sorted({details.company_key, details.name_key}):
        lock = func.hashtextextended(f"offer/{partnership_id}/{key}", 0)
        db.session().execute(select(func.pg_advisory_xact_lock(lock)))


def same_lead(
    actor: Actor, partnership_id: UUID, details: OfferDetails, statuses: Collection[OfferStatus]
) -> UUID | None:
    """Return another offer of the same company's need in the partnership, in one of the statuses, that the actor sees.

    What the other side keeps to itself, and what it offered but is not yet revealed, plays no part.
    """
    rows = (
        details_seen_by(actor)
        .with_only_columns(OfferDetails.offer_id)
        .join(Offer, Offer.id == OfferDetails.offer_id)
        .where(
            OfferDetails.partnership_id == partnership_id,
            or_(OfferDetails.company_key == details.company_key, OfferDetails.name_key == details.name_key),
            OfferDetails.offer_id.is_distinct_from(details.offer_id),
            Offer.status.in_(statuses),
        )
    )
    return db.session().scalars(rows.limit(1)).first()


def due_offer(actor: Actor, offer_id: UUID) -> Offer | None:
    """Return an open offer of the actor's own organization, locked; for the clock's own step."""
    rows = (
        select(Offer)
        .where(Offer.giver_id == actor.organization_id, Offer.id == offer_id, Offer.status == OfferStatus.OFFERED)
        .with_for_update()
    )
    return db.session().scalars(rows).one_or_none()


def counts_to_do(actor: Actor) -> Mapping[tuple[str, str], int]:
    """Return how many offers stand where, by (`given` or `received`, status)."""
    given = Offer.giver_id == actor.organization_id
    rows = (
        offers_seen_by(actor)
        .with_only_columns(given.label("given"), Offer.status, func.count())
        .group_by(given, Offer.status)
    )
    return {
        ("given" if is_given else "received", status.value): count
        for is_given, status, count in db.session().execute(rows)
    }
