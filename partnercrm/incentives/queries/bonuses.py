"""Reading which leads earn their givers a bonus, and what was decided of it; in an organization's own books."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from partnercrm.incentives.models.ledgers import LeadBonus
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.queries.figures import Qualified, qualified_leads


def without_bonus(actor: Actor, after: tuple[datetime, UUID] | None, most: int) -> Sequence[Qualified]:
    """Return leads that the organization's people gave and that were qualified, of which nothing is decided yet."""
    decided = select(LeadBonus.offer_id).where(LeadBonus.organization_id == actor.organization_id)
    return qualified_leads(actor.organization_id, decided, after, most)


def given(actor: Actor, user_ids: Collection[UUID]) -> dict[tuple[UUID, UUID, date], int]:
    """Return what bonuses came to so far, by person, plan and the first day of a period."""
    key = LeadBonus.user_id, LeadBonus.plan_id, LeadBonus.quota_from
    rows = (
        select(*key, func.sum(LeadBonus.minor))
        .where(LeadBonus.organization_id == actor.organization_id, LeadBonus.user_id.in_(user_ids))
        .group_by(*key)
    )
    return {(user_id, plan_id, begins): int(minor) for user_id, plan_id, begins, minor in db.rows(rows)}
