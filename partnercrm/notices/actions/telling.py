"""From something done to the people who are told of it, once each, by the channels they wish."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from partnercrm.activity import queries as activity
from partnercrm.activity.actions import SharedSubject
from partnercrm.kernel import db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.kernel.ids import new_id
from partnercrm.notices import kinds, queries, quiet
from partnercrm.notices.kinds import Channel, Kind, Tells
from partnercrm.notices.models import Notice, Preferences
from partnercrm.notices.queries import Wishes

# What happened longer ago is no reason for a mail of its own: the digest tells it.
FRESH: Final = timedelta(days=3)
_TOLD_BY_HAND: Final = UUID("7f3a0f6e-52e0-4f6c-9f0e-3c1a7d5b9e42")


def react(actor: Actor, verb: str, subject: Any, activity_id: UUID) -> None:
    """Let the people whom an activity concerns be told of it, once its transaction is kept."""
    kind = kinds.known(verb)
    if kind is None:
        return
    sides = set(subject.sides()) if isinstance(subject, SharedSubject) else {actor.organization_id}
    if kind.tells is not Tells.BOTH:
        sides &= {actor.organization_id} if kind.tells is Tells.OWN else sides - {actor.organization_id}
    for organization_id in sides:
        jobs.defer("notices.tell", organization_id, activity_id=activity_id)


def tell_of(actor: Actor, activity_id: UUID) -> None:
    """Tell the people of the actor's organization of an activity; done twice, nobody is told twice."""
    event = activity.event(actor, activity_id)
    kind = kinds.known(event.verb) if event else None
    if event is None or kind is None or kind.audience is None:
        return
    joined = frozenset({event.partnership_id} if event.partnership_id else ())
    try:
        told = kind.audience(replace(actor, partnership_ids=joined), event)
    except NotFound:
        # What it was about is closed by now: its partnership ended, or it was erased.
        return
    tell(
        actor,
        {user_id for user_id in told.people if user_id != event.user_id},
        kind,
        event.subject_id,
        event_id=event.id,
        partnership_id=None if kind.outlives_partnership else event.partnership_id,
        facts=told.facts,
        happened_at=event.happened_at,
    )


def tell(
    actor: Actor,
    people: Iterable[UUID],
    kind: Kind | str,
    subject_id: UUID,
    *,
    event_id: UUID | None = None,
    partnership_id: UUID | None = None,
    facts: Mapping[str, str] | None = None,
    happened_at: datetime | None = None,
) -> None:
    """Tell people of the actor's organization something about a subject, once each per event.

    Without an event each person is told this kind of thing about this subject once. Who is disabled is not told, nor
    who is no member of the partnership it concerns.
    """
    found = kinds.known(kind) if isinstance(kind, str) else kind
    if found is None:
        raise LookupError(f"there is no kind of notice {kind}")
    now = db.now()
    fresh = happened_at is None or now - happened_at < FRESH
    for wishes in queries.wishes_of(actor, list(people)).values():
        channels = _channels(wishes, found, fresh=fresh)
        if partnership_id and not kinds.is_member(actor, wishes.user_id, partnership_id):
            continue
        notice_id = _enter(
            organization_id=actor.organization_id,
            user_id=wishes.user_id,
            kind=found.verb,
            event_id=event_id or uuid5(_TOLD_BY_HAND, f"{found.verb}/{subject_id}"),
            subject_id=subject_id,
            partnership_id=partnership_id,
            facts=dict(facts or {}),
            channels=channels,
            created_at=happened_at or now,
        )
        if notice_id is not None:
            _see_to_mails(actor, wishes, channels, notice_id)


def _channels(wishes: Wishes, kind: Kind, *, fresh: bool) -> frozenset[Channel]:
    channels = wishes.channels(kind)
    if fresh or Channel.MAIL not in channels:
        return channels
    later = frozenset() if wishes.digest_hour is None else frozenset({Channel.DIGEST})
    return channels - {Channel.MAIL} | later


def _enter(*, channels: frozenset[Channel], **given: Any) -> UUID | None:
    if not channels:
        return None
    values = given | {
        "id": new_id(),
        "on_page": Channel.PAGE in channels,
        "by_mail": Channel.MAIL in channels,
        "in_digest": Channel.DIGEST in channels,
    }
    entered = insert(Notice).values(**values)
    entered = entered.on_conflict_do_nothing(constraint="uq_notices_organization_id_user_id_event_id")
    return db.session().execute(entered.returning(Notice.id)).scalar_one_or_none()


def _see_to_mails(actor: Actor, wishes: Wishes, channels: frozenset[Channel], notice_id: UUID) -> None:
    if Channel.MAIL in channels:
        due = quiet.may_tell_at(db.now(), wishes.zone, wishes.quiet_from, wishes.quiet_until)
        jobs.defer("notices.mail", actor.organization_id, at=due, notice_id=notice_id)
    if Channel.DIGEST in channels and wishes.digest_hour is not None:
        plan_digest(actor, wishes)


def plan_digest(actor: Actor, wishes: Wishes) -> None:
    """Let the person's next digest be written at its hour, unless it is planned already."""
    if wishes.digest_hour is None:
        return
    now = db.now()
    due = quiet.next_digest(now, wishes.zone, wishes.digest_hour)
    key = {"organization_id": actor.organization_id, "user_id": wishes.user_id}
    planned = insert(Preferences).values(**key, digest_due_at=due)
    planned = planned.on_conflict_do_update(
        constraint="pk_notice_preferences",
        set_={"digest_due_at": due},
        where=func.coalesce(Preferences.digest_due_at, now) <= now,
    )
    if db.session().execute(planned.returning(Preferences.user_id)).scalar_one_or_none():
        jobs.defer("notices.digest", actor.organization_id, at=due, user_id=wishes.user_id)
