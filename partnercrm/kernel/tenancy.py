"""How a session's transactions begin: the database is told for whom, in the same exchange."""

from uuid import UUID

import psycopg
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, SessionTransaction

from partnercrm.kernel.actor import Actor


class TenantSession(Session):
    """A session that belongs to one actor (or to nobody) and tells the database so in every transaction."""


@event.listens_for(TenantSession, "after_begin")
def _begin(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """Begin and tell the database who acts, in one exchange."""
    if transaction.nested:
        return
    begins = session.info["beginning"]
    try:
        driver: psycopg.Connection = connection.connection.driver_connection  # type: ignore[assignment]
        driver.execute(begins, prepare=False)
    except psycopg.OperationalError as error:
        raise OperationalError("BEGIN", None, error) from error


def beginning(actor: Actor | None, *, read_only: bool) -> bytes:
    """Return what begins a transaction for the actor, or for nobody."""
    organization, user = (_written(actor.organization_id), _written(actor.user_id)) if actor else ("", "")
    return (
        f"BEGIN {'READ ONLY' if read_only else 'READ WRITE'};"
        f" SET LOCAL partnercrm.organization = '{organization}'; SET LOCAL partnercrm.\"user\" = '{user}'"
    ).encode()


def _written(identifier: UUID | None) -> str:
    """Write an id as text that cannot hold anything but an id."""
    return str(UUID(int=identifier.int)) if identifier else ""
