"""What one lead is worth, told exactly: each side's yes, the amount it keeps to itself, and what both then read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.kernel.db import Base
from partnercrm.kernel.money import Money
from partnercrm.partnerships.tiers import Tier


def _of_offer() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["partnership_id", "giver_id", "receiver_id", "offer_id"],
        ["offers.partnership_id", "offers.giver_id", "offers.receiver_id", "offers.id"],
    )


class ValueConsent(Base):
    """One side's yes to telling exactly what a lead is worth; taking it back deletes row and copies."""

    __tablename__ = "value_consents"
    __table_args__ = (_of_offer(),)

    offer_id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    giver_id: Mapped[UUID]
    receiver_id: Mapped[UUID]
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    tier: Mapped[Tier]
    said_at: Mapped[datetime]


class OfferAmount(Base):
    """What one side knows of a lead's value and keeps: its giver what it expects, its receiver what was won."""

    __tablename__ = "offer_amounts"
    __table_args__ = (_of_offer(),)

    offer_id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    giver_id: Mapped[UUID]
    receiver_id: Mapped[UUID]
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    value_minor: Mapped[int]
    currency: Mapped[str]


class ToldValue(Base):
    """What both read of a lead's value while both say yes; the database copies and deletes it."""

    __tablename__ = "told_values"
    __table_args__ = (_of_offer(),)

    offer_id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    giver_id: Mapped[UUID]
    receiver_id: Mapped[UUID]
    discloser_id: Mapped[UUID] = mapped_column(primary_key=True)
    value_minor: Mapped[int]
    currency: Mapped[str]
    tier: Mapped[Tier]
    told_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())

    @property
    def value(self) -> Money:
        """What was told."""
        return Money(self.value_minor, self.currency)
