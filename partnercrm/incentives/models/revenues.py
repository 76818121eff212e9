"""What a won deal came to (shared): won, invoiced, paid, and what of it was refunded; never changed."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.accounts.models.mapping import OfBoth
from partnercrm.incentives.models.agreements import BETWEEN
from partnercrm.kernel.db import Base
from partnercrm.kernel.money import Money


class RevenueKind(StrEnum):
    """What happened to the money of a deal."""

    WON = "won"
    INVOICED = "invoiced"
    PAID = "paid"
    REFUNDED = "refunded"


class Revenue(OfBoth, Base):
    """One event of a deal's money, and which side recorded it; a refund undoes part or all of the one it is `of_id`.

    Whose the deal was and whether the partner came in late is kept as it was on record then. Books follow it when the
    partnership has ended and the deal is gone.
    """

    __tablename__ = "deal_revenues"
    __table_args__ = (
        ForeignKeyConstraint(*BETWEEN),
        ForeignKeyConstraint(
            ["partnership_id", "deal_id", "of_id"],
            ["deal_revenues.partnership_id", "deal_revenues.deal_id", "deal_revenues.id"],
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    deal_id: Mapped[UUID]
    product_line_id: Mapped[UUID | None]
    sourced_by: Mapped[UUID]
    influenced_by: Mapped[UUID | None]
    is_late: Mapped[bool]
    organization_id: Mapped[UUID]
    kind: Mapped[RevenueKind]
    of_id: Mapped[UUID | None]
    reference: Mapped[str]
    minor: Mapped[int]
    currency: Mapped[str]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())

    @property
    def amount(self) -> Money:
        """How much, never negative."""
        return Money(self.minor, self.currency)
