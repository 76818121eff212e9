"""Reading proposals and partnerships, always from what the actor may see."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, Uuid, bindparam, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.interfaces import ORMOption

from partnercrm.calendars import queries as calendars
from partnercrm.identity import queries as identity
from partnercrm.identity.scopes import scopes_of
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.partnerships.models import (
    Member,
    MemberRole,
    Partnership,
    PartnershipSide,
    PartnershipStatus,
    Proposal,
    ProposalStatus,
    ReceivedProposal,
    Terms,
)
from partnercrm.web.paging import Page, page

PROPOSAL_SORTS = {"created_at": Proposal.created_at}
RECEIVED_SORTS = {"received_at": ReceivedProposal.received_at}
PARTNERSHIP_SORTS = {"started_at": Partnership.started_at}
_TERMS = selectinload(Partnership.terms_by_version)
Loading = Sequence[ORMOption]
SIDES: Final = (selectinload(Partnership.sides_by_id),)
_WHOLE: Final = (*SIDES, _TERMS, selectinload(Partnership.members_by_name))


def proposals_seen_by(actor: Actor) -> Select[Proposal]:
    """Return what the actor's organization proposed."""
    return select(Proposal).where(Proposal.organization_id == actor.organization_id)


def received_proposals_seen_by(actor: Actor) -> Select[ReceivedProposal]:
    """Return what was proposed to the actor's organization."""
    return select(ReceivedProposal).where(ReceivedProposal.organization_id == actor.organization_id)


def partnerships_seen_by(actor: Actor) -> Select[Partnership]:
    """Return the partnerships of the actor's organization: every colleague may know of those that live.

    Of one that ended, who was a member to the last and who administrates read what was agreed; so do jobs.
    """
    mine = actor.organization_id
    rows = select(Partnership).where(or_(Partnership.proposer_id == mine, Partnership.addressee_id == mine))
    if actor.user_id is None or actor.has("identity:write"):
        return rows
    to_the_last = exists().where(
        Member.partnership_id == Partnership.id,
        Member.organization_id == mine,
        Member.user_id == actor.user_id,
        Member.left_at == Partnership.ended_at,
    )
    return rows.where(or_(Partnership.status != PartnershipStatus.ENDED, to_the_last))


