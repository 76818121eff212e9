"""Leads (the giver's own), offers, their details and steps (shared), published figures of teams (own)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, ForeignKeyConstraint, LargeBinary, SmallInteger, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from partnercrm.accounts import contacts
from partnercrm.accounts.models.contact import KeptContact
from partnercrm.accounts.sizes import SizeBand
from partnercrm.kernel.db import Base
from partnercrm.kernel.money import Money
from partnercrm.leads.bands import ValueBand
from partnercrm.leads.figures import Figure
from partnercrm.leads.lifecycle import OfferStatus, Side
from partnercrm.partnerships.models import Member
from partnercrm.partnerships.tiers import Tier


class Lead(KeptContact, Base):
    """A lead as its giver keeps it: theirs alone, whatever becomes of its offers."""

    __tablename__ = "leads"
    __table_args__ = (ForeignKeyConstraint(["organization_id", "owner_id"], ["users.organization_id", "users.id"]),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    owner_id: Mapped[UUID]
    connector: Mapped[str | None]
    external_id: Mapped[str | None]
    company_name: Mapped[str]
    company_domain: Mapped[str | None]
    country: Mapped[str | None]
    industry: Mapped[str | None]
    size_band: Mapped[SizeBand | None]
    need: Mapped[str]
    contact_role: Mapped[str | None]
    value_minor: Mapped[int | None]
    currency: Mapped[str | None]
    expected_close_on: Mapped[date | None]
    notes: Mapped[str] = mapped_column(server_default=FetchedValue())
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    renamed_at: Mapped[datetime | None] = mapped_column(deferred=True, deferred_raiseload=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict

    @property
    def value(self) -> Money | None:
        """What the lead is expected to be worth."""
        return money_of(self.value_minor, self.currency)

    @property
    def contact_missing(self) -> list[str]:
        """For want of which fields the contact's name and address would stay here if it were offered now."""
        return contacts.missing(self)


class Offer(Base):
    """A lead on offer, as both sides see it: the teaser, the clocks, where it stands."""

    __tablename__ = "offers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "giver_id", "receiver_id"],
            [
                "partnership_sides.partnership_id",
                "partnership_sides.organization_id",
                "partnership_sides.other_id",
            ],
        ),
        ForeignKeyConstraint(
            ["giver_id", "giver_member_id"], ["partnership_members.organization_id", "partnership_members.id"]
        ),
        ForeignKeyConstraint(
            ["receiver_id", "receiver_member_id"],
            ["partnership_members.organization_id", "partnership_members.id"],
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    giver_id: Mapped[UUID]
    receiver_id: Mapped[UUID]
    giver_member_id: Mapped[UUID]
    receiver_member_id: Mapped[UUID | None]
    status: Mapped[OfferStatus]
    reason: Mapped[str | None]
    note: Mapped[str | None]
    company_name: Mapped[str | None]
    country: Mapped[str | None]
    industry: Mapped[str | None]
    size_band: Mapped[SizeBand | None]
    need: Mapped[str]
    contact_role: Mapped[str | None]
    value_band: Mapped[ValueBand | None]
    value_currency: Mapped[str | None]
    product_line_id: Mapped[UUID | None]
    offered_at: Mapped[datetime]
    respond_by: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    follow_up_by: Mapped[datetime | None]
    returns_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict

    details: Mapped["OfferDetails | None"] = relationship(lazy="raise", viewonly=True)
    giver_member: Mapped[Member] = relationship(
        lazy="raise", viewonly=True, primaryjoin="foreign(Offer.giver_member_id) == Member.id"
    )
    receiver_member: Mapped[Member | None] = relationship(
        lazy="raise", viewonly=True, primaryjoin="foreign(Offer.receiver_member_id) == Member.id"
    )

    def sides(self) -> tuple[UUID, UUID]:
        """Return the ids of the two organizations."""
        return self.giver_id, self.receiver_id

    def side_of(self, organization_id: UUID) -> Side:
        """Return whether this organization gave the lead or received it."""
        return Side.GIVER if organization_id == self.giver_id else Side.RECEIVER

    @property
    def version_tag(self) -> str:
        """The row's version, as an ETag names it."""
        return f"{self.id.hex}.{self.version}"


class OfferDetails(KeptContact, Base):
    """Who the lead is: copied at offering, readable by the receiver once revealed, deleted when sharing ends."""

    __tablename__ = "offer_details"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "giver_id", "receiver_id", "offer_id"],
            ["offers.partnership_id", "offers.giver_id", "offers.receiver_id", "offers.id"],
        ),
    )

    offer_id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    giver_id: Mapped[UUID]
    receiver_id: Mapped[UUID]
    company_name: Mapped[str]
    company_domain: Mapped[str | None]
    company_key: Mapped[str]
    name_key: Mapped[str]
    keys_version: Mapped[int] = mapped_column(SmallInteger, server_default=FetchedValue())
    value_minor: Mapped[int | None]
    currency: Mapped[str | None]
    message: Mapped[str]
    tier: Mapped[Tier]
    sealed_salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    revealed_at: Mapped[datetime | None]

    @property
    def value(self) -> Money | None:
        """What the giver expects the lead to be worth."""
        return money_of(self.value_minor, self.currency)


class OfferedLead(Base):
    """Which of the giver's leads an offer was made from; the giver's own, the receiver never learns the lead's id."""

    __tablename__ = "offered_leads"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "lead_id"], ["leads.organization_id", "leads.id"]),
        ForeignKeyConstraint(["organization_id", "offer_id"], ["offers.giver_id", "offers.id"]),
    )

    offer_id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    lead_id: Mapped[UUID]
    is_current: Mapped[bool]


class OfferQuestion(Base):
    """What the receiver asked about an offered lead, and what its giver answered; both read both."""

    __tablename__ = "offer_questions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "giver_id", "receiver_id", "offer_id"],
            ["offers.partnership_id", "offers.giver_id", "offers.receiver_id", "offers.id"],
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    giver_id: Mapped[UUID]
    receiver_id: Mapped[UUID]
    offer_id: Mapped[UUID]
    question: Mapped[str]
    asked_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]


class LeadStep(Base):
    """One step of an offered lead, append-only: what every figure is a sum over."""

    __tablename__ = "lead_steps"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "giver_id", "receiver_id", "offer_id"],
            ["offers.partnership_id", "offers.giver_id", "offers.receiver_id", "offers.id"],
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    giver_id: Mapped[UUID]
    receiver_id: Mapped[UUID]
    offer_id: Mapped[UUID]
    step: Mapped[OfferStatus]
    reason: Mapped[str | None]
    value_minor: Mapped[int | None]
    currency: Mapped[str | None]
    value_band: Mapped[ValueBand | None]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


def money_of(minor: int | None, currency: str | None) -> Money | None:
    """Return an amount from its two columns, if there is one."""
    return Money(minor, currency) if minor is not None and currency is not None else None


class FigureMonth(Base):
    """A month whose team figures are published; what is entered later with an earlier date changes none of them."""

    __tablename__ = "figure_months"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    published_at: Mapped[datetime]


class TeamFigure(Base):
    """One figure of a group of teams in a month: of at least eight contributing people, or it would not stand here."""

    __tablename__ = "team_figures"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "month"], ["figure_months.organization_id", "figure_months.month"]),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    measure: Mapped[Figure] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    team_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    with_teamless: Mapped[bool]
    amount: Mapped[int]
