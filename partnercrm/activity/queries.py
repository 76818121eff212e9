"""Reading what was done: a company's own audit trail, and the timeline of a shared thing."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from partnercrm.activity.models import Activity, SharedActivity
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.web.paging import Page, page

SORTS = {"recorded_at": Activity.recorded_at}


def activities_seen_by(actor: Actor) -> Select[Activity]:
    """Return the actor's own organization's record."""
    return select(Activity).where(Activity.organization_id == actor.organization_id)


def shared_activities_seen_by(actor: Actor) -> Select[SharedActivity]:
    """Return what happened in the partnerships the actor belongs to."""
    return select(SharedActivity).where(
        or_(
            SharedActivity.first_organization_id == actor.organization_id,
            SharedActivity.second_organization_id == actor.organization_id,
        ),
        SharedActivity.partnership_id.in_(actor.partnership_ids),
    )


def audit_trail(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of what the organization's people, tokens and jobs did."""
    rows = activities_seen_by(actor)
    if verb := given.get("verb"):
        rows = rows.where(Activity.verb == verb)
    if subject_id := given.get("subject_id"):
        rows = rows.where(Activity.subject_id == subject_id)
    return page(actor, rows, given, sorts=SORTS, key=Activity.id)


def timeline(actor: Actor, subject: str, subject_id: UUID) -> Sequence[SharedActivity]:
    """Return what both sides read about one shared thing, oldest first."""
    rows = shared_activities_seen_by(actor).where(
        SharedActivity.subject == subject, SharedActivity.subject_id == subject_id
    )
    return db.session().scalars(rows.order_by(SharedActivity.recorded_at, SharedActivity.id).limit(500)).all()
