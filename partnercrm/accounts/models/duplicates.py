"""Accounts that seem to be one company, what they were found by, and those that were merged; all owned."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnercrm.accounts.duplicates import Reason
from partnercrm.accounts.models import Account
from partnercrm.kernel.db import Base


class PairStatus(StrEnum):
    """Whether somebody is to look at a pair, or said that these are two companies."""

    OPEN = "open"
    REJECTED = "rejected"


def _key(column: str) -> ForeignKeyConstraint:
    key = ["accounts.organization_id", "accounts.id"]
    return ForeignKeyConstraint(["organization_id", column], key, ondelete="CASCADE")


class AccountKey(Base):
    """The key of an account's name, as of a version of the account."""

    __tablename__ = "account_keys"
    __table_args__ = (_key("account_id"),)

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name_key: Mapped[str]


class AccountPair(Base):
    """Two accounts that seem to be one company; the one with the lower id is the first."""

    __tablename__ = "account_pairs"
    __table_args__ = (_key("first_id"), _key("second_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    first_id: Mapped[UUID]
    second_id: Mapped[UUID]
    reasons: Mapped[list[str]] = mapped_column(ARRAY(Text))
    status: Mapped[PairStatus]
    found_at: Mapped[datetime]
    rejected_at: Mapped[datetime | None]

    first: Mapped[Account] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="and_(foreign(AccountPair.first_id) == Account.id,"
        " foreign(AccountPair.organization_id) == Account.organization_id)",
    )
    second: Mapped[Account] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="and_(foreign(AccountPair.second_id) == Account.id,"
        " foreign(AccountPair.organization_id) == Account.organization_id)",
    )

    @property
    def why(self) -> list[Reason]:
        """Why they seem to be one company, the strongest reason first."""
        return [Reason(reason) for reason in self.reasons]


class AccountMerge(Base):
    """That an account was merged into another, and what that changed, so that it can be undone."""

    __tablename__ = "account_merges"
    __table_args__ = (_key("survivor_id"), _key("merged_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    survivor_id: Mapped[UUID]
    merged_id: Mapped[UUID]
    changed: Mapped[dict[str, Any]] = mapped_column(JSONB)
    merged_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
