"""Reading offers across the wall: what the actor gave and received in partnerships it is a member of."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, func, or_, select

from partnercrm.accounts import contacts
from partnercrm.accounts.contacts import Channel
from partnercrm.accounts.queries.receipts import in_name_of_partner
from partnercrm.activity import queries as activity
from partnercrm.calendars import queries as calendars
from partnercrm.identity import queries as identity
from partnercrm.identity.agreements import Names
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.aliases import shared_alias
from partnercrm.kernel.errors import NotFound
from partnercrm.kernel.money import Money
from partnercrm.leads.counterparts import Named, NamedToPartner, must_speak
from partnercrm.leads.lifecycle import OfferStatus, Side
from partnercrm.leads.models import LeadStep, Offer, OfferDetails, money_of
from partnercrm.partnerships.models import Member, Partnership
from partnercrm.partnerships.queries import held_partnership, is_held, is_open_to
from partnercrm.web.paging import Page, Plain, page

SORTS = {"offered_at": Offer.offered_at, "respond_by": Offer.respond_by}
_BY_COLUMN: Final = ("status", "partnership_id", "need", "country", "industry", "product_line_id")
_MONTH: Final = func.to_char(func.timezone("UTC", Offer.offered_at), "YYYY-MM")
FILTERS: Final = {**{name: getattr(Offer, name) for name in _BY_COLUMN}, "offered_in": _MONTH}
_giver, _receiver = shared_alias(Member, "giver_member"), shared_alias(Member, "receiver_member")
_OFFER, _DETAILS = (tuple(model.__table__.columns) for model in (Offer, OfferDetails))
MEMBER: Final = ("id", "organization_id", "user_id", "name")
_MEMBERS = tuple(getattr(side, name) for side in (_giver, _receiver) for name in MEMBER)
_OFFER_NAMES, _DETAILS_NAMES = (tuple(column.name for column in columns) for columns in (_OFFER, _DETAILS))
_ends = [len(_OFFER) + len(MEMBER) * sides for sides in range(3)]
_GIVER, _RECEIVER, _REST = slice(*_ends[:2]), slice(*_ends[1:]), slice(_ends[2], _ends[2] + len(_DETAILS))
_REVEALED_AT: Final = _DETAILS_NAMES.index("revealed_at")


class MemberSeen(NamedTuple):
    """Who stands behind an offer on one side."""

    id: UUID
    organization_id: UUID
    user_id: UUID
    name: str


class DetailsSeen(SimpleNamespace):
    """What is known of an offered lead's company and contact: the row's columns by their names."""

    @property
    def channels(self) -> list[Channel]:
        """By what the contact may be approached."""
        return contacts.channels(self.contact_channels)

    @property
    def value(self) -> Money | None:
        """What the giver expects the lead to be worth."""
        return money_of(self.value_minor, self.currency)


class OfferSeen:
    """An offer as one side sees it: the shared row's columns by their names, and details where they are open to it."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    def __init__(self, actor: Actor, row: Sequence[Any], names: Names | Named | NamedToPartner) -> None:
        self.__dict__.update(zip(_OFFER_NAMES, row, strict=False))
        self.side = Side.GIVER if self.giver_id == actor.organization_id else Side.RECEIVER
        self.direction = "given" if self.side is Side.GIVER else "received"
        self.giver_member = _named(row[_GIVER], names)
        self.receiver_member = _named(row[_RECEIVER], names)
        self._columns = row[_REST]

    @classmethod
    def written(cls, actor: Actor, offer: Offer, member: Member, details: OfferDetails) -> "OfferSeen":
        """Return an offer as its giver sees it who just wrote these rows."""
        columns = [vars(offer).get(name) for name in _OFFER_NAMES]
        people = (member.id, member.organization_id, member.user_id, member.name, *[None] * 4)
        row = (*columns, *people, *(vars(details).get(name) for name in _DETAILS_NAMES))
        return cls(actor, row, Named(actor.organization_id))

    @cached_property
    def _details(self) -> DetailsSeen | None:
        details = dict(zip(_DETAILS_NAMES, self._columns, strict=True))
        return DetailsSeen(**details) if details["offer_id"] else None

    @property
    def details(self) -> DetailsSeen | None:
        """Who the lead is, for its giver; for its receiver once revealed."""
        is_open = self.side is Side.GIVER or self._columns[_REVEALED_AT] is not None
        return self._details if is_open else None

    @property
    def is_late(self) -> bool:
        """Whether the agreed time to answer has passed without an answer."""
        return self.status is OfferStatus.OFFERED and clock.now() > self.respond_by

    @property
    def version_tag(self) -> str:
        """The row's version, as an ETag names it."""
        return f"{self.id.hex}.{self.version}"


def _named(columns: Sequence[Any], names: Names | Named | NamedToPartner) -> MemberSeen | None:
    """Return who it was, if anybody and if the reader is told."""
    if columns[0] is None:
        return None
    member = MemberSeen(*columns)
    return member if names.may_tell(member.organization_id, member.user_id) else None


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


# What OfferSeen is made of: columns, because entities cost several times as much; made once, because so does making.
_SHOWN: Final = (
    select(*_OFFER, *_MEMBERS, *_DETAILS)
    .join_from(Offer, _giver, _giver.id == Offer.giver_member_id)
    .outerjoin(_receiver, _receiver.id == Offer.receiver_member_id)
    .outerjoin(
        OfferDetails,
        and_(
            OfferDetails.offer_id == Offer.id,
            OfferDetails.partnership_id == Offer.partnership_id,
            OfferDetails.giver_id == Offer.giver_id,
            OfferDetails.receiver_id == Offer.receiver_id,
        ),
    )
)


