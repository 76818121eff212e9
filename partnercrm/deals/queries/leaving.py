"""Reading what a leaver still works on, for who administrates accounts: counts, no contents."""

from uuid import UUID

from sqlalchemy import func, select

from partnercrm.deals.models import Registration, RegistrationSide
from partnercrm.deals.models.drafts import RegistrationDraft
from partnercrm.deals.registering import OPEN
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor


def count_open(actor: Actor, user_id: UUID) -> int:
    """Return how many open registrations one of the organization's people works on."""
    own = (RegistrationSide.organization_id == actor.organization_id) & (RegistrationSide.owner_id == user_id)
    rows = (
        select(func.count())
        .select_from(RegistrationSide)
        .join(Registration, Registration.id == RegistrationSide.registration_id)
    )
    return db.session().execute(rows.where(own, Registration.status.in_(OPEN))).scalar_one()


def count_drafts(actor: Actor, user_id: UUID) -> int:
    """Return how many deals one of the organization's people has begun to register."""
    rows = select(func.count()).select_from(RegistrationDraft)
    own = (RegistrationDraft.organization_id == actor.organization_id) & (RegistrationDraft.owner_id == user_id)
    return db.session().execute(rows.where(own)).scalar_one()
