"""Reading what people were told and how they wish to be told; each reads their own alone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select, text

from partnercrm.identity.models import User
from partnercrm.identity.scopes import scopes_of
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.notices import kinds
from partnercrm.notices.kinds import Channel, Kind
from partnercrm.notices.models import ChosenChannels, MailAction, Notice, Preferences
from partnercrm.web.paging import Page, page

SORTS = {"created_at": Notice.created_at}
MOST_COUNTED = 100
_ZONE, _DIGEST_HOUR = "UTC", 8


class NoticeSeen:
    """A notice as its reader sees it, in the words of its kind."""

    def __init__(self, notice: Notice, kind: Kind) -> None:
        self._notice = notice
        self.what = kind
        self.urgent = kind.urgent

    def __getattr__(self, name: str) -> Any:
        """Read everything else from the row."""
        return getattr(self._notice, name)

    @property
    def title(self) -> str:
        """What happened, in few words."""
        return str(self.what.title)

    @property
    def sentence(self) -> str:
        """What happened, in one sentence."""
        return str(self.what.sentence) % self._notice.facts


@dataclass(frozen=True, slots=True)
class Wishes:
    """How one person wishes to be told; what nobody chose has its usual value. `version` 0: nothing was chosen."""

    user_id: UUID
    zone: str = _ZONE
    digest_hour: int | None = _DIGEST_HOUR
    quiet_from: time | None = None
    quiet_until: time | None = None
    language: str = "en"
    version: int = 0
    chosen: Mapping[str, frozenset[Channel]] | None = None

    def channels(self, kind: Kind) -> frozenset[Channel]:
        """Return by which channels this kind is told."""
        found = (self.chosen or {}).get(kind.verb, kind.channels)
        return found - {Channel.DIGEST} if self.digest_hour is None else found

    @property
    def version_tag(self) -> str:
        """The version of the choices, as an ETag names it."""
        return f"{self.user_id.hex}.{self.version}"


class WishesSeen:
    """A person's wishes with every kind there is, as they are shown."""

    def __init__(self, wishes: Wishes) -> None:
        self._wishes = wishes
        self.quiet_from = f"{wishes.quiet_from:%H:%M}" if wishes.quiet_from is not None else None
        self.quiet_until = f"{wishes.quiet_until:%H:%M}" if wishes.quiet_until is not None else None
        self.channels = [
            {"kind": kind.verb, "title": str(kind.title), "channels": sorted(wishes.channels(kind))}
            for kind in kinds.every()
        ]

    def __getattr__(self, name: str) -> Any:
        """Read everything else from the wishes."""
        return getattr(self._wishes, name)


def notices_seen_by(actor: Actor) -> Select[Notice]:
    """Return what the actor was told on the page; of a partnership only while the actor is its member."""
    return select(Notice).where(
        Notice.organization_id == actor.organization_id,
        Notice.user_id == actor.user_id,
        Notice.on_page,
        Notice.kind.in_([kind.verb for kind in kinds.every()]),
        or_(Notice.partnership_id.is_(None), Notice.partnership_id.in_(actor.partnership_ids)),
    )