def shown_as(rows: Select[Offer]) -> Select[*tuple[Any, ...]]:
    """Return what OfferSeen is made of, for these offers."""
    return _SHOWN if rows.whereclause is None else _SHOWN.where(rows.whereclause)


def offers(actor: Actor, given: Mapping[str, Any], seen_by: Callable[[Actor], Select[Offer]] = offers_seen_by) -> Page:
    """Return a page of offers given or received, of those that `seen_by` selects."""
    filters = {name: given[name] for name in FILTERS if name in given}
    shape = (seen_by, given.get("direction"), tuple(filters))
    rows = Plain(_listed, shape, db.reading(actor) | filters)
    shown = partial(OfferSeen, actor, names=identity.names_in_lists(actor))
    return page(actor, rows, given, sorts=SORTS, key=Offer.id, shown=shown)


def _listed(
    seen_by: Callable[[Actor], Select[Offer]], direction: str | None, filters: Sequence[str]
) -> Select[*tuple[Any, ...]]:
    """Return what OfferSeen is made of for the offers that `db.READER` sees, with a parameter for each filter."""
    rows = seen_by(db.READER)
    if direction:
        side = Offer.giver_id if direction == "given" else Offer.receiver_id
        rows = rows.where(side == db.READER.organization_id)
    for name in filters:
        rows = rows.where(FILTERS[name] == bindparam(name))
    return shown_as(rows)


def has_begun(actor: Actor) -> bool:
    """Tell whether anybody of the organization gave or received a lead."""
    mine = actor.organization_id
    rows = select(Offer.id).where(or_(Offer.giver_id == mine, Offer.receiver_id == mine))
    return db.session().execute(rows.limit(1)).first() is not None


def offer(actor: Actor, offer_id: UUID) -> OfferSeen:
    """Return one offer as the actor sees it. Raises NotFound."""
    for row in db.rows(shown_as(offers_seen_by(actor).where(Offer.id == offer_id))):
        return OfferSeen(actor, row, _told_one_by_one(actor, row))
    raise NotFound


def offer_as_partner(actor: Actor, offer_id: UUID) -> tuple[Actor, OfferSeen]:
    """Return a lead that was given as its receiver's own queries return it, and in whose name they were asked.

    Of the receiver's people nobody is named. Raises NotFound, of an offer received too: behind one's own walls it would
    not be what its giver reads.
    """
    given = offer(actor, offer_id)
    if given.side is not Side.GIVER:
        raise NotFound
    partner = in_name_of_partner(actor, given.partnership_id)
    names = NamedToPartner(actor.organization_id, must_speak(given.status, may_answer=True, works_on_it=True))
    for row in db.rows(shown_as(offers_seen_by(partner).where(Offer.id == offer_id))):
        return partner, OfferSeen(partner, row, names)
    raise NotFound


def _told_one_by_one(actor: Actor, row: Sequence[Any]) -> Named:
    """Return whom a single offer names to the actor."""
    seen = dict(zip(_OFFER_NAMES, row, strict=False))
    gives = seen["giver_id"] == actor.organization_id
    working = row[_GIVER if gives else _RECEIVER][MEMBER.index("user_id")]
    may_answer = not gives and actor.has("leads:write")
    works_on_it = working is not None and (working == actor.user_id or working in calendars.stood_in_for_now(actor))
    return Named(actor.organization_id, must_speak(seen["status"], may_answer=may_answer, works_on_it=works_on_it))


def offer_to_step(actor: Actor, offer_id: UUID) -> tuple[Offer, Partnership]:
    """Return one offer, locked, for its next step, and its partnership, which cannot end meanwhile. Raises NotFound."""
    rows = offers_seen_by(actor).where(Offer.id == offer_id)
    partnership_id = partnership_of(rows)
    if partnership_id is None:
        raise NotFound
    partnership = held_partnership(actor, partnership_id)
    locked = rows.with_for_update(of=Offer).execution_options(populate_existing=True)
    return db.session().scalars(locked).one(), partnership


def partnership_of(rows: Select[Offer]) -> UUID | None:
    """Return in which partnership the one offer of `rows` is.

    The partnership is taken hold of before the offer, everywhere: its end takes both in this order.
    """
    return db.session().scalars(rows.with_only_columns(Offer.partnership_id)).one_or_none()


def last_step_at(offer: Offer) -> datetime:
    """Return when the last step of an offer happened."""
    rows = select(func.max(LeadStep.happened_at)).where(LeadStep.offer_id == offer.id)
    return db.session().execute(rows).scalar_one()


def timeline(actor: Actor, offer_id: UUID) -> Page:
    """Return what happened to one offer, as both sides read it, oldest first. Raises NotFound."""
    seen = offer(actor, offer_id)
    return Page(activity.timeline(actor, Offer.__tablename__, seen.id), None)


def due_offer(actor: Actor, offer_id: UUID) -> Offer | None:
    """Return an open offer that the actor's organization gave, locked, for the clock's own step."""
    return offer_of_clock(
        select(Offer).where(Offer.giver_id == actor.organization_id), actor, offer_id, OfferStatus.OFFERED
    )


def offer_of_clock(rows: Select[Offer], actor: Actor, offer_id: UUID, status: OfferStatus) -> Offer | None:
    """Return one of these offers, locked, if it stands at `status` and its partnership lives; that cannot end then."""
    rows = rows.where(Offer.id == offer_id, Offer.status == status)
    partnership_id = partnership_of(rows)
    if partnership_id is None or not is_held(actor, partnership_id):
        return None
    return db.session().scalars(rows.with_for_update().execution_options(populate_existing=True)).one_or_none()


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
