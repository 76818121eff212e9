"""Mappings, their epochs and what these tell (shared); each side's lists, and which of its accounts overlap (owned)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from partnercrm.accounts.mappings import MappingStatus
from partnercrm.accounts.probing import Tripwire
from partnercrm.accounts.tiers import AccountField, Consent, MappingTier
from partnercrm.kernel.db import Base

_SIDES = ["partnership_sides.partnership_id", "partnership_sides.organization_id", "partnership_sides.other_id"]
_OWN_SIDE = (
    ("partnership_id", "organization_id"),
    ("partnership_sides.partnership_id", "partnership_sides.organization_id"),
)
_MAPPING = ("partnership_id", "mapping_id"), ("mappings.partnership_id", "mappings.id")
_EPOCH = ("partnership_id", "epoch_id"), ("mapping_epochs.partnership_id", "mapping_epochs.id")
_CLUSTER = ("partnership_id", "cluster_id"), ("joint_clusters.partnership_id", "joint_clusters.id")
_ACCOUNT = ("organization_id", "account_id"), ("accounts.organization_id", "accounts.id")


class OfBoth:
    """What the record tells both sides alike, ordered by organization."""

    partnership_id: Mapped[UUID]
    first_organization_id: Mapped[UUID]
    second_organization_id: Mapped[UUID]

    def sides(self) -> tuple[UUID, UUID]:
        """Return the ids of the two organizations."""
        return self.first_organization_id, self.second_organization_id


class Mapping(Base):
    """A population of either side, compared by epochs at the tier both agreed; another agreement is another row."""

    __tablename__ = "mappings"
    __table_args__ = (ForeignKeyConstraint(["partnership_id", "organization_id", "other_id"], _SIDES),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    other_id: Mapped[UUID]
    label: Mapped[str]
    other_label: Mapped[str | None]
    tier: Mapped[MappingTier]
    shown: Mapped[list[str]] = mapped_column(ARRAY(Text))
    status: Mapped[MappingStatus]
    proposed_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    stopped_by: Mapped[UUID | None]

    def sides(self) -> tuple[UUID, UUID]:
        """Return the ids of the two organizations."""
        return self.organization_id, self.other_id

    def label_of(self, organization_id: UUID) -> str | None:
        """Return what a side calls its population here."""
        return self.label if organization_id == self.organization_id else self.other_label

    @property
    def consent(self) -> Consent:
        """What is proposed, or agreed, to be told."""
        return Consent(self.tier, frozenset(AccountField(name) for name in self.shown))


class MappingSide(Base):
    """Which of its populations a side brings to a mapping; its own. Digests say whether its list is another one."""

    __tablename__ = "mapping_sides"
    __table_args__ = (
        ForeignKeyConstraint(*_OWN_SIDE),
        ForeignKeyConstraint(*_MAPPING, ondelete="CASCADE"),
        ForeignKeyConstraint(["organization_id", "population_id"], ["populations.organization_id", "populations.id"]),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    mapping_id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    population_id: Mapped[UUID]
    listed_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    compared_digest: Mapped[bytes | None] = mapped_column(LargeBinary)


class MappingListing(Base):
    """An account on a side's lists, since when what is told of it singly is ripe; its own."""

    __tablename__ = "mapping_listings"
    __table_args__ = (ForeignKeyConstraint(*_OWN_SIDE), ForeignKeyConstraint(*_ACCOUNT, ondelete="CASCADE"))

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    mapping_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    ripe_at: Mapped[datetime]


class MappingTake(Base):
    """How a side's lists stood when an epoch took them, how many accounts came and went, and what it spent; its own."""

    __tablename__ = "mapping_takes"
    __table_args__ = (ForeignKeyConstraint(*_OWN_SIDE),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    partnership_id: Mapped[UUID]
    listed: Mapped[int]
    came: Mapped[int]
    went: Mapped[int]
    compared: Mapped[int] = mapped_column(default=0)
    taken_at: Mapped[datetime]


class MappingEpoch(OfBoth, Base):
    """One comparison of all that is agreed; roughly how long either side's lists were, and how many changed."""

    __tablename__ = "mapping_epochs"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID] = mapped_column(ForeignKey("partnerships.id"))
    number: Mapped[int]
    ran_at: Mapped[datetime]
    is_frozen: Mapped[bool]
    first_listed: Mapped[int]
    second_listed: Mapped[int]
    first_changed: Mapped[int]
    second_changed: Mapped[int]


