"""Proposals (owned on each side) and partnerships (shared): sides, members; terms stand beside."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnercrm.kernel import clock
from partnercrm.kernel.db import Base
from partnercrm.partnerships.agreements import Phase
from partnercrm.partnerships.models.phases import CriterionMark, GoalReading, PhaseMove
from partnercrm.partnerships.models.terms import (
    ChangeStatus,
    ReviewDefault,
    TermChange,
    TermColumns,
    TermDraft,
    Terms,
    ValueDisclosure,
)
from partnercrm.partnerships.validity import in_force

__all__ = [
    "ChangeStatus",
    "CriterionMark",
    "GoalReading",
    "Member",
    "MemberRole",
    "Partnership",
    "PartnershipSide",
    "PartnershipStatus",
    "PhaseMove",
    "Proposal",
    "ProposalStatus",
    "ReceivedProposal",
    "ReceivedStatus",
    "ReviewDefault",
    "TermChange",
    "TermDraft",
    "Terms",
    "ValueDisclosure",
]


class ProposalStatus(StrEnum):
    """Where a proposal stands for the one who sent it."""

    SENT = "sent"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class ReceivedStatus(StrEnum):
    """Where a proposal stands for the one who received it."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class PartnershipStatus(StrEnum):
    """The phase of a partnership, or that it rests or is over."""

    PROOF_OF_CONCEPT = "proof_of_concept"
    PILOT = "pilot"
    ROLL_OUT = "roll_out"
    PAUSED = "paused"
    ENDED = "ended"


class MemberRole(StrEnum):
    """What a member does in the partnership."""

    PARTNER_MANAGER = "partner_manager"
    SELLER = "seller"
    EXECUTIVE = "executive"
    INTEGRATION = "integration"


class Proposal(TermColumns, Base):
    """A partnership proposed; the proposer's own. Its status says nothing about whether the addressee is known."""

    __tablename__ = "proposals"
    __table_args__ = (ForeignKeyConstraint(["organization_id", "proposed_by"], ["users.organization_id", "users.id"]),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    proposed_by: Mapped[UUID]
    addressee: Mapped[str]
    message: Mapped[str]
    status: Mapped[ProposalStatus]
    partnership_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class ReceivedProposal(TermColumns, Base):
    """A partnership proposed to us; the addressee's own copy."""

    __tablename__ = "received_proposals"
    __table_args__ = (
        ForeignKeyConstraint(["proposer_id", "proposal_id"], ["proposals.organization_id", "proposals.id"]),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    proposal_id: Mapped[UUID]
    proposer_id: Mapped[UUID]
    proposer_name: Mapped[str]
    proposed_by_name: Mapped[str]
    message: Mapped[str]
    status: Mapped[ReceivedStatus]
    partnership_id: Mapped[UUID | None]
    received_at: Mapped[datetime]


class Partnership(Base):
    """Two organizations that work together; both read the row."""

    __tablename__ = "partnerships"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    proposer_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    addressee_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    status: Mapped[PartnershipStatus]
    paused_from: Mapped[Phase | None]
    paused_by: Mapped[UUID | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    sides_by_id: Mapped[list["PartnershipSide"]] = relationship(
        lazy="raise", order_by="PartnershipSide.organization_id", viewonly=True
    )
    terms_by_version: Mapped[list[Terms]] = relationship(lazy="raise", order_by="Terms.version", viewonly=True)
    members_by_name: Mapped[list["Member"]] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="and_(Partnership.id == foreign(Member.partnership_id), Member.left_at.is_(None))",
        order_by="(Member.organization_id, Member.name, Member.id)",
    )

    @property
    def partnership_id(self) -> UUID:
        """The partnership's id, as every shared thing carries it."""
        return self.id

    @property
    def version_tag(self) -> str:
        """The version of the rows a viewer sees: the partnership, who is in it, and the terms in force."""
        return f"{self.id.hex}.{self.version}.{self.terms.version}"

    @property
    def terms(self) -> Terms:
        """The terms in force now."""
        return in_force(self.terms_by_version, clock.now())

    @property
    def has_ended(self) -> bool:
        """Whether the partnership is over."""
        return self.status is PartnershipStatus.ENDED

    @property
    def is_paused(self) -> bool:
        """Whether nothing new is offered for now."""
        return self.status is PartnershipStatus.PAUSED

    @property
    def phase(self) -> Phase | None:
        """The phase it is in, also while it is paused; None when it is over."""
        if self.has_ended:
            return None
        return self.paused_from if self.is_paused else Phase(self.status.value)

    def name_of(self, organization_id: UUID) -> str:
        """Return the name of one of the two organizations."""
        return next(side.name for side in self.sides_by_id if side.organization_id == organization_id)

    def sides(self) -> tuple[UUID, UUID]:
        """Return the ids of the two organizations."""
        return self.proposer_id, self.addressee_id

    def other(self, organization_id: UUID) -> UUID:
        """Return the side that is not this one."""
        return self.addressee_id if organization_id == self.proposer_id else self.proposer_id


class PartnershipSide(Base):
    """One side of a partnership, seen by both; what other shared rows point at."""

    __tablename__ = "partnership_sides"

    partnership_id: Mapped[UUID] = mapped_column(ForeignKey("partnerships.id"), primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    other_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str]


class Member(Base):
    """A person named as a member of a partnership, by name and role, to both sides."""

    __tablename__ = "partnership_members"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "organization_id", "other_id"],
            [
                "partnership_sides.partnership_id",
                "partnership_sides.organization_id",
                "partnership_sides.other_id",
            ],
        ),
        ForeignKeyConstraint(["organization_id", "user_id"], ["users.organization_id", "users.id"]),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    other_id: Mapped[UUID]
    user_id: Mapped[UUID]
    name: Mapped[str]
    role: Mapped[MemberRole]
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]

    def sides(self) -> tuple[UUID, UUID]:
        """Return the ids of the two organizations."""
        return self.organization_id, self.other_id
