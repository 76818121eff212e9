"""Requests to offer beyond the agreed trust advance: the giver's own; there while somebody has to do something."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.kernel.db import Base


class RequestStatus(StrEnum):
    """Whether the partner manager has yet to decide, or said no; what was offered or withdrawn stands no more."""

    WAITING = "waiting"
    DECLINED = "declined"


class OfferRequest(Base):
    """A seller's request to their own partner manager; the partner never learns of it."""

    __tablename__ = "offer_requests"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "lead_id"], ["leads.organization_id", "leads.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["organization_id", "asker_id"], ["users.organization_id", "users.id"]),
        ForeignKeyConstraint(
            ["partnership_id", "organization_id"],
            ["partnership_sides.partnership_id", "partnership_sides.organization_id"],
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    partnership_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    asker_id: Mapped[UUID]
    product_line_id: Mapped[UUID | None]
    message: Mapped[str]
    shows_company: Mapped[bool]
    role_only: Mapped[bool]
    note: Mapped[str]
    status: Mapped[RequestStatus]
    asked_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict

    @property
    def version_tag(self) -> str:
        """The row's version, as an ETag names it."""
        return f"{self.id.hex}.{self.version}"
