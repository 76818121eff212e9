"""Value propositions (shared: both sides read every version); who checked what they know of one (owned)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKeyConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.enablement.propositions import PropositionStatus
from partnercrm.kernel.db import Base


class ValueProposition(Base):
    """Three sentences for the customers of both, as one side proposed them and the other answered."""

    __tablename__ = "value_propositions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "organization_id", "other_id"],
            [
                "partnership_sides.partnership_id",
                "partnership_sides.organization_id",
                "partnership_sides.other_id",
            ],
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    other_id: Mapped[UUID]
    locale: Mapped[str]
    industry: Mapped[str]
    sentences: Mapped[list[str]] = mapped_column(ARRAY(Text))
    question: Mapped[str]
    answers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    right_answer: Mapped[int]
    status: Mapped[PropositionStatus]
    version: Mapped[int | None]
    proposed_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    def sides(self) -> tuple[UUID, UUID]:
        """Return the ids of the two organizations."""
        return self.organization_id, self.other_id


class PropositionCheck(Base):
    """That one of the own people acknowledged a version, and answered its question."""

    __tablename__ = "proposition_checks"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "proposition_id"],
            ["value_propositions.partnership_id", "value_propositions.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["organization_id", "user_id"], ["users.organization_id", "users.id"]),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    partnership_id: Mapped[UUID]
    proposition_id: Mapped[UUID]
    user_id: Mapped[UUID]
    is_right: Mapped[bool]
    answered_at: Mapped[datetime]
