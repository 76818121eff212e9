"""Reading what both have: one's own accounts in joint clusters, and what the other side disclosed of its own."""

from collections import defaultdict
from collections.abc import Mapping as Values
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, or_, select

from partnercrm.accounts import queries as accounts
from partnercrm.accounts.models import Account
from partnercrm.accounts.models.mapping import ClusterMember, JointCluster, Mapping, OverlapDisclosure
from partnercrm.accounts.queries.mapping import mapping
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships.models import PartnershipSide
from partnercrm.partnerships.queries import is_open_to
from partnercrm.web.paging import Page, page

SORTS = {"told_at": JointCluster.told_at}
# Ids of copies are made anew by every epoch: what they tell puts them in order.
_ALIKE = [
    OverlapDisclosure.discloser_id,
    *(getattr(OverlapDisclosure, field).asc().nulls_last() for field in ("name", "domain", "city", "country")),
    *(getattr(OverlapDisclosure, field).asc().nulls_last() for field in ("industry", "size_band", "relationship")),
]
OTHER_SORTS = {"disclosed_at": OverlapDisclosure.disclosed_at}


@dataclass(frozen=True, slots=True)
class OverlapSeen:
    """A company that both have: which of one's own accounts it is, and what is disclosed of the other side's."""

    cluster: JointCluster
    accounts: Sequence[Account]
    theirs: Sequence[OverlapDisclosure]

    @property
    def id(self) -> UUID:
        """The cluster's id."""
        return self.cluster.id


class ToldOfBoth(NamedTuple):
    """A company that both have, with one of the copies either side disclosed of it; without, where none is agreed."""

    cluster: JointCluster
    side: str | None
    copy: OverlapDisclosure | None


def clusters_seen_by(actor: Actor) -> Select[JointCluster]:
    """Return what is told singly in the living partnerships that the actor is a member of."""
    mine = actor.organization_id
    return select(JointCluster).where(
        or_(JointCluster.first_organization_id == mine, JointCluster.second_organization_id == mine),
        is_open_to(actor, JointCluster.partnership_id),
    )


def copies_seen_by(actor: Actor) -> Select[OverlapDisclosure]:
    """Return what was disclosed to the actor's side in the living partnerships that the actor is a member of."""
    return select(OverlapDisclosure).where(
        OverlapDisclosure.receiver_id == actor.organization_id, is_open_to(actor, OverlapDisclosure.partnership_id)
    )


def overlaps(actor: Actor, mapping_id: UUID, given: Values[str, Any]) -> Page:
    """Return a page of the companies that both have in a mapping, as far as its tier tells. Raises NotFound."""
    found = mapping(actor, mapping_id)
    rows = clusters_seen_by(actor).where(JointCluster.mapping_id == found.id)
    shown = page(actor, rows, {**given, "mapping_id": mapping_id}, sorts=SORTS, key=JointCluster.id)
    return Page(_seen(actor, shown.items), shown.next)


def own_of_overlap(actor: Actor, partnership_id: UUID, overlap_id: UUID) -> tuple[Account, frozenset[str]] | None:
    """Return one's own account of a company that both have, and the fields that both agreed to tell; None without."""
    is_member = (ClusterMember.account_id == Account.id) & (ClusterMember.organization_id == Account.organization_id)
    rows = (
        accounts.whole(accounts.accounts_seen_by(actor))
        .join(ClusterMember, is_member)
        .join(JointCluster, JointCluster.id == ClusterMember.cluster_id)
        .join(Mapping, Mapping.id == JointCluster.mapping_id)
        .where(
            JointCluster.id == overlap_id,
            JointCluster.partnership_id == partnership_id,
            is_open_to(actor, JointCluster.partnership_id),
        )
        .add_columns(Mapping.shown)
    )
    found = db.session().execute(rows.order_by(Account.name, Account.id).limit(1)).one_or_none()
    return (found[0], frozenset(found[1])) if found else None


def told_of_both(actor: Actor, mapping_id: UUID, given: Values[str, Any]) -> Page:
    """Return what both sides read alike of a page of companies: no side's own accounts. Raises NotFound."""
    found = mapping(actor, mapping_id)
    rows = clusters_seen_by(actor).where(JointCluster.mapping_id == found.id)
    shown = page(actor, rows, {**given, "mapping_id": mapping_id}, sorts=SORTS, key=JointCluster.id)
    named = (PartnershipSide.partnership_id == OverlapDisclosure.partnership_id) & (
        PartnershipSide.organization_id == OverlapDisclosure.discloser_id
    )
    copies = (
        select(OverlapDisclosure, PartnershipSide.name)
        .join(PartnershipSide, named)
        .where(OverlapDisclosure.cluster_id.in_([cluster.id for cluster in shown.items]))
        .order_by(*_ALIKE)
    )
    told = defaultdict[UUID | None, list[tuple[OverlapDisclosure | None, str | None]]](list)
    for copy, side in db.session().execute(copies):
        told[copy.cluster_id].append((copy, side))
    by_cluster = [(cluster, told.get(cluster.id, [(None, None)])) for cluster in shown.items]
    return Page([ToldOfBoth(cluster, side, copy) for cluster, each in by_cluster for copy, side in each], shown.next)


def others(actor: Actor, mapping_id: UUID, given: Values[str, Any]) -> Page:
    """Return a page of what the other side alone has, where the tier tells of it. Raises NotFound."""
    found = mapping(actor, mapping_id)
    rows = copies_seen_by(actor).where(OverlapDisclosure.mapping_id == found.id, OverlapDisclosure.cluster_id.is_(None))
    given = {**given, "mapping_id": mapping_id}
    return page(actor, rows, given, sorts=OTHER_SORTS, key=OverlapDisclosure.id)


def _seen(actor: Actor, clusters: Sequence[JointCluster]) -> list[OverlapSeen]:
    ids = [cluster.id for cluster in clusters]
    is_member = ClusterMember.account_id == Account.id, ClusterMember.organization_id == Account.organization_id
    members = accounts.accounts_seen_by(actor).join(ClusterMember, is_member[0] & is_member[1])
    mine, theirs = defaultdict[UUID, list[Account]](list), defaultdict[UUID, list[OverlapDisclosure]](list)
    listed = members.add_columns(ClusterMember.cluster_id).where(ClusterMember.cluster_id.in_(ids))
    for account, cluster_id in db.session().execute(listed.order_by(Account.name, Account.id)):
        mine[cluster_id].append(account)
    copies = copies_seen_by(actor).where(OverlapDisclosure.cluster_id.in_(ids))
    for copy in db.session().scalars(copies.order_by(OverlapDisclosure.name, OverlapDisclosure.id)):
        theirs[copy.cluster_id or copy.id].append(copy)
    return [OverlapSeen(cluster, mine[cluster.id], theirs[cluster.id]) for cluster in clusters]
