"""Accounts that were lost without a partner; each read by whoever owned it then, and by nobody else."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.kernel.db import Base


class AccountLoss(Base):
    """An account was lost; whether a partner had it too, as the last epoch before told, counts in a year's total.

    One that a CRM told by its key stays as withdrawn, read by nobody, so that the CRM does not tell it again. One that
    the CRM took back itself stays as retracted, for its owner. `is_said` where its owner said it, and no CRM.
    """

    __tablename__ = "account_losses"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["accounts.organization_id", "accounts.id"],
            ondelete="SET NULL (account_id)",
        ),
        ForeignKeyConstraint(["organization_id", "user_id"], ["users.organization_id", "users.id"]),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    user_id: Mapped[UUID]
    lost_on: Mapped[date]
    was_common: Mapped[bool]
    recorded_at: Mapped[datetime]
    connector: Mapped[str | None]
    external_id: Mapped[str | None]
    is_said: Mapped[bool]
    withdrawn_at: Mapped[datetime | None]
    retracted_at: Mapped[datetime | None]
