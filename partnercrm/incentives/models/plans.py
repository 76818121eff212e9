"""Compensation plans (owned): the draft, the versions that were published, and whose a plan is from when."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, ForeignKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnercrm.incentives import keeping
from partnercrm.incentives.plans import Plan
from partnercrm.kernel.db import Base


def _of_plan() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["organization_id", "plan_id"], ["compensation_plans.organization_id", "compensation_plans.id"]
    )


class CompensationPlan(Base):
    """A plan by its name; `draft` is what it would say from its next version on, None: nothing is being written."""

    __tablename__ = "compensation_plans"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str]
    draft: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict

    versions: Mapped[list["CompensationVersion"]] = relationship(
        lazy="raise", viewonly=True, order_by="CompensationVersion.version"
    )
    assignments: Mapped[list["CompensationAssignment"]] = relationship(
        lazy="raise", viewonly=True, order_by="CompensationAssignment.starts_on, CompensationAssignment.recorded_at"
    )


class CompensationVersion(Base):
    """What a plan says from a day on until a later version does; never changed."""

    __tablename__ = "compensation_versions"
    __table_args__ = (_of_plan(),)

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    rules: Mapped[dict[str, Any]] = mapped_column(JSONB)
    starts_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())

    @property
    def plan(self) -> Plan:
        """What it says, as rules."""
        return keeping.read(self.rules)


class CompensationAssignment(Base):
    """Whose a plan is from a day on: a seller's or a team's; never changed, a later one takes its place."""

    __tablename__ = "compensation_assignments"
    __table_args__ = (
        _of_plan(),
        ForeignKeyConstraint(["organization_id", "user_id"], ["users.organization_id", "users.id"]),
        ForeignKeyConstraint(["organization_id", "team_id"], ["teams.organization_id", "teams.id"]),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    plan_id: Mapped[UUID]
    user_id: Mapped[UUID | None]
    team_id: Mapped[UUID | None]
    starts_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
