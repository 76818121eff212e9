"""Reading how one's own side divides its share of a deal; nobody of the other side has a row of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from partnercrm.deals.queries import selling
from partnercrm.incentives.models.divisions import SplitDivision, SplitParticipant
from partnercrm.incentives.splits import WHOLE
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships.queries import is_open_to


class DivisionSeen(NamedTuple):
    """A version of a division, and the participants that its reader may know of."""

    deal_id: UUID
    partnership_id: UUID
    version: int
    whole: int
    effective_at: datetime | None
    participants: Sequence[SplitParticipant]

    @property
    def id(self) -> UUID:
        """The deal's id."""
        return self.deal_id

    @property
    def version_tag(self) -> str:
        """The division's version, as an ETag names it."""
        return version_tag(self.deal_id, self.version)


def split_divisions_seen_by(actor: Actor) -> Select[SplitDivision]:
    """Return the divisions of the actor's own side in the living partnerships that the actor is a member of."""
    return select(SplitDivision).where(
        SplitDivision.organization_id == actor.organization_id, is_open_to(actor, SplitDivision.partnership_id)
    )


def split_participants_seen_by(actor: Actor) -> Select[SplitParticipant]:
    """Return the participants of these; who does not divide reads of themselves alone, jobs read all."""
    rows = select(SplitParticipant).where(
        SplitParticipant.organization_id == actor.organization_id, is_open_to(actor, SplitParticipant.partnership_id)
    )
    if actor.user_id is None or actor.has("incentives:agree"):
        return rows
    return rows.where(SplitParticipant.user_id == actor.user_id)


def division_in_force(
    actor: Actor, deal_id: UUID, moment: datetime, known_at: datetime | None = None
) -> SplitDivision | None:
    """Return the division of the own side's share in force for a deal at a moment; None where there is none.

    The highest version that had begun, of all there are or of those recorded by `known_at`; its `shares` are exact and
    sum to 1. For jobs and who divides, as it stands with all its participants: the actor names the deal's partnership.
    """
    rows = split_divisions_seen_by(actor).where(SplitDivision.deal_id == deal_id, SplitDivision.effective_at <= moment)
    if known_at is not None:
        rows = rows.where(SplitDivision.recorded_at <= known_at)
    rows = rows.order_by(SplitDivision.version.desc()).limit(1).options(selectinload(SplitDivision.participants))
    return db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()


def division(actor: Actor, deal_id: UUID) -> DivisionSeen:
    """Return how the own side divides its share of a deal, as agreed last; version 0 without one. Raises NotFound.

    Who does not divide reads of themselves alone.
    """
    partnership_id = selling.deal(actor, deal_id).partnership_id
    rows = split_divisions_seen_by(actor).where(SplitDivision.deal_id == deal_id)
    found = db.session().scalars(rows.order_by(SplitDivision.version.desc()).limit(1)).one_or_none()
    if found is None:
        return DivisionSeen(deal_id, partnership_id, 0, WHOLE, None, ())
    parts = split_participants_seen_by(actor).where(
        SplitParticipant.deal_id == deal_id, SplitParticipant.version == found.version
    )
    participants = db.session().scalars(parts.order_by(SplitParticipant.user_id)).all()
    return DivisionSeen(deal_id, partnership_id, found.version, found.whole, found.effective_at, participants)


def who_had_parts(actor: Actor, deal_id: UUID) -> set[UUID]:
    """Return whoever had a part of a deal in any version, also those who have left."""
    rows = split_participants_seen_by(actor).where(SplitParticipant.deal_id == deal_id)
    return set(db.session().scalars(rows.with_only_columns(SplitParticipant.user_id)))


def version_tag(deal_id: UUID, version: int) -> str:
    """Return the version of a deal's division, as an ETag names it."""
    return f"{deal_id.hex}.division.{version}"


def latest_version(actor: Actor, deal_id: UUID) -> int:
    """Return the number of the last version of a deal's division, in force already or not; 0 for none."""
    rows = split_divisions_seen_by(actor).where(SplitDivision.deal_id == deal_id)
    found: int | None = (
        db.session().execute(rows.with_only_columns(func.max(SplitDivision.version))).scalar_one_or_none()
    )
    return found or 0
