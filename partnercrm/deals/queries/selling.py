"""Reading the deals that two sides work on, and the states each has been in."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload

from partnercrm.accounts.queries import joint
from partnercrm.activity import queries as activity
from partnercrm.deals import stages
from partnercrm.deals.histories import Difference, differences, written
from partnercrm.deals.models import Registration, RegistrationSide
from partnercrm.deals.models.deals import Deal, DealEvent, DealVersion
from partnercrm.deals.models.work import DealPerson
from partnercrm.deals.queries import registration_sides_seen_by
from partnercrm.deals.registering import Party
from partnercrm.deals.stages import CLOSED, OPEN_STAGES, Stage
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.partnerships.models import Member, Partnership
from partnercrm.partnerships.queries import held_partnership, is_open_to
from partnercrm.web.paging import Page, page

_MOST_PLACES: Final = 70
SORTS: Final = {"close_on": Deal.close_on, "happened_at": Deal.happened_at}
_BY_COLUMN: Final = ("stage", "partnership_id", "joint_account_id", "product_line_id", "involvement")


class DealSeen(NamedTuple):
    """A deal as one side sees it: the shared row, and in what part that side works on it."""

    deal: Deal
    party: Party

    def __getattr__(self, name: str) -> Any:
        """Read everything else from the shared row."""
        return getattr(self.deal, name)

    @property
    def direction(self) -> str:
        """Whether the reader's side registered it or the partner's."""
        return "made" if self.party is Party.REGISTRANT else "received"

    @property
    def account_name(self) -> str | None:
        """What the company is called, while that is told."""
        return self.deal.joint_account.name

    @property
    def next_stages(self) -> list[Stage]:
        """Where the reader's side may move it now."""
        may_move = self.party in stages.MOVERS[self.deal.involvement]
        return stages.next_stages(self.deal.stage) if may_move else []


class StateSeen(NamedTuple):
    """One state a deal has been in, with what it changed."""

    state: DealVersion
    differences: Sequence[Difference]

    def __getattr__(self, name: str) -> Any:
        """Read everything else from the state."""
        return getattr(self.state, name)

    @property
    def changes(self) -> list[dict[str, str | None]]:
        """What it changed, as text."""
        return [
            {"field": one.field, "before": written(one.before), "after": written(one.after)} for one in self.differences
        ]


def deals_seen_by(actor: Actor) -> Select[Deal]:
    """Return the deals of the living partnerships that the actor is a member of."""
    mine = actor.organization_id
    return select(Deal).where(
        or_(Deal.first_organization_id == mine, Deal.second_organization_id == mine),
        is_open_to(actor, Deal.partnership_id),
    )


def deal_versions_seen_by(actor: Actor) -> Select[DealVersion]:
    """Return the states of these deals."""
    mine = actor.organization_id
    return select(DealVersion).where(
        or_(DealVersion.first_organization_id == mine, DealVersion.second_organization_id == mine),
        is_open_to(actor, DealVersion.partnership_id),
    )


def deal_events_seen_by(actor: Actor) -> Select[DealEvent]:
    """Return what either side logged for these deals."""
    mine = actor.organization_id
    return select(DealEvent).where(
        or_(DealEvent.first_organization_id == mine, DealEvent.second_organization_id == mine),
        is_open_to(actor, DealEvent.partnership_id),
    )


