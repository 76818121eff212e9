"""One id per request, in the answer, in every log line and in the activity it caused."""

import re
import time
from typing import Final

import structlog
from flask import Flask, Response, g, request

from partnercrm.kernel.ids import new_id
from partnercrm.web import authentication, metrics

# Hexadecimal, with a number in it: what is sent here stays in the log, where no name can be erased.
_ACCEPTABLE: Final = re.compile(r"(?=.*[0-9])[0-9A-Fa-f-]{8,64}")

log = structlog.get_logger("partnercrm.request")


def request_id() -> str:
    """Return the present request's id."""
    identifier: str = g.get("request_id", "")
    return identifier


def install(app: Flask) -> None:
    """Name, time and log every request."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    sent = request.headers.get("X-Request-Id", "")
    g.request_id = sent if _ACCEPTABLE.fullmatch(sent) else str(new_id())
    g.started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    response.headers["X-Request-Id"] = request_id()
    endpoint = request.endpoint or "unknown"
    metrics.observe(request.method, endpoint, response.status_code, seconds)
    actor = authentication.present()
    log.info(
        "request",
        method=request.method,
        endpoint=endpoint,
        status=response.status_code,
        milliseconds=round(seconds * 1000, 1),
        organization_id=str(actor.organization_id) if actor else None,
        principal_id=str(actor.principal) if actor else None,
    )
    return response
