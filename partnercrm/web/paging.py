"""Pages of a list by cursor: stable under inserts, opaque, bound to the reader, the filters and the order."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from itsdangerous import BadData
from marshmallow import ValidationError, fields
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Integer,
    Row,
    Select,
    bindparam,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid
from partnercrm.web import limits
from partnercrm.web.shapes import Shape, Text, Whole
from partnercrm.web.signing import signer

MOST = 200
Column = InstrumentedAttribute[Any] | ColumnElement[Any]
Rows = Select[*tuple[Any, ...]]
_LIMIT: Final = bindparam("page_limit", type_=Integer())
_FOREIGN: Final = "This is not a cursor of this list."
_AFTER: Final = ("page_after", "page_after_key")


@dataclass(frozen=True, slots=True)
class Page:
    """Some items of a list, and the cursor of those that follow (None at the end)."""

    items: Sequence[Any]
    next: str | None


@dataclass(frozen=True, slots=True)
class Plain:
    """Rows as columns, not entities, by a statement made once for its shape: a fraction of the cost.

    `make(*shape)` makes the statement, in which everything that differs between readers is a parameter among `values`.
    """

    make: Callable[..., Rows]
    shape: tuple[Hashable, ...]
    values: Mapping[str, Any]


class _Cursor(Text):
    """A cursor that was given out here; whose, and of which list, is known with the other parameters."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        read = super()._deserialize(value, attr, data, **kwargs)
        if read:
            try:
                _opened(read)
            except ValueError as error:
                raise ValidationError(_FOREIGN) from error
        return read


class ListQuery(Shape):
    """What every list takes; subclasses add filters and fill `sort` with the orders they offer."""

    limit = Whole(least=1, most=MOST, example=50, load_default=50, metadata={"description": "How many, at most 200."})
    cursor = _Cursor(most=2000, example="eyJhZnRlciI6…", metadata={"description": "The `next` of the page before."})


def sort_field(*orders: str) -> fields.String:
    """Return the `sort` field of a list: the first order is the default; `-` means newest or largest first."""
    return fields.String(
        load_default=orders[0],
        validate=limits.OneOf(orders),
        metadata={"example": orders[0], "description": "The order; `-` means descending. Ties go by id."},
    )


def page(
    actor: Actor,
    rows: Rows | Plain,
    given: Mapping[str, Any],
    *,
    sorts: Mapping[str, Column],
    key: Column,
    shown: Callable[[Row[*tuple[Any, ...]]], Any] = lambda row: row[0],
    parts: Sequence[Rows] = (),
) -> Page:
    """Return one page of `rows`, which must not be ordered yet.

    `given` is a loaded ListQuery; `sorts` maps each order's name to a column that is never NULL; `key` is the unique
    id that breaks ties. With `parts`, only rows whose keys these select are looked at, of each the first ones: what an
    index has in order is not sorted whole. Invalid when the cursor is not ours for this reader and these filters.
    """
    order = given["sort"]
    places = (sorts[order.lstrip("-")], key)
    frame = _frame(actor, key, given)
    cursor = given.get("cursor")
    after = _read_cursor(cursor, frame) if cursor else ()
    values = {"page_limit": given["limit"] + 1, **dict(zip(_AFTER, after, strict=False))}
    way = (places, order.startswith("-"), bool(after))
    if isinstance(rows, Plain):
        found = db.rows(_made(rows.make, rows.shape, *way), {**rows.values, **values})
    else:
        chosen = rows.where(key.in_(_beginnings(parts, *way))) if parts else rows
        found = db.session().execute(_ordered(chosen, *way), values).all()
    items = [shown(row) for row in found[: given["limit"]]]
    if len(found) <= given["limit"]:
        return Page(items, None)
    last = found[given["limit"] - 1]
    return Page(items, signer("cursor").dumps([frame, _plain(last.page_value), _plain(last.page_key)]))


@lru_cache(maxsize=256)
def _made(make: Callable[..., Rows], shape: tuple[Hashable, ...], *way: Any) -> Rows:
    return _ordered(make(*shape), *way)


def _beginnings(parts: Sequence[Rows], *way: Any) -> CompoundSelect[Any]:
    """Return the keys of the first rows of each part, as many of each as a page has."""
    firsts = [_ordered(part, *way).subquery() for part in parts]
    return union_all(*(select(one.c.page_key) for one in firsts))


def _ordered(rows: Rows, places: tuple[Column, Column], descending: bool, follows: bool) -> Rows:
    """Return the rows in their order, as many as `page_limit`; those after `page_after` where they follow a page."""
    column, key = places
    if follows:
        after: list[BindParameter[Any]] = [
            bindparam(name, type_=place.type) for name, place in zip(_AFTER, places, strict=True)
        ]
        here, there = tuple_(*places), tuple_(*after)
        rows = rows.where(here < there if descending else here > there)
    rows = rows.order_by(column.desc(), key.desc()) if descending else rows.order_by(column, key)
    return rows.add_columns(column.label("page_value"), key.label("page_key")).limit(_LIMIT)


def _frame(actor: Actor, key: Column, given: Mapping[str, Any]) -> list[Any]:
    """Return what a cursor is bound to: the reader, the list, its filters and its order."""
    filters = sorted((name, _plain(value)) for name, value in given.items() if name not in {"limit", "cursor"})
    return [str(actor.user_id or actor.organization_id), str(key), [list(pair) for pair in filters]]


def _read_cursor(cursor: str, frame: list[Any]) -> tuple[Any, Any]:
    made_for, value, key = _opened(cursor)
    if made_for != frame:
        raise Invalid.field("cursor", "This cursor belongs to another list, order or reader; start without it.")
    return _rich(value), _rich(key)


def _opened(cursor: str) -> tuple[list[Any], Any, Any]:
    """Return what a cursor holds. ValueError when it was not given out here."""
    try:
        made_for, value, key = signer("cursor").loads(cursor)
    except (BadData, TypeError) as error:
        raise ValueError(_FOREIGN) from error
    return made_for, value, key


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, UUID):
        return {"id": str(value)}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, (int, bool, type(None))) else str(value)


def _rich(value: Any) -> Any:
    if isinstance(value, dict):
        if "day" in value:
            return date.fromisoformat(value["day"])
        return UUID(value["id"]) if "id" in value else datetime.fromisoformat(value["moment"])
    return value
