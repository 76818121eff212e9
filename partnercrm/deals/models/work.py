"""Who of both sides works on a deal, and what they write about it (shared)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import Uuid

from partnercrm.accounts.models.mapping import OfBoth
from partnercrm.deals.entries import EntryKind
from partnercrm.deals.models.deals import OF_DEAL
from partnercrm.kernel.db import Base
from partnercrm.partnerships.models import Member

_MEMBER = ["partnership_members.organization_id", "partnership_members.id"]


class DealPerson(OfBoth, Base):
    """A member of the partnership whom their side named to work on a deal."""

    __tablename__ = "deal_people"
    __table_args__ = (
        ForeignKeyConstraint(*OF_DEAL, ondelete="CASCADE"),
        ForeignKeyConstraint(["organization_id", "member_id"], _MEMBER),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    deal_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    member_id: Mapped[UUID]
    named_at: Mapped[datetime]


class DealEntry(OfBoth, Base):
    """A comment or a next step, who wrote it, and whom of the team it mentions; its words never change."""

    __tablename__ = "deal_entries"
    __table_args__ = (
        ForeignKeyConstraint(*OF_DEAL, ondelete="CASCADE"),
        ForeignKeyConstraint(["organization_id", "author_id"], _MEMBER),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    deal_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    author_id: Mapped[UUID]
    kind: Mapped[EntryKind]
    text: Mapped[str]
    mentioned: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    added_at: Mapped[datetime]

    author: Mapped[Member] = relationship(
        lazy="raise", viewonly=True, primaryjoin="foreign(DealEntry.author_id) == Member.id"
    )
