"""Cases and their file (read by both sides, and by the moderator it is submitted to), owners, moderators."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, ForeignKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnercrm.cases.lifecycle import CaseKind, CaseStatus, DecidedBy, Outcome, Party
from partnercrm.kernel.db import Base
from partnercrm.partnerships.models import Member, Partnership

_SIDES = ("partnership_id", "first_organization_id", "second_organization_id")


def _of_a_case() -> ForeignKeyConstraint:
    return ForeignKeyConstraint([*_SIDES, "case_id"], [f"cases.{name}" for name in (*_SIDES, "id")])


class EntryKind(StrEnum):
    """What was added to a case's file."""

    CLAIM = "claim"
    STATEMENT = "statement"
    QUESTION = "question"
    EVIDENCE = "evidence"
    PROPOSAL = "proposal"
    DECISION = "decision"
    SUBMISSION = "submission"
    WITHDRAWAL = "withdrawal"
    CLOSING = "closing"
    FINDING = "finding"


class NamingStatus(StrEnum):
    """How far two sides and a third have come with a moderator."""

    NAMED = "named"
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DROPPED = "dropped"


class ModerationStatus(StrEnum):
    """Where an invitation to moderate stands for the one who was invited."""

    OPEN = "open"
    ACCEPTED = "accepted"


class SideColumns:
    """The partnership and its two sides, in their fixed order."""

    partnership_id: Mapped[UUID]
    first_organization_id: Mapped[UUID]
    second_organization_id: Mapped[UUID]

    def sides(self) -> tuple[UUID, UUID]:
        """Return the ids of the two organizations."""
        return self.first_organization_id, self.second_organization_id


class Case(SideColumns, Base):
    """Something two sides settle: what it is about and where it stands. What was said and shown is in its entries."""

    __tablename__ = "cases"
    __table_args__ = (
        ForeignKeyConstraint(
            _SIDES,
            [
                "partnership_sides.partnership_id",
                "partnership_sides.organization_id",
                "partnership_sides.other_id",
            ],
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    first_name: Mapped[str]
    second_name: Mapped[str]
    opener_id: Mapped[UUID]
    kind: Mapped[CaseKind]
    subject: Mapped[str | None]
    subject_id: Mapped[UUID | None]
    status: Mapped[CaseStatus]
    due_on: Mapped[date]
    proposal_id: Mapped[UUID | None]
    proposed_by_id: Mapped[UUID | None]
    outcome: Mapped[Outcome | None]
    decided_by: Mapped[DecidedBy | None]
    opened_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    submitted_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    submitted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict

    told: Mapped[list["CaseEntry"]] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="and_(Case.id == foreign(CaseEntry.case_id), CaseEntry.kind.in_(['claim', 'decision']))",
    )
    owners: Mapped[list["CaseOwner"]] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="and_(Case.id == foreign(CaseOwner.case_id), CaseOwner.until.is_(None))",
        order_by="CaseOwner.organization_id",
    )
    namings: Mapped[list["ModeratorNaming"]] = relationship(
        lazy="raise",
        viewonly=True,
        primaryjoin="Case.id == foreign(ModeratorNaming.case_id)",
        order_by="(ModeratorNaming.named_at, ModeratorNaming.id)",
    )

    @property
    def version_tag(self) -> str:
        """The row's version, as an ETag names it."""
        return f"{self.id.hex}.{self.version}"

    @property
    def claim(self) -> str:
        """What the opener says is the matter."""
        return next((entry.text for entry in self.told if entry.kind is EntryKind.CLAIM), "")

    @property
    def decision(self) -> "CaseEntry | None":
        """What was decided, and why."""
        return next((entry for entry in self.told if entry.kind is EntryKind.DECISION), None)

    @property
    def naming(self) -> "ModeratorNaming | None":
        """The latest naming of a moderator."""
        return self.namings[-1] if self.namings else None

    @property
    def is_of_the_record(self) -> bool:
        """Whether the record itself opened the case: it is neither side's, and the record closes it."""
        return self.subject == Partnership.__tablename__

    def party_of(self, organization_id: UUID) -> Party:
        """Return in what part an organization that reads the case takes steps in it."""
        if organization_id == self.opener_id and not self.is_of_the_record:
            return Party.OPENER
        return Party.OTHER if organization_id in self.sides() else Party.MODERATOR

    def owner_of(self, organization_id: UUID) -> "CaseOwner | None":
        """Return who owns the case on one side."""
        return next((owner for owner in self.owners if owner.organization_id == organization_id), None)


class CaseEntry(SideColumns, Base):
    """One thing said or shown in a case, a frozen copy; never changed, deleted when the partnership ends."""

    __tablename__ = "case_entries"
    __table_args__ = (_of_a_case(),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    submitted_to_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("organizations.id"), server_default=FetchedValue(), server_onupdate=FetchedValue()
    )
    author_id: Mapped[UUID]
    kind: Mapped[EntryKind]
    title: Mapped[str | None]
    text: Mapped[str]
    next_step: Mapped[str | None]
    facts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    outcome: Mapped[Outcome | None]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class CaseOwner(SideColumns, Base):
    """Who of one side owns a case, from when until when."""

    __tablename__ = "case_owners"
    __table_args__ = (
        _of_a_case(),
        ForeignKeyConstraint(
            ["organization_id", "member_id"], ["partnership_members.organization_id", "partnership_members.id"]
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    member_id: Mapped[UUID]
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    member: Mapped[Member] = relationship(
        lazy="raise", viewonly=True, primaryjoin="foreign(CaseOwner.member_id) == Member.id"
    )

    @property
    def name(self) -> str:
        """The owner's name, as both sides read it among the members."""
        return self.member.name


class ModeratorNaming(SideColumns, Base):
    """Whom the two sides ask to moderate one case, by mail address; says nothing about whether it is known."""

    __tablename__ = "case_moderators"
    __table_args__ = (_of_a_case(),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    address: Mapped[str]
    named_by_id: Mapped[UUID]
    status: Mapped[NamingStatus]
    moderator_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    moderator_name: Mapped[str | None]
    declares: Mapped[str | None]
    named_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class Moderation(Base):
    """An invitation to moderate one case, the named person's own; deleted when the case closes."""

    __tablename__ = "moderations"
    __table_args__ = (
        ForeignKeyConstraint(["partnership_id", "naming_id"], ["case_moderators.partnership_id", "case_moderators.id"]),
        ForeignKeyConstraint(["organization_id", "user_id"], ["users.organization_id", "users.id"]),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    user_id: Mapped[UUID | None]
    partnership_id: Mapped[UUID]
    naming_id: Mapped[UUID]
    case_id: Mapped[UUID]
    first_name: Mapped[str]
    second_name: Mapped[str]
    kind: Mapped[CaseKind]
    status: Mapped[ModerationStatus]
    declares: Mapped[str | None]
    received_at: Mapped[datetime]
