"""Exchange rounds and their seals (shared); what a side picks for one, and what it has sealed (each side's own)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.kernel.db import Base
from partnercrm.leads.rounds import RoundStatus
from partnercrm.partnerships.tiers import Tier

_SIDES = ["partnership_sides.partnership_id", "partnership_sides.organization_id", "partnership_sides.other_id"]


def _of_round() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["partnership_id", "round_id"], ["exchange_rounds.partnership_id", "exchange_rounds.id"]
    )


class ExchangeRound(Base):
    """So many leads each way, revealed together: what one side proposed and the other agreed to."""

    __tablename__ = "exchange_rounds"
    __table_args__ = (ForeignKeyConstraint(["partnership_id", "organization_id", "other_id"], _SIDES),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    other_id: Mapped[UUID]
    leads_each: Mapped[int]
    ends_at: Mapped[datetime]
    note: Mapped[str]
    status: Mapped[RoundStatus]
    proposed_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    def sides(self) -> tuple[UUID, UUID]:
        """Return the ids of the two organizations."""
        return self.organization_id, self.other_id

    def other(self, organization_id: UUID) -> UUID:
        """Return the side that is not this one."""
        return self.other_id if organization_id == self.organization_id else self.organization_id


class RoundSeal(Base):
    """That a side has sealed, and the commitment to what; salt and document stand here from the reveal on."""

    __tablename__ = "round_seals"
    __table_args__ = (
        ForeignKeyConstraint(["partnership_id", "organization_id", "other_id"], _SIDES),
        _of_round(),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    round_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    other_id: Mapped[UUID]
    commitment: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    document: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class RoundPick(Base):
    """A lead one side means to put into a round, and how it is to travel; once sealed with what will open later."""

    __tablename__ = "round_picks"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "lead_id"], ["leads.organization_id", "leads.id"], ondelete="CASCADE"),
        _of_round(),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    partnership_id: Mapped[UUID]
    round_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    message: Mapped[str]
    shows_company: Mapped[bool]
    role_only: Mapped[bool]
    product_line_id: Mapped[UUID | None]
    picked_at: Mapped[datetime]
    offer_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    details_salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    company_key: Mapped[str | None]
    name_key: Mapped[str | None]
    tier: Mapped[Tier | None]

    @property
    def is_sealed(self) -> bool:
        """Whether it lies under its side's seal."""
        return self.offer_id is not None


class SealedDocument(Base):
    """What a side committed to with a seal; its own until the reveal."""

    __tablename__ = "sealed_documents"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "seal_id"], ["round_seals.organization_id", "round_seals.id"]),
        _of_round(),
    )

    seal_id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    partnership_id: Mapped[UUID]
    round_id: Mapped[UUID]
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
