"""The database: the models' base, one session per actor with the tenant context set, and the only commits."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, TypeVar, Union
from uuid import UUID

import orjson
import psycopg
import psycopg.errors
import sqlalchemy
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Enum,
    Executable,
    FromClause,
    Insert,
    MetaData,
    Row,
    Text,
    Uuid,
    bindparam,
    cast,
    column,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session

from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.connections import ENGINE
from partnercrm.kernel.tenancy import TenantSession, beginning

Result = TypeVar("Result")
Thing = Union["Base", tuple[type["Base"], Mapping[str, Any]]]
_TRIES: Final = 3
_TOGETHER: Final = "together"
_AT_THE_END: Final = "at the end"
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What every model is; text for strings, aware moments, enums stored as their text under a named check."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads a plain dict
        str: Text(),
        int: BigInteger(),
        UUID: Uuid(),
        date: Date(),
        datetime: DateTime(timezone=True),
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            length=40,
            create_constraint=True,
            values_callable=lambda members: [member.value for member in members],
        ),
    }


db = SQLAlchemy(metadata=Base.metadata, engine_options=ENGINE)

_current: ContextVar[Session | None] = ContextVar("session", default=None)


def _told(name: str, *, many: bool = False) -> Any:
    return bindparam(f"reader_{name}", type_=Uuid(), expanding=many)


READER: Final = Actor(_told("organization_id"), _told("user_id"), partnership_ids=_told("partnership_ids", many=True))
"""Whoever reads: an actor made of parameters, for statements that are made once and run with `reading(actor)`."""


def reading(actor: Actor) -> dict[str, Any]:
    """Return the values of READER's parameters for this actor."""
    return {
        "reader_organization_id": actor.organization_id,
        "reader_user_id": actor.user_id,
        "reader_partnership_ids": list(actor.partnership_ids),
    }


def session() -> Session:
    """Return the session of the transaction that is open; RuntimeError outside of one."""
    current = _current.get()
    if current is None:
        raise RuntimeError("no transaction is open: doors and jobs open one, rules need none")
    return current


def is_open() -> bool:
    """Tell whether a transaction is open here."""
    return _current.get() is not None


def acting() -> Actor | None:
    """Return on whose behalf the open transaction runs; None for nobody, and where none is open."""
    current = _current.get()
    actor: Actor | None = current.info["actor"] if current else None
    return actor


def rows(statement: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Row[*tuple[Any, ...]]]:
    """Run a statement of the open transaction past the unit of work; return its rows as plain columns.

    What was added or changed before is written first.
    """
    opened = session()
    opened.flush()
    return opened.connection().execute(statement, values).all()


def insert(*things: Thing) -> None:
    """Write new things, in one exchange and past the unit of work; the database sees none before all are there.

    A thing nobody reads afterwards is a model with its columns' values. Within `together` all is written at its end.
    """
    waiting = session().info[_TOGETHER]
    if waiting is None:
        _insert(things)
    else:
        waiting += things


@contextmanager
def together() -> Iterator[None]:
    """Write all things that the block inserts in one exchange, at its end; what it reads does not show them."""
    info = session().info
    if info[_TOGETHER] is not None:
        raise RuntimeError("things are being put together already")
    waiting = info[_TOGETHER] = list[Thing]()
    try:
        yield
    finally:
        info[_TOGETHER] = None
    if waiting:
        _insert(waiting)


def _insert(things: Sequence[Thing]) -> None:
    shapes, values = [], dict[str, Any]()
    for number, thing in enumerate(things):
        model, columns = thing if isinstance(thing, tuple) else (type(thing), vars(thing))
        given = {name: value for name, value in columns.items() if name != "_sa_instance_state"}
        shapes.append((model, tuple(given)))
        values[f"t{number}"] = as_rows([given])
    session().flush()
    session().connection().execute(_inserts(tuple(shapes)), values)


@lru_cache(maxsize=256)
def _inserts(shapes: tuple[tuple[type[Base], tuple[str, ...]], ...]) -> Insert:
    made = []
    for number, (model, names) in enumerate(shapes):
        table = model.metadata.tables[model.__tablename__]
        one = sent((table.c[name] for name in names), f"t{number}")
        made.append(sqlalchemy.insert(table).from_select(names, select(one)))
    *others, last = made
    return last.add_cte(*(one.cte(f"written_{number}") for number, one in enumerate(others)))


