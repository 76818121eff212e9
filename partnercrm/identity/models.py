"""Organizations and the people and programs that act for them; all owned."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, ForeignKeyConstraint, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.identity.agreements import PersonFigures
from partnercrm.kernel import clock
from partnercrm.kernel.db import Base


class InvitationStatus(StrEnum):
    """Where an invitation stands."""

    OPEN = "open"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class Organization(Base):
    """A company that uses this installation."""

    __tablename__ = "organizations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    mail_domains: Mapped[list[str]] = mapped_column(ARRAY(Text))
    embedding_origins: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=FetchedValue())
    embedding_version: Mapped[int] = mapped_column(server_default=FetchedValue())
    created_at: Mapped[datetime]


class Team(Base):
    """A group of users, as the company itself is organised."""

    __tablename__ = "teams"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str]


class User(Base):
    """A person, or an integration that acts like one."""

    __tablename__ = "users"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "team_id"], ["teams.organization_id", "teams.id"]),
        ForeignKeyConstraint(["organization_id", "successor_id"], ["users.organization_id", "users.id"]),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    email: Mapped[str]
    name: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    team_id: Mapped[UUID | None]
    locale: Mapped[str] = mapped_column(server_default=FetchedValue())
    disabled_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    successor_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict

    @property
    def version_tag(self) -> str:
        """The row's version, as an ETag names it."""
        return f"{self.id.hex}.{self.version}"


class WorksAgreement(Base):
    """What a company agreed with its people about figures of one person; a change is a new version, with its reason."""

    __tablename__ = "works_agreements"
    __table_args__ = (ForeignKeyConstraint(["organization_id", "decided_by"], ["users.organization_id", "users.id"]),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    person_figures: Mapped[PersonFigures]
    reason: Mapped[str]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())

    @property
    def id(self) -> UUID:
        """The organization's id: it has one agreement, in versions."""
        return self.organization_id


class Retention(Base):
    """For how many days an organization keeps kinds of data, where it said so, and what the last run removed."""

    __tablename__ = "retention"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    periods: Mapped[dict[str, int]] = mapped_column(JSONB)
    removed: Mapped[dict[str, int]] = mapped_column(JSONB)
    ran_at: Mapped[datetime | None]
    version: Mapped[int]


class SignIn(Base):
    """A signed-in browser, known by the hash of its cookie's secret."""

    __tablename__ = "sessions"
    __table_args__ = (ForeignKeyConstraint(["organization_id", "user_id"], ["users.organization_id", "users.id"]),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    user_id: Mapped[UUID]
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    browser: Mapped[str]
    system: Mapped[str]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class ApiToken(Base):
    """A program's key: acts for its user, within its scopes and the user's roles."""

    __tablename__ = "api_tokens"
    __table_args__ = (ForeignKeyConstraint(["organization_id", "user_id"], ["users.organization_id", "users.id"]),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    user_id: Mapped[UUID]
    name: Mapped[str]
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict


class Invitation(Base):
    """A person asked to join, who chooses their own password behind a link that works once."""

    __tablename__ = "invitations"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "team_id"], ["teams.organization_id", "teams.id"]),
        ForeignKeyConstraint(["organization_id", "invited_by"], ["users.organization_id", "users.id"]),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    email: Mapped[str]
    name: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    team_id: Mapped[UUID | None]
    invited_by: Mapped[UUID]
    secret_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict

    @property
    def status(self) -> InvitationStatus:
        """Where the invitation stands now."""
        if self.accepted_at:
            return InvitationStatus.ACCEPTED
        if self.withdrawn_at:
            return InvitationStatus.WITHDRAWN
        return InvitationStatus.OPEN if clock.now() < self.expires_at else InvitationStatus.EXPIRED


class PasswordReset(Base):
    """The one living link by which a person chooses another password, known by its secret's hash."""

    __tablename__ = "password_resets"
    __table_args__ = (ForeignKeyConstraint(["organization_id", "user_id"], ["users.organization_id", "users.id"]),)

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Password(Base):
    """The argon2id hash of a user's password; the web server may write it but reads it only through the look-up."""

    __tablename__ = "passwords"
    __table_args__ = (ForeignKeyConstraint(["organization_id", "user_id"], ["users.organization_id", "users.id"]),)

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[str]
    changed_at: Mapped[datetime]
