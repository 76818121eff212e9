"""A file that one side put to a deal, without its bytes (shared)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnercrm.accounts.models.mapping import OfBoth
from partnercrm.deals.attachments import MEDIA_TYPES, FileKind
from partnercrm.deals.models.deals import OF_DEAL
from partnercrm.kernel.db import Base
from partnercrm.partnerships.models import Member


class DealFile(OfBoth, Base):
    """What a file is called, what it is and who put it there; its bytes lie under its id. Never changed."""

    __tablename__ = "deal_files"
    __table_args__ = (
        ForeignKeyConstraint(*OF_DEAL, ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["organization_id", "author_id"], ["partnership_members.organization_id", "partnership_members.id"]
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    deal_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    author_id: Mapped[UUID]
    name: Mapped[str]
    kind: Mapped[FileKind]
    size: Mapped[int]
    digest: Mapped[str]
    added_at: Mapped[datetime]

    author: Mapped[Member] = relationship(
        lazy="raise", viewonly=True, primaryjoin="foreign(DealFile.author_id) == Member.id"
    )

    @property
    def media_type(self) -> str:
        """What it is, as the web says it."""
        return MEDIA_TYPES[self.kind]
