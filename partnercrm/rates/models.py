"""Exchange rates by version; they belong to the installation, every organization reads the same."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import FetchedValue, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.kernel.db import Base


class RateVersion(Base):
    """What one import changed: how many rates, the last day it knows of, and since when it counts; append-only."""

    __tablename__ = "rate_versions"

    version: Mapped[int] = mapped_column(primary_key=True)
    last_on: Mapped[date]
    entries: Mapped[int]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class ExchangeRate(Base):
    """Units of a currency for one euro on a day; a correction is an entry of a later version; append-only."""

    __tablename__ = "exchange_rates"

    currency: Mapped[str] = mapped_column(primary_key=True)
    on_day: Mapped[date] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    rate: Mapped[Decimal] = mapped_column(Numeric())
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
