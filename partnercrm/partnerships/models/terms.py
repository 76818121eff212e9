"""The terms by version (shared, append-only), and how they change: a side's draft (owned), a proposal (shared)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Dialect, FetchedValue, ForeignKey, ForeignKeyConstraint, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.kernel.db import Base
from partnercrm.partnerships import agreements, tiers
from partnercrm.partnerships.agreements import Criterion, Goal, PartnershipKind, ProductLine, SplitTemplate
from partnercrm.partnerships.measures import Measure
from partnercrm.partnerships.tiers import Detail, Tier

_SIDES = ["partnership_sides.partnership_id", "partnership_sides.organization_id", "partnership_sides.other_id"]


class Items(TypeDecorator[list[Any]]):
    """A list of goals, criteria, product lines or templates of splits, kept as JSON."""

    impl = JSONB
    cache_ok = True

    def __init__(self, kind: type[Any]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        """Write every item as JSON values."""
        return [agreements.written(item) for item in value or ()]

    def process_result_value(self, value: Any, dialect: Dialect) -> list[Any]:
        """Read every item again."""
        return [agreements.read(self.kind, values) for values in value or ()]


class Tiers(TypeDecorator[dict[Detail, Tier]]):
    """The tier of every kind of detail; where none was agreed, the usual one."""

    impl = JSONB
    cache_ok = True

    def process_bind_param(self, value: Mapping[Detail, Tier] | None, dialect: Dialect) -> Any:
        """Write every tier as text."""
        return {detail.value: tier.value for detail, tier in (value or {}).items()}

    def process_result_value(self, value: Any, dialect: Dialect) -> dict[Detail, Tier]:
        """Read every tier, the usual ones included."""
        return tiers.agreed(value or {})


class ValueDisclosure(StrEnum):
    """How the value of a lead is told to the other side."""

    BAND = "band"
    EXACT = "exact"


class ReviewDefault(StrEnum):
    """What becomes of a registered deal that nobody reviewed in time."""

    EXPIRED = "expired"
    APPROVED = "approved"


class ChangeStatus(StrEnum):
    """Where stands what one side proposed and the other answers."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class TermColumns:
    """What is agreed to begin with; `share_given_percent` is the share of the side the row names first."""

    share_given_percent: Mapped[int]
    tolerance_points: Mapped[int]
    response_hours: Mapped[int]
    offer_days: Mapped[int]
    value_disclosure: Mapped[ValueDisclosure]


class WholeTermColumns(TermColumns):
    """All that can be agreed; what is None or empty was not."""

    kind: Mapped[PartnershipKind | None]
    follow_up_hours: Mapped[int]
    snooze_days: Mapped[int]
    review_hours: Mapped[int]
    review_default: Mapped[ReviewDefault]
    protection_days: Mapped[int]
    overlay_cap_percent: Mapped[int]
    trust_advance: Mapped[int | None]
    measure: Mapped[Measure]
    window_months: Mapped[int | None]
    moderator_email: Mapped[str | None]
    tiers: Mapped[dict[Detail, Tier]] = mapped_column(Tiers())
    goals: Mapped[list[Goal]] = mapped_column(Items(Goal))
    criteria: Mapped[list[Criterion]] = mapped_column(Items(Criterion))
    product_lines: Mapped[list[ProductLine]] = mapped_column(Items(ProductLine))
    split_templates: Mapped[list[SplitTemplate]] = mapped_column(Items(SplitTemplate))
    regions: Mapped[list[str]] = mapped_column(ARRAY(Text))


class Terms(WholeTermColumns, Base):
    """What both sides agreed, by version, append-only; the share is the first organization's (the smaller id)."""

    __tablename__ = "partnership_terms"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "first_organization_id", "second_organization_id"],
            _SIDES,
        ),
        ForeignKeyConstraint(["partnership_id", "change_id"], ["term_changes.partnership_id", "term_changes.id"]),
    )

    partnership_id: Mapped[UUID] = mapped_column(ForeignKey("partnerships.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    first_organization_id: Mapped[UUID]
    second_organization_id: Mapped[UUID]
    effective_at: Mapped[datetime]
    change_id: Mapped[UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class ProposedTermColumns(WholeTermColumns):
    """Terms that one side would have: based on which version, from when, and why."""

    based_on: Mapped[int]
    note: Mapped[str]
    effective_on: Mapped[date | None]


class TermDraft(ProposedTermColumns, Base):
    """What one side means to propose, one for each partnership; its own until it is sent."""

    __tablename__ = "term_drafts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "organization_id"],
            ["partnership_sides.partnership_id", "partnership_sides.organization_id"],
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]

    @property
    def version_tag(self) -> str:
        """The draft's version."""
        return f"{self.id.hex}.{self.version}"


class TermChange(ProposedTermColumns, Base):
    """Terms that one side proposed to the other, and the answer; agreed, they are the next version."""

    __tablename__ = "term_changes"
    __table_args__ = (ForeignKeyConstraint(["partnership_id", "organization_id", "other_id"], _SIDES),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    organization_id: Mapped[UUID]
    other_id: Mapped[UUID]
    status: Mapped[ChangeStatus]
    answer: Mapped[str]
    agreed_version: Mapped[int | None]
    proposed_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    def sides(self) -> tuple[UUID, UUID]:
        """Return the ids of the two organizations."""
        return self.organization_id, self.other_id
