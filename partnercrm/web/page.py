"""The one way a page is declared: visitor, transaction, form, and what happens when it is refused."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial, wraps
from inspect import Parameter, signature
from typing import Any, Final, NamedTuple

from babel import Locale
from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from flask_babel import LazyString, get_locale
from marshmallow import Schema, ValidationError, fields
from werkzeug.wrappers import Response as AnyResponse

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor, Asked
from partnercrm.kernel.errors import LONGEST_PATH, Conflict, FieldError, Invalid, MatchRequired, NotAllowed, Stale
from partnercrm.web import amounts, authentication, idempotency, rows, uploads
from partnercrm.web.parsing import field_errors
from partnercrm.web.shapes import MoneyShape, from_text
from partnercrm.web.speaking import spoken

Words = Mapping[type[StrEnum], Mapping[StrEnum, LazyString]]
OF_THE_FORM_ITSELF: Final = frozenset({"csrf_token", "form_key", "next", "carried"})


@dataclass(slots=True)
class Form:
    """What a person filled in: raw values by dotted field name; by the same names what is wrong and what it is called.

    The labels are those the page gives its fields; the macros note them as the page is made.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    errors: dict[str, list[FieldError]] = field(default_factory=dict)
    problem: str | None = None
    labels: dict[str, str] = field(default_factory=dict)

    @classmethod
    def sent(cls) -> "Form":
        """Return the form of the present request; empty fields count as left out."""
        sent = {
            name: [value.strip() for value in values if value.strip()]
            for name, values in request.form.lists()
            if name not in OF_THE_FORM_ITSELF
        }
        return cls({name: values[0] for name, values in sent.items() if values}, sent)

    @classmethod
    def asked(cls) -> "Form":
        """Return what the present request's address asks for; empty filters count as left out."""
        return cls({name: value.strip() for name, value in request.args.items() if value.strip()})

    def pages(self, endpoint: str, cursor: str | None, **places: Any) -> tuple[str | None, str | None]:
        """Return the addresses of a list's first page (None on it) and next page (None at the end)."""
        kept: dict[str, Any] = {name: value for name, value in self.values.items() if name != "cursor"} | places
        first = url_for(endpoint, **kept) if "cursor" in self.values else None
        return first, url_for(endpoint, **kept, cursor=cursor) if cursor else None

    def load(self, shape: type[Schema]) -> dict[str, Any]:
        """Read the values by the same schema the API uses. Raises Invalid naming every wrong field."""
        schema = shape()
        values: dict[str, Any] = dict(self.values)
        for name, declared in schema.fields.items():
            if isinstance(declared, fields.List) and name in values:
                values[name] = list(self.chosen[name])
        wrong = _make_plain(schema, values)
        try:
            with from_text():
                loaded: dict[str, Any] = schema.load(_asked_for(schema) | _nested(rows.compacted(values)))
        except ValidationError as error:
            others = [one for one in field_errors(error) if one.field not in {mine.field for mine in wrong}]
            raise Invalid([*wrong, *others]) from error
        if wrong:
            raise Invalid(wrong)
        return loaded

    def without(self, *names: str) -> "Form":
        """Return the form without these fields, as those are read that no schema knows."""
        values = {name: value for name, value in self.values.items() if name not in names}
        return Form(values, self.chosen, self.errors, self.problem, self.labels)

    def anchor(self, name: str) -> str:
        """Return the field of the page where what is wrong under this name is put right."""
        return rows.anchor(name, self.labels)

    def refused(self, refusal: Invalid) -> "Form":
        """Return the form as it is shown again: the same values with the refusal's errors."""
        errors: dict[str, list[FieldError]] = {}
        for error in refusal.errors:
            errors.setdefault(error.field, []).append(error._replace(message=spoken(error.message)))
        return Form(self.values, self.chosen, errors, None if errors else spoken(refusal.sentence))


def _asked_for(schema: Schema) -> dict[str, Any]:
    """Return the groups a form must fill, empty, so that each of their fields is named when it is missing."""
    return {name: {} for name, one in schema.fields.items() if isinstance(one, fields.Nested) and one.required}


def _make_plain(schema: Schema, values: dict[str, Any]) -> list[FieldError]:
    """Bring amounts and currencies into the API's form; return what cannot be."""
    wrong = []
    for name, declared in schema.fields.items():
        if not (isinstance(declared, fields.Nested) and isinstance(declared.schema, MoneyShape)):
            continue
        amount, currency = f"{name}.amount", f"{name}.currency"
        if currency in values:
            values[currency] = values[currency].upper()
        if amount in values:
            try:
                values[amount] = amounts.plain(values[amount], values.get(currency, ""), get_locale() or Locale("en"))
            except ValueError as error:
                wrong.append(FieldError(amount, error.args[0]))
    return wrong


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in values.items():
        *outer, last = name.split(".")
        place = result
        for step in outer:
            place = place.setdefault(step, {})
            if not isinstance(place, dict):
                raise _torn(name)
        if last in place:
            raise _torn(name)
        place[last] = value
    return {name: rows.listed(value) for name, value in result.items()}


def _torn(name: str) -> Invalid:
    return Invalid.field(name[:LONGEST_PATH], "A field is either one value or parts with names of their own.")


class Way(NamedTuple):
    """An entry of the rail: where it leads, who may go there, which pages lie under it, what waits there."""

    group: str
    endpoint: str
    label: LazyString
    scope: Asked
    covers: frozenset[str]
    counts: Callable[[Actor], int] | None


