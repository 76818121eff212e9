"""Populations: named segments of an organization's accounts, and every version there was of each; all owned."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.kernel.db import Base


class Population(Base):
    """A segment by criteria: an account belongs to it that fits each of them."""

    __tablename__ = "populations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str]
    criteria: Mapped[dict[str, list[str]]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(default=1)
    counted: Mapped[int]
    counted_at: Mapped[datetime]
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]

    @property
    def version_tag(self) -> str:
        """What the population is, and how many it was counted to be."""
        return f"{self.id.hex}.{self.version}.{self.counted}.{int(self.archived_at is not None)}"


class PopulationVersion(Base):
    """What a population was from a moment on."""

    __tablename__ = "population_versions"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "population_id"], ["populations.organization_id", "populations.id"]),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    population_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    criteria: Mapped[dict[str, Any]] = mapped_column(JSONB)
    counted: Mapped[int]
    recorded_at: Mapped[datetime]
