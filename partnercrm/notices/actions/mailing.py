"""The mails themselves: one notice, or a day's digest, written when it is sent, to who may still read it."""

from collections import Counter
from email.message import EmailMessage
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from itsdangerous import BadData
from sqlalchemy import update

from partnercrm.identity.models import User
from partnercrm.kernel import db, jobs, mail
from partnercrm.kernel.actor import Actor
from partnercrm.notices import kinds, queries, quiet
from partnercrm.notices.actions.linking import links
from partnercrm.notices.actions.telling import plan_digest
from partnercrm.notices.kinds import Kind
from partnercrm.notices.models import Notice, Preferences
from partnercrm.notices.queries import NoticeSeen, Wishes
from partnercrm.web import letters
from partnercrm.web.signing import signer

DIGEST: Final = "digest"


class Subscription(NamedTuple):
    """What a person can end by one click in their mail program: the mails of one kind, or the digest."""

    organization_id: UUID
    user_id: UUID
    kind: str


def notice_mail(actor: Actor, notice_id: UUID) -> EmailMessage | None:
    """Return the mail of a notice and mark it as sent; None when nobody is to get it (any more).

    What is checked here (the person may sign in, is still a member of the living partnership) stays true until the
    transaction ends, so the mail must be sent inside it.
    """
    notice = queries.to_mail(actor, notice_id)
    kind = kinds.known(notice.kind) if notice else None
    if notice is None or kind is None or notice.read_at is not None:
        return None
    reader = queries.reader(actor, notice.user_id)
    if reader is None or not _still_concerns(actor, notice):
        return None
    now, wishes = db.now(), queries.wishes_of(actor, [reader.id])[reader.id]
    due = quiet.may_tell_at(now, wishes.zone, wishes.quiet_from, wishes.quiet_until)
    if due > now:
        jobs.defer("notices.mail", actor.organization_id, at=due, notice_id=notice_id)
        return None
    _mark(actor, [notice.id], mailed_at=now)
    return _notice_written(reader, NoticeSeen(notice, kind))


def digest_mail(actor: Actor, user_id: UUID) -> EmailMessage | None:
    """Return the mail that counts what a person has not read yet, one a day; None when there is nothing to tell."""
    reader = queries.reader(actor, user_id)
    preferences = queries.preferences_of(actor, user_id)
    if reader is None or preferences is None:
        return None
    wishes = queries.wishes_of(actor, [user_id])[user_id]
    waiting = queries.to_digest(actor, user_id)
    if wishes.digest_hour is None or not waiting:
        return None
    now = db.now()
    today = now.astimezone(ZoneInfo(wishes.zone)).date()
    due = quiet.may_tell_at(now, wishes.zone, wishes.quiet_from, wishes.quiet_until)
    if due > now:
        jobs.defer("notices.digest", actor.organization_id, at=due, user_id=user_id)
        return None
    if preferences.digested_on == today:
        _plan_again(actor, preferences, wishes)
        return None
    about = sorted({notice.partnership_id for notice in waiting if notice.partnership_id})
    still = {None, *(one for one in about if kinds.is_member(actor, user_id, one))}
    told = [notice for notice in waiting if notice.partnership_id in still and kinds.known(notice.kind)]
    _mark(actor, [notice.id for notice in waiting], digested_at=now)
    preferences.digested_on = today
    db.session().flush()
    return _digest_written(reader, told, f"{today}") if told else None


def subscription(token: str) -> Subscription | None:
    """Return what an unsubscribe link ends; None when it is not one of ours."""
    try:
        organization_id, user_id, kind = signer("unsubscribe").loads(token)
    except (BadData, ValueError, TypeError):
        return None
    return Subscription(UUID(organization_id), UUID(user_id), kind)


def _still_concerns(actor: Actor, notice: Notice) -> bool:
    return notice.partnership_id is None or kinds.is_member(actor, notice.user_id, notice.partnership_id)


def _plan_again(actor: Actor, preferences: Preferences, wishes: Wishes) -> None:
    preferences.digest_due_at = None
    db.session().flush()
    plan_digest(actor, wishes)


def _mark(actor: Actor, notice_ids: list[UUID], **moment: Any) -> None:
    change = update(Notice).where(Notice.organization_id == actor.organization_id, Notice.id.in_(notice_ids))
    db.session().execute(change.values(**moment))


def _notice_written(reader: User, seen: NoticeSeen) -> EmailMessage:
    kind: Kind = seen.what
    leave = _unsubscribe(reader, kind.verb)
    letter = letters.written(
        "notices/mail_notice",
        reader.locale,
        notice=seen,
        reader=reader,
        address=letters.address(kind.page, **kind.places(seen.subject_id, seen.partnership_id)),
        links=links(reader, seen),
        leave=leave,
    )
    return mail.composed(
        reader.email,
        letter.subject,
        letter.text,
        letter.html,
        message_id=f"notice.{seen.id}",
        headers=_list_headers(leave),
    )


def _digest_written(reader: User, told: list[Notice], day: str) -> EmailMessage:
    counts = Counter(notice.kind for notice in told)
    known = [(kind, counts[kind.verb]) for kind in kinds.every() if counts[kind.verb]]
    leave = _unsubscribe(reader, DIGEST)
    letter = letters.written(
        "notices/mail_digest",
        reader.locale,
        counts=known,
        reader=reader,
        total=len(told),
        address=letters.address("notices_pages.notices", unread="true"),
        leave=leave,
    )
    message_id = f"digest.{day}.{reader.id}"
    return mail.composed(
        reader.email, letter.subject, letter.text, letter.html, message_id=message_id, headers=_list_headers(leave)
    )


def _list_headers(leave: str) -> dict[str, str]:
    return {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _unsubscribe(reader: User, kind: str) -> str:
    token = signer("unsubscribe").dumps([str(reader.organization_id), str(reader.id), kind])
    return letters.address("mail_links.leave", token=token)
