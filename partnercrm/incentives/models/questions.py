"""Questions about what a statement says (owned): from who earned it to who pays, each with a clock."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.kernel.db import Base


class QuestionStatus(StrEnum):
    """What became of a question."""

    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class EarningQuestion(Base):
    """What somebody asked about a journal that says something of them; answered once, by somebody else, by `due_at`."""

    __tablename__ = "earning_questions"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "journal_id"], ["journals.organization_id", "journals.id"]),
        ForeignKeyConstraint(["organization_id", "user_id"], ["users.organization_id", "users.id"]),
        ForeignKeyConstraint(["organization_id", "answered_by"], ["users.organization_id", "users.id"]),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    journal_id: Mapped[UUID]
    user_id: Mapped[UUID]
    question: Mapped[str]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    @property
    def status(self) -> QuestionStatus:
        """What became of it."""
        if self.withdrawn_at:
            return QuestionStatus.WITHDRAWN
        return QuestionStatus.ANSWERED if self.answered_at else QuestionStatus.OPEN
