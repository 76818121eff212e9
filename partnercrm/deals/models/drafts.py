"""A deal that somebody has begun to register (owned); the other side learns nothing of it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnercrm.accounts.models.joint import JointAccount
from partnercrm.deals.conflicts import EvidenceKind
from partnercrm.deals.registering import Involvement
from partnercrm.deals.stages import Stage
from partnercrm.kernel.db import Base
from partnercrm.kernel.money import Money


class RegistrationDraft(Base):
    """What somebody has said of a deal so far, any of it or nothing, and who works on it."""

    __tablename__ = "registration_drafts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "organization_id"],
            ["partnership_sides.partnership_id", "partnership_sides.organization_id"],
        ),
        ForeignKeyConstraint(["organization_id", "owner_id"], ["users.organization_id", "users.id"]),
        ForeignKeyConstraint(
            ["partnership_id", "joint_account_id"],
            ["joint_accounts.partnership_id", "joint_accounts.id"],
            ondelete="SET NULL (joint_account_id)",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    partnership_id: Mapped[UUID]
    owner_id: Mapped[UUID]
    joint_account_id: Mapped[UUID | None]
    account_name: Mapped[str | None]
    account_domain: Mapped[str | None]
    account_country: Mapped[str | None]
    product_line_id: Mapped[UUID | None]
    offer_id: Mapped[UUID | None]
    value_minor: Mapped[int | None]
    currency: Mapped[str | None]
    close_on: Mapped[date | None]
    asks: Mapped[str | None]
    involvement: Mapped[Involvement | None]
    entry_stage: Mapped[Stage | None]
    lost_before: Mapped[bool | None]
    steps: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict

    joint_account: Mapped[JointAccount | None] = relationship(
        lazy="raise", viewonly=True, primaryjoin="foreign(RegistrationDraft.joint_account_id) == JointAccount.id"
    )

    @property
    def company(self) -> str | None:
        """What the company is called, as far as that is known."""
        return self.joint_account.name if self.joint_account else self.account_name

    @property
    def version_tag(self) -> str:
        """The row's version, as an ETag names it."""
        return f"{self.id.hex}.{self.version}"

    @property
    def account(self) -> dict[str, str | None] | None:
        """The company, where it is named and none of the joint accounts is meant."""
        if self.account_name is None:
            return None
        return {"name": self.account_name, "domain": self.account_domain, "country": self.account_country}

    @property
    def value(self) -> Money | None:
        """What it is expected to be worth."""
        return None if self.value_minor is None or self.currency is None else Money(self.value_minor, self.currency)

    @property
    def evidence(self) -> Sequence[dict[str, Any]]:
        """The steps it would rest on; on record they are once it is registered, and not before."""
        return [
            {"kind": EvidenceKind(one["kind"]), "happened_at": datetime.fromisoformat(one["happened_at"])}
            for one in self.steps
        ]

    def say(self, given: Mapping[str, Any]) -> None:
        """Let it say this of the deal, and nothing else."""
        company, value = given.get("account") or {}, given.get("value")
        self.joint_account_id, self.product_line_id = given.get("joint_account_id"), given.get("product_line_id")
        self.account_name, self.account_domain = company.get("name"), company.get("domain")
        self.account_country = company.get("country")
        self.value_minor, self.currency = (value.minor, value.currency) if value else (None, None)
        self.offer_id = given.get("offer_id")
        self.close_on, self.asks = given.get("close_on"), given.get("asks")
        self.involvement, self.entry_stage = given.get("involvement"), given.get("entry_stage")
        self.lost_before = given.get("lost_before")
        self.steps = [
            {"kind": one["kind"].value, "happened_at": one["happened_at"].isoformat()}
            for one in given.get("evidence") or ()
        ]

    @property
    def said(self) -> dict[str, Any]:
        """What it says of the deal, as it is registered: only what is there."""
        names = (
            *("partnership_id", "joint_account_id", "account", "product_line_id", "offer_id", "value", "close_on"),
            *("asks", "involvement", "entry_stage", "lost_before", "evidence"),
        )
        return {name: value for name in names if (value := getattr(self, name)) is not None}
