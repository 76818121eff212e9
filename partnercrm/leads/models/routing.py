"""Routing of received leads: rules, turns and assignments, each the receiver's own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, synonym

from partnercrm.kernel.db import Base


class RoutingPlan(Base):
    """An organization's rules in their order, and how many turns were given; who routes holds this row."""

    __tablename__ = "routing_plans"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    rules: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    turns: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    # There is one plan of an organization.
    id: Mapped[UUID] = synonym("organization_id")

    @property
    def version_tag(self) -> str:
        """The row's version, as an ETag names it."""
        return f"{self.organization_id.hex}.{self.version}"


class RoutingTurn(Base):
    """When somebody was asked last by a rule, as a number that grows."""

    __tablename__ = "routing_turns"
    __table_args__ = (ForeignKeyConstraint(["organization_id", "user_id"], ["users.organization_id", "users.id"]),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("routing_plans.organization_id"), primary_key=True)
    rule_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    turn: Mapped[int]


class Assignment(Base):
    """Who of the receiving side is asked first about an offer; it says nothing once the offer is answered."""

    __tablename__ = "lead_assignments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "giver_id", "organization_id", "offer_id"],
            ["offers.partnership_id", "offers.giver_id", "offers.receiver_id", "offers.id"],
        ),
        ForeignKeyConstraint(["organization_id", "assignee_id"], ["users.organization_id", "users.id"]),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    offer_id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    giver_id: Mapped[UUID]
    assignee_id: Mapped[UUID]
    by_hand: Mapped[bool]
    assigned_at: Mapped[datetime]
    # An offer is assigned to one person.
    id: Mapped[UUID] = synonym("offer_id")
