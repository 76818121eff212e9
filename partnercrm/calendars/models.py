"""Calendars of organizations, teams and people, and who stands in for whom; all owned."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, ForeignKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.calendars.business_time import BusinessHours, Span, Spans
from partnercrm.calendars.public_holidays import PublicHolidays
from partnercrm.kernel.db import Base

Minutes = list[list[int]]


class Weekday(StrEnum):
    """The days of a week, in their order."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Calendar(Base):
    """When an organization works, or one of its teams or people differently: the most specific one holds."""

    __tablename__ = "calendars"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "team_id"], ["teams.organization_id", "teams.id"]),
        ForeignKeyConstraint(["organization_id", "user_id"], ["users.organization_id", "users.id"]),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    team_id: Mapped[UUID | None]
    user_id: Mapped[UUID | None]
    zone: Mapped[str]
    holidays: Mapped[str | None]
    week: Mapped[list[Minutes]] = mapped_column(JSONB)
    days: Mapped[dict[str, Minutes]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict

    @property
    def hours(self) -> BusinessHours:
        """The calendar as clocks read it."""
        return hours_of(self)

    @property
    def version_tag(self) -> str:
        """The row's version, as an ETag names it."""
        return f"{self.id.hex}.{self.version}"


class Deputy(Base):
    """Somebody who stands in for a colleague on some days, without a reason; `begins_at` to `ends_at` are exact."""

    __tablename__ = "deputies"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "user_id"], ["users.organization_id", "users.id"]),
        ForeignKeyConstraint(["organization_id", "deputy_id"], ["users.organization_id", "users.id"]),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    user_id: Mapped[UUID]
    deputy_id: Mapped[UUID]
    from_on: Mapped[date]
    to_on: Mapped[date]
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    named_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


def hours_of(row: Any) -> BusinessHours:
    """Return the business hours that a row with `zone`, `holidays`, `week` and `days` says."""
    return BusinessHours(
        ZoneInfo(row.zone),
        tuple(_spans(spans) for spans in row.week),
        PublicHolidays(row.holidays) if row.holidays else frozenset(),
        {date.fromisoformat(day): _spans(spans) for day, spans in row.days.items()},
    )


def stored_week(week: Mapping[Weekday, Spans]) -> list[Minutes]:
    """Return the hours of a week as a row keeps them, Monday first."""
    return [_minutes(week.get(weekday, ())) for weekday in Weekday]


def stored_days(days: Mapping[date, Spans]) -> dict[str, Minutes]:
    """Return what is said of single days as a row keeps it."""
    return {day.isoformat(): _minutes(spans) for day, spans in days.items()}


def _spans(stored: Minutes) -> Spans:
    return tuple(Span(*span) for span in stored)


def _minutes(spans: Spans) -> Minutes:
    return [list(span) for span in spans]
