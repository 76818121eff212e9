"""Pages of a list by cursor: stable under inserts, opaque, bound to the reader, the filters and the order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from itsdangerous import BadData
from marshmallow import fields, validate
from sqlalchemy import ColumnElement, Row, Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid
from partnercrm.web.shapes import Shape, Text, Whole
from partnercrm.web.signing import signer

MOST = 200
Column = InstrumentedAttribute[Any] | ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Some items of a list, and the cursor of those that follow (None at the end)."""

    items: Sequence[Any]
    next: str | None


class ListQuery(Shape):
    """What every list takes; subclasses add filters and fill `sort` with the orders they offer."""

    limit = Whole(least=1, most=MOST, example=50, load_default=50, metadata={"description": "How many, at most 200."})
    cursor = Text(most=2000, example="eyJhZnRlciI6…", metadata={"description": "The `next` of the page before."})


def sort_field(*orders: str) -> fields.String:
    """Return the `sort` field of a list: the first order is the default; `-` means newest or largest first."""
    return fields.String(
        load_default=orders[0],
        validate=validate.OneOf(orders),
        metadata={"example": orders[0], "description": "The order; `-` means descending. Ties go by id."},
    )


def page(
    actor: Actor,
    rows: Select[*tuple[Any, ...]],
    given: Mapping[str, Any],
    *,
    sorts: Mapping[str, Column],
    key: Column,
    shown: Callable[[Row[*tuple[Any, ...]]], Any] = lambda row: row[0],
    plain: bool = False,
) -> Page:
    """Return one page of `rows`, which must not be ordered yet.

    `given` is a loaded ListQuery; `sorts` maps each order's name to a column that is never NULL; `key` is the unique
    id that breaks ties; `plain` rows are columns, not entities, and cost a fraction. Invalid when the cursor is not one
    of ours for this reader and these filters.
    """
    order = given["sort"]
    column, descending = sorts[order.lstrip("-")], order.startswith("-")
    frame = _frame(actor, key, given)
    if cursor := given.get("cursor"):
        after = _read_cursor(cursor, frame)
        place = tuple_(column, key)
        rows = rows.where(place < after if descending else place > after)
    rows = rows.order_by(column.desc(), key.desc()) if descending else rows.order_by(column, key)
    rows = rows.add_columns(column.label("page_value"), key.label("page_key")).limit(given["limit"] + 1)
    found = db.rows(rows) if plain else db.session().execute(rows).all()
    items = [shown(row) for row in found[: given["limit"]]]
    if len(found) <= given["limit"]:
        return Page(items, None)
    last = found[given["limit"] - 1]
    return Page(items, signer("cursor").dumps([frame, _plain(last.page_value), _plain(last.page_key)]))


def _frame(actor: Actor, key: Column, given: Mapping[str, Any]) -> list[Any]:
    """Return what a cursor is bound to: the reader, the list, its filters and its order."""
    filters = sorted((name, _plain(value)) for name, value in given.items() if name not in {"limit", "cursor"})
    return [str(actor.user_id or actor.organization_id), str(key), [list(pair) for pair in filters]]


def _read_cursor(cursor: str, frame: list[Any]) -> tuple[Any, Any]:
    try:
        made_for, value, key = signer("cursor").loads(cursor)
    except (BadData, ValueError, TypeError) as error:
        raise Invalid.field("cursor", "This is not a cursor of this list.") from error
    if made_for != frame:
        raise Invalid.field("cursor", "This cursor belongs to another list, order or reader; start without it.")
    return _rich(value), _rich(key)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, UUID):
        return {"id": str(value)}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, (int, bool, type(None))) else str(value)


def _rich(value: Any) -> Any:
    if isinstance(value, dict):
        return UUID(value["id"]) if "id" in value else datetime.fromisoformat(value["moment"])
    return value
