"""Where files are taken: there the limit of a request is that of an import, elsewhere that of a form."""

from flask import Flask, request

from partnercrm.settings import settings

_endpoints: set[str] = set()


def take_files(endpoint: str) -> None:
    """Let the endpoint (`blueprint.function`) receive files."""
    _endpoints.add(endpoint)


def install(app: Flask) -> None:
    """Set every request's limit before anything reads its body, and close its files at its end."""
    app.before_request(_limit)
    app.teardown_request(_close)


def _limit() -> None:
    if request.endpoint in _endpoints:
        request.max_content_length = settings().import_limit


def _close(error: BaseException | None) -> None:
    if request.endpoint in _endpoints:
        request.close()
