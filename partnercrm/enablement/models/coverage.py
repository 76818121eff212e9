"""Coverage, month by month: of the own teams and regions (owned), of a side as both read it (shared); the pulse."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKeyConstraint, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.kernel.db import Base

_SIDE = ["partnership_sides.partnership_id", "partnership_sides.organization_id"]


class Dimension(StrEnum):
    """By what a side's coverage is divided."""

    TEAM = "team"
    REGION = "region"


class CoverageMonth(Base):
    """How much of a side was enabled when a month ended, as both sides read it; None where too few are asked."""

    __tablename__ = "coverage_months"
    __table_args__ = (
        ForeignKeyConstraint(["partnership_id", "organization_id", "other_id"], [*_SIDE, "partnership_sides.other_id"]),
    )

    partnership_id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    other_id: Mapped[UUID]
    percent: Mapped[int | None]


class CoverageGroup(Base):
    """The same of a group of the own teams or regions, of eight people at least."""

    __tablename__ = "coverage_groups"
    __table_args__ = (ForeignKeyConstraint(["partnership_id", "organization_id"], _SIDE),)

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    dimension: Mapped[Dimension] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    team_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    countries: Mapped[list[str]] = mapped_column(ARRAY(Text))
    with_others: Mapped[bool]
    people: Mapped[int]
    percent: Mapped[int]


class PulseRound(Base):
    """A question to the own sellers, how much they trust a partner: tallies alone, in one row that no answer marks."""

    __tablename__ = "pulse_rounds"
    __table_args__ = (ForeignKeyConstraint(["partnership_id", "organization_id"], _SIDE),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    partnership_id: Mapped[UUID]
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    answers: Mapped[int]
    trusting: Mapped[int]


class PulseGiver(Base):
    """That somebody took part in a round, so that nobody does twice; not when, and not what they said."""

    __tablename__ = "pulse_givers"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "round_id"], ["pulse_rounds.organization_id", "pulse_rounds.id"]),
        ForeignKeyConstraint(["organization_id", "user_id"], ["users.organization_id", "users.id"]),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