def notices(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of what the actor was told."""
    rows = notices_seen_by(actor)
    if given.get("unread"):
        rows = rows.where(Notice.read_at.is_(None))
    found = page(actor, rows, given, sorts=SORTS, key=Notice.id)
    return Page([_seen(notice) for notice in found.items], found.next)


def notice(actor: Actor, notice_id: UUID, *, lock: bool = False) -> NoticeSeen:
    """Return one thing the actor was told. Raises NotFound."""
    rows = notices_seen_by(actor).where(Notice.id == notice_id)
    found = db.session().scalars(rows.with_for_update() if lock else rows).one_or_none()
    if found is None:
        raise NotFound
    return _seen(found)


def unread_count(actor: Actor) -> int:
    """Return how many notices the actor has not read, 100 at most."""
    rows = notices_seen_by(actor).with_only_columns(Notice.id).where(Notice.read_at.is_(None)).limit(MOST_COUNTED)
    return db.session().execute(select(func.count()).select_from(rows.subquery())).scalar_one()


def _seen(notice: Notice) -> NoticeSeen:
    kind = kinds.known(notice.kind)
    if kind is None:
        raise NotFound
    return NoticeSeen(notice, kind)


def preferences_seen_by(actor: Actor) -> Select[Preferences]:
    """Return what the actor chose about being told; nobody else's."""
    return select(Preferences).where(
        Preferences.organization_id == actor.organization_id, Preferences.user_id == actor.user_id
    )


def wishes(actor: Actor) -> Wishes:
    """Return how the actor wishes to be told. Raises NotFound where there is no person."""
    if actor.user_id is None:
        raise NotFound
    own = preferences_seen_by(actor).execution_options(populate_existing=True)
    rows = select(User.locale).where(User.organization_id == actor.organization_id, User.id == actor.user_id)
    locale = db.session().execute(rows).scalar_one()
    chosen = _chosen(actor, [actor.user_id])
    return _wishes(actor.user_id, locale, db.session().scalars(own).one_or_none(), chosen.get(actor.user_id, {}))


def own_wishes(actor: Actor, subject_id: UUID) -> Wishes:
    """Return the actor's own wishes, whatever a repeated request was about."""
    return wishes(actor)


def wishes_of(actor: Actor, people: Collection[UUID]) -> dict[UUID, Wishes]:
    """Return how those of these people who can sign in wish to be told; integrations are not told anything."""
    rows = (
        select(User.id, User.locale, Preferences)
        .outerjoin(
            Preferences, (Preferences.organization_id == User.organization_id) & (Preferences.user_id == User.id)
        )
        .where(
            User.organization_id == actor.organization_id,
            User.id.in_(people),
            User.disabled_at.is_(None),
            User.roles != ["integration"],
        )
        .execution_options(populate_existing=True)
    )
    chosen = _chosen(actor, people)
    return {
        user_id: _wishes(user_id, locale, found, chosen.get(user_id, {}))
        for user_id, locale, found in db.session().execute(rows)
    }


def _wishes(user_id: UUID, locale: str, found: Preferences | None, chosen: Mapping[str, frozenset[Channel]]) -> Wishes:
    if found is None:
        return Wishes(user_id, language=locale, chosen=chosen)
    return Wishes(
        user_id,
        found.zone,
        found.digest_hour,
        found.quiet_from,
        found.quiet_until,
        locale,
        found.version,
        chosen,
    )


def _chosen(actor: Actor, people: Collection[UUID]) -> dict[UUID, dict[str, frozenset[Channel]]]:
    rows = select(ChosenChannels).where(
        ChosenChannels.organization_id == actor.organization_id, ChosenChannels.user_id.in_(people)
    )
    found: dict[UUID, dict[str, frozenset[Channel]]] = {}
    for one in db.session().scalars(rows):
        found.setdefault(one.user_id, {})[one.kind] = frozenset(map(Channel, one.channels))
    return found


def preferences_of(actor: Actor, user_id: UUID) -> Preferences | None:
    """Return a person's stored choices, locked."""
    rows = select(Preferences).where(
        Preferences.organization_id == actor.organization_id, Preferences.user_id == user_id
    )
    return db.session().scalars(rows.with_for_update().execution_options(populate_existing=True)).one_or_none()


def to_mail(actor: Actor, notice_id: UUID) -> Notice | None:
    """Return one of the organization's notices that waits to be mailed, locked; none another worker has."""
    rows = select(Notice).where(
        Notice.organization_id == actor.organization_id,
        Notice.id == notice_id,
        Notice.by_mail,
        Notice.mailed_at.is_(None),
    )
    return db.session().scalars(rows.with_for_update()).one_or_none()


def to_digest(actor: Actor, user_id: UUID) -> Sequence[Notice]:
    """Return what waits for a person's next digest, locked; at most 2,000."""
    rows = select(Notice).where(
        Notice.organization_id == actor.organization_id,
        Notice.user_id == user_id,
        Notice.in_digest,
        Notice.digested_at.is_(None),
        Notice.read_at.is_(None),
    )
    return db.session().scalars(rows.order_by(Notice.created_at, Notice.id).limit(2000).with_for_update()).all()


def reader(actor: Actor, user_id: UUID) -> User | None:
    """Return one of the organization's people who can sign in; that stays so until the transaction ends."""
    rows = select(User).where(
        User.organization_id == actor.organization_id, User.id == user_id, User.disabled_at.is_(None)
    )
    return db.session().scalars(rows.with_for_update(read=True).execution_options(populate_existing=True)).one_or_none()


def behind_link(secret_hash: bytes) -> tuple[Actor, UUID] | None:
    """Return for whom a mail's link acts, as they would be recognised now, and its id; precedes the tenant."""
    found = db.session().execute(text("SELECT * FROM auth_mail_action(:hash)"), {"hash": secret_hash}).one_or_none()
    if found is None:
        return None
    actor = Actor(
        organization_id=found.organization_id,
        user_id=found.user_id,
        name=found.name,
        roles=frozenset(found.roles),
        scopes=scopes_of(found.roles),
        partnership_ids=frozenset(found.partnership_ids),
        locale=found.locale,
    )
    return actor, found.mail_action_id


def mail_action(actor: Actor, mail_action_id: UUID, *, lock: bool = False) -> MailAction:
    """Return one of the actor's own links. Raises NotFound."""
    rows = select(MailAction).where(
        MailAction.organization_id == actor.organization_id,
        MailAction.user_id == actor.user_id,
        MailAction.id == mail_action_id,
    )
    found = db.session().scalars(rows.with_for_update() if lock else rows).one_or_none()
    if found is None:
        raise NotFound
    return found
