"""Doing what is in a programme, and entering what was done elsewhere; every result is a row that stays."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from partnercrm.activity.actions import record
from partnercrm.enablement import queries
from partnercrm.enablement.errors import DoneOtherwise, ItemArchived, ResultDiffers
from partnercrm.enablement.items import ItemKind, Outcome
from partnercrm.enablement.models import ItemResult, ItemVersion
from partnercrm.enablement.queries import ItemSeen
from partnercrm.enablement.quizzes import score
from partnercrm.enablement.results import SAID, impossible
from partnercrm.identity import queries as identity
from partnercrm.identity.models import User
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid, NotFound, Told
from partnercrm.kernel.ids import new_id


def start_item(actor: Actor, item_id: UUID) -> ItemResult:
    """Begin with an item. Raises NotFound, ItemArchived."""
    found = _in_use(actor, item_id)
    return _add(actor, found, identity.oneself(actor).id, Outcome.OPENED, found.content.version)


def acknowledge_item(actor: Actor, item_id: UUID) -> ItemResult:
    """Say that one has read and understood an item. Raises NotFound, ItemArchived, DoneOtherwise."""
    found = _in_use(actor, item_id)
    if found.kind is not ItemKind.ACKNOWLEDGE:
        raise DoneOtherwise
    return _add(actor, found, identity.oneself(actor).id, Outcome.PASSED, found.content.version)


def answer_quiz(actor: Actor, item_id: UUID, given: Mapping[str, Any]) -> ItemResult:
    """Answer a course's quiz: passed from the per cent the item asks for.

    Raises NotFound, ItemArchived, DoneOtherwise, Invalid.
    """
    found = _in_use(actor, item_id)
    if found.kind is not ItemKind.COURSE:
        raise DoneOtherwise
    questions = found.content.questions
    if len(given["answers"]) != len(questions):
        raise Invalid.field("answers", Told("Answer each of the %(count)d questions.", count=len(questions)))
    reached = score(questions, given["answers"])
    outcome = Outcome.PASSED if reached >= found.content.pass_percent else Outcome.FAILED
    return _add(actor, found, identity.oneself(actor).id, outcome, found.content.version, score=reached)


def enter_result(actor: Actor, item_id: UUID, given: Mapping[str, Any]) -> ItemResult:
    """Enter for a colleague what was done elsewhere. Raises NotFound, ItemArchived, DoneOtherwise, Invalid."""
    found = queries.item_to_keep(actor, item_id)
    _require_in_use(found)
    if found.kind is ItemKind.ACKNOWLEDGE:
        raise DoneOtherwise
    return _enter(actor, found, _person(actor, given), given)


def put_result(actor: Actor, connector: str, external_id: str, given: Mapping[str, Any]) -> ItemResult:
    """Enter a result under a learning system's own key; sent again it is the same one.

    Raises ResultDiffers where another stands under the key, DoneOtherwise, Invalid.
    """
    try:
        found = queries.item(actor, given["item_id"])
    except NotFound as error:
        raise Invalid.field("item_id", "There is no such item.") from error
    if found.kind is ItemKind.ACKNOWLEDGE:
        raise DoneOtherwise
    person = _person(actor, given)
    _require_possible(given)
    if earlier := _under_key(actor, connector, external_id):
        return _same(earlier, found, person, given)
    with db.unique("uq_enablement_results_key", ResultDiffers):
        return _enter(actor, found, person, given, connector=connector, external_id=external_id)


def _in_use(actor: Actor, item_id: UUID) -> ItemSeen:
    """Return an item as it is now, held so that no other version is in force before the result is kept."""
    found = queries.item(actor, item_id, lock=True)
    _require_in_use(found)
    return found


def _require_in_use(found: ItemSeen) -> None:
    if found.archived_at is not None:
        raise ItemArchived


def _person(actor: Actor, given: Mapping[str, Any]) -> User:
    """Return the colleague a result is of, by id or by address. Raises Invalid."""
    rows = identity.users_seen_by(actor)
    by_id = given.get("user_id") is not None
    rows = rows.where(User.id == given["user_id"]) if by_id else rows.where(User.email == given["email"].lower())
    found = db.session().scalars(rows).one_or_none()
    if found is None:
        raise Invalid.field("user_id" if by_id else "email", "There is no such person.")
    return found


def _require_possible(given: Mapping[str, Any]) -> None:
    """Raise Invalid for what is still to come, and for what ends before it began."""
    found = impossible(given["outcome"], given["happened_at"], given.get("valid_until"), clock.now())
    if found:
        raise Invalid([FieldError(*one) for one in found])


def _enter(actor: Actor, found: ItemSeen, person: User, given: Mapping[str, Any], **key: str) -> ItemResult:
    _require_possible(given)
    happened_at: datetime = given["happened_at"]
    return _add(
        actor,
        found,
        person.id,
        given["outcome"],
        _version_at(found, happened_at),
        score=given.get("score"),
        happened_at=happened_at,
        valid_until=given.get("valid_until"),
        **key,
    )


def _version_at(found: ItemSeen, at: datetime) -> int:
    """Return the version of an item that was in force at a moment; the first one for what was done before it."""
    rows = select(ItemVersion.version).where(
        ItemVersion.organization_id == found.item.organization_id,
        ItemVersion.item_id == found.id,
        ItemVersion.recorded_at <= at,
    )
    return db.session().scalars(rows.order_by(ItemVersion.version.desc()).limit(1)).first() or 1


def _add(
    actor: Actor,
    found: ItemSeen,
    user_id: UUID,
    outcome: Outcome,
    version: int,
    *,
    happened_at: datetime | None = None,
    **more: Any,
) -> ItemResult:
    added = ItemResult(
        id=new_id(),
        organization_id=actor.organization_id,
        item_id=found.id,
        user_id=user_id,
        version=version,
        outcome=outcome,
        happened_at=happened_at or clock.now(),
        **{"score": None, "valid_until": None, "connector": None, "external_id": None} | more,
    )
    db.session().add(added)
    db.session().flush()
    record(actor, "enablement_result.entered", added)
    return added


def _under_key(actor: Actor, connector: str, external_id: str) -> ItemResult | None:
    rows = select(ItemResult).where(
        ItemResult.organization_id == actor.organization_id,
        ItemResult.connector == connector,
        ItemResult.external_id == external_id,
    )
    return db.session().scalars(rows).one_or_none()


def _same(earlier: ItemResult, found: ItemSeen, person: User, given: Mapping[str, Any]) -> ItemResult:
    named: dict[str, Any] = {"item_id": found.id, "user_id": person.id, "score": None, "valid_until": None}
    sent = named | dict(given)
    if any(getattr(earlier, name) != sent[name] for name in SAID):
        raise ResultDiffers
    return earlier
