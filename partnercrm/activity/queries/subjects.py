"""Of which things something was recorded already."""

from collections.abc import Collection
from uuid import UUID

from partnercrm.activity.models import Activity
from partnercrm.activity.queries import activities_seen_by
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor


def subjects_of(actor: Actor, verb: str, subject_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return of which of these things the actor's organization recorded a verb."""
    rows = activities_seen_by(actor).where(Activity.verb == verb, Activity.subject_id.in_(subject_ids))
    return frozenset(db.session().scalars(rows.with_only_columns(Activity.subject_id)))
