"""Links in mails that do one thing once: as the person they were sent to, with what that person may do now."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete

from partnercrm.activity.actions import record
from partnercrm.identity.models import User
from partnercrm.identity.secrets import fingerprint, is_well_formed, new_token
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Conflict, NotAllowed, NotFound
from partnercrm.kernel.ids import new_id
from partnercrm.notices import kinds, queries
from partnercrm.notices.errors import LinkUsed, NothingToDo, NotYourLink
from partnercrm.notices.kinds import Act
from partnercrm.notices.models import MailAction
from partnercrm.notices.queries import NoticeSeen
from partnercrm.web import letters


class Link(NamedTuple):
    """A link in a mail: what it does, and where it leads."""

    label: str
    address: str


class Question(NamedTuple):
    """What a link asks before it does anything: the act and what may be seen of its subject."""

    act: Act
    lines: list[tuple[str, str]]


def links(reader: User, seen: NoticeSeen) -> list[Link]:
    """Make the links of a notice's mail, each with a secret of its own; none where nothing is to be done any more."""
    made = []
    actor = _as_told(reader, seen)
    for act in seen.what.acts:
        try:
            until = act.until(actor, seen.subject_id)
        except (NotFound, Conflict):
            continue
        secret = new_token("mail")
        db.session().add(
            MailAction(
                id=new_id(),
                organization_id=reader.organization_id,
                user_id=reader.id,
                notice_id=seen.id,
                act=act.name,
                subject_id=seen.subject_id,
                secret_hash=fingerprint(secret),
                created_at=clock.now(),
                expires_at=until,
            )
        )
        made.append(Link(str(act.label), letters.address("mail_links.ask", secret=secret)))
    db.session().flush()
    return made


def person_behind(secret: str) -> tuple[Actor, UUID]:
    """Return for whom a link acts, and its id; in a transaction of nobody. Raises NothingToDo."""
    found = queries.behind_link(fingerprint(secret)) if is_well_formed(secret) else None
    if found is None:
        raise NothingToDo
    return found


def question(actor: Actor, mail_action_id: UUID, visitor: Actor | None) -> Question:
    """Return what a link would do, changing nothing. Raises NotYourLink, LinkUsed, NothingToDo."""
    link = queries.mail_action(actor, mail_action_id)
    return Question(*_usable(actor, link, visitor))


def follow(secret: str, actor: Actor, visitor: Actor | None, read: Callable[[Act], dict[str, Any]]) -> Act:
    """Do what a link is for, once, as its person is now; `read` returns what the form says.

    Raises NotYourLink, LinkUsed, NothingToDo, and what the act itself refuses about the form.
    """
    if actor.user_id is None or queries.reader(actor, actor.user_id) is None:
        raise NothingToDo
    actor, mail_action_id = person_behind(secret)
    link = queries.mail_action(actor, mail_action_id, lock=True)
    act, _lines = _usable(actor, link, visitor)
    given = read(act)
    try:
        act.do(actor, link.subject_id, given)
    except (NotFound, Conflict, NotAllowed) as error:
        raise NothingToDo from error
    link.used_at = clock.now()
    db.session().flush()
    record(actor, "mail_link.followed", link)
    return act


def void_links(actor: Actor, _verb: str, person: User, _activity_id: UUID) -> None:
    """Void every unused link in the mails of somebody whose password changed or whose account closed."""
    unused = (
        MailAction.organization_id == actor.organization_id,
        MailAction.user_id == person.id,
        MailAction.used_at.is_(None),
    )
    db.session().execute(delete(MailAction).where(*unused))


def void_links_of_disabled(actor: Actor, verb: str, person: User, activity_id: UUID) -> None:
    """Void the links of somebody who was just disabled; signing in again later brings none of them back."""
    if person.disabled_at is not None:
        void_links(actor, verb, person, activity_id)


def _usable(actor: Actor, link: MailAction, visitor: Actor | None) -> tuple[Act, list[tuple[str, str]]]:
    if visitor is not None and visitor.user_id != actor.user_id:
        raise NotYourLink
    if link.used_at is not None:
        raise LinkUsed
    act = kinds.act(link.act)
    if act is None or link.expires_at <= clock.now() or not actor.has(act.scope):
        raise NothingToDo
    try:
        return act, act.teaser(actor, link.subject_id)
    except (NotFound, Conflict) as error:
        raise NothingToDo from error


def _as_told(reader: User, seen: NoticeSeen) -> Actor:
    joined = frozenset({seen.partnership_id} if seen.partnership_id else ())
    return Actor(reader.organization_id, reader.id, reader.name, partnership_ids=joined)
