"""Reading requests to offer beyond the trust advance, and how far each side has gone: always the giver's own."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, text, true

from partnercrm.identity import queries as identity
from partnercrm.identity.agreements import Names
from partnercrm.identity.models import User
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.leads.lifecycle import OfferStatus
from partnercrm.leads.models import Lead, Offer
from partnercrm.leads.models.requests import OfferRequest, RequestStatus
from partnercrm.leads.queries.exchange import offers_seen_by
from partnercrm.leads.queries.own import leads_seen_by
from partnercrm.leads.turns import advance_left, advance_turn
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import Partnership
from partnercrm.partnerships.queries import is_open_to
from partnercrm.web.paging import Page, page

SORTS = {"asked_at": OfferRequest.asked_at}
_LOCK: Final = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


class RequestSeen(NamedTuple):
    """A request, and by whose name it may be told."""

    request: OfferRequest
    asked_by: User | None

    def __getattr__(self, name: str) -> Any:
        """Read everything else from the row."""
        return getattr(self.request, name)

    def is_asked_by(self, user_id: UUID | None) -> bool:
        """Tell whether it is this person's."""
        return self.request.asker_id == user_id


class Standing(NamedTuple):
    """How far a trust advance has gone, if one is agreed; what each side gave, in the partnership's order of sides."""

    partnership: Partnership
    given: tuple[int, int]

    @property
    def partnership_id(self) -> UUID:
        """In which partnership."""
        return self.partnership.id

    @property
    def trust_advance(self) -> int | None:
        """How many leads one side gives before it is the other's turn."""
        return self.partnership.terms.trust_advance

    @property
    def sides(self) -> list[dict[str, Any]]:
        """What each side gave, and how many more it may give; nothing said of that without an agreed advance."""
        first, second = self.given
        lefts: Sequence[int | None] = (None, None)
        if self.trust_advance is not None:
            lefts = [advance_left(*both, self.trust_advance) for both in ((first, second), (second, first))]
        ids = [side.organization_id for side in self.partnership.sides_by_id]
        return [
            {"organization_id": one, "given": given, "left": left}
            for one, given, left in zip(ids, self.given, lefts, strict=True)
        ]

    @property
    def next_to_give(self) -> dict[str, Any] | None:
        """Who gives next, by id and name, and how many; None while either side may."""
        due = advance_turn(*self.given, self.trust_advance) if self.trust_advance else None
        if due is None:
            return None
        side = self.partnership.sides_by_id[due.place]
        return {"organization_id": side.organization_id, "name": side.name, "leads": due.leads}

    def left_of(self, organization_id: UUID) -> int | None:
        """Return how many more leads one side may give before it is the other's turn; None: as many as it likes."""
        left: int | None = next(one["left"] for one in self.sides if one["organization_id"] == organization_id)
        return left


def may_exceed(actor: Actor) -> bool:
    """Tell whether the actor may offer beyond a trust advance, and decides for others: who manages partnerships."""
    return actor.has("partnerships:write")


def requests_seen_by(actor: Actor) -> Select[OfferRequest]:
    """Return what the actor asked for and, to who manages partnerships, what their sellers did, while those live."""
    theirs: ColumnElement[bool] = true() if may_exceed(actor) else OfferRequest.asker_id == actor.user_id
    return select(OfferRequest).where(
        OfferRequest.organization_id == actor.organization_id, theirs, is_open_to(actor, OfferRequest.partnership_id)
    )


