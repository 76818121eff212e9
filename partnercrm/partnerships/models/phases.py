"""Moves from phase to phase, which criteria each side says are met, and figures sides enter about goals (shared)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.kernel.db import Base
from partnercrm.partnerships.agreements import Phase
from partnercrm.partnerships.models.terms import ChangeStatus

_SIDES = ["partnership_sides.partnership_id", "partnership_sides.organization_id", "partnership_sides.other_id"]


class SideColumns:
    """Whose row it is, and who reads it as well."""

    partnership_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    other_id: Mapped[UUID]

    def sides(self) -> tuple[UUID, UUID]:
        """Return the ids of the two organizations."""
        return self.organization_id, self.other_id


class PhaseMove(SideColumns, Base):
    """The next phase as one side proposed it, and the other's answer; a waiver says why open criteria may stay open."""

    __tablename__ = "phase_moves"
    __table_args__ = (ForeignKeyConstraint(["partnership_id", "organization_id", "other_id"], _SIDES),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    from_phase: Mapped[Phase]
    to_phase: Mapped[Phase]
    note: Mapped[str]
    waiver: Mapped[str | None]
    waiver_of_other: Mapped[str | None]
    status: Mapped[ChangeStatus]
    answer: Mapped[str]
    proposed_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class CriterionMark(SideColumns, Base):
    """One side says that an exit criterion is met, when and what shows it; with the other's mark it is confirmed."""

    __tablename__ = "criterion_marks"
    __table_args__ = (ForeignKeyConstraint(["partnership_id", "organization_id", "other_id"], _SIDES),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    criterion_id: Mapped[UUID]
    met_on: Mapped[date]
    evidence: Mapped[str]
    marked_at: Mapped[datetime]


class GoalReading(SideColumns, Base):
    """Where a goal stood on a day, as one side entered it."""

    __tablename__ = "goal_readings"
    __table_args__ = (ForeignKeyConstraint(["partnership_id", "organization_id", "other_id"], _SIDES),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    goal_id: Mapped[UUID]
    value: Mapped[int]
    read_on: Mapped[date]
    note: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
