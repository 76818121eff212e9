"""Reading where people stand in a programme as of a moment: oneself, and others only as the works agreement says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select

from partnercrm.enablement import queries
from partnercrm.enablement.items import ItemKind, Taught
from partnercrm.enablement.models import Item, ItemResult, ItemVersion, Telling
from partnercrm.enablement.standing import KNOWN, Course, Edition, ItemStanding, Result, Standing, Status, standing
from partnercrm.identity import queries as identity
from partnercrm.identity.errors import FiguresArePrivate
from partnercrm.identity.models import User
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.web.paging import Page, page

RESULT_SORTS: Final[Mapping[str, Any]] = {"recorded_at": ItemResult.recorded_at}
_TAUGHT: Final = tuple(role.value for role in Taught)


@dataclass(frozen=True, slots=True)
class ItemTold:
    """Where somebody stands at an item, with what it is called and where it is learned."""

    item_id: UUID
    kind: ItemKind
    title: str
    link: str | None
    is_must_know: bool
    place: ItemStanding

    @property
    def is_missing(self) -> bool:
        """Whether it must be known and is not."""
        return self.is_must_know and self.place.state not in KNOWN

    @property
    def page(self) -> str:
        """Where on these pages it is done."""
        return f"/enablement/items/{self.item_id}"


@dataclass(frozen=True, slots=True)
class PersonStanding:
    """Where one person stands in a programme as of a moment, item by item."""

    partnership_id: UUID
    user_id: UUID
    name: str
    team_id: UUID | None
    as_of: datetime
    status: Status
    items: Sequence[ItemTold]

    @property
    def missing(self) -> list[ItemTold]:
        """What must be known and is not."""
        return [one for one in self.items if one.is_missing]


@dataclass(frozen=True, slots=True)
class Syllabus:
    """A programme through time: the items as the rule reads them, and what each version says."""

    partnership_id: UUID
    kinds: Mapping[UUID, ItemKind]
    courses: Sequence[Course]
    contents: Mapping[tuple[UUID, int], ItemVersion]


def results_seen_by(actor: Actor) -> Select[ItemResult]:
    """Return the actor's own results; a colleague's are figures about one person."""
    return select(ItemResult).where(
        ItemResult.organization_id == actor.organization_id, ItemResult.user_id == actor.user_id
    )


def people_taught_by(actor: Actor) -> Select[User]:
    """Return the actor's colleagues whom programmes concern: who sells, manages or decides, and can sign in."""
    return identity.users_seen_by(actor).where(User.disabled_at.is_(None), User.roles.overlap(_TAUGHT))


def own_results(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of what the actor did with items."""
    return page(actor, results_seen_by(actor), given, sorts=RESULT_SORTS, key=ItemResult.id)


def own_standing(actor: Actor, partnership_id: UUID, at: datetime | None = None) -> PersonStanding:
    """Return where the actor stands in a living partnership, now or at an earlier moment. Raises NotFound."""
    queries.living(actor, partnership_id)
    return of_person(actor, partnership_id, identity.oneself(actor), at or clock.now())


def of_person(actor: Actor, partnership_id: UUID, person: User, at: datetime) -> PersonStanding:
    """Return where one of the organization's people stood, for who has asked whether the actor may know."""
    [found] = of_people(actor, partnership_id, [person], at)
    return found


def of_people(actor: Actor, partnership_id: UUID, people: Sequence[User], at: datetime) -> Sequence[PersonStanding]:
    """Return where people stood, in their order; like `of_person`, it asks nobody's leave."""
    found = syllabus(actor, partnership_id)
    results = results_of(actor, found, [one.id for one in people])
    told = told_at(actor, partnership_id)
    return [
        _shown(
            found,
            one,
            at,
            standing(found.courses, results.get(one.id, ()), roles=one.roles, told_at=told.get(one.id), at=at),
        )
        for one in people
    ]


def colleagues_standing(actor: Actor, partnership_id: UUID, at: datetime | None = None) -> Sequence[PersonStanding]:
    """Return where everybody stands whom the programme concerns, by name; at most 1,000.

    Raises NotFound, and FiguresArePrivate unless the works agreement opens people's figures to the actor.
    """
    queries.living(actor, partnership_id)
    if partnership_id not in actor.partnership_ids:
        raise NotFound
    if not identity.sees_figures_of(actor, None):
        raise FiguresArePrivate
    rows = people_taught_by(actor).order_by(User.name, User.id).limit(1000)
    return of_people(actor, partnership_id, db.session().scalars(rows).all(), at or clock.now())


def syllabus(actor: Actor, partnership_id: UUID) -> Syllabus:
    """Return a side's programme through time."""
    rows = (
        select(Item, ItemVersion)
        .join(ItemVersion, (ItemVersion.organization_id == Item.organization_id) & (ItemVersion.item_id == Item.id))
        .where(Item.organization_id == actor.organization_id, Item.partnership_id == partnership_id)
        .order_by(Item.created_at, Item.id, ItemVersion.version)
    )
    found: dict[UUID, tuple[Item, list[ItemVersion]]] = {}
    for item, content in db.session().execute(rows):
        found.setdefault(item.id, (item, []))[1].append(content)
    return Syllabus(
        partnership_id,
        {item.id: item.kind for item, _ in found.values()},
        [Course(item.id, [_edition(one) for one in contents], item.archived_at) for item, contents in found.values()],
        {(item.id, one.version): one for item, contents in found.values() for one in contents},
    )


def results_of(actor: Actor, found: Syllabus, user_ids: Iterable[UUID]) -> Mapping[UUID, Sequence[Result]]:
    """Return what happened between people and a programme's items, by person."""
    rows = select(ItemResult).where(
        ItemResult.organization_id == actor.organization_id,
        ItemResult.item_id.in_(found.kinds),
        ItemResult.user_id.in_(list(user_ids)),
    )
    results: dict[UUID, list[Result]] = {}
    for one in db.session().scalars(rows):
        kept = Result(one.item_id, one.version, one.outcome, one.happened_at, one.valid_until)
        results.setdefault(one.user_id, []).append(kept)
    return results


def told_at(actor: Actor, partnership_id: UUID) -> Mapping[UUID, datetime]:
    """Return when the organization's people were first told of a programme, of those who were."""
    rows = select(Telling.user_id, Telling.told_at).where(
        Telling.organization_id == actor.organization_id, Telling.partnership_id == partnership_id
    )
    return {row.user_id: row.told_at for row in db.session().execute(rows)}


def result(actor: Actor, result_id: UUID) -> ItemResult:
    """Return a result of the organization's, for who entered it. Raises NotFound."""
    rows = select(ItemResult).where(ItemResult.organization_id == actor.organization_id, ItemResult.id == result_id)
    found = db.session().scalars(rows).one_or_none()
    if found is None:
        raise NotFound
    queries.item(actor, found.item_id)
    return found


def _edition(one: ItemVersion) -> Edition:
    return Edition(
        one.version,
        one.recorded_at,
        frozenset(one.roles),
        one.is_must_know,
        one.reopens,
        one.valid_days,
        one.renew_days,
    )


def _shown(found: Syllabus, person: User, at: datetime, stands: Standing) -> PersonStanding:
    told = []
    for course in found.courses:
        edition = course.at(at)
        if edition is None or course.id not in stands.items:
            continue
        content = found.contents[course.id, edition.number]
        place = stands.items[course.id]
        told.append(
            ItemTold(course.id, found.kinds[course.id], content.title, content.link, edition.is_must_know, place)
        )
    return PersonStanding(found.partnership_id, person.id, person.name, person.team_id, at, stands.status, told)
