"""The one way a page is declared: the visitor, the transaction, the form and what happens when it is refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Final

from flask import Blueprint, Response, flash, make_response, redirect, request
from marshmallow import Schema, ValidationError
from werkzeug.wrappers import Response as AnyResponse

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Conflict, FieldError, Invalid, NotAllowed, Stale
from partnercrm.web import authentication, idempotency
from partnercrm.web.endpoint import field_errors

_OF_THE_FORM_ITSELF: Final = frozenset({"csrf_token", "form_key"})


@dataclass(slots=True)
class Form:
    """What a person filled in: raw values by dotted field name, and what is wrong with them by the same names."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, list[FieldError]] = field(default_factory=dict)
    problem: str | None = None

    @classmethod
    def sent(cls) -> "Form":
        """Return the form of the present request; empty fields count as left out."""
        values = {name: value for name, value in request.form.items() if name not in _OF_THE_FORM_ITSELF}
        return cls({name: value.strip() for name, value in values.items() if value.strip()})

    def load(self, shape: type[Schema]) -> dict[str, Any]:
        """Read the values by the same schema the API uses. Raises Invalid naming every wrong field."""
        try:
            loaded: dict[str, Any] = shape().load(_nested(self.values))
        except ValidationError as error:
            raise Invalid(field_errors(error)) from error
        return loaded

    def refused(self, refusal: Invalid) -> "Form":
        """Return the form as it is shown again: the same values with the refusal's errors."""
        errors: dict[str, list[FieldError]] = {}
        for error in refusal.errors:
            errors.setdefault(error.field, []).append(error)
        return Form(self.values, errors, None if errors else str(refusal))


def _nested(values: Mapping[str, str]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in values.items():
        *outer, last = name.split(".")
        place = result
        for step in outer:
            place = place.setdefault(step, {})
        place[last] = value
    return result


class Pages(Blueprint):
    """A slice's pages. Showing functions get `(actor, *path values)`, acting ones also `form`."""

    def __init__(self, name: str, import_name: str) -> None:
        super().__init__(f"{name}_pages", import_name, template_folder="templates")
        self.scopes: dict[str, str | None] = {}

    def show(self, path: str, *, scope: str | None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare a page to look at; runs READ ONLY."""

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(function)
            def view(**places: Any) -> AnyResponse:
                return _shown(_visitor(scope), function, places)

            self.scopes[function.__name__] = scope
            self.add_url_rule(path, function.__name__, view, methods=["GET"])
            return function

        return register

    def act(
        self, path: str, *, scope: str | None, again: Callable[..., Any]
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare what a form does; it answers where to go next. `again` shows the page when the form is refused."""

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(function)
            def view(**places: Any) -> AnyResponse:
                actor = _visitor(scope)
                form = Form.sent()
                try:
                    return _done(actor, function, places, form)
                except Invalid as refusal:
                    return _shown(actor, again, places | {"form": form.refused(refusal)}, 422)
                except (Conflict, Stale, NotAllowed) as refusal:
                    flash(str(refusal), "problem")
                    return _shown(actor, again, places | {"form": Form(form.values)}, 409)

            self.scopes[function.__name__] = scope
            self.add_url_rule(path, function.__name__, view, methods=["POST"])
            return function

        return register


def _visitor(scope: str | None) -> Actor:
    actor = authentication.visitor()
    if scope:
        authentication.require(actor, scope)
    return actor


def _shown(actor: Actor, function: Callable[..., Any], places: Mapping[str, Any], status: int = 200) -> AnyResponse:
    with db.transaction(actor, read_only=True):
        response: Response = make_response(function(actor, **places))
    if status != 200:
        response.status_code = status
    return response


def _done(actor: Actor, function: Callable[..., Any], places: Mapping[str, Any], form: Form) -> AnyResponse:
    with db.transaction(actor):
        attempt = idempotency.attempt(actor, request.form.get("form_key") or None)
        if attempt and (earlier := attempt.earlier(None)):
            return earlier
        result = function(actor, **places, form=form)
        if isinstance(result, str):
            response = Response(status=303, headers={"Location": result})
            if attempt:
                attempt.keep(response, None, secret=False)
            return response
        return make_response(result)


def see_other(address: str) -> AnyResponse:
    """Send the browser on to an address of ours."""
    return redirect(address, 303)
