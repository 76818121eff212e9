"""Reading the plan of a joint account, both teams, what happened, and what one's own side notes."""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from partnercrm.accounts.models import Account
from partnercrm.accounts.models.joint import JointAccount, JointAccountSide
from partnercrm.accounts.models.plans import JointAccountPerson, PlanItem
from partnercrm.accounts.queries import joint
from partnercrm.activity import queries as activity
from partnercrm.activity.models import SharedActivity
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.partnerships.models import Member
from partnercrm.partnerships.queries import is_open_to

_MOST = 500


class Plan(NamedTuple):
    """What both sides plan: the joint account with goal and proposition, present members of both teams, and lines."""

    joint_account: JointAccount
    people: Sequence[Member]
    items: Sequence[PlanItem]

    @property
    def id(self) -> UUID:
        """The joint account's id."""
        return self.joint_account.id

    @property
    def partnership_id(self) -> UUID:
        """The partnership in which it is planned."""
        return self.joint_account.partnership_id


class OwnSide(NamedTuple):
    """What one's own side keeps of a joint account: which of its accounts it is, who works on it, what they note."""

    joint_account_id: UUID
    partnership_id: UUID
    account_id: UUID | None
    owner_id: UUID | None
    notes: str | None
    version_tag: str

    @property
    def id(self) -> UUID:
        """The joint account's id."""
        return self.joint_account_id


def people_seen_by(actor: Actor) -> Select[JointAccountPerson]:
    """Return who works on joint accounts in the living partnerships that the actor is a member of."""
    mine = actor.organization_id
    return select(JointAccountPerson).where(
        or_(JointAccountPerson.first_organization_id == mine, JointAccountPerson.second_organization_id == mine),
        is_open_to(actor, JointAccountPerson.partnership_id),
    )


def items_seen_by(actor: Actor) -> Select[PlanItem]:
    """Return what is planned in the living partnerships that the actor is a member of."""
    mine = actor.organization_id
    return select(PlanItem).where(
        or_(PlanItem.first_organization_id == mine, PlanItem.second_organization_id == mine),
        is_open_to(actor, PlanItem.partnership_id),
    )


def sides_seen_by(actor: Actor) -> Select[JointAccountSide]:
    """Return what the actor's own side keeps of joint accounts in partnerships that the actor is a member of."""
    return select(JointAccountSide).where(
        JointAccountSide.organization_id == actor.organization_id,
        is_open_to(actor, JointAccountSide.partnership_id),
    )


def plan(actor: Actor, joint_account_id: UUID) -> Plan:
    """Return what both sides plan for a joint account, and for those merged into it. Raises NotFound."""
    found = joint.joint_account(actor, joint_account_id)
    ids = joint.merged_ids(joint_account_id)
    rows = items_seen_by(actor).where(PlanItem.joint_account_id.in_(ids))
    items = db.session().scalars(rows.order_by(PlanItem.added_at, PlanItem.id).limit(_MOST)).all()
    return Plan(found, team(actor, ids), items)


def team(actor: Actor, joint_account_ids: Collection[UUID], organization_id: UUID | None = None) -> Sequence[Member]:
    """Return the present members who work on these joint accounts, of both sides or one, by side and name."""
    named = people_seen_by(actor).where(JointAccountPerson.joint_account_id.in_(joint_account_ids))
    rows = select(Member).where(
        Member.id.in_(named.with_only_columns(JointAccountPerson.member_id)), Member.left_at.is_(None)
    )
    if organization_id is not None:
        rows = rows.where(Member.organization_id == organization_id)
    return db.session().scalars(rows.order_by(Member.organization_id, func.lower(Member.name), Member.id)).all()


def present_member(actor: Actor, partnership_id: UUID, member_id: UUID) -> Member:
    """Return a present member of either side of a partnership the actor is one of. Raises NotFound."""
    mine = actor.organization_id
    rows = select(Member).where(
        or_(Member.organization_id == mine, Member.other_id == mine),
        is_open_to(actor, Member.partnership_id),
        Member.partnership_id == partnership_id,
        Member.id == member_id,
        Member.left_at.is_(None),
    )
    found = db.session().scalars(rows).one_or_none()
    if found is None:
        raise NotFound
    return found


def item(actor: Actor, item_id: UUID) -> PlanItem:
    """Return one line of a plan. Raises NotFound."""
    return _item(items_seen_by(actor).where(PlanItem.id == item_id))


def item_to_change(actor: Actor, item_id: UUID) -> PlanItem:
    """Return one line of a plan, locked. Raises NotFound."""
    rows = items_seen_by(actor).where(PlanItem.id == item_id)
    return _item(rows.with_for_update().execution_options(populate_existing=True))


def count_items(joint_account_id: UUID) -> int:
    """Return how many lines stand in a plan that the actor was found to see."""
    rows = select(func.count()).where(PlanItem.joint_account_id == joint_account_id)
    return db.session().execute(rows).scalar_one()


def own_side(actor: Actor, joint_account_id: UUID) -> OwnSide:
    """Return what the actor's own side keeps of a joint account; of a merged account its survivor. Raises NotFound."""
    partnership_id = joint.joint_account(actor, joint_account_id).partnership_id
    rows = (
        sides_seen_by(actor)
        .where(JointAccountSide.joint_account_id == joint_account_id)
        .outerjoin(Account, _is_account(JointAccountSide.account_id))
        .add_columns(func.coalesce(Account.merged_into_id, Account.id))
    )
    found = db.session().execute(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        return OwnSide(joint_account_id, partnership_id, None, None, None, f"{joint_account_id.hex}.own.0")
    side, account_id = found
    return OwnSide(joint_account_id, partnership_id, account_id, side.owner_id, side.notes, side.version_tag)


def timeline(actor: Actor, joint_account_id: UUID) -> Sequence[SharedActivity]:
    """Return what both sides read of what happened, oldest first: here and in what was merged into it.

    Raises NotFound.
    """
    joint.joint_account(actor, joint_account_id)
    ids = joint.merged_ids(joint_account_id)
    told = [line for one in ids for line in activity.timeline(actor, JointAccount.__tablename__, one)]
    return sorted(told, key=lambda line: (line.recorded_at, line.id))


def _is_account(account_id: InstrumentedAttribute[UUID | None]) -> ColumnElement[bool]:
    return and_(Account.id == account_id, Account.organization_id == JointAccountSide.organization_id)


def _item(rows: Select[PlanItem]) -> PlanItem:
    found = db.session().scalars(rows).one_or_none()
    if found is None:
        raise NotFound
    return found
