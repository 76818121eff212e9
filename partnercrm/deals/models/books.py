"""What one side keeps of a deal for itself (owned); nothing the other side reads changes with it."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.kernel.db import Base


class Forecast(StrEnum):
    """How a side counts on a deal in its own forecast."""

    OMITTED = "omitted"
    PIPELINE = "pipeline"
    BEST_CASE = "best_case"
    COMMIT = "commit"


class DealBook(Base):
    """A side's own stage, forecast, exact value, price and notes of a deal."""

    __tablename__ = "deal_books"
    __table_args__ = (
        ForeignKeyConstraint(["partnership_id", "deal_id"], ["deals.partnership_id", "deals.id"], ondelete="CASCADE"),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    deal_id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    own_stage: Mapped[str | None]
    forecast: Mapped[Forecast | None]
    value_minor: Mapped[int | None]
    value_currency: Mapped[str | None]
    price_minor: Mapped[int | None]
    price_currency: Mapped[str | None]
    notes: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict
