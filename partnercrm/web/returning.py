"""The way back to a page: from the address of an action, and with what was typed into a form that came too late."""

from collections.abc import Mapping, Sequence
from inspect import signature
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from flask import Flask, current_app, flash, json, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as AnyResponse

from partnercrm.kernel.errors import NotSignedIn, Refusal
from partnercrm.web import authentication
from partnercrm.web.errors import FormOutlived, SignedOut, http, is_api, problem
from partnercrm.web.page import OF_THE_FORM_ITSELF, Form, Pages, see_other, shown

_MOST: Final = 100_000
_URLENCODED: Final = "application/x-www-form-urlencoded"
_SECRET: Final = ("password", "secret", "code")


class Carried(NamedTuple):
    """A form on its way past the sign-in: where it was sent, and its fields as they were filled in."""

    path: str
    fields: Sequence[tuple[str, str]]


class _Place(NamedTuple):
    """The page that an action belongs to, and the values of both addresses."""

    pages: Pages
    action: str
    values: Mapping[str, Any]

    @property
    def page(self) -> Any:
        return self.pages.belongs[self.action]


def install(app: Flask) -> None:
    """Lead from actions to their pages, and bring back what was typed."""
    app.register_error_handler(MethodNotAllowed, belonging)
    app.register_error_handler(CSRFError, outlived)
    app.jinja_env.globals["carried"] = carried


def belonging(error: MethodNotAllowed) -> AnyResponse:
    """Send who opens the address of an action, as after a refused form, on to the page it belongs to."""
    place = _place(request.path) if request.method == "GET" and not is_api() else None
    if place is None:
        return http(error)
    taken = {name: value for name, value in place.values.items() if name in signature(place.page).parameters}
    return see_other(url_for(f"{place.pages.name}.{place.page.__name__}", **taken))


def outlived(_error: CSRFError) -> AnyResponse:
    """Show a form from before the visitor last signed in as it was filled in; nothing of it is done."""
    place = _place(request.path)
    try:
        actor = authentication.visitor()
    except NotSignedIn:
        return _no_longer_valid() if place is None else problem(SignedOut(_("Sign in again to go on with it.")))
    if place is None or not _is_typed_here():
        return _no_longer_valid()
    try:
        authentication.require(actor, place.pages.scopes[place.action])
        flash(_("You signed in anew in the meantime. Nothing was sent yet: look it over and send it."), "problem")
        return shown(actor, place.page, {**place.values, "form": Form.sent()}, 409)
    except Refusal as refusal:
        return problem(refusal)


def _no_longer_valid() -> AnyResponse:
    return problem(FormOutlived(_("It is from before you last signed in, or came from elsewhere. Open it anew.")))


def carried() -> str | None:
    """Return the present form for a hidden field of the sign-in; None for what nobody typed, secrets and files."""
    fields = [(name, value) for name, values in request.form.lists() for value in values if value.strip()]
    fields = [(name, value) for name, value in fields if name not in OF_THE_FORM_ITSELF]
    is_secret = any(word in name for name, _value in fields for word in _SECRET)
    if not fields or is_secret or not _is_typed_here() or _place(request.path) is None:
        return None
    packed: str = json.dumps([request.path, fields])
    return packed if len(packed) <= _MOST else None


def unpacked(packed: str) -> Carried | None:
    """Return what the sign-in carried past itself; None for anything that `carried` did not make."""
    try:
        path, fields = json.loads(packed)
        found = Carried(path, [(str(name), str(value)) for name, value in fields])
    except (ValueError, TypeError):
        return None
    return found if isinstance(path, str) and path.startswith("/") and _place(path) else None


def _is_typed_here() -> bool:
    """Tell whether the form was sent, without files, from a page of ours: another site's is never shown as typed."""
    origin = urlsplit(request.headers.get("Origin", "")).netloc
    return request.mimetype == _URLENCODED and origin == request.host


def _place(path: str) -> _Place | None:
    """Return where an action's address belongs; None for anything else."""
    adapter = current_app.create_url_adapter(request)
    try:
        endpoint, values = adapter.match(path, method="POST") if adapter else ("", {})
    except HTTPException:
        return None
    name, _dot, action = endpoint.rpartition(".")
    pages = current_app.blueprints.get(name)
    return _Place(pages, action, values) if isinstance(pages, Pages) and action in pages.belongs else None