def requests(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of requests; a list names the reader alone, unless the works agreement says otherwise."""
    rows = requests_seen_by(actor).add_columns(User).join(User, _asker())
    for name in ("status", "partnership_id"):
        if name in given:
            rows = rows.where(getattr(OfferRequest, name) == given[name])
    names = identity.names_in_lists(actor)
    return page(actor, rows, given, sorts=SORTS, key=OfferRequest.id, shown=partial(_listed, names))


def _asker() -> ColumnElement[bool]:
    return (User.organization_id == OfferRequest.organization_id) & (User.id == OfferRequest.asker_id)


def _listed(names: Names, row: Any) -> RequestSeen:
    asked, asker = row[0], row[1]
    return RequestSeen(asked, asker if names.may_tell(asker.organization_id, asker.id) else None)


def request(actor: Actor, request_id: UUID) -> RequestSeen:
    """Return one request; it says who asks while somebody has to speak to them. Raises NotFound."""
    found = db.session().execute(
        requests_seen_by(actor).add_columns(User).join(User, _asker()).where(OfferRequest.id == request_id)
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound
    asked, asker = row
    waits = asked.status is RequestStatus.WAITING
    return RequestSeen(asked, asker if waits or asker.id == actor.user_id else None)


def request_to_settle(actor: Actor, request_id: UUID) -> OfferRequest:
    """Return one request, locked, to settle it; its partnership and its lead are held before. Raises NotFound."""
    rows = requests_seen_by(actor).where(OfferRequest.id == request_id)
    locked = rows.with_for_update(of=OfferRequest).execution_options(populate_existing=True)
    found = db.session().scalars(locked).one_or_none()
    if found is None:
        raise NotFound
    return found


def waiting_request(actor: Actor, request_id: UUID) -> OfferRequest:
    """Return one request that waits for whoever manages the partnership, in which the actor is. Raises NotFound."""
    mine = OfferRequest.organization_id == actor.organization_id
    rows = select(OfferRequest).where(
        mine, is_open_to(actor, OfferRequest.partnership_id), OfferRequest.status == RequestStatus.WAITING
    )
    found = db.session().scalars(rows.where(OfferRequest.id == request_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def leads_of(actor: Actor, asked: Iterable[RequestSeen]) -> Mapping[UUID, Lead]:
    """Return those leads that requests are about, of which the actor reads the lead itself, by id."""
    ids = [one.lead_id for one in asked]
    return {lead.id: lead for lead in db.session().scalars(leads_seen_by(actor).where(Lead.id.in_(ids)))}


def lock_advance(actor: Actor, partnership_id: UUID) -> None:
    """Let others who offer in the partnership for the same side wait: the advance is counted one by one."""
    db.rows(_LOCK, {"name": f"advance/{partnership_id}/{actor.organization_id}"})


def offered_in(actor: Actor, partnership_ids: Sequence[UUID]) -> Mapping[tuple[UUID, UUID], int]:
    """Return how many leads were offered and not taken back, by (partnership, giver)."""
    rows = (
        offers_seen_by(actor)
        .where(Offer.partnership_id.in_(partnership_ids), Offer.status != OfferStatus.WITHDRAWN)
        .with_only_columns(Offer.partnership_id, Offer.giver_id, func.count())
        .group_by(Offer.partnership_id, Offer.giver_id)
    )
    return {(partnership_id, giver_id): count for partnership_id, giver_id, count in db.session().execute(rows)}


def turn_of(actor: Actor, partnership_id: UUID) -> Standing:
    """Return how far the trust advance of a partnership the actor is in has gone. Raises NotFound."""
    return turns([partnerships.joined_partnership(actor, partnership_id)], offered_in(actor, [partnership_id]))[0]


def turns_of_all(actor: Actor) -> list[Standing]:
    """Return the same of every living partnership that the actor is a member of."""
    joined = partnerships.joined_partnerships(actor)
    return turns(joined, offered_in(actor, [one.id for one in joined if one.terms.trust_advance]))


def turns(joined: Sequence[Partnership], gave: Mapping[tuple[UUID, UUID], int]) -> list[Standing]:
    """Return how far it has gone in each partnership, when its sides gave so many leads."""
    found = []
    for one in joined:
        first, second = (gave.get((one.id, side.organization_id), 0) for side in one.sides_by_id)
        found.append(Standing(one, (first, second)))
    return found
