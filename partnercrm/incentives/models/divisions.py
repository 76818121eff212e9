"""How a side divides its own share of a deal among its own people, by version (owned); the other side has no part."""

from datetime import datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym

from partnercrm.kernel.db import Base


class SplitDivision(Base):
    """A version of a division: from when it holds, and of how many parts its whole is."""

    __tablename__ = "split_divisions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "organization_id"],
            ["partnership_sides.partnership_id", "partnership_sides.organization_id"],
        ),
        ForeignKeyConstraint(["organization_id", "set_by"], ["users.organization_id", "users.id"]),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    deal_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    whole: Mapped[int]
    set_by: Mapped[UUID]
    effective_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())

    # What the own audit trail names.
    id: Mapped[UUID] = synonym("deal_id")
    participants: Mapped[list["SplitParticipant"]] = relationship(
        lazy="raise", viewonly=True, order_by="SplitParticipant.user_id"
    )

    @property
    def shares(self) -> dict[UUID, Fraction]:
        """Each participant's exact share, by user; they sum to 1."""
        return {one.user_id: Fraction(one.parts, self.whole) for one in self.participants}


class SplitParticipant(Base):
    """Whose parts of a division how many are."""

    __tablename__ = "split_participants"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "deal_id", "version"],
            ["split_divisions.organization_id", "split_divisions.deal_id", "split_divisions.version"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["partnership_id", "organization_id"],
            ["partnership_sides.partnership_id", "partnership_sides.organization_id"],
        ),
        ForeignKeyConstraint(["organization_id", "user_id"], ["users.organization_id", "users.id"]),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    deal_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    parts: Mapped[int]
