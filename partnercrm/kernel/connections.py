"""How the engine connects, and what becomes of a pooled connection that the server closed meanwhile."""

import select
from typing import Any, Final, cast

import psycopg
from sqlalchemy import Pool, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

# Our own BEGIN carries the actor, so the driver must not send one before it.
ENGINE: Final[dict[str, Any]] = {"isolation_level": "AUTOCOMMIT", "pool_use_lifo": True}
_REPLACED: Final = "replaced"


@event.listens_for(Pool, "checkout")
def _must_be_open(connection: psycopg.Connection, record: ConnectionPoolEntry, _taken: Any) -> None:
    """Have another connection taken when the server has closed this one; asks the socket, not the server.

    A server that closes that one as well is going down: an outage, told as the driver tells one.
    """
    kept = cast("dict[str, bool]", record.record_info)
    has_been_replaced = kept.pop(_REPLACED, False)
    waiting = select.poll()
    if not connection.closed:
        waiting.register(connection.fileno(), select.POLLIN)
        if not waiting.poll(0):
            return
    if has_been_replaced:
        raise psycopg.OperationalError("the server closes new connections at once")
    kept[_REPLACED] = True
    raise DisconnectionError
