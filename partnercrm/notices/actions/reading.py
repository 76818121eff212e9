"""What a person has read."""

from uuid import UUID

from sqlalchemy import update

from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.notices import queries
from partnercrm.notices.models import Notice
from partnercrm.notices.queries import NoticeSeen


def read_notice(actor: Actor, notice_id: UUID) -> NoticeSeen:
    """Mark one notice as read; reading it twice changes nothing."""
    seen = queries.notice(actor, notice_id, lock=True)
    if seen.read_at is None:
        change = update(Notice).where(Notice.id == seen.id).values(read_at=clock.now())
        db.session().execute(change.where(Notice.organization_id == actor.organization_id))
    return queries.notice(actor, notice_id)


def read_notices(actor: Actor) -> None:
    """Mark everything the actor was told so far as read."""
    unread = queries.notices_seen_by(actor).with_only_columns(Notice.id).where(Notice.read_at.is_(None))
    change = update(Notice).where(Notice.id.in_(unread)).values(read_at=clock.now())
    db.session().execute(change.where(Notice.organization_id == actor.organization_id))
