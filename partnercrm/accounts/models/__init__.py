"""Accounts with the domains, numbers and contacts of each; all of it is the organization's own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Computed, ForeignKey, ForeignKeyConstraint, orm
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.accounts.domains import DomainKind
from partnercrm.accounts.models.contact import KeptContact
from partnercrm.accounts.numbers import Scheme
from partnercrm.accounts.relationships import Relationship
from partnercrm.accounts.sizes import SizeBand
from partnercrm.kernel.db import Base

_ACCOUNT = ("organization_id", "account_id"), ("accounts.organization_id", "accounts.id")


class AccountDomain(Base):
    """A registrable domain a company is found at or writes from."""

    __tablename__ = "account_domains"
    __table_args__ = (ForeignKeyConstraint(*_ACCOUNT, ondelete="CASCADE"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    account_id: Mapped[UUID]
    domain: Mapped[str]
    kind: Mapped[DomainKind]


class AccountNumber(Base):
    """A number that a register gave a company, normalised and checked."""

    __tablename__ = "account_numbers"
    __table_args__ = (ForeignKeyConstraint(*_ACCOUNT, ondelete="CASCADE"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    account_id: Mapped[UUID]
    scheme: Mapped[Scheme]
    country: Mapped[str | None]
    number: Mapped[str]


class Account(Base):
    """A company as one side keeps it: theirs alone, whatever a partner keeps of the same company.

    One that was merged into another, or that was seeded as a tripwire for a partnership, stands in no list.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "owner_id"], ["users.organization_id", "users.id"]),
        ForeignKeyConstraint(
            ["organization_id", "parent_id"],
            ["accounts.organization_id", "accounts.id"],
            ondelete="SET NULL (parent_id)",
        ),
        ForeignKeyConstraint(
            ["organization_id", "merged_into_id"], ["accounts.organization_id", "accounts.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["seeded_for", "organization_id"], ["partnership_sides.partnership_id", "partnership_sides.organization_id"]
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    owner_id: Mapped[UUID | None]
    parent_id: Mapped[UUID | None]
    merged_into_id: Mapped[UUID | None]
    seeded_for: Mapped[UUID | None]
    connector: Mapped[str | None]
    external_id: Mapped[str | None]
    name: Mapped[str]
    folded_name: Mapped[str] = mapped_column(Computed("folded(name)"), deferred=True, deferred_raiseload=True)
    street: Mapped[str | None]
    postal_code: Mapped[str | None]
    city: Mapped[str | None]
    region: Mapped[str | None]
    country: Mapped[str | None]
    industry: Mapped[str | None]
    size_band: Mapped[SizeBand | None]
    relationship: Mapped[Relationship]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict

    domains: Mapped[list[AccountDomain]] = orm.relationship(lazy="raise", viewonly=True, order_by=AccountDomain.domain)
    numbers: Mapped[list[AccountNumber]] = orm.relationship(lazy="raise", viewonly=True, order_by=AccountNumber.number)

    @property
    def web_domains(self) -> list[str]:
        """Where the company is found."""
        return [one.domain for one in self.domains if one.kind is DomainKind.WEB]

    @property
    def mail_domains(self) -> list[str]:
        """From where its people write."""
        return [one.domain for one in self.domains if one.kind is DomainKind.MAIL]

    @property
    def version_tag(self) -> str:
        """The row's version, as an ETag names it."""
        return f"{self.id.hex}.{self.version}"


class AccountContact(KeptContact, Base):
    """Somebody at a company: the role, and name and address where all is known that allows to keep them."""

    __tablename__ = "account_contacts"
    __table_args__ = (ForeignKeyConstraint(*_ACCOUNT, ondelete="CASCADE"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    account_id: Mapped[UUID]
    contact_role: Mapped[str]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict

    @property
    def version_tag(self) -> str:
        """The row's version, as an ETag names it."""
        return f"{self.id.hex}.{self.version}"
