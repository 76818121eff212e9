"""What a side says it wins alone, before or beside the partnership; the side's own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.kernel.db import Base
from partnercrm.kernel.money import Money


class SalesBaseline(Base):
    """Deals that a side won and lost alone, and of those it won the middle value and the middle of days they took."""

    __tablename__ = "sales_baselines"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "organization_id"],
            ["partnership_sides.partnership_id", "partnership_sides.organization_id"],
        ),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID] = mapped_column(primary_key=True)
    won: Mapped[int]
    lost: Mapped[int]
    value_minor: Mapped[int | None]
    currency: Mapped[str | None]
    days: Mapped[int | None]
    stated_at: Mapped[datetime]

    @property
    def value(self) -> Money | None:
        """The middle value of the deals that were won."""
        return None if self.value_minor is None or self.currency is None else Money(self.value_minor, self.currency)
