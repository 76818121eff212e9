"""The database: the models' base, one session per actor with the tenant context set, and the only commits."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, TypeVar
from uuid import UUID

import psycopg
import psycopg.errors
import sqlalchemy
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
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
    event,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction

from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.connections import ENGINE

Result = TypeVar("Result")
_TRIES: Final = 3
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


class TenantSession(Session):
    """A session that belongs to one actor (or to nobody) and tells the database so in every transaction."""


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


@event.listens_for(TenantSession, "after_begin")
def _begin(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """Begin and tell the database who acts, in one exchange."""
    if transaction.nested:
        return
    beginning = session.info["beginning"]
    try:
        driver: psycopg.Connection = connection.connection.driver_connection  # type: ignore[assignment]
        driver.execute(beginning, prepare=False)
    except psycopg.OperationalError as error:
        raise OperationalError("BEGIN", None, error) from error


def _beginning(actor: Actor | None, *, read_only: bool) -> bytes:
    organization, user = (_written(actor.organization_id), _written(actor.user_id)) if actor else ("", "")
    return (
        f"BEGIN {'READ ONLY' if read_only else 'READ WRITE'};"
        f" SET LOCAL partnercrm.organization = '{organization}'; SET LOCAL partnercrm.\"user\" = '{user}'"
    ).encode()


def _written(identifier: UUID | None) -> str:
    """Write an id as text that cannot hold anything but an id."""
    return str(UUID(int=identifier.int)) if identifier else ""


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


def insert(*things: Base) -> None:
    """Write new things, in one exchange and past the unit of work; the database sees none before all are there."""
    shapes, values = [], dict[str, Any]()
    for number, thing in enumerate(things):
        given = {name: value for name, value in vars(thing).items() if name != "_sa_instance_state"}
        shapes.append((type(thing), tuple(given)))
        values |= {f"{name}_{number}": value for name, value in given.items()}
    opened = session()
    opened.flush()
    opened.connection().execute(_inserts(tuple(shapes)), values)


@lru_cache(maxsize=256)
def _inserts(shapes: tuple[tuple[type[Base], tuple[str, ...]], ...]) -> Insert:
    made = []
    for number, (model, names) in enumerate(shapes):
        table = model.metadata.tables[model.__tablename__]
        sent = {name: bindparam(f"{name}_{number}", type_=table.c[name].type) for name in names}
        made.append(sqlalchemy.insert(table).values(sent))
    *others, last = made
    return last.add_cte(*(one.cte(f"thing_{number}") for number, one in enumerate(others)))


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
    savepoint = session().begin_nested()
    try:
        yield
    finally:
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
    told = {"beginning": _beginning(actor, read_only=read_only), "actor": actor}
    opened = TenantSession(db.engine, info=told, expire_on_commit=False)
    token = _current.set(opened)
    try:
        yield opened
        opened.commit()
    except BaseException:
        opened.rollback()
        raise
    finally:
        _current.reset(token)
        opened.close()


def sent(columns: Iterable[ColumnElement[Any]]) -> FromClause:
    """Return a table to insert from, with these columns' names and types: the parameter `rows`, made by `as_rows`.

    One parameter, however many rows: psycopg rewrites every placeholder of a statement in Python, and for 1,000 rows
    of 18 that took longer than all else.
    """
    values = cast(bindparam("rows", type_=Text()), JSONB)
    shape = (column(one.name, one.type) for one in columns)
    return func.jsonb_to_recordset(values).table_valued(*shape, name="sent").render_derived(with_types=True)


def as_rows(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as the parameter of a statement that inserts from `sent`."""
    return json.dumps(rows, default=str)


def driver_connection() -> Any:
    """Return the open transaction's psycopg connection, for COPY and for jobs deferred inside it."""
    return session().connection().connection.driver_connection


def now() -> datetime:
    """Return the present moment by the database's clock, which alone decides what is due, whatever a worker's says.

    Where a test or the demo's story set the time, it is that.
    """
    moment: datetime = clock.frozen() or session().execute(func.clock_timestamp()).scalar_one()
    return moment