def is_open_to(actor: Actor, partnership_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Return the condition that a shared row's partnership lives and has the actor as a member.

    Memberships come with the actor; that the partnership has not ended is read with the row itself.
    """
    return partnership_id.in_(actor.partnership_ids) & lives(partnership_id)


@cache
def lives(partnership_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Return the condition that a shared row's partnership has not ended."""
    return exists().where(Partnership.id == partnership_id, Partnership.status != PartnershipStatus.ENDED)


def proposals(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of the proposals sent."""
    return page(actor, proposals_seen_by(actor), given, sorts=PROPOSAL_SORTS, key=Proposal.id)


def proposal(actor: Actor, proposal_id: UUID) -> Proposal:
    """Return one proposal sent. Raises NotFound."""
    found = db.session().scalars(proposals_seen_by(actor).where(Proposal.id == proposal_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def open_proposal_to(actor: Actor, addressee: str) -> Proposal | None:
    """Return the open proposal to this address; others who propose to it at once wait."""
    lock = func.pg_advisory_xact_lock(func.hashtextextended(f"proposal/{actor.organization_id}/{addressee}", 0))
    db.session().execute(select(lock))
    rows = proposals_seen_by(actor).where(Proposal.addressee == addressee, Proposal.status == ProposalStatus.SENT)
    return db.session().scalars(rows).first()


def received_proposals(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of the proposals received."""
    rows = received_proposals_seen_by(actor)
    return page(actor, rows, given, sorts=RECEIVED_SORTS, key=ReceivedProposal.id)


def received_proposal(actor: Actor, received_id: UUID) -> ReceivedProposal:
    """Return one proposal received. Raises NotFound."""
    rows = received_proposals_seen_by(actor).where(ReceivedProposal.id == received_id)
    found = db.session().scalars(rows).one_or_none()
    if found is None:
        raise NotFound
    return found


def partnerships(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of the organization's partnerships with sides, terms and members."""
    rows = partnerships_seen_by(actor).options(*_WHOLE)
    return page(actor, rows, given, sorts=PARTNERSHIP_SORTS, key=Partnership.id)


def partnership(actor: Actor, partnership_id: UUID, *, lock: bool = False, loading: Loading = _WHOLE) -> Partnership:
    """Return one partnership with sides, terms and members; `lock` it to change it. Raises NotFound."""
    rows = partnerships_seen_by(actor).where(Partnership.id == partnership_id).options(*loading)
    if lock:
        rows = rows.with_for_update(of=Partnership).execution_options(populate_existing=True)
    found = db.session().scalars(rows).one_or_none()
    if found is None:
        raise NotFound
    return found


def joined_partnership(actor: Actor, partnership_id: UUID, *, loading: Loading = _WHOLE) -> Partnership:
    """Return one living partnership that the actor is a member of, with all or `SIDES` alone. Raises NotFound."""
    found = partnership(actor, partnership_id, loading=loading)
    if partnership_id not in actor.partnership_ids or found.has_ended:
        raise NotFound
    return found


def held_partnership(actor: Actor, partnership_id: UUID) -> Partnership:
    """Return one that the actor is a member of, with its terms; it cannot end before the transaction does.

    Raises NotFound.
    """
    rows = _held(partnerships_seen_by, oversees=actor.user_id is None or actor.has("identity:write"))
    found = db.session().scalars(rows, db.reading(actor) | {"partnership_id": partnership_id}).one_or_none()
    if found is None or partnership_id not in actor.partnership_ids or found.has_ended:
        raise NotFound
    agreed = db.session().scalars(_AGREED, {"partnership_id": partnership_id}).all()
    set_committed_value(found, "terms_by_version", agreed)
    return found


_AGREED: Final = (
    select(Terms).where(Terms.partnership_id == bindparam("partnership_id", type_=Uuid())).order_by(Terms.version)
)


@cache
def _held(seen_by: Callable[[Actor], Select[Partnership]], *, oversees: bool) -> Select[Partnership]:
    """Return the statement that takes hold of one partnership of those that `db.READER` sees."""
    reader = replace(db.READER, scopes=frozenset({"identity:write"} if oversees else ()))
    rows = seen_by(reader).where(Partnership.id == bindparam("partnership_id", type_=Uuid()))
    return rows.with_for_update(read=True).execution_options(populate_existing=True)


def hold_all(actor: Actor) -> None:
    """Take hold of every living partnership of the organization; nothing is shared until the transaction ends."""
    rows = partnerships_seen_by(actor).where(Partnership.status != PartnershipStatus.ENDED)
    held = rows.with_only_columns(Partnership.id).order_by(Partnership.id).with_for_update(key_share=True)
    db.session().execute(held).all()


def is_held(actor: Actor, partnership_id: UUID) -> bool:
    """Tell whether one of the organization's partnerships lives; if so, it cannot end before the transaction does."""
    rows = partnerships_seen_by(actor).where(Partnership.id == partnership_id).with_for_update(read=True)
    found = db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()
    return found is not None and not found.has_ended


def joined_partnerships(actor: Actor) -> Sequence[Partnership]:
    """Return every living partnership that the actor is a member of."""
    rows = partnerships_seen_by(actor).where(is_open_to(actor, Partnership.id)).options(*_WHOLE)
    return db.session().scalars(rows.order_by(Partnership.started_at)).all()


def has_begun(actor: Actor) -> bool:
    """Tell whether anything was proposed by or to the actor's organization."""
    sent = db.session().scalars(proposals_seen_by(actor).limit(1)).first()
    return sent is not None or db.session().scalars(received_proposals_seen_by(actor).limit(1)).first() is not None


def has_living(actor: Actor) -> bool:
    """Tell whether the actor's organization has a partnership that has not ended."""
    rows = partnerships_seen_by(actor).where(Partnership.status != PartnershipStatus.ENDED)
    return db.session().scalars(rows.limit(1)).first() is not None


def _own_side(actor: Actor, partnership_id: UUID | BindParameter[UUID]) -> Select[Member]:
    return select(Member).where(
        Member.organization_id == actor.organization_id,
        Member.partnership_id == partnership_id,
        Member.left_at.is_(None),
    )


def own_member(actor: Actor, partnership_id: UUID, user_id: UUID | None) -> Member | None:
    """Return the present membership of one of the actor's own people."""
    values = db.reading(actor) | {"partnership_id": partnership_id, "user_id": user_id}
    return db.session().scalars(_OWN_MEMBER, values).one_or_none()


_OWN_MEMBER: Final = _own_side(db.READER, bindparam("partnership_id", type_=Uuid())).where(
    Member.user_id == bindparam("user_id", type_=Uuid())
)


def acting_member(actor: Actor, partnership_id: UUID) -> Member | None:
    """Return the membership the actor acts under: its own, else that of a colleague it stands in for now."""
    if own := own_member(actor, partnership_id, actor.user_id):
        return own
    rows = _own_side(actor, partnership_id).where(Member.user_id.in_(calendars.stood_in_for_now(actor)))
    return db.session().scalars(rows.order_by(Member.joined_at, Member.id).limit(1)).one_or_none()


def acts_under(actor: Actor, partnership_id: UUID, member_id: UUID) -> bool:
    """Tell whether a present membership is the actor's own, or that of a colleague it stands in for now."""
    people = {actor.user_id, *calendars.stood_in_for_now(actor)}
    rows = _own_side(actor, partnership_id).where(Member.id == member_id, Member.user_id.in_(people))
    return db.session().scalars(rows).one_or_none() is not None


def own_side_member(actor: Actor, partnership_id: UUID, member_id: UUID) -> Member:
    """Return a present member of the actor's own side. Raises NotFound."""
    rows = _own_side(actor, partnership_id).where(Member.id == member_id)
    found = db.session().scalars(rows).one_or_none()
    if found is None:
        raise NotFound
    return found


def own_members(actor: Actor, partnership_id: UUID) -> Sequence[Member]:
    """Return the present members of the actor's own side."""
    rows = _own_side(actor, partnership_id)
    return db.session().scalars(rows).all()


def and_deputies(actor: Actor, people: Iterable[UUID]) -> set[UUID]:
    """Return these people of the actor's organization and who stands in for them now."""
    found = set(people)
    deputies = {calendars.deputy_of(actor, user_id, clock.now()) for user_id in found}
    return found | {deputy for deputy in deputies if deputy is not None}


def those_who_manage(actor: Actor) -> list[UUID]:
    """Return the people of the actor's organization who may answer for partnerships."""
    return [one.id for one in identity.colleagues(actor) if "partnerships:write" in scopes_of(one.roles)]


def partner_name(actor: Actor, partnership_id: UUID) -> str:
    """Return what the other side of a partnership is called. Raises NotFound."""
    other = PartnershipSide.other_id == actor.organization_id
    rows = select(PartnershipSide.name).where(PartnershipSide.partnership_id == partnership_id, other)
    found = db.session().execute(rows).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def is_held_member(actor: Actor, user_id: UUID, partnership_id: UUID) -> bool:
    """Tell whether one of the actor's people is a member of a living partnership, or stands in for one.

    If so, neither membership nor partnership ends before the transaction does.
    """
    person = Actor(actor.organization_id, user_id)
    rows = _own_side(actor, partnership_id).where(Member.user_id.in_({user_id, *calendars.stood_in_for_now(person)}))
    joined = db.session().scalars(rows.with_for_update(read=True)).all()
    return bool(joined) and is_held(actor, partnership_id)


def own_managers(actor: Actor, partnership_id: UUID) -> Sequence[Member]:
    """Return the partner managers of the actor's own side."""
    rows = _own_side(actor, partnership_id).where(Member.role == MemberRole.PARTNER_MANAGER)
    return db.session().scalars(rows).all()
