"""Reading programmes: a side's own items, what they were version by version, gates and exceptions."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, or_, select

from partnercrm.enablement.models import GateException, Item, ItemVersion, Programme
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.partnerships import queries as partnerships
from partnercrm.web.paging import Page, page

ITEM_SORTS: Final[Mapping[str, Any]] = {"created_at": Item.created_at}
EXCEPTION_SORTS: Final[Mapping[str, Any]] = {"given_at": GateException.given_at}
_IN_FORCE: Final = and_(
    ItemVersion.organization_id == Item.organization_id,
    ItemVersion.item_id == Item.id,
    ItemVersion.version == Item.version,
)


@dataclass(frozen=True, slots=True)
class QuestionSeen:
    """A question as its reader sees it: which answer is right is for who keeps the programme."""

    question: str
    answers: tuple[str, ...]
    right: int | None


@dataclass(frozen=True, slots=True)
class ItemSeen:
    """An item with what it says now, as its reader sees it."""

    item: Item
    content: ItemVersion
    tells_answers: bool

    @property
    def id(self) -> UUID:
        """The item's id."""
        return self.item.id

    @property
    def version_tag(self) -> str:
        """The item's version, as an ETag names it; apart for who reads the right answers."""
        return f"{self.item.version_tag}.{int(self.tells_answers)}"

    @property
    def quiz(self) -> list[QuestionSeen]:
        """The questions, with the right answers for those who may know them."""
        return [
            QuestionSeen(one.question, one.answers, one.right if self.tells_answers else None)
            for one in self.content.questions
        ]

    def __getattr__(self, name: str) -> Any:
        """Read what the item is from it, and what it says from its version."""
        return getattr(self.item if name in _OF_ITEM else self.content, name)


_OF_ITEM: Final = frozenset({"kind", "owner_id", "partnership_id", "created_at", "archived_at", "organization_id"})


def items_seen_by(actor: Actor) -> Select[Item]:
    """Return the items of the actor's own side in living partnerships; every colleague may know what there is."""
    return select(Item).where(Item.organization_id == actor.organization_id, partnerships.lives(Item.partnership_id))


def exceptions_seen_by(actor: Actor) -> Select[GateException]:
    """Return exceptions in living partnerships: one's own, and all to members who keep the programme."""
    rows = select(GateException).where(
        GateException.organization_id == actor.organization_id, partnerships.lives(GateException.partnership_id)
    )
    own = GateException.user_id == actor.user_id
    if not actor.has("enablement:all"):
        return rows.where(own)
    return rows.where(or_(own, GateException.partnership_id.in_(actor.partnership_ids)))


def items(actor: Actor, partnership_id: UUID, given: Mapping[str, Any]) -> Page:
    """Return a page of a programme's items; those in use, unless archived ones are asked for. Raises NotFound."""
    living(actor, partnership_id)
    is_archived = Item.archived_at.is_not(None)
    rows = items_seen_by(actor).where(
        Item.partnership_id == partnership_id, is_archived if given["archived"] else ~is_archived
    )
    rows = rows.join(ItemVersion, _IN_FORCE).add_columns(ItemVersion)
    return page(actor, rows, given, sorts=ITEM_SORTS, key=Item.id, shown=partial(_seen, actor))


def item(actor: Actor, item_id: UUID, *, lock: bool = False) -> ItemSeen:
    """Return one item with what it says; `lock` it to change it or to do it. Raises NotFound."""
    rows = items_seen_by(actor).where(Item.id == item_id)
    if lock:
        held = db.session().scalars(rows.with_for_update(of=Item).execution_options(populate_existing=True))
        if held.one_or_none() is None:
            raise NotFound
    found = db.session().execute(rows.join(ItemVersion, _IN_FORCE).add_columns(ItemVersion)).one_or_none()
    if found is None:
        raise NotFound
    return _seen(actor, found)


def item_to_keep(actor: Actor, item_id: UUID) -> ItemSeen:
    """Return an item, locked, to one of the partnership's members on this side. Raises NotFound."""
    found = item(actor, item_id, lock=True)
    partnerships.held_partnership(actor, found.partnership_id)
    return found


def versions(actor: Actor, item_id: UUID, given: Mapping[str, Any]) -> Page:
    """Return a page of what an item was, version by version. Raises NotFound."""
    item(actor, item_id)
    rows = select(ItemVersion).where(
        ItemVersion.organization_id == actor.organization_id, ItemVersion.item_id == item_id
    )
    return page(actor, rows, given, sorts={"version": ItemVersion.version}, key=ItemVersion.version)


def count_items(actor: Actor, partnership_id: UUID) -> int:
    """Return how many items a programme holds, put away ones included; others who add one wait."""
    lock = func.pg_advisory_xact_lock(func.hashtextextended(f"programme/{actor.organization_id}/{partnership_id}", 0))
    db.session().execute(select(lock))
    rows = items_seen_by(actor).where(Item.partnership_id == partnership_id)
    return db.session().scalar(select(func.count()).select_from(rows.subquery())) or 0


def programme(actor: Actor, partnership_id: UUID, *, lock: bool = False) -> Programme | None:
    """Return how the gates of a partnership are set on the actor's side; None while nobody has."""
    mine = Programme.organization_id == actor.organization_id
    rows = select(Programme).where(mine, Programme.partnership_id == partnership_id)
    if lock:
        rows = rows.with_for_update().execution_options(populate_existing=True)
    return db.session().scalars(rows).one_or_none()


def gates(actor: Actor, partnership_id: UUID) -> Programme | None:
    """Return how the gates of a living partnership are set. Raises NotFound."""
    living(actor, partnership_id)
    return programme(actor, partnership_id)


def exceptions(actor: Actor, partnership_id: UUID, given: Mapping[str, Any]) -> Page:
    """Return a page of a partnership's exceptions, those that are over included. Raises NotFound."""
    living(actor, partnership_id)
    rows = exceptions_seen_by(actor).where(GateException.partnership_id == partnership_id)
    return page(actor, rows, given, sorts=EXCEPTION_SORTS, key=GateException.id)


def exception(actor: Actor, exception_id: UUID, *, lock: bool = False) -> GateException:
    """Return one exception. Raises NotFound."""
    rows = exceptions_seen_by(actor).where(GateException.id == exception_id)
    fresh = (rows.with_for_update(of=GateException) if lock else rows).execution_options(populate_existing=True)
    found = db.session().scalars(fresh).one_or_none()
    if found is None:
        raise NotFound
    return found


def living(actor: Actor, partnership_id: UUID) -> None:
    """Raise NotFound unless this is a living partnership of the actor's organization."""
    if partnerships.partnership(actor, partnership_id, loading=()).has_ended:
        raise NotFound


def _seen(actor: Actor, row: Row[*tuple[Any, ...]]) -> ItemSeen:
    return ItemSeen(row[0], row[1], actor.has("enablement:all"))
