"""Reading where the search for a cause stands, and which partnerships have a completed month to be read."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.models.drifting import DriftReading
from partnercrm.partnerships.models import Partnership, PartnershipStatus
from partnercrm.partnerships.queries import is_open_to, partnerships_seen_by


def readings_seen_by(actor: Actor) -> Select[DriftReading]:
    """Return what was read of the living partnerships that the actor is a member of."""
    mine = actor.organization_id
    return select(DriftReading).where(
        or_(DriftReading.first_organization_id == mine, DriftReading.second_organization_id == mine),
        is_open_to(actor, DriftReading.partnership_id),
    )


def to_read(actor: Actor, month: str) -> Sequence[UUID]:
    """Return the partnerships whose completed month the actor's organization has still to read: it is their first side.

    What is paused waits until it goes on.
    """
    read = exists().where(DriftReading.partnership_id == Partnership.id, DriftReading.month == month)
    rows = partnerships_seen_by(actor).where(
        Partnership.status.not_in((PartnershipStatus.ENDED, PartnershipStatus.PAUSED)),
        func.least(Partnership.proposer_id, Partnership.addressee_id) == actor.organization_id,
        ~read,
    )
    return db.session().scalars(rows.with_only_columns(Partnership.id).order_by(Partnership.id)).all()


def wait_for_others(partnership_id: UUID) -> None:
    """Let nobody else read this partnership's months until the transaction ends."""
    key = func.hashtextextended(f"drift/{partnership_id}", 0)
    db.session().execute(select(func.pg_advisory_xact_lock(key)))


def latest(actor: Actor, partnership_id: UUID) -> DriftReading | None:
    """Return what was read last of one partnership."""
    rows = readings_seen_by(actor).where(DriftReading.partnership_id == partnership_id)
    return db.session().scalars(rows.order_by(DriftReading.month.desc()).limit(1)).one_or_none()


def latest_by_partnership(actor: Actor) -> Mapping[UUID, DriftReading]:
    """Return what was read last of each partnership of the actor."""
    rows = readings_seen_by(actor).ext(distinct_on(DriftReading.partnership_id))
    found = db.session().scalars(rows.order_by(DriftReading.partnership_id, DriftReading.month.desc()))
    return {reading.partnership_id: reading for reading in found}


def opening(actor: Actor, case_id: UUID) -> DriftReading | None:
    """Return the reading that began the search a case is about."""
    rows = readings_seen_by(actor).where(DriftReading.case_id == case_id)
    return db.session().scalars(rows.order_by(DriftReading.month).limit(1)).one_or_none()
