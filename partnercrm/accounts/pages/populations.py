"""Populations: the list, one of them with its versions, and the forms that make, change and put away."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from marshmallow import ValidationError

from partnercrm.accounts import schemas
from partnercrm.accounts.actions import populations as actions
from partnercrm.accounts.models.populations import Population
from partnercrm.accounts.pages.blueprint import pages
from partnercrm.accounts.queries import populations as queries
from partnercrm.accounts.relationships import Relationship
from partnercrm.accounts.sizes import SizeBand
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid
from partnercrm.web import frame
from partnercrm.web.page import Form
from partnercrm.web.parsing import field_errors


@pages.show("/populations", scope="accounts:read")
def populations(actor: Actor) -> str:
    """Show the organization's populations."""
    asked = Form.asked()
    query = asked.load(schemas.PopulationQuery)
    found = queries.populations(actor, query)
    first_url, next_url = asked.pages("accounts_pages.populations", found.next)
    return render_template(
        "accounts/populations.html",
        populations=found.items,
        told={one.id: _told(one.criteria) for one in found.items},
        archived=query["archived"],
        first_url=first_url,
        next_url=next_url,
    )


@pages.show("/populations/new", scope="accounts:write")
def new_population(actor: Actor, form: Form | None = None) -> str:
    """Show the form for a new population, filled in from what the list of accounts was asked for."""
    return render_template("accounts/new_population.html", **_choices(form or _from_list(Form.asked())))


@pages.act("/populations/new", scope="accounts:write", again=new_population)
def make_population(actor: Actor, form: Form) -> str:
    """Make a population."""
    made = actions.make_population(actor, _given(form))
    flash(_("The population is kept."))
    return url_for("accounts_pages.population", population_id=made.id)


@pages.show("/populations/<uuid:population_id>", scope="accounts:read")
def population(actor: Actor, population_id: UUID, form: Form | None = None) -> str:
    """Show a population, what it was before, and the form to change it."""
    found = queries.population(actor, population_id)
    versions = queries.versions(actor, population_id, Form({"limit": "20"}).load(schemas.PopulationVersionsQuery))
    shown = form if form and "version" in form.values else _filled(found)
    return render_template(
        "accounts/population.html",
        population=found,
        told=_told(found.criteria),
        versions=[(one, _told(one.criteria)) for one in versions.items],
        **_choices(shown),
    )


@pages.act("/populations/<uuid:population_id>", scope="accounts:write", again=population)
def change_population(actor: Actor, population_id: UUID, form: Form) -> str:
    """Change a population."""
    given = _given(form)
    actions.change_population(actor, population_id, given, form.values.get("version", ""))
    flash(_("The changes are kept."))
    return url_for("accounts_pages.population", population_id=population_id)


@pages.act("/populations/<uuid:population_id>/archive", scope="accounts:write", again=population)
def archive_population(actor: Actor, population_id: UUID, form: Form) -> str:
    """Put a population away."""
    actions.archive_population(actor, population_id)
    flash(_("The population is put away."))
    return url_for("accounts_pages.populations")


@pages.panel("accounts", rank=1)
def ways(actor: Actor) -> str | None:
    """Lead from a list of accounts that fit criteria to a population of them."""
    asked = {name: value for name, value in Form.asked().values.items() if name in queries.CRITERIA}
    return render_template("accounts/ways.html", asked=asked) if asked and actor.has("accounts:write") else None


def _told(criteria: Mapping[str, Sequence[str]]) -> str:
    """Return criteria in words."""
    words: Mapping[str, Callable[[str], str]] = {
        "relationship": lambda value: frame.words(Relationship(value)),
        "country": frame.country,
        "size_band": lambda value: frame.words(SizeBand(value)),
    }
    said = (", ".join(map(words.get(name, str), criteria[name])) for name in queries.CRITERIA if criteria[name])
    return "; ".join(said) or _("All accounts")


def _choices(form: Form) -> dict[str, Any]:
    return {
        "form": form,
        "relationships": [(value, words, "") for value, words in frame.choices(Relationship)],
        "sizes": [(value, words, "") for value, words in frame.choices(SizeBand)],
    }


def _from_list(asked: Form) -> Form:
    """Return the form as the filters of the list fill it in."""
    return _form({name: [asked.values[name]] for name in queries.CRITERIA if name in asked.values}, {})


def _filled(of: Population) -> Form:
    return _form(of.criteria, {"name": of.name, "version": of.version_tag})


def _form(criteria: Mapping[str, Sequence[str]], values: Mapping[str, str]) -> Form:
    written = {"industry": "\n".join(criteria.get("industry", ())), "country": " ".join(criteria.get("country", ()))}
    chosen = {name: list(criteria.get(name, ())) for name in ("relationship", "size_band")}
    firsts = {name: found[0] for name, found in chosen.items() if found}
    return Form({**values, **firsts, **{name: text for name, text in written.items() if text}}, chosen)


def _given(form: Form) -> dict[str, Any]:
    """Read the form: industries a line each, countries by their codes. Raises Invalid."""
    values = form.values
    criteria = {name: list(form.chosen.get(name, ())) for name in ("relationship", "size_band")}
    criteria["industry"] = [line.strip() for line in values.get("industry", "").splitlines() if line.strip()]
    criteria["country"] = values.get("country", "").upper().replace(",", " ").split()
    told = {"criteria": criteria} | ({"name": values["name"]} if "name" in values else {})
    try:
        given: dict[str, Any] = schemas.MakePopulation().load(told)
    except ValidationError as error:
        raise Invalid([_where(one) for one in field_errors(error)]) from error
    return given


def _where(error: FieldError) -> FieldError:
    """Return what is wrong under the name of the field where it is put right."""
    parts = error.field.split(".")
    return error._replace(field=parts[1]) if parts[0] == "criteria" and len(parts) > 1 else error
