"""Keeping a programme: items are made, changed as new versions, put away; everybody it concerns is told of it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from partnercrm.activity.actions import record
from partnercrm.enablement import queries
from partnercrm.enablement.errors import ItemArchived, ProgrammeFull
from partnercrm.enablement.items import MOST_ITEMS, ItemKind
from partnercrm.enablement.models import Item, ItemVersion
from partnercrm.enablement.queries import ItemSeen
from partnercrm.enablement.quizzes import Question
from partnercrm.identity import queries as identity
from partnercrm.identity.queries import staying
from partnercrm.identity.scopes import scopes_of
from partnercrm.kernel import clock, db, jobs, versions
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid, NotFound
from partnercrm.kernel.ids import new_id
from partnercrm.partnerships import queries as partnerships

# What somebody learns; a change of anything else leaves what was learned as it was.
_TAUGHT: Final = ("title", "text", "link", "quiz", "pass_percent")
_OTHER: Final = ("roles", "is_must_know", "valid_days", "renew_days")


def make_item(actor: Actor, partnership_id: UUID, given: Mapping[str, Any]) -> ItemSeen:
    """Add to a programme what the own sellers are to know. Raises NotFound, ProgrammeFull, Invalid."""
    staying.stay(actor)
    partnerships.held_partnership(actor, partnership_id)
    if queries.count_items(actor, partnership_id) >= MOST_ITEMS:
        raise ProgrammeFull
    oneself = identity.oneself(actor)
    content = {name: given[name] for name in (*_TAUGHT, *_OTHER)}
    _require_right(given["kind"], content)
    made = Item(
        id=new_id(),
        organization_id=actor.organization_id,
        partnership_id=partnership_id,
        kind=given["kind"],
        owner_id=oneself.id,
        version=1,
        created_at=clock.now(),
    )
    db.session().add(made)
    db.session().flush()
    _keep_version(made, content, reopens=False)
    record(actor, "enablement_item.made", made)
    return queries.item(actor, made.id)


def change_item(actor: Actor, item_id: UUID, given: Mapping[str, Any], expected: str) -> ItemSeen:
    """Change an item as a new version; other content of what must be known reopens it for who knew it before.

    Raises NotFound, Stale, ItemArchived, Invalid.
    """
    if "owner_id" in given:
        _require_keeper(actor, given["owner_id"])
    found = _standing(actor, item_id, expected)
    before = {name: getattr(found.content, name) for name in (*_TAUGHT, *_OTHER)}
    before["roles"] = sorted(before["roles"])
    content = before | {name: _plain(name, value) for name, value in given.items() if name in before}
    _require_right(found.kind, content)
    found.item.owner_id = given.get("owner_id", found.item.owner_id)
    if content != before:
        found.item.version += 1
        is_new = any(content[name] != before[name] for name in _TAUGHT)
        db.session().flush()
        _keep_version(found.item, content, reopens=is_new and content["is_must_know"])
        if is_new and content["is_must_know"]:
            jobs.defer("enablement.tell_of_reopened", actor.organization_id, item_id=item_id)
    db.session().flush()
    record(actor, "enablement_item.changed", found.item)
    return queries.item(actor, item_id)


def archive_item(actor: Actor, item_id: UUID) -> ItemSeen:
    """Put an item away: from now on nobody needs it; what it asked of people until now stays derivable.

    Raises NotFound, ItemArchived.
    """
    found = queries.item_to_keep(actor, item_id)
    if found.archived_at is not None:
        raise ItemArchived
    found.item.archived_at = clock.now()
    db.session().flush()
    record(actor, "enablement_item.archived", found.item)
    return found


def tell_programme(actor: Actor, partnership_id: UUID) -> None:
    """Have everybody whom the programme concerns told of it who never was; how many that are is not told.

    Raises NotFound.
    """
    found = partnerships.held_partnership(actor, partnership_id)
    jobs.defer("enablement.tell", actor.organization_id, partnership_id=found.id)


def _standing(actor: Actor, item_id: UUID, expected: str) -> ItemSeen:
    found = queries.item_to_keep(actor, item_id)
    versions.require(expected, found.version_tag)
    if found.archived_at is not None:
        raise ItemArchived
    return found


def _keep_version(of: Item, content: Mapping[str, Any], *, reopens: bool) -> None:
    kept = {name: _plain(name, value) for name, value in content.items()}
    db.session().add(
        ItemVersion(
            organization_id=of.organization_id,
            item_id=of.id,
            version=of.version,
            reopens=reopens,
            recorded_at=clock.now(),
            **kept,
        )
    )
    db.session().flush()


def _plain(name: str, value: Any) -> Any:
    """Return a value as it is kept: roles in one order, each once; questions as plain values."""
    if name == "roles":
        return sorted({role.value if hasattr(role, "value") else role for role in value})
    return [Question.read(one).written() for one in value] if name == "quiz" else value


def _require_right(kind: ItemKind, content: Mapping[str, Any]) -> None:
    """Raise Invalid naming everything that does not fit together."""
    wrong = list(_of_quiz(kind, content["quiz"]))
    if (
        kind is ItemKind.CERTIFICATE
        and content["valid_days"] is not None
        and content["renew_days"] >= content["valid_days"]
    ):
        wrong.append(FieldError("renew_days", "The time to renew begins after the item becomes valid."))
    if wrong:
        raise Invalid(wrong)


def _of_quiz(kind: ItemKind, quiz: Sequence[Mapping[str, Any]]) -> list[FieldError]:
    if kind is not ItemKind.COURSE:
        return [FieldError("quiz", "Only a course has a quiz.")] if quiz else []
    if not quiz:
        return [FieldError("quiz", "A course is closed with a quiz: ask one question at least.")]
    return [
        FieldError(f"quiz.{place}.right", "Name the place of one of the answers, from 0.")
        for place, one in enumerate(quiz)
        if one["right"] >= len(one["answers"])
    ]


def _require_keeper(actor: Actor, user_id: UUID) -> None:
    """Raise Invalid unless a colleague stays who may keep programmes."""
    sentence = "Choose a colleague who keeps programmes."
    if user_id not in staying.those_who_stay(actor, {user_id}):
        raise Invalid.field("owner_id", sentence)
    try:
        found = identity.user(actor, user_id)
    except NotFound as error:
        raise Invalid.field("owner_id", sentence) from error
    if "enablement:all" not in scopes_of(found.roles):
        raise Invalid.field("owner_id", sentence)
