"""How two sides share a deal (shared): what one proposes, and by version what both agreed."""

from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.accounts.models.mapping import OfBoth
from partnercrm.incentives.sharing import Fee, Portion, Sharing
from partnercrm.kernel.db import Base
from partnercrm.partnerships.agreements import EntryStage, PartnerRole
from partnercrm.partnerships.models import ChangeStatus

BETWEEN: Final = (
    ["partnership_id", "first_organization_id", "second_organization_id"],
    ["partnership_sides.partnership_id", "partnership_sides.organization_id", "partnership_sides.other_id"],
)


class ShareSeen(NamedTuple):
    """What one organization has of a deal, in millionths."""

    organization_id: UUID
    revenue_split: int
    overlay_split: int


class SharedColumns(OfBoth):
    """How a deal is shared, in millionths, and by which origin, role and entry; a fee that is None is not agreed."""

    deal_id: Mapped[UUID]
    origin_id: Mapped[UUID]
    role: Mapped[PartnerRole]
    stage: Mapped[EntryStage]
    template_id: Mapped[UUID | None]
    first_split: Mapped[int]
    second_split: Mapped[int]
    first_overlay: Mapped[int]
    second_overlay: Mapped[int]
    referral_fee: Mapped[int | None]
    referral_payer_id: Mapped[UUID | None]
    revenue_share: Mapped[int | None]
    revenue_payer_id: Mapped[UUID | None]

    @property
    def sharing(self) -> Sharing:
        """What each organization has of it."""
        first, second = self.sides()
        fees = (
            (Portion.REFERRAL_FEE, self.referral_payer_id, self.referral_fee),
            (Portion.REVENUE_SHARE, self.revenue_payer_id, self.revenue_share),
        )
        return Sharing(
            {first: self.first_split, second: self.second_split},
            {first: self.first_overlay, second: self.second_overlay},
            tuple(Fee(kind, payer, rate) for kind, payer, rate in fees if payer and rate),
        )

    @property
    def shares(self) -> list[ShareSeen]:
        """What each organization has, in the order in which both sides read them."""
        sharing = self.sharing
        return [ShareSeen(one, sharing.splits[one], sharing.overlays[one]) for one in self.sides()]

    @property
    def referral(self) -> Fee | None:
        """The referral fee, if one is agreed."""
        return self._fee(Portion.REFERRAL_FEE)

    @property
    def revenue(self) -> Fee | None:
        """The revenue share, if one is agreed."""
        return self._fee(Portion.REVENUE_SHARE)

    def _fee(self, kind: Portion) -> Fee | None:
        return next((fee for fee in self.sharing.fees if fee.kind is kind), None)


class SplitProposal(SharedColumns, Base):
    """How one side would have a deal shared, on the ground of which version, and the other side's answer."""

    __tablename__ = "split_proposals"
    __table_args__ = (ForeignKeyConstraint(*BETWEEN),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    other_id: Mapped[UUID]
    based_on: Mapped[int]
    effective_on: Mapped[date | None]
    status: Mapped[ChangeStatus]
    agreed_version: Mapped[int | None]
    proposed_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class SplitAgreement(SharedColumns, Base):
    """A version of how both agreed to share a deal, and from when it holds; nobody changes it."""

    __tablename__ = "split_agreements"
    __table_args__ = (
        ForeignKeyConstraint(*BETWEEN),
        ForeignKeyConstraint(
            ["partnership_id", "deal_id", "proposal_id"],
            ["split_proposals.partnership_id", "split_proposals.deal_id", "split_proposals.id"],
            ondelete="CASCADE",
        ),
    )

    deal_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[UUID]
    effective_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
