"""Monthly reports of what flowed between both sides, without content (shared); the worker alone writes them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.accounts.flowing import FlowKind
from partnercrm.accounts.models.mapping import OfBoth
from partnercrm.kernel.db import Base
from partnercrm.partnerships.tiers import Tier


class FlowReport(OfBoth, Base):
    """How much one side told the other in a month, by what and at which tier; nothing of fewer than eight things."""

    __tablename__ = "flow_reports"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "first_organization_id", "second_organization_id"],
            ["partnership_sides.partnership_id", "partnership_sides.organization_id", "partnership_sides.other_id"],
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[str]
    discloser_id: Mapped[UUID]
    kind: Mapped[FlowKind]
    tier: Mapped[Tier]
    disclosed: Mapped[int | None]
    fields: Mapped[int | None]
    made_at: Mapped[datetime]
