"""Fields of accounts that a side withholds from a partner; its own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.kernel.db import Base


class WithheldField(Base):
    """A field of an account that a partner is told no longer, by whatever way; its own side's alone."""

    __tablename__ = "withheld_fields"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "organization_id"],
            ["partnership_sides.partnership_id", "partnership_sides.organization_id"],
        ),
        ForeignKeyConstraint(
            ["organization_id", "account_id"], ["accounts.organization_id", "accounts.id"], ondelete="CASCADE"
        ),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    withheld_at: Mapped[datetime]
