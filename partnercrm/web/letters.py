"""What mails say: a template as text and as HTML, in the reader's language, with addresses that lead here."""

from typing import Any, NamedTuple

from flask import current_app, render_template
from flask_babel import LazyString, force_locale

from partnercrm.settings import settings


class Letter(NamedTuple):
    """One mail's words."""

    subject: str
    text: str
    html: str


def written(template: str, locale: str, **about: Any) -> Letter:
    """Return the letter that `<template>.txt` and `<template>.html` make; both extend those in `mail/`.

    The first line of the text is the subject.
    """
    with force_locale(locale):
        subject, _, text = render_template(f"{template}.txt", **about).lstrip().partition("\n")
        return Letter(subject.strip(), text.lstrip(), render_template(f"{template}.html", **about))


def called(words: LazyString, locale: str) -> str:
    """Return words, such as a subject, in the reader's language."""
    with force_locale(locale):
        return str(words)


def address(endpoint: str, **places: Any) -> str:
    """Return the full address of a page, by the settings alone: no request says where we are."""
    scheme, _, host = settings().public_address.partition("://")
    at = current_app.url_map.bind(host, url_scheme=scheme)
    return at.build(endpoint, places, force_external=True)
