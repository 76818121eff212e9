"""Refusals, rendered once: RFC 9457 problem details under /api/, a page elsewhere."""

from contextlib import suppress
from typing import Any, Final

import psycopg
import structlog
from flask import Flask, Response, json, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import exc
from werkzeug.exceptions import HTTPException

from partnercrm.kernel import db
from partnercrm.kernel import errors as kinds
from partnercrm.kernel.errors import Conflict, Invalid, Malformed, NotSignedIn, Refusal, TooMany, Unavailable
from partnercrm.web import authentication
from partnercrm.web.request_id import request_id
from partnercrm.web.speaking import spoken

RETRY_AFTER_SECONDS: Final = 5
PROBLEM: Final = "application/problem+json"
STATUS: Final[dict[type[Refusal], int]] = {
    kinds.Malformed: 400,
    kinds.NotSignedIn: 401,
    kinds.NotAllowed: 403,
    kinds.NotFound: 404,
    kinds.Conflict: 409,
    kinds.Gone: 410,
    kinds.Stale: 412,
    kinds.TooLarge: 413,
    kinds.Invalid: 422,
    kinds.MatchRequired: 428,
    kinds.TooMany: 429,
    kinds.Unavailable: 503,
}
_SAME_AS: Final[dict[int, type[Refusal]]] = {404: kinds.NotFound, 413: kinds.TooLarge}
# The driver's own come from what goes past SQLAlchemy: jobs put into the queue, rows copied in.
OUTAGES: Final = (
    *(exc.OperationalError, exc.InterfaceError, exc.TimeoutError),
    *(psycopg.OperationalError, psycopg.InterfaceError),
)
_UNIQUE_VIOLATION: Final = "23505"
_TOO_LARGE: Final = 413
_BEFORE_ANY_PAGE: Final = frozenset({400, 404, 405, 413})

log = structlog.get_logger(__name__)


class FormOutlived(Malformed):
    """A form without the mark of the present session."""

    title = "This form is no longer valid; nothing was changed."


class SignedOut(NotSignedIn):
    """A form was sent after the session it was opened in had ended."""

    title = "You were signed out in the meantime; nothing was changed."


class DoneAtTheSameMoment(Conflict):
    """Two requests did what only one can; the other came first."""

    title = "The same was done at the same moment; nothing of this request was applied. Read again, then repeat."


def status_of(refusal: type[Refusal]) -> int:
    """Return the HTTP status of a refusal's kind."""
    return next(STATUS[kind] for kind in refusal.__mro__ if kind in STATUS)


def install(app: Flask) -> None:
    """Let the application answer every refusal, HTTP error, outage and fault in one voice."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, http)
    for outage in OUTAGES:
        app.register_error_handler(outage, _outage)
    app.register_error_handler(exc.IntegrityError, _collided)
    app.register_error_handler(Exception, _fault)


def problem(refusal: Refusal) -> Response:
    """Return the refusal as the answer to the present request."""
    status = status_of(type(refusal))
    body: dict[str, Any] = {
        "type": f"/api/docs/problems#{refusal.code()}",
        "title": _told(refusal.title),
        "status": status,
        "detail": _told(refusal.sentence),
        "code": refusal.code(),
        "errors": [_field_error(error) for error in refusal.errors] if isinstance(refusal, Invalid) else [],
        "request_id": request_id(),
    }
    if refusal.facts:
        body["facts"] = {name: _plain(fact) for name, fact in refusal.facts.items()}
    response = _rendered(status, body)
    if isinstance(refusal, NotSignedIn):
        response.headers["WWW-Authenticate"] = 'Bearer realm="partnercrm"'
    if isinstance(refusal, (Unavailable, TooMany)):
        response.headers.setdefault("Retry-After", str(refusal.facts.get("retry_after", RETRY_AFTER_SECONDS)))
    return response


def _told(text: str) -> str:
    return text if is_api() else spoken(text)


def is_api() -> bool:
    """Tell whether the present request is a program's."""
    return request.path.startswith("/api/")


def _rendered(status: int, body: dict[str, Any]) -> Response:
    if is_api():
        return Response(json.dumps(body), status=status, content_type=PROBLEM)
    if status in _BEFORE_ANY_PAGE:
        with suppress(NotSignedIn, *OUTAGES):
            authentication.visitor()
    return Response(render_template("problem.html", problem=body), status=status, mimetype="text/html")


def _field_error(error: kinds.FieldError) -> dict[str, Any]:
    return {name: value for name, value in error._asdict().items() if value is not None}


def _plain(fact: object) -> object:
    return fact if isinstance(fact, (int, str, list, type(None))) else str(fact)


def _refused(refusal: Refusal) -> Response:
    if isinstance(refusal, NotSignedIn) and not is_api() and request.method == "GET":
        response = redirect(url_for("identity_pages.sign_in", next=request.full_path.rstrip("?")))
        return Response(response.get_data(), status=303, headers={"Location": response.location})
    if isinstance(refusal, NotSignedIn) and not is_api():
        return problem(SignedOut(_("Sign in again to go on with what you filled in.")))
    return problem(refusal)


def http(error: HTTPException) -> Response:
    """Return the framework's own refusal as the answer to the present request."""
    status = error.code or 500
    if status in _SAME_AS:
        return problem(_SAME_AS[status](_most_accepted() if status == _TOO_LARGE else None))
    if status < 400:
        return Response(error.get_response().get_data(), status, dict(error.get_headers()))
    code = error.name.lower().replace(" ", "_")
    body = {
        "type": f"/api/docs/problems#{code}",
        "title": error.name,
        "status": status,
        "detail": error.description or error.name,
        "code": code,
        "errors": [],
        "request_id": request_id(),
    }
    response = _rendered(status, body)
    for name, value in error.get_headers(request.environ):
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    return response


def _most_accepted() -> str | None:
    if request.max_content_length is None:
        return None
    return str(_("At most %(most)s MiB are accepted here.", most=f"{request.max_content_length / 2**20:g}"))


def _outage(error: Exception) -> Response:
    log.error("database.deadlock" if db.is_deadlock(error) else "database.unavailable", error=type(error).__name__)
    return problem(Unavailable())


def _collided(error: exc.IntegrityError) -> Response:
    if getattr(error.orig, "sqlstate", None) != _UNIQUE_VIOLATION:
        return _fault(error)
    return problem(DoneAtTheSameMoment())


def _fault(error: Exception) -> Response:
    log.error("request.failed", error=type(error).__name__, exc_info=error)
    body = {
        "type": "/api/docs/problems#internal_error",
        "title": _("Something went wrong on our side."),
        "status": 500,
        "detail": _("Nothing was changed. Tell us the request id if it happens again."),
        "code": "internal_error",
        "errors": [],
        "request_id": request_id(),
    }
    return _rendered(500, body)
