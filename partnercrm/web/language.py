"""Which language a visitor reads."""

from typing import Final

from flask import has_request_context, request

from partnercrm.web import authentication

LANGUAGES: Final = ("en",)


def chosen() -> str:
    """Return the visitor's own language, else the best the browser asks for."""
    if not has_request_context():
        return LANGUAGES[0]
    actor = authentication.present()
    if actor is not None and actor.locale in LANGUAGES:
        return actor.locale
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
