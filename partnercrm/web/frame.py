"""What surrounds every page: the ways in its rail, the panels other slices add, the words templates need."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple

import pycountry
from babel import Locale
from flask import Flask, current_app, g, request, url_for
from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from markupsafe import Markup

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor, any_of
from partnercrm.kernel.ids import new_id
from partnercrm.web import authentication, returning
from partnercrm.web.page import FirstStep, Pages, Way
from partnercrm.web.speaking import spoken

_GROUPS: Final = {
    "": "",
    "deals": _("Deals"),
    "leads": _("Leads"),
    "accounts": _("Accounts"),
    "partnerships": _("Partnerships"),
    "administration": _("Administration"),
    "own": _("You"),
}


class Item(NamedTuple):
    """One way as it stands in the rail."""

    label: str
    url: str
    current: bool
    waiting: int


class Group(NamedTuple):
    """Ways that belong together under a heading."""

    title: str
    ways: Sequence[Item]


def install(app: Flask) -> None:
    """Give every template the rail, the key that makes a form act once, and words, and the way back."""
    returning.install(app)
    app.context_processor(lambda: {"navigation": list(_navigation()), "get_locale": _locale})
    app.jinja_env.globals["form_key"] = lambda: str(new_id())
    app.jinja_env.filters["country"] = country
    app.jinja_env.filters["words"] = words
    app.jinja_env.filters["spoken"] = spoken


def panels(place: str, actor: Actor, *about: Any) -> list[Markup]:
    """Return what the slices show at a named place of a page; nothing from those with nothing to say."""
    here = [panel for pages in _pages() for panel in pages.panels if panel.place == place]
    filled = (panel.fill(actor, *about) for panel in sorted(here, key=lambda panel: panel.rank))
    return [Markup(shown) for shown in filled if shown]  # noqa: S704 - rendered by our own templates


def first_steps(actor: Actor) -> list[FirstStep]:
    """Return what a new organization does first, in order, with what is done."""
    ranked = sorted((step for pages in _pages() for step in pages.first_steps), key=lambda step: step[0])
    return [look(actor) for _rank, look in ranked]


def words(value: StrEnum | None) -> str:
    """Return what a value of an enumeration is called; StopIteration when no slice says."""
    if value is None:
        return ""
    return str(next(pages.words[type(value)] for pages in _pages() if type(value) in pages.words)[value])


def choices(values: Iterable[StrEnum]) -> list[tuple[str, str]]:
    """Return the values with their words, as a choice in a form takes them."""
    return [(value.value, words(value)) for value in values]


def countries() -> list[tuple[str, str]]:
    """Return every country's code and name, by name."""
    names = _locale().territories
    pairs = [(country.alpha_2, str(names.get(country.alpha_2, country.name))) for country in pycountry.countries]
    return sorted(pairs, key=lambda pair: pair[1])


def country(code: str | None) -> str:
    """Return what a country is called; its code where nobody knows."""
    return str(_locale().territories.get(code or "", code or ""))


def _pages() -> Iterator[Pages]:
    return (pages for pages in current_app.blueprints.values() if isinstance(pages, Pages))


def _navigation() -> Iterator[Group]:
    actor = authentication.present()
    if actor is None:
        return
    for name, title in _GROUPS.items():
        ways = [
            Item(str(way.label), url_for(way.endpoint), _here() in way.covers, _waiting(way, actor))
            for pages in _pages()
            for way in pages.ways
            if way.group == name and (way.scope is None or actor.has(*any_of(way.scope)))
        ]
        if ways:
            yield Group(str(title), ways)


def stand_under(endpoint: str) -> None:
    """Show the present page as reached from another, where that depends on what it shows."""
    g.stands_under = endpoint


def _here() -> str | None:
    found: str | None = g.get("stands_under", request.endpoint)
    return found


def _waiting(way: Way, actor: Actor) -> int:
    """Return how much waits behind a way; on an error page, outside a transaction, nothing is counted."""
    return way.counts(actor) if way.counts and db.is_open() else 0


def _locale() -> Locale:
    return get_locale() or Locale("en")
