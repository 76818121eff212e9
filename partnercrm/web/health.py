"""Whether the process lives (/healthz) and whether it can answer (/readyz)."""

import structlog
from flask import Blueprint, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from partnercrm.kernel import db
from partnercrm.kernel.errors import Unavailable

log = structlog.get_logger(__name__)
doors = Blueprint("health", __name__)


@doors.get("/healthz")
def healthz() -> Response:
    """Answer as long as the process lives."""
    return Response("ok\n", content_type="text/plain")


@doors.get("/readyz")
def readyz() -> Response:
    """Answer when the database answers."""
    try:
        with db.transaction(None, read_only=True) as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        log.warning("not_ready", error=type(error).__name__)
        raise Unavailable from error
    return Response("ready\n", content_type="text/plain")