def deals(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of deals."""
    asked = [getattr(Deal, name) == given[name] for name in _BY_COLUMN if name in given]
    if "open" in given:
        asked.append(Deal.stage.in_(OPEN_STAGES if given["open"] else CLOSED))
    if direction := given.get("direction"):
        is_ours = Deal.origin_id == actor.organization_id
        asked.append(is_ours if direction == "made" else ~is_ours)
    if given.get("mine"):
        owned = registration_sides_seen_by(actor).where(RegistrationSide.owner_id == actor.user_id)
        named = select(DealPerson.deal_id).join(Member, Member.id == DealPerson.member_id)
        mine = named.where(
            DealPerson.organization_id == actor.organization_id,
            Member.organization_id == actor.organization_id,
            Member.user_id == actor.user_id,
            Member.left_at.is_(None),
        )
        registered = Deal.registration_id.in_(owned.with_only_columns(RegistrationSide.registration_id))
        asked.append(or_(registered, Deal.id.in_(mine)))
    rows = deals_seen_by(actor).where(*asked).options(joinedload(Deal.joint_account))
    parts = [select(Deal.id).where(*place, *asked) for place in _places(actor, given)]
    found = page(actor, rows, given, sorts=SORTS, key=Deal.id, parts=parts)
    return Page([_seen(actor, one) for one in found.items], found.next)


def _places(actor: Actor, given: Mapping[str, Any]) -> list[tuple[ColumnElement[bool], ...]]:
    """Return, for each partnership and stage asked for, what an index has in order; none where there are very many.

    One condition on several partnerships or stages would have all that there is sorted.
    """
    partnership_ids = [one for one in actor.partnership_ids if given.get("partnership_id", one) == one]
    stages_asked = [
        stage
        for stage in Stage
        if given.get("stage", stage) is stage and given.get("open", stage in OPEN_STAGES) == (stage in OPEN_STAGES)
    ]
    places = list(product(partnership_ids, stages_asked))
    if len(places) > _MOST_PLACES:
        return []
    return [(Deal.partnership_id == which, Deal.stage == stage) for which, stage in places]


def deal(actor: Actor, deal_id: UUID) -> DealSeen:
    """Return one deal as the actor's side sees it. Raises NotFound."""
    rows = deals_seen_by(actor).where(Deal.id == deal_id).options(joinedload(Deal.joint_account))
    found = db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return _seen(actor, found)


def deal_to_change(actor: Actor, deal_id: UUID) -> tuple[Deal, Partnership]:
    """Return one deal, locked, and its partnership, which cannot end meanwhile. Raises NotFound."""
    rows = deals_seen_by(actor).where(Deal.id == deal_id)
    partnership_id = db.session().scalars(rows.with_only_columns(Deal.partnership_id)).one_or_none()
    if partnership_id is None:
        raise NotFound
    partnership = held_partnership(actor, partnership_id)
    locked = rows.with_for_update(of=Deal).execution_options(populate_existing=True)
    return db.session().scalars(locked).one(), partnership


def state(actor: Actor, deal_id: UUID, version: int) -> DealVersion | None:
    """Return one state of a deal, if it has been in that."""
    rows = deal_versions_seen_by(actor).where(DealVersion.deal_id == deal_id, DealVersion.version == version)
    return db.session().scalars(rows).one_or_none()


def state_read(actor: Actor, found: Deal, tag: str) -> DealVersion | None:
    """Return the state of a deal that a version's tag names, if it is an earlier one of this deal."""
    number = tag.strip('" ').removeprefix(f"{found.id.hex}.")
    is_earlier = number.isdecimal() and len(number) <= len(str(found.version)) and int(number) < found.version
    return state(actor, found.id, int(number)) if is_earlier else None


def states(actor: Actor, deal_id: UUID, given: Mapping[str, Any]) -> Page:
    """Return a page of the states of a deal, newest first, each with what it changed. Raises NotFound."""
    rows = deal_versions_seen_by(actor).where(DealVersion.deal_id == deal(actor, deal_id).id)
    found = page(
        actor,
        rows,
        {**given, "sort": "-version", "deal_id": deal_id},
        sorts={"version": DealVersion.version},
        key=DealVersion.version,
    )
    before = {one.version: one.facts for one in found.items}
    if found.items and (oldest := found.items[-1].version) > 1 and (one := state(actor, deal_id, oldest - 1)):
        before[one.version] = one.facts
    seen = [StateSeen(one, differences(before.get(one.version - 1), one.facts)) for one in found.items]
    return Page(seen, found.next)


def event(actor: Actor, event_id: UUID) -> DealEvent:
    """Return one thing that was logged for a deal. Raises NotFound."""
    rows = deal_events_seen_by(actor).where(DealEvent.id == event_id)
    found = db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def held_by(actor: Actor, registration: Registration) -> Deal | None:
    """Return the deal that a registration holds, if it does."""
    rows = deals_seen_by(actor).where(
        Deal.partnership_id == registration.partnership_id,
        Deal.origin_id == registration.organization_id,
        Deal.registration_id == registration.id,
    )
    return db.session().scalars(rows.order_by(Deal.opened_at.desc()).limit(1)).one_or_none()


def open_in_place(actor: Actor, registration: Registration) -> Deal | None:
    """Return the open deal of a registration's company and product line, locked: the oldest, where some were merged."""
    mine = actor.organization_id
    rows = select(Deal).where(
        or_(Deal.first_organization_id == mine, Deal.second_organization_id == mine),
        Deal.partnership_id == registration.partnership_id,
        Deal.joint_account_id.in_(joint.merged_ids(joint.survivor_of(registration.joint_account_id))),
        Deal.product_line_id.is_not_distinct_from(registration.product_line_id),
        Deal.stage.in_(OPEN_STAGES),
    )
    fresh = rows.order_by(Deal.opened_at, Deal.id).limit(1).with_for_update()
    return db.session().scalars(fresh.execution_options(populate_existing=True)).one_or_none()


def timeline(actor: Actor, deal_id: UUID) -> Page:
    """Return what happened to one deal, as both sides read it, oldest first. Raises NotFound."""
    return Page(activity.timeline(actor, Deal.__tablename__, deal(actor, deal_id).id), None)


def _seen(actor: Actor, found: Deal) -> DealSeen:
    return DealSeen(found, found.party_of(actor.organization_id))
