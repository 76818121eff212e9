"""What was done: one owned row for the actor's own company, one shared row where both sides were concerned.

Over each kind stands a chain: links that hold salted hashes of rows, in the order in which they were committed.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, ForeignKeyConstraint, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.kernel.db import Base


class Sealed:
    """What a row needs to be sealed: its transaction's place in time, its salt, and what erased its content."""

    xact: Mapped[int] = mapped_column(server_default=FetchedValue())
    salt: Mapped[UUID] = mapped_column(server_default=FetchedValue())
    erased_by: Mapped[UUID | None]


class Activity(Sealed, Base):
    """A company's own record of what its people, tokens and jobs did; append-only."""

    __tablename__ = "activities"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    verb: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[UUID]
    user_id: Mapped[UUID | None]
    token_id: Mapped[UUID | None]
    request_id: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class SharedActivity(Sealed, Base):
    """What both sides of a partnership read about a shared thing: which side did what, never who; append-only."""

    __tablename__ = "shared_activities"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    first_organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    second_organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    acting_organization_id: Mapped[UUID]
    verb: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[UUID]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class ChainColumns:
    """Where a chain ends; `settled` is the transaction before which everything is sealed."""

    length: Mapped[int] = mapped_column(server_default=FetchedValue())
    head: Mapped[bytes] = mapped_column(LargeBinary)
    settled: Mapped[int] = mapped_column(server_default=FetchedValue())
    sealed_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    verified_length: Mapped[int] = mapped_column(server_default=FetchedValue())
    flaws: Mapped[int] = mapped_column(server_default=FetchedValue())


class LinkColumns:
    """One link: which row it covers, the salted hash of the row, and the hash that follows from the link before."""

    place: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[UUID]
    commitment: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class AuditChain(ChainColumns, Base):
    """The chain over a company's own record; its head is the company's own business."""

    __tablename__ = "audit_chains"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)


class AuditLink(LinkColumns, Base):
    """A link of a company's chain; append-only."""

    __tablename__ = "audit_links"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)


class SharedAuditChain(ChainColumns, Base):
    """The chain over what both sides of a partnership read; both know its head, so that neither can shorten it."""

    __tablename__ = "shared_audit_chains"

    partnership_id: Mapped[UUID] = mapped_column(primary_key=True)
    first_organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    second_organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))


class SharedAuditLink(LinkColumns, Base):
    """A link of a partnership's chain; append-only."""

    __tablename__ = "shared_audit_links"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "first_organization_id", "second_organization_id"],
            [
                "shared_audit_chains.partnership_id",
                "shared_audit_chains.first_organization_id",
                "shared_audit_chains.second_organization_id",
            ],
        ),
    )

    partnership_id: Mapped[UUID] = mapped_column(primary_key=True)
    first_organization_id: Mapped[UUID]
    second_organization_id: Mapped[UUID]
