"""What a side's people say a partnership takes, each for themselves, and what it took before: the side's own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.kernel.db import Base

_OWN_SIDE = (
    ["partnership_id", "organization_id"],
    ["partnership_sides.partnership_id", "partnership_sides.organization_id"],
)


class TimeBaseline(Base):
    """What a side took before signing: for one account list by hand, and a seller's month with such partners."""

    __tablename__ = "time_baselines"
    __table_args__ = (ForeignKeyConstraint(*_OWN_SIDE),)

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID] = mapped_column(primary_key=True)
    list_minutes: Mapped[int]
    month_minutes: Mapped[int]
    stated_at: Mapped[datetime]


class TimeSpent(Base):
    """What somebody says a partnership took them in a month; read by that person alone."""

    __tablename__ = "time_spent"
    __table_args__ = (
        ForeignKeyConstraint(*_OWN_SIDE),
        ForeignKeyConstraint(["organization_id", "user_id"], ["users.organization_id", "users.id"]),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    partnership_id: Mapped[UUID]
    user_id: Mapped[UUID]
    month: Mapped[str]
    minutes: Mapped[int]
    told_at: Mapped[datetime]