class MappingCell(OfBoth, Base):
    """What an epoch tells of one mapping: how many companies both have, how many of them are new, how many gone."""

    __tablename__ = "mapping_cells"
    __table_args__ = (
        ForeignKeyConstraint(*_MAPPING, ondelete="CASCADE"),
        ForeignKeyConstraint(*_EPOCH, ondelete="CASCADE"),
    )

    epoch_id: Mapped[UUID] = mapped_column(primary_key=True)
    mapping_id: Mapped[UUID] = mapped_column(primary_key=True)
    least: Mapped[int]
    most: Mapped[int | None]
    added: Mapped[int]
    gone: Mapped[int]


class MappingTally(Base):
    """What a mapping's band was told from; neither side reads it."""

    __tablename__ = "mapping_tallies"
    __table_args__ = (ForeignKeyConstraint(*_MAPPING, ondelete="CASCADE"),)

    mapping_id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    count: Mapped[int]
    epoch: Mapped[int]


class MappingSecret(Base):
    """By what a partnership's bands are blurred; nobody reads it, and it goes with the partnership."""

    __tablename__ = "mapping_secrets"

    partnership_id: Mapped[UUID] = mapped_column(ForeignKey("partnerships.id"), primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary)


class JointCluster(OfBoth, Base):
    """One company that both sides have, without its name; since which epoch it is told of."""

    __tablename__ = "joint_clusters"
    __table_args__ = (ForeignKeyConstraint(*_MAPPING, ondelete="CASCADE"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    mapping_id: Mapped[UUID]
    since: Mapped[int]
    told_at: Mapped[datetime]


class ClusterMember(Base):
    """An account of a side that is the company of a cluster; its own."""

    __tablename__ = "cluster_members"
    __table_args__ = (
        ForeignKeyConstraint(*_OWN_SIDE),
        ForeignKeyConstraint(*_CLUSTER, ondelete="CASCADE"),
        ForeignKeyConstraint(*_ACCOUNT, ondelete="CASCADE"),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    cluster_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]


class DisclosedAccount(Base):
    """Which of a side's accounts a copy was made of; its own."""

    __tablename__ = "disclosed_accounts"
    __table_args__ = (ForeignKeyConstraint(*_OWN_SIDE), ForeignKeyConstraint(*_ACCOUNT, ondelete="CASCADE"))

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    disclosure_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    partnership_id: Mapped[UUID]


class OverlapDisclosure(Base):
    """A copy of the agreed fields of one account, for the other side; without a cluster, of one it does not have."""

    __tablename__ = "overlap_disclosures"
    __table_args__ = (
        ForeignKeyConstraint(["partnership_id", "discloser_id", "receiver_id"], _SIDES),
        ForeignKeyConstraint(
            ["discloser_id", "id"],
            ["disclosed_accounts.organization_id", "disclosed_accounts.disclosure_id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(*_MAPPING, ondelete="CASCADE"),
        ForeignKeyConstraint(*_CLUSTER, ondelete="CASCADE"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    discloser_id: Mapped[UUID]
    receiver_id: Mapped[UUID]
    partnership_id: Mapped[UUID]
    mapping_id: Mapped[UUID]
    cluster_id: Mapped[UUID | None]
    name: Mapped[str | None]
    domain: Mapped[str | None]
    city: Mapped[str | None]
    country: Mapped[str | None]
    industry: Mapped[str | None]
    size_band: Mapped[str | None]
    relationship: Mapped[str | None]
    owner_member_id: Mapped[UUID | None]
    disclosed_at: Mapped[datetime]


class MappingFreeze(OfBoth, Base):
    """What stopped a partnership's mapping, and by whose lists; it goes on once both sides have lifted it."""

    __tablename__ = "mapping_freezes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID] = mapped_column(ForeignKey("partnerships.id"))
    about_id: Mapped[UUID]
    wire: Mapped[Tripwire]
    frozen_at: Mapped[datetime]


class MappingLift(Base):
    """That a side has looked at a freeze and lifts it."""

    __tablename__ = "mapping_lifts"
    __table_args__ = (
        ForeignKeyConstraint(["partnership_id", "organization_id", "other_id"], _SIDES),
        ForeignKeyConstraint(
            ["partnership_id", "freeze_id"],
            ["mapping_freezes.partnership_id", "mapping_freezes.id"],
            ondelete="CASCADE",
        ),
    )

    freeze_id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    other_id: Mapped[UUID]
    lifted_at: Mapped[datetime]
