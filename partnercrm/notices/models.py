"""What people were told, how they wish to be told, and the links in their mails; all owned."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, ForeignKeyConstraint, LargeBinary, Text, Time
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.kernel.db import Base

_PERSON = ["users.organization_id", "users.id"]


class Notice(Base):
    """One thing one person is told; `event_id` is what it follows, once per person."""

    __tablename__ = "notices"
    __table_args__ = (ForeignKeyConstraint(["organization_id", "user_id"], _PERSON),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    user_id: Mapped[UUID]
    kind: Mapped[str]
    event_id: Mapped[UUID]
    subject_id: Mapped[UUID]
    partnership_id: Mapped[UUID | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    on_page: Mapped[bool]
    by_mail: Mapped[bool]
    in_digest: Mapped[bool]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]
    digested_at: Mapped[datetime | None]


class Preferences(Base):
    """When a person wishes to be told: their zone, quiet hours, the hour of the digest."""

    __tablename__ = "notice_preferences"
    __table_args__ = (ForeignKeyConstraint(["organization_id", "user_id"], _PERSON),)

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    zone: Mapped[str] = mapped_column(server_default=FetchedValue())
    digest_hour: Mapped[int | None] = mapped_column(server_default=FetchedValue())
    quiet_from: Mapped[time | None] = mapped_column(Time())
    quiet_until: Mapped[time | None] = mapped_column(Time())
    digest_due_at: Mapped[datetime | None]
    digested_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(server_default=FetchedValue())


class ChosenChannels(Base):
    """By which channels a person wishes to be told one kind of thing."""

    __tablename__ = "notice_channels"
    __table_args__ = (ForeignKeyConstraint(["organization_id", "user_id"], _PERSON),)

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    channels: Mapped[list[str]] = mapped_column(ARRAY(Text))


class MailAction(Base):
    """A link in a mail that does one thing once, known by the hash of its secret."""

    __tablename__ = "mail_actions"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "user_id"], _PERSON),
        ForeignKeyConstraint(
            ["organization_id", "notice_id"], ["notices.organization_id", "notices.id"], ondelete="CASCADE"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    user_id: Mapped[UUID]
    notice_id: Mapped[UUID]
    act: Mapped[str]
    subject_id: Mapped[UUID]
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
