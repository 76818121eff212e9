"""Registrations and their evidence (shared); whose and for how much exactly, and what the clock told (own)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKeyConstraint, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnercrm.accounts.models.joint import JointAccount
from partnercrm.deals.conflicts import Claim, Evidence, EvidenceKind
from partnercrm.deals.registering import Involvement, Party, RegistrationStatus, RejectReason
from partnercrm.deals.reviewing import Alarm, Times
from partnercrm.deals.stages import Stage
from partnercrm.kernel.db import Base
from partnercrm.leads.bands import ValueBand

_SIDES = ("partnership_id", "organization_id", "other_id")


class OfOneSide:
    """The partnership, the side whose it is, and the other side that reads it too."""

    partnership_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    other_id: Mapped[UUID]

    def sides(self) -> tuple[UUID, UUID]:
        """Return the ids of the two organizations."""
        return self.organization_id, self.other_id


class RegistrationEvidence(OfOneSide, Base):
    """A qualifying step that a registration rests on: what happened when, never with whom; never changed."""

    __tablename__ = "registration_evidence"
    __table_args__ = (
        ForeignKeyConstraint(
            [*_SIDES, "registration_id"], [f"registrations.{name}" for name in (*_SIDES, "id")], ondelete="CASCADE"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    registration_id: Mapped[UUID]
    kind: Mapped[EvidenceKind]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())

    @property
    def told(self) -> Evidence:
        """The step as conflicts are decided by."""
        return Evidence(self.kind, self.happened_at, self.recorded_at)


class Registration(OfOneSide, Base):
    """A deal that one side registers and the other reviews, as both read it; its value as the terms allow."""

    __tablename__ = "registrations"
    __table_args__ = (
        ForeignKeyConstraint(
            _SIDES,
            ["partnership_sides.partnership_id", "partnership_sides.organization_id", "partnership_sides.other_id"],
        ),
        ForeignKeyConstraint(
            ["partnership_id", "joint_account_id"],
            ["joint_accounts.partnership_id", "joint_accounts.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["partnership_id", "other_id", "organization_id", "offer_id"],
            ["offers.partnership_id", "offers.giver_id", "offers.receiver_id", "offers.id"],
            ondelete="SET NULL (offer_id)",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    joint_account_id: Mapped[UUID]
    product_line_id: Mapped[UUID | None]
    offer_id: Mapped[UUID | None]
    lead_given_at: Mapped[datetime | None] = mapped_column(server_default=FetchedValue())
    status: Mapped[RegistrationStatus]
    reason: Mapped[RejectReason | None]
    note: Mapped[str]
    involvement: Mapped[Involvement]
    value_band: Mapped[ValueBand]
    value_minor: Mapped[int | None]
    currency: Mapped[str]
    close_on: Mapped[date]
    asks: Mapped[str]
    entry_stage: Mapped[Stage]
    lost_before: Mapped[bool]
    asked_fields: Mapped[list[str]] = mapped_column(ARRAY(Text))
    direct_deal: Mapped[bool | None]
    submitted_at: Mapped[datetime]
    waits_since: Mapped[datetime]
    respond_by: Mapped[datetime]
    ends_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    outweighed_at: Mapped[datetime | None]
    outweighed_by: Mapped[EvidenceKind | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict

    joint_account: Mapped[JointAccount] = relationship(
        lazy="raise", viewonly=True, primaryjoin="foreign(Registration.joint_account_id) == JointAccount.id"
    )
    evidence: Mapped[list[RegistrationEvidence]] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="Registration.id == foreign(RegistrationEvidence.registration_id)",
        order_by="(RegistrationEvidence.happened_at, RegistrationEvidence.id)",
    )

    @property
    def version_tag(self) -> str:
        """The row's version, as an ETag names it."""
        return f"{self.id.hex}.{self.version}"

    @property
    def times(self) -> Times:
        """By when an answer is agreed, and when the time for it, or the protection, is over."""
        return Times(self.respond_by, self.ends_at)

    @property
    def claim(self) -> Claim:
        """What it rests on."""
        return Claim(self.organization_id, tuple(one.told for one in self.evidence))

    def party_of(self, organization_id: UUID) -> Party:
        """Return in what part one of the two organizations takes steps."""
        return Party.REGISTRANT if organization_id == self.organization_id else Party.REVIEWER


class RegistrationSide(Base):
    """Who of the registering side works on a registration, and what the deal is worth exactly; its own."""

    __tablename__ = "registration_sides"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "registration_id"],
            ["registrations.partnership_id", "registrations.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["organization_id", "owner_id"], ["users.organization_id", "users.id"]),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    registration_id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    owner_id: Mapped[UUID]
    value_minor: Mapped[int]


class RegistrationReminder(Base):
    """What the clock told one side about a registration; its own."""

    __tablename__ = "registration_reminders"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "registration_id"],
            ["registrations.partnership_id", "registrations.id"],
            ondelete="CASCADE",
        ),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    registration_id: Mapped[UUID] = mapped_column(primary_key=True)
    alarm: Mapped[Alarm] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    fired_at: Mapped[datetime]