class Panel(NamedTuple):
    """What a slice shows in a named place of another slice's page; nothing when it has nothing to say."""

    place: str
    rank: int
    fill: Callable[..., str | None]


class FirstStep(NamedTuple):
    """What a new organization does first: whether it is done, how, where, and the scope it takes."""

    done: bool
    title: str
    text: str
    url: str
    scope: str


class Pages(Blueprint):
    """A slice's pages. Showing functions get `(actor, *path values)`, acting ones also `form`."""

    def __init__(self, name: str, import_name: str, words: Words) -> None:
        super().__init__(f"{name}_pages", import_name, template_folder="templates")
        self.words = words
        self.scopes: dict[str, Asked] = {}
        self.belongs: dict[str, Callable[..., Any]] = {}
        self.ways: list[Way] = []
        self.panels: list[Panel] = []
        self.first_steps: list[tuple[int, Callable[[Actor], FirstStep]]] = []

    def way(
        self, group: str, page: str, label: LazyString, *under: str, count: Callable[[Actor], int] | None = None
    ) -> None:
        """Put a page into the rail, for those who hold its scope.

        `under` are pages reached from it; `count` says how much waits there, 100 for more than 99.
        """
        covers = frozenset(f"{self.name}.{name}" for name in (page, *under))
        self.ways.append(Way(group, f"{self.name}.{page}", label, self.scopes[page], covers, count))

    def panel(self, place: str, *, rank: int = 0) -> Callable[[Callable[..., str | None]], Callable[..., str | None]]:
        """Fill a place on another slice's page, lower ranks first; the function gets the actor and the page's thing."""

        def register(function: Callable[..., str | None]) -> Callable[..., str | None]:
            self.panels.append(Panel(place, rank, function))
            return function

        return register

    def first_step(self, *, rank: int) -> Callable[[Callable[[Actor], FirstStep]], Callable[[Actor], FirstStep]]:
        """Name something a new organization does first, lower ranks before; the function looks whether it is done."""

        def register(function: Callable[[Actor], FirstStep]) -> Callable[[Actor], FirstStep]:
            self.first_steps.append((rank, function))
            return function

        return register

    def show(self, path: str, *, scope: Asked) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare a page to look at; runs READ ONLY."""

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(function)
            def view(**places: Any) -> AnyResponse:
                return shown(_visitor(scope), function, places)

            self.scopes[function.__name__] = scope
            self.add_url_rule(path, function.__name__, view, methods=["GET"])
            return function

        return register

    def act(
        self,
        path: str,
        *,
        scope: Asked,
        again: Callable[..., Any],
        takes_files: bool = False,
        keeps_answer: bool = True,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare what a form does; it answers where to go next. `again` shows a refused form.

        Without `keeps_answer` nothing is kept for a retry, not even a hash of what was sent.
        """

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(function)
            def view(**places: Any) -> AnyResponse:
                actor = _visitor(scope)
                form = Form.sent()
                try:
                    once = partial(_done, actor, function, places, form, keeps_answer=keeps_answer)
                    return once() if takes_files else db.untangled(once)
                except Invalid as refusal:
                    return shown(actor, again, places | {"form": form.refused(refusal)}, 422)
                except (Conflict, Stale, MatchRequired, NotAllowed) as refusal:
                    # A form made when nothing stood there is as old as one made from what was changed since.
                    flash(spoken((Stale() if isinstance(refusal, MatchRequired) else refusal).sentence), "problem")
                    status = 403 if isinstance(refusal, NotAllowed) else 409
                    return shown(actor, again, places | {"form": Form(form.values, form.chosen)}, status)

            self.scopes[function.__name__] = scope
            self.belongs[function.__name__] = again
            self.add_url_rule(path, function.__name__, view, methods=["POST"])
            if takes_files:
                uploads.take_files(f"{self.name}.{function.__name__}", authentication.visitor)
            return function

        return register


def _visitor(scope: Asked) -> Actor:
    actor = authentication.visitor()
    authentication.require(actor, scope)
    return actor


def shown(actor: Actor, function: Callable[..., Any], places: Mapping[str, Any], status: int = 200) -> AnyResponse:
    """Return a page as it is shown to the actor, reading only."""
    with db.transaction(actor, read_only=True):
        response: Response = make_response(function(actor, **_taken(function, places)))
    response.status_code = status if status != 200 else response.status_code
    return response


def _taken(function: Callable[..., Any], places: Mapping[str, Any]) -> Mapping[str, Any]:
    named = signature(function).parameters
    takes_all = any(one.kind is Parameter.VAR_KEYWORD for one in named.values())
    return {place: value for place, value in places.items() if takes_all or place in named}


def _done(
    actor: Actor, function: Callable[..., Any], places: Mapping[str, Any], form: Form, *, keeps_answer: bool
) -> AnyResponse:
    with db.transaction(actor):
        key = request.form.get("form_key") if keeps_answer else None
        attempt = idempotency.attempt(actor, key or None)
        if attempt and (earlier := attempt.earlier(None)):
            return earlier
        result = function(actor, **places, form=form)
        goes_on = isinstance(result, str)
        response = Response(status=303, headers={"Location": result}) if goes_on else make_response(result)
        if attempt:
            attempt.keep(response, None, secret=not goes_on)
        return response


def see_other(address: str) -> AnyResponse:
    """Send the browser on to an address of ours."""
    return redirect(address, 303)
