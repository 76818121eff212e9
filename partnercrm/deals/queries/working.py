"""Reading who works on a deal, and what they wrote about it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from partnercrm.deals.models.work import DealEntry, DealPerson
from partnercrm.deals.queries import selling
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.partnerships.models import Member
from partnercrm.partnerships.queries import is_open_to
from partnercrm.web.paging import Page, page


class Team(NamedTuple):
    """Who works on a deal: present members of both sides, by side and name."""

    deal_id: UUID
    people: Sequence[Member]

    @property
    def id(self) -> UUID:
        """The deal's id."""
        return self.deal_id


def deal_people_seen_by(actor: Actor) -> Select[DealPerson]:
    """Return who works on deals in the living partnerships that the actor is a member of."""
    mine = actor.organization_id
    return select(DealPerson).where(
        or_(DealPerson.first_organization_id == mine, DealPerson.second_organization_id == mine),
        is_open_to(actor, DealPerson.partnership_id),
    )


def deal_entries_seen_by(actor: Actor) -> Select[DealEntry]:
    """Return what is written about deals in the living partnerships that the actor is a member of."""
    mine = actor.organization_id
    return select(DealEntry).where(
        or_(DealEntry.first_organization_id == mine, DealEntry.second_organization_id == mine),
        is_open_to(actor, DealEntry.partnership_id),
    )


def team(actor: Actor, deal_id: UUID, organization_id: UUID | None = None) -> Team:
    """Return who works on a deal, of both sides or one. Raises NotFound."""
    selling.deal(actor, deal_id)
    named = deal_people_seen_by(actor).where(DealPerson.deal_id == deal_id)
    rows = select(Member).where(Member.id.in_(named.with_only_columns(DealPerson.member_id)), Member.left_at.is_(None))
    if organization_id is not None:
        rows = rows.where(Member.organization_id == organization_id)
    ordered = rows.order_by(Member.organization_id, func.lower(Member.name), Member.id)
    return Team(deal_id, db.session().scalars(ordered).all())


def entries(actor: Actor, deal_id: UUID, given: Mapping[str, Any]) -> Page:
    """Return a page of what is written about a deal, newest first. Raises NotFound."""
    rows = deal_entries_seen_by(actor).where(DealEntry.deal_id == selling.deal(actor, deal_id).id)
    if "kind" in given:
        rows = rows.where(DealEntry.kind == given["kind"])
    if given.get("open"):
        rows = rows.where(DealEntry.done_at.is_(None))
    asked = {**given, "sort": "-added_at", "deal_id": deal_id}
    return page(
        actor,
        rows.options(joinedload(DealEntry.author)),
        asked,
        sorts={"added_at": DealEntry.added_at},
        key=DealEntry.id,
    )


def entry(actor: Actor, entry_id: UUID, *, lock: bool = False) -> DealEntry:
    """Return one entry. Raises NotFound."""
    rows = deal_entries_seen_by(actor).where(DealEntry.id == entry_id).options(joinedload(DealEntry.author))
    if lock:
        rows = rows.with_for_update(of=DealEntry)
    found = db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def users_of(actor: Actor, deal_id: UUID, member_ids: Collection[UUID] | None = None) -> set[UUID]:
    """Return the people of the actor's own side who work on a deal, all or those among these members."""
    own = team(actor, deal_id, actor.organization_id).people
    return {one.user_id for one in own if member_ids is None or one.id in member_ids}
