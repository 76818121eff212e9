"""What each completed month let be said of an exchange: shared figures, append-only, one row a month."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.kernel.db import Base
from partnercrm.leads.drift import Change, Signal, Standing, Yardstick
from partnercrm.partnerships.measures import Measure

_SIDES = ("partnership_id", "first_organization_id", "second_organization_id")


class DriftReading(Base):
    """One reading: by what was agreed, which leads counted, what that says, and where the search for a cause stands.

    The interval of the first side's share is rounded outwards; `ahead_id` is who gave more than agreed, where that is
    more than chance. `case_id` is the case of the latest search, if there ever was one.
    """

    __tablename__ = "drift_readings"
    __table_args__ = (
        ForeignKeyConstraint(
            _SIDES,
            ["partnership_sides.partnership_id", "partnership_sides.organization_id", "partnership_sides.other_id"],
        ),
        ForeignKeyConstraint([*_SIDES, "case_id"], [f"cases.{name}" for name in (*_SIDES, "id")]),
    )

    partnership_id: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    first_organization_id: Mapped[UUID]
    second_organization_id: Mapped[UUID]
    share_percent: Mapped[int]
    tolerance_points: Mapped[int]
    measure: Mapped[Measure]
    window_months: Mapped[int | None]
    signal: Mapped[Signal]
    first: Mapped[int]
    second: Mapped[int]
    low_permille: Mapped[int | None]
    high_permille: Mapped[int | None]
    ahead_id: Mapped[UUID | None]
    is_outside: Mapped[bool]
    backs: Mapped[int]
    change: Mapped[Change | None]
    case_id: Mapped[UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())

    @property
    def standing(self) -> Standing:
        """Where the search stood after it."""
        agreed = Yardstick(self.share_percent, self.tolerance_points, self.measure, self.window_months)
        return Standing(agreed, self.is_outside, self.backs)
