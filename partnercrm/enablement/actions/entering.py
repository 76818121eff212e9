"""Entering many results of a learning system at once: all of them or none, each under its own key and so only once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import insert, text

from partnercrm.activity.actions import record_all
from partnercrm.enablement.errors import DoneOtherwise, ResultDiffers
from partnercrm.enablement.items import ItemKind
from partnercrm.enablement.models import ItemResult
from partnercrm.enablement.queries import entering as queries
from partnercrm.enablement.queries.entering import ItemKnown
from partnercrm.enablement.results import SAID, impossible
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


class Wrong(NamedTuple):
    """What is wrong with one of the results: its place from 0, the field, the sentence."""

    place: int
    field: str
    message: str


class Weighed(NamedTuple):
    """What entering results would come to: rows to add, how many stand already, and everything that is wrong."""

    rows: Sequence[dict[str, Any]]
    unchanged: int
    wrong: Sequence[Wrong]


def weigh_results(actor: Actor, connector: str, given: Sequence[Mapping[str, Any]]) -> Weighed:
    """Return what these results come to; who sends others from the same system waits until this transaction ends.

    Each names `external_id`, `email`, `item` (an id or a title), `outcome`, `score`, `happened_at`, `valid_until`.
    """
    db.rows(_LOCK, {"name": f"enablement_results/{actor.organization_id}/{connector}"})
    people = queries.people_called(actor, {one["email"] for one in given})
    items = queries.items_known(actor)
    earlier = queries.results_under(actor, connector, {one["external_id"] for one in given})
    now, rows, wrong, unchanged = db.now(), list[dict[str, Any]](), list[Wrong](), 0
    for place, one in enumerate(given):
        found = _items_meant(items, one["item"])
        faults = [("item", message) for message in _wrong_item(found)]
        if (user_id := people.get(one["email"].lower())) is None:
            faults.append(("email", "There is no such person."))
        faults += impossible(one["outcome"], one["happened_at"], one["valid_until"], now)
        if faults or user_id is None:
            wrong += [Wrong(place, *fault) for fault in faults]
            continue
        row = _row(actor, connector, one, found[0], user_id)
        if (before := earlier.get(one["external_id"])) is None:
            rows.append(row)
        elif all(getattr(before, name) == row[name] for name in SAID):
            unchanged += 1
        else:
            wrong.append(Wrong(place, "external_id", ResultDiffers.title))
    return Weighed(rows, unchanged, wrong)


def enter_results(actor: Actor, weighed: Weighed) -> None:
    """Enter what was weighed and found right. Raises ResultDiffers where one was entered by its key meanwhile."""
    if not weighed.rows:
        return
    with db.unique("uq_enablement_results_key", ResultDiffers):
        db.session().execute(insert(ItemResult), list(weighed.rows))
    record_all(actor, "enablement_result.entered", ItemResult, [row["id"] for row in weighed.rows])


def _items_meant(items: Sequence[ItemKnown], written: str) -> list[ItemKnown]:
    plain = written.casefold()
    found = [one for one in items if plain in {str(one.id), one.title.casefold()}]
    return [one for one in found if one.is_in_use] or found


def _wrong_item(found: Sequence[ItemKnown]) -> list[str]:
    if not found:
        return ["There is no such item."]
    if len(found) > 1:
        return ["Several items are called so; name the one by its id."]
    return [DoneOtherwise.title] if found[0].kind is ItemKind.ACKNOWLEDGE else []


def _row(actor: Actor, connector: str, one: Mapping[str, Any], item: ItemKnown, user_id: UUID) -> dict[str, Any]:
    happened_at: datetime = one["happened_at"]
    return {
        "id": new_id(),
        "organization_id": actor.organization_id,
        "item_id": item.id,
        "user_id": user_id,
        "version": item.version_at(happened_at),
        "outcome": one["outcome"],
        "score": one["score"],
        "happened_at": happened_at,
        "valid_until": one["valid_until"],
        "connector": connector,
        "external_id": one["external_id"],
    }
