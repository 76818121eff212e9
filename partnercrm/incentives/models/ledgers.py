"""An organization's books (owned): journals of entries that sum to nothing, by period; what they rest on; pay-outs."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, ForeignKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnercrm.incentives.plans import CoSell, Rule
from partnercrm.incentives.posting import Account, Kind, Part, Reason, Waits
from partnercrm.incentives.sharing import Portion
from partnercrm.kernel.db import Base
from partnercrm.kernel.money import Money


def _of_user(column: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["organization_id", column], ["users.organization_id", "users.id"])


def _of_revenue() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["partnership_id", "deal_id", "revenue_id"],
        ["deal_revenues.partnership_id", "deal_revenues.deal_id", "deal_revenues.id"],
    )


class LedgerPeriod(Base):
    """A month of the books; nothing is posted to it once it is closed."""

    __tablename__ = "ledger_periods"
    __table_args__ = (_of_user("closed_by"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    starts_on: Mapped[date] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]


class Journal(Base):
    """What was posted at once, why and for which day; `late_for` is the closed period in which it happened."""

    __tablename__ = "journals"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "period_on"], ["ledger_periods.organization_id", "ledger_periods.starts_on"]
        ),
        _of_user("made_by"),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[Kind]
    period_on: Mapped[date]
    happened_on: Mapped[date]
    late_for: Mapped[date | None]
    lines: Mapped[int]
    reason: Mapped[Reason | None]
    made_by: Mapped[UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class Entry(Base):
    """One line of a journal: a debit (positive) or credit (negative) of an account, and what it is for."""

    __tablename__ = "entries"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "journal_id", "lines"],
            ["journals.organization_id", "journals.id", "journals.lines"],
        ),
        _of_user("user_id"),
        _of_revenue(),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    journal_id: Mapped[UUID] = mapped_column(primary_key=True)
    lines: Mapped[int]
    line: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[Account]
    minor: Mapped[int]
    currency: Mapped[str]
    user_id: Mapped[UUID | None]
    partnership_id: Mapped[UUID | None]
    deal_id: Mapped[UUID | None]
    revenue_id: Mapped[UUID | None]
    rule: Mapped[Rule | None]
    place: Mapped[int | None]
    portion: Mapped[Portion | None]


class Accrual(Base):
    """What a seller earns of an event, by which rules and standing; a later revision says otherwise, none is changed.

    `credit_minor` is the seller's part of all of the event in the plan's currency, `parts` what it earns. The changes
    are by how much this revision alters what the seller's attainment and earnings of the quota's period come to.
    """

    __tablename__ = "accruals"
    __table_args__ = (
        _of_revenue(),
        _of_user("user_id"),
        ForeignKeyConstraint(
            ["organization_id", "plan_id", "plan_version"],
            [
                "compensation_versions.organization_id",
                "compensation_versions.plan_id",
                "compensation_versions.version",
            ],
        ),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    revenue_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    deal_id: Mapped[UUID]
    plan_id: Mapped[UUID]
    plan_version: Mapped[int]
    agreement_version: Mapped[int]
    division_version: Mapped[int]
    co_sell: Mapped[CoSell]
    currency: Mapped[str]
    quota_from: Mapped[date]
    releases_on: Mapped[date]
    credit_minor: Mapped[int]
    attained_minor: Mapped[int]
    earned_minor: Mapped[int]
    credit_change: Mapped[int]
    earned_change: Mapped[int]
    parts: Mapped[list[list[Any]]] = mapped_column(JSONB)
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())

    @property
    def earned(self) -> tuple[Part, ...]:
        """What all of the event earns, by rule."""
        return tuple(Part(Rule(rule), place, minor) for rule, place, minor in self.parts)


class LeadBonus(Base):
    """What a lead that was given and qualified earned its giver: decided once, even if a cap left nothing."""

    __tablename__ = "lead_bonuses"
    __table_args__ = (
        _of_user("user_id"),
        ForeignKeyConstraint(["organization_id", "journal_id"], ["journals.organization_id", "journals.id"]),
        ForeignKeyConstraint(
            ["organization_id", "plan_id", "plan_version"],
            [
                "compensation_versions.organization_id",
                "compensation_versions.plan_id",
                "compensation_versions.version",
            ],
        ),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    offer_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    plan_id: Mapped[UUID]
    plan_version: Mapped[int]
    quota_from: Mapped[date]
    qualified_on: Mapped[date]
    minor: Mapped[int]
    currency: Mapped[str]
    journal_id: Mapped[UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class ImportedEarning(Base):
    """What a key of another system comes to for somebody, since this revision; the journal posted the difference."""

    __tablename__ = "imported_earnings"
    __table_args__ = (
        _of_user("user_id"),
        ForeignKeyConstraint(["organization_id", "journal_id"], ["journals.organization_id", "journals.id"]),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    connector: Mapped[str] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    minor: Mapped[int]
    currency: Mapped[str]
    earned_on: Mapped[date]
    journal_id: Mapped[UUID]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class AccrualState(Base):
    """What an event was last settled by; None: never. `waits_for` is what is missing before it earns anybody a cent."""

    __tablename__ = "accrual_states"
    __table_args__ = (_of_revenue(),)

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    revenue_id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    deal_id: Mapped[UUID]
    agreement_version: Mapped[int]
    division_version: Mapped[int]
    refunded_minor: Mapped[int]
    waits_for: Mapped[Waits | None]
    settled_at: Mapped[datetime]


class PayOutStatus(StrEnum):
    """What became of a pay-out."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class Paid(NamedTuple):
    """What a pay-out pays one person."""

    user_id: UUID
    amount: Money


class PayOut(Base):
    """What is due to everybody in a currency, proposed by one person and approved by another; then it is locked."""

    __tablename__ = "pay_outs"
    __table_args__ = (
        _of_user("proposed_by"),
        _of_user("decided_by"),
        ForeignKeyConstraint(["organization_id", "journal_id"], ["journals.organization_id", "journals.id"]),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    currency: Mapped[str]
    status: Mapped[PayOutStatus]
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    journal_id: Mapped[UUID | None]

    lines: Mapped[list["PayOutLine"]] = relationship(lazy="raise", viewonly=True, order_by="PayOutLine.user_id")

    @property
    def paid(self) -> list[Paid]:
        """Whom it pays what."""
        return [Paid(line.user_id, Money(line.minor, self.currency)) for line in self.lines]

    @property
    def total(self) -> Money:
        """What it pays in all."""
        return Money(sum(line.minor for line in self.lines), self.currency)


class PayOutLine(Base):
    """What a pay-out pays one person."""

    __tablename__ = "pay_out_lines"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "pay_out_id"], ["pay_outs.organization_id", "pay_outs.id"]),
        _of_user("user_id"),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    pay_out_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    minor: Mapped[int]
