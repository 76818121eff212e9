"""Who of both sides works on a joint account, and what both plan for it (shared)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.accounts.models.joint import OF_JOINT
from partnercrm.accounts.models.mapping import OfBoth
from partnercrm.accounts.plans import ItemKind, Stance
from partnercrm.kernel.db import Base

_MEMBER = ["partnership_members.organization_id", "partnership_members.id"]


class JointAccountPerson(OfBoth, Base):
    """A member of the partnership whom their side named to work on a joint account."""

    __tablename__ = "joint_account_people"
    __table_args__ = (
        ForeignKeyConstraint(*OF_JOINT, ondelete="CASCADE"),
        ForeignKeyConstraint(["organization_id", "member_id"], _MEMBER),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    joint_account_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    member_id: Mapped[UUID]
    named_at: Mapped[datetime]


class PlanItem(OfBoth, Base):
    """One line of a plan, and which side added it; a step that is done names nobody any more."""

    __tablename__ = "joint_plan_items"
    __table_args__ = (
        ForeignKeyConstraint(*OF_JOINT, ondelete="CASCADE"),
        ForeignKeyConstraint(["owner_organization_id", "owner_member_id"], _MEMBER),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    joint_account_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    kind: Mapped[ItemKind]
    text: Mapped[str]
    stance: Mapped[Stance | None]
    owner_organization_id: Mapped[UUID | None]
    owner_member_id: Mapped[UUID | None]
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    added_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict

    @property
    def version_tag(self) -> str:
        """The row's version, as an ETag names it."""
        return f"{self.id.hex}.{self.version}"
