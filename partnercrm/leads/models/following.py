"""What follows an offered lead: doubts and totals (shared); what the clock told one side and what it saw (owned)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.kernel.db import Base
from partnercrm.leads.lifecycle import ContestStep
from partnercrm.leads.watching import Alarm


class LeadContest(Base):
    """A giver's doubt about a disqualification, and what became of it; append-only, beside the steps it corrects."""

    __tablename__ = "lead_contests"
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
    case_id: Mapped[UUID]
    step: Mapped[ContestStep]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class WindowTotal(Base):
    """What an agreed window that is over tells of leads and the receiver's own: rounded totals, append-only.

    `pursued` are leads that were not taken and appeared among the receiver's own within 180 days after they were
    offered, `influenced` qualified ones whose company's need the receiver had first; None: too few to tell.
    """

    __tablename__ = "window_totals"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "giver_id", "receiver_id"],
            [
                "partnership_sides.partnership_id",
                "partnership_sides.organization_id",
                "partnership_sides.other_id",
            ],
        ),
    )

    partnership_id: Mapped[UUID] = mapped_column(primary_key=True)
    giver_id: Mapped[UUID] = mapped_column(primary_key=True)
    first_month: Mapped[str] = mapped_column(primary_key=True)
    receiver_id: Mapped[UUID]
    last_month: Mapped[str]
    pursued: Mapped[int | None]
    influenced: Mapped[int | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())


class Reminder(Base):
    """What the clock told people of the receiving side about an offer, once for each time that came due; its own."""

    __tablename__ = "reminders"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "giver_id", "organization_id", "offer_id"],
            ["offers.partnership_id", "offers.giver_id", "offers.receiver_id", "offers.id"],
        ),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    offer_id: Mapped[UUID] = mapped_column(primary_key=True)
    alarm: Mapped[Alarm] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    giver_id: Mapped[UUID]
    fired_at: Mapped[datetime]


class Sighting(Base):
    """What an own lead was called before it was renamed or discarded, and since when; the database alone writes it."""

    __tablename__ = "lead_sightings"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    lead_id: Mapped[UUID]
    company_name: Mapped[str]
    company_domain: Mapped[str | None]
    need: Mapped[str]
    seen_at: Mapped[datetime]
    left_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
