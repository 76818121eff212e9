"""Where files are taken: there the limit of a known caller's request is that of an import, elsewhere that of a form."""

from collections.abc import Callable
from contextlib import suppress

from flask import Flask, request

from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotSignedIn
from partnercrm.settings import settings

_known_by: dict[str, Callable[[], Actor]] = {}


def take_files(endpoint: str, known_by: Callable[[], Actor]) -> None:
    """Let the endpoint (`blueprint.function`) receive files of callers whom `known_by` finds."""
    _known_by[endpoint] = known_by


def install(app: Flask) -> None:
    """Set every request's limit before anything reads its body, and close its files at its end."""
    app.before_request(_limit)
    app.teardown_request(_close)


def _limit() -> None:
    if known_by := _known_by.get(request.endpoint or ""):
        with suppress(NotSignedIn):
            known_by()
            request.max_content_length = settings().import_limit


def _close(error: BaseException | None) -> None:
    if request.endpoint in _known_by:
        request.close()
