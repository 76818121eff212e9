"""Reading who of a partner knows one of one's own accounts, within what both agreed to tell, as of the last epoch."""

from collections import defaultdict
from collections.abc import Mapping as Values
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select

from partnercrm.accounts import queries as accounts
from partnercrm.accounts.models import Account
from partnercrm.accounts.models.mapping import ClusterMember, JointCluster, Mapping, OverlapDisclosure
from partnercrm.accounts.queries.overlaps import clusters_seen_by, copies_seen_by
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships.models import Member, MemberRole, PartnershipSide
from partnercrm.web.paging import Page, page


class Introduction(NamedTuple):
    """A partner that has an account too: among which of its accounts, since when, and which member to ask."""

    partnership_id: UUID
    partner: str
    label: str
    told_at: datetime
    introducer_id: UUID
    introducer: str


class Introductions(NamedTuple):
    """The partners that have one of the organization's accounts too."""

    account_id: UUID
    partners: Sequence[Introduction]


def introductions(actor: Actor, account_id: UUID) -> Introductions:
    """Return which partners have an account too, and whom there to ask. Raises NotFound.

    It is the account's owner at the partner where both agreed to tell of owners and that owner is a member; else the
    partner manager who is a member longest.
    """
    accounts.account(actor, account_id)
    return Introductions(account_id, introduced(actor, [account_id]).get(account_id, ()))


def introduced(actor: Actor, account_ids: Sequence[UUID]) -> Values[UUID, Sequence[Introduction]]:
    """Return the partners that have these accounts too, by account."""
    mine = actor.organization_id
    rows = (
        clusters_seen_by(actor)
        .join(ClusterMember, ClusterMember.cluster_id == JointCluster.id)
        .join(Mapping, Mapping.id == JointCluster.mapping_id)
        .join(PartnershipSide, PartnershipSide.partnership_id == JointCluster.partnership_id)
        .where(
            ClusterMember.organization_id == mine,
            ClusterMember.account_id.in_(account_ids),
            PartnershipSide.other_id == mine,
        )
        .add_columns(Mapping, PartnershipSide, ClusterMember.account_id)
        .order_by(PartnershipSide.name, JointCluster.told_at, JointCluster.id)
    )
    found = db.session().execute(rows).all()
    owners = _owners(actor, [cluster.id for cluster, *_ in found])
    managers = _managers(actor, {side.partnership_id for _, _, side, _ in found})
    by_account = defaultdict[UUID, list[Introduction]](list)
    for cluster, mapping, side, account_id in found:
        member = owners.get(cluster.id) or managers[side.partnership_id]
        by_account[account_id].append(_introduction(cluster, mapping, side, member))
    return by_account


def shared_accounts(actor: Actor, given: Values[str, Any]) -> Page:
    """Return a page of the actor's own accounts that a partner has too, each with its introductions, by name."""
    told = clusters_seen_by(actor).with_only_columns(JointCluster.id)
    common = select(ClusterMember.account_id).where(
        ClusterMember.organization_id == actor.organization_id, ClusterMember.cluster_id.in_(told)
    )
    rows = accounts.accounts_seen_by(actor).where(Account.owner_id == actor.user_id, Account.id.in_(common))
    found = page(actor, rows, given, sorts={"name": func.lower(Account.name)}, key=Account.id)
    partners = introduced(actor, [account.id for account in found.items])
    return Page([(account, partners.get(account.id, ())) for account in found.items], found.next)


def _introduction(cluster: JointCluster, mapping: Mapping, side: PartnershipSide, member: Member) -> Introduction:
    label = mapping.label_of(side.organization_id) or ""
    return Introduction(side.partnership_id, side.name, label, cluster.told_at, member.id, member.name)


def _owners(actor: Actor, cluster_ids: Sequence[UUID]) -> dict[UUID, Member]:
    """Return the members who own these companies at the partner, where that is told and they still are members."""
    copies = copies_seen_by(actor).where(OverlapDisclosure.cluster_id.in_(cluster_ids))
    rows = copies.join(Member, Member.id == OverlapDisclosure.owner_member_id).where(Member.left_at.is_(None))
    found = db.session().execute(rows.add_columns(Member).order_by(Member.joined_at.desc(), Member.id))
    return {copy.cluster_id: member for copy, member in found if copy.cluster_id}


def _managers(actor: Actor, partnership_ids: set[UUID]) -> dict[UUID, Member]:
    """Return of each partner the partner manager who is a member longest."""
    rows: Select[Member] = select(Member).where(
        Member.partnership_id.in_(partnership_ids),
        Member.other_id == actor.organization_id,
        Member.role == MemberRole.PARTNER_MANAGER,
        Member.left_at.is_(None),
    )
    found = db.session().scalars(rows.order_by(Member.joined_at.desc(), Member.id))
    return {member.partnership_id: member for member in found}
