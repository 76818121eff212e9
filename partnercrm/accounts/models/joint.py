"""Joint accounts and by what they are recognised (shared); which of its accounts each is to a side (owned)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, orm
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.accounts.joint import JointStatus
from partnercrm.accounts.models.mapping import OfBoth
from partnercrm.accounts.numbers import Scheme
from partnercrm.kernel.db import Base

_SIDES = ["partnership_id", "first_organization_id", "second_organization_id"]
OF_JOINT = (
    [*_SIDES, "joint_account_id"],
    [f"joint_accounts.{name}" for name in (*_SIDES, "id")],
)


class JointAccountDomain(OfBoth, Base):
    """A domain by which a joint account is recognised, and which side told it; once in a partnership."""

    __tablename__ = "joint_account_domains"
    __table_args__ = (ForeignKeyConstraint(*OF_JOINT, ondelete="CASCADE"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    joint_account_id: Mapped[UUID]
    told_by: Mapped[UUID]
    told_at: Mapped[datetime]
    domain: Mapped[str]


class JointAccountNumber(OfBoth, Base):
    """A register's number by which a joint account is recognised, and which side told it; once in a partnership."""

    __tablename__ = "joint_account_numbers"
    __table_args__ = (ForeignKeyConstraint(*OF_JOINT, ondelete="CASCADE"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    joint_account_id: Mapped[UUID]
    told_by: Mapped[UUID]
    told_at: Mapped[datetime]
    scheme: Mapped[Scheme]
    country: Mapped[str | None]
    number: Mapped[str]


class JointAccount(OfBoth, Base):
    """A company that both sides of a partnership work on together, once the side that was asked agreed.

    One that was merged into another stands in no list; its side can take back what it told of one that is closed.
    """

    __tablename__ = "joint_accounts"
    __table_args__ = (
        ForeignKeyConstraint(
            _SIDES,
            ["partnership_sides.partnership_id", "partnership_sides.organization_id", "partnership_sides.other_id"],
        ),
        ForeignKeyConstraint(
            ["partnership_id", "merged_into_id"],
            ["joint_accounts.partnership_id", "joint_accounts.id"],
            ondelete="CASCADE",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    opened_by: Mapped[UUID]
    name: Mapped[str | None]
    country: Mapped[str | None]
    city: Mapped[str | None]
    status: Mapped[JointStatus]
    proposed_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    merged_into_id: Mapped[UUID | None]
    goal: Mapped[str | None]
    proposition: Mapped[str | None]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict

    domains: Mapped[list[JointAccountDomain]] = orm.relationship(
        lazy="raise", viewonly=True, order_by=JointAccountDomain.domain
    )
    numbers: Mapped[list[JointAccountNumber]] = orm.relationship(
        lazy="raise", viewonly=True, order_by=JointAccountNumber.number
    )

    @property
    def version_tag(self) -> str:
        """The row's version, as an ETag names it."""
        return f"{self.id.hex}.{self.version}"


class JointAccountSide(Base):
    """Which of its accounts a joint account is to a side, who there works on it, and what they note; its own."""

    __tablename__ = "joint_account_sides"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "organization_id"],
            ["partnership_sides.partnership_id", "partnership_sides.organization_id"],
        ),
        ForeignKeyConstraint(
            ["partnership_id", "joint_account_id"],
            ["joint_accounts.partnership_id", "joint_accounts.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["accounts.organization_id", "accounts.id"],
            ondelete="SET NULL (account_id)",
        ),
        ForeignKeyConstraint(["organization_id", "owner_id"], ["users.organization_id", "users.id"]),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    joint_account_id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    owner_id: Mapped[UUID | None]
    notes: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict

    @property
    def version_tag(self) -> str:
        """The row's version, as an ETag names it."""
        return f"{self.joint_account_id.hex}.own.{self.version}"
