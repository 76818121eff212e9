"""Reading whose a deal is, as of any moment, from what was logged for it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from partnercrm.deals import attributing
from partnercrm.deals.attributing import Attribution, Deed, Done
from partnercrm.deals.models import Registration, RegistrationEvidence
from partnercrm.deals.models.deals import Deal, DealEvent, DealVersion
from partnercrm.deals.queries import registrations_seen_by, selling
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid
from partnercrm.partnerships.queries import is_open_to


def attribution(actor: Actor, deal_id: UUID, moment: datetime | None = None) -> Attribution:
    """Return who sourced and who influenced a deal by what was on record at a moment, now if none is said.

    Raises NotFound, and Invalid where the deal was not open then.
    """
    found = selling.deal(actor, deal_id).deal
    rows = selling.deal_versions_seen_by(actor).where(DealVersion.deal_id == found.id)
    states = db.session().scalars(rows.order_by(DealVersion.version)).all()
    done = [*_deeds(actor, found, {one.registration_id for one in states}), *_leads(actor, states)]
    told = attributing.attributed(states, done, moment or db.now())
    if told is None:
        raise Invalid.field("as_of", "The deal was not open yet.")
    return told


def _leads(actor: Actor, states: Sequence[DealVersion]) -> list[Done]:
    """Return the leads from which registrations came that hold a deal or held it, on record since each first did."""
    since: dict[UUID, datetime] = {}
    for state in states:
        since.setdefault(state.registration_id, state.recorded_at)
    came = registrations_seen_by(actor).where(Registration.id.in_(since), Registration.lead_given_at.is_not(None))
    return [
        Done(one.other_id, Deed.LEAD_GIVEN, one.lead_given_at, since[one.id])
        for one in db.session().scalars(came)
        if one.lead_given_at is not None
    ]


def _deeds(actor: Actor, found: Deal, registration_ids: set[UUID]) -> list[Done]:
    """Return what either side logged for a deal, and what the registrations rest on that hold it or held it."""
    mine = actor.organization_id
    rested = select(RegistrationEvidence).where(
        or_(RegistrationEvidence.organization_id == mine, RegistrationEvidence.other_id == mine),
        is_open_to(actor, RegistrationEvidence.partnership_id),
        RegistrationEvidence.registration_id.in_(registration_ids),
    )
    logged = selling.deal_events_seen_by(actor).where(DealEvent.deal_id == found.id)
    return [
        Done(one.organization_id, Deed(one.kind.value), one.happened_at, one.recorded_at)
        for one in (*db.session().scalars(rested), *db.session().scalars(logged))
    ]
