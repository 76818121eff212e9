"""What one side is asked about a pair of accounts that may be one company; its own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.accounts.candidates import Answer
from partnercrm.accounts.models.mapping import OfBoth
from partnercrm.kernel.db import Base


class CandidatePair(OfBoth, Base):
    """Two accounts of either side that may be one company, as they were then; neither side reads it."""

    __tablename__ = "candidate_pairs"
    __table_args__ = tuple(
        ForeignKeyConstraint(
            [f"{side}_organization_id", f"{side}_account_id"],
            ["accounts.organization_id", "accounts.id"],
            ondelete="CASCADE",
        )
        for side in ("first", "second")
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID] = mapped_column(ForeignKey("partnerships.id"))
    first_account_id: Mapped[UUID]
    second_account_id: Mapped[UUID]
    first_fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    second_fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    score: Mapped[int]


class Candidate(Base):
    """One of a side's accounts that the partner may have too, and what the side says of it."""

    __tablename__ = "candidates"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "organization_id"],
            ["partnership_sides.partnership_id", "partnership_sides.organization_id"],
        ),
        ForeignKeyConstraint(
            ["partnership_id", "candidate_id"],
            ["candidate_pairs.partnership_id", "candidate_pairs.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["organization_id", "account_id"], ["accounts.organization_id", "accounts.id"], ondelete="CASCADE"
        ),
    )

    candidate_id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    account_id: Mapped[UUID]
    told_at: Mapped[datetime]
    answer: Mapped[Answer | None]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    @property
    def id(self) -> UUID:
        """The candidate's id, the same on both sides."""
        return self.candidate_id
