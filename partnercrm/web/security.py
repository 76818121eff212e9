"""Headers that keep browsers and proxies from doing harm, and the same-origin check of forms."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, request

from partnercrm.kernel.errors import NotAllowed
from partnercrm.settings import settings

_PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_DOCS_POLICY: Final = _PAGE_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
_FRAMED_POLICY: Final = "default-src 'none'; style-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors {}"
_FRAMED_BY: Final = "partnercrm.framed_by"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def let_frame(origins: Sequence[str]) -> None:
    """Let pages of these origins, and no other, show the present answer in a frame, without script and form."""
    if not origins:
        raise ValueError("nobody may frame this")
    request.environ[_FRAMED_BY] = tuple(origins)


def install(app: Flask) -> None:
    """Check where forms come from and set the headers of every answer."""
    app.before_request(_same_origin)
    app.after_request(_headers)


def _same_origin() -> None:
    if request.method in _SAFE or request.path.startswith("/api/"):
        return
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise NotAllowed("This form was sent from another site.")


def _headers(response: Response) -> Response:
    headers = response.headers
    docs = request.path.startswith("/api/docs")
    headers["Content-Security-Policy"] = _DOCS_POLICY if docs else _PAGE_POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
    if not settings().insecure_cookies:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if not request.path.startswith(("/static/", "/api/docs/")):
        headers["Cache-Control"] = "no-store"
    if (origins := request.environ.get(_FRAMED_BY)) and response.status_code == HTTPStatus.OK:
        headers["Content-Security-Policy"] = _FRAMED_POLICY.format(" ".join(origins))
        headers["Referrer-Policy"] = "no-referrer"
        del headers["X-Frame-Options"]
    return response
