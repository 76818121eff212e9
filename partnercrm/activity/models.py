"""What was done: one owned row for the actor's own company, one shared row where both sides were concerned."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.kernel.db import Base


class Activity(Base):
    """A company's own record of what its people, tokens and jobs did; append-only."""

    __tablename__ = "activities"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    verb: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[UUID]
    user_id: Mapped[UUID | None]
    token_id: Mapped[UUID | None]
    request_id: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class SharedActivity(Base):
    """What both sides of a partnership read about a shared thing: which side did what, never who; append-only."""

    __tablename__ = "shared_activities"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    first_organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    second_organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    acting_organization_id: Mapped[UUID]
    verb: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[UUID]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