def at_the_end(write: Callable[[Sequence[Any]], None], item: object) -> None:
    """Have `write` called with all items given for it in the open transaction, once that is about to be kept."""
    session().info[_AT_THE_END].setdefault(write, []).append(item)


@contextmanager
def transaction(actor: Actor | None, *, read_only: bool = False) -> Iterator[Session]:
    """Run the block as `actor` in one transaction: committed at its end, undone when it raises."""
    if is_open():
        raise RuntimeError("a transaction is already open; aside() is for what must survive it")
    with _run(actor, read_only=read_only) as opened:
        yield opened


@contextmanager
def aside(actor: Actor | None) -> Iterator[Session]:
    """Run the block in a short transaction of its own that survives a refusal of the one around it."""
    with _run(actor, read_only=False) as opened:
        yield opened


def alone(statement: Executable, values: Mapping[str, Any]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Run one statement as nobody, in a transaction of its own and one exchange; return its rows."""
    with db.engine.connect() as connection:
        return connection.execute(statement, values).all()


def untangled(work: Callable[[], Result]) -> Result:
    """Return what `work` returns, which opens a transaction of its own; it begins anew when a deadlock undid it."""
    for _ in range(_TRIES - 1):
        try:
            return work()
        except (OperationalError, psycopg.OperationalError) as error:
            if not is_deadlock(error):
                raise
    return work()


def is_deadlock(error: Exception) -> bool:
    """Tell whether the database undid a transaction because it and another waited for each other."""
    return isinstance(getattr(error, "orig", error), psycopg.errors.DeadlockDetected)


@contextmanager
def trial() -> Iterator[None]:
    """Run the block on trial inside the open transaction: what it changed is undone at its end."""
    info = session().info
    savepoint, before = session().begin_nested(), info[_AT_THE_END]
    info[_AT_THE_END] = {write: [*items] for write, items in before.items()}
    try:
        yield
    finally:
        info[_AT_THE_END] = before
        savepoint.rollback()


@contextmanager
def unique(constraint: str, refusal: type[Exception]) -> Iterator[None]:
    """Write what the block adds; raise `refusal` when the named constraint says that somebody was first."""
    try:
        yield
        session().flush()
    except IntegrityError as error:
        if error.orig is None or error.orig.diag.constraint_name != constraint:  # type: ignore[attr-defined]
            raise
        raise refusal from error


@contextmanager
def _run(actor: Actor | None, *, read_only: bool) -> Iterator[Session]:
    info: dict[str, Any] = {"actor": actor, _TOGETHER: None, _AT_THE_END: {}}
    info["beginning"] = beginning(actor, read_only=read_only)
    opened = TenantSession(db.engine, info=info, expire_on_commit=False)
    token = _current.set(opened)
    try:
        yield opened
        opened.flush()
        for write, items in info[_AT_THE_END].items():
            write(items)
        opened.commit()
    except BaseException:
        opened.rollback()
        raise
    finally:
        _current.reset(token)
        opened.close()


def sent(columns: Iterable[ColumnElement[Any]], parameter: str = "rows") -> FromClause:
    """Return a table to insert from, with these columns' names and types: one parameter, made by `as_rows`.

    One, for psycopg rewrites every placeholder in Python: for 1,000 rows of 18 values that took longer than all else.
    """
    values = cast(bindparam(parameter, type_=Text()), JSONB)
    shape = (column(one.name, one.type) for one in columns)
    return func.jsonb_to_recordset(values).table_valued(*shape, name=parameter).render_derived(with_types=True)


def as_rows(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as the parameter of a statement that inserts from `sent`."""
    return orjson.dumps(rows, default=_written_as, option=orjson.OPT_NON_STR_KEYS).decode()


def _written_as(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)


def driver_connection() -> Any:
    """Return the open transaction's psycopg connection, for COPY and for jobs deferred inside it."""
    return session().connection().connection.driver_connection


def now() -> datetime:
    """Return the present moment by the database's clock, which alone decides what is due, whatever a worker's says.

    Where a test or the demo's story set the time, it is that.
    """
    moment: datetime = clock.frozen() or session().execute(func.clock_timestamp()).scalar_one()
    return moment
