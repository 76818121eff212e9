"""The co-sell deal as both sides read it, every state it has been in, and what was done for it (shared)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnercrm.accounts.models.joint import JointAccount
from partnercrm.accounts.models.mapping import OfBoth
from partnercrm.deals.conflicts import EvidenceKind
from partnercrm.deals.histories import DealAct, Facts
from partnercrm.deals.registering import Involvement, Party
from partnercrm.deals.stages import LossReason, Stage
from partnercrm.kernel.db import Base
from partnercrm.kernel.money import Money
from partnercrm.leads.bands import ValueBand

_SIDES = ("partnership_id", "first_organization_id", "second_organization_id")
OF_DEAL = ([*_SIDES, "deal_id"], [f"deals.{name}" for name in (*_SIDES, "id")])


class _WithFacts:
    """What both sides read of a deal at one time, and what brought it there."""

    registration_id: Mapped[UUID]
    origin_id: Mapped[UUID]
    involvement: Mapped[Involvement]
    stage: Mapped[Stage]
    reason: Mapped[LossReason | None]
    value_band: Mapped[ValueBand]
    value_minor: Mapped[int | None]
    currency: Mapped[str]
    close_on: Mapped[date]
    act: Mapped[DealAct]
    happened_at: Mapped[datetime]

    @property
    def value(self) -> Money | None:
        """What it is expected to be worth, where both agreed to tell values exactly."""
        return None if self.value_minor is None else Money(self.value_minor, self.currency)

    @property
    def facts(self) -> Facts:
        """What both sides read."""
        value = self.value or self.value_band
        return Facts(self.stage, self.reason, value, self.currency, self.close_on, self.involvement, self.origin_id)


class Deal(_WithFacts, OfBoth, Base):
    """A deal two sides work on, opened when its registration was approved; `origin_id` is whose registration holds."""

    __tablename__ = "deals"
    __table_args__ = (
        ForeignKeyConstraint(
            _SIDES,
            ["partnership_sides.partnership_id", "partnership_sides.organization_id", "partnership_sides.other_id"],
        ),
        ForeignKeyConstraint(
            ["partnership_id", "origin_id", "registration_id"],
            ["registrations.partnership_id", "registrations.organization_id", "registrations.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["partnership_id", "joint_account_id"],
            ["joint_accounts.partnership_id", "joint_accounts.id"],
            ondelete="CASCADE",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    joint_account_id: Mapped[UUID]
    product_line_id: Mapped[UUID | None]
    opened_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict

    joint_account: Mapped[JointAccount] = relationship(
        lazy="raise", viewonly=True, primaryjoin="foreign(Deal.joint_account_id) == JointAccount.id"
    )

    @property
    def version_tag(self) -> str:
        """The row's version, as an ETag names it."""
        return f"{self.id.hex}.{self.version}"

    def party_of(self, organization_id: UUID) -> Party:
        """Return in what part one of the two organizations works on it."""
        return Party.REGISTRANT if organization_id == self.origin_id else Party.REVIEWER


class DealVersion(_WithFacts, OfBoth, Base):
    """A state a deal has been in, and which side brought it there; the database writes it with every change."""

    __tablename__ = "deal_versions"
    __table_args__ = (ForeignKeyConstraint(*OF_DEAL, ondelete="CASCADE"),)

    deal_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    acting_id: Mapped[UUID]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class DealEvent(OfBoth, Base):
    """What one side did for a deal, and when; never changed, never with whom."""

    __tablename__ = "deal_events"
    __table_args__ = (ForeignKeyConstraint(*OF_DEAL, ondelete="CASCADE"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    deal_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    kind: Mapped[EvidenceKind]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
