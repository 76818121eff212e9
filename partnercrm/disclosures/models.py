"""Receipts: what one side has shown the other of which thing, by the names of fields, and until when."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKeyConstraint, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.kernel.db import Base
from partnercrm.partnerships.tiers import Tier


class Part(StrEnum):
    """Which part of a thing was shown."""

    TEASER = "teaser"
    COMPANY = "company"
    DETAILS = "details"
    VALUE = "value"


class Disclosure(Base):
    """What one side has shown the other; the database writes it with the copy, and closes it when the copy goes."""

    __tablename__ = "disclosures"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "discloser_id", "receiver_id"],
            [
                "partnership_sides.partnership_id",
                "partnership_sides.organization_id",
                "partnership_sides.other_id",
            ],
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    discloser_id: Mapped[UUID]
    receiver_id: Mapped[UUID]
    subject: Mapped[str]
    subject_id: Mapped[UUID]
    part: Mapped[Part]
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))
    tier: Mapped[Tier]
    prepared_at: Mapped[datetime]
    disclosed_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    emptied: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=FetchedValue())
    emptied_at: Mapped[datetime | None]
