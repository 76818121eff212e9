"""What one person would talk about (owned, and read by that person alone), and what two of them open (shared)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.accounts.models.mapping import OfBoth
from partnercrm.kernel.db import Base


class AccountYes(Base):
    """Somebody would talk about an account with a partner; without an answer it ends unseen."""

    __tablename__ = "account_yeses"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "organization_id"],
            ["partnership_sides.partnership_id", "partnership_sides.organization_id"],
        ),
        ForeignKeyConstraint(
            ["organization_id", "account_id"], ["accounts.organization_id", "accounts.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["organization_id", "user_id"], ["users.organization_id", "users.id"]),
        ForeignKeyConstraint(
            ["organization_id", "member_id"], ["partnership_members.organization_id", "partnership_members.id"]
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    partnership_id: Mapped[UUID]
    account_id: Mapped[UUID]
    user_id: Mapped[UUID]
    member_id: Mapped[UUID]
    reach: Mapped[str]
    said_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Opening(OfBoth, Base):
    """Two people of either side would talk about one company: who they are, and what each side calls it."""

    __tablename__ = "openings"
    __table_args__ = (
        *(
            ForeignKeyConstraint(
                [f"{side}_organization_id", f"{side}_yes_id"],
                ["account_yeses.organization_id", "account_yeses.id"],
                ondelete="CASCADE",
            )
            for side in ("first", "second")
        ),
        *(
            ForeignKeyConstraint(
                [f"{side}_organization_id", f"{side}_member_id"],
                ["partnership_members.organization_id", "partnership_members.id"],
            )
            for side in ("first", "second")
        ),
        ForeignKeyConstraint(
            ["partnership_id", "mapping_id"], ["mappings.partnership_id", "mappings.id"], ondelete="CASCADE"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    mapping_id: Mapped[UUID]
    first_yes_id: Mapped[UUID]
    second_yes_id: Mapped[UUID]
    first_member_id: Mapped[UUID]
    second_member_id: Mapped[UUID]
    first_account: Mapped[str]
    second_account: Mapped[str]
    first_reach: Mapped[str]
    second_reach: Mapped[str]
    made_at: Mapped[datetime]
