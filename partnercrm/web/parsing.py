"""Reading what a request sends: JSON, addresses and forms strictly, and every wrong field named in one refusal."""

from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any, Final

from flask import request
from marshmallow import Schema, ValidationError, fields
from webargs.core import is_json
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType

from partnercrm.kernel import errors as kinds
from partnercrm.kernel.errors import LONGEST_PATH, FieldError, Invalid
from partnercrm.web import shapes, strict_json
from partnercrm.web.operation import Operation

_REPEATED: Final = "This is sent more than once."
_NO_BODY: Final = "Nothing is taken here; leave the body empty."
_NOTHING: Final = shapes.Shape()


class StrictParser(FlaskParser):
    """webargs, reading JSON strictly and naming every wrong field in one refusal."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012 - webargs reads a dict
        "json": None,
        "query": "raise",
        "form": "raise",
        "files": "exclude",
    }

    def parse(self, argmap: Any, req: Any = None, *, location: str | None = None, **options: Any) -> Any:
        """Read what was sent; in addresses and forms everything is written as text, and single values come once."""
        wrong = _repeated(argmap, location)
        try:
            with shapes.from_text() if location in {"query", "form"} else nullcontext():
                read = super().parse(argmap, req, location=location, **options)
        except Invalid as refusal:
            named = {error.field for error in wrong}
            raise Invalid([*wrong, *(error for error in refusal.errors if error.field not in named)]) from refusal
        if wrong:
            raise Invalid(wrong)
        return read

    def _raw_load_json(self, req: Any) -> Any:
        raw = req.get_data(cache=True)
        if not raw:
            raise kinds.Malformed("Send the body as JSON.")
        if not is_json(req.mimetype):
            raise UnsupportedMediaType("Send the body as application/json.")
        return strict_json.read(raw)

    def handle_error(
        self, error: ValidationError, req: Any, schema: Schema, *, error_status_code: Any, error_headers: Any
    ) -> Any:
        """Turn marshmallow's messages into one refusal."""
        raise Invalid(field_errors(error)) from error


parser: Final = StrictParser()


def refuse_undeclared(operation: Operation) -> None:
    """Refuse what is sent where the operation takes nothing. Raises Invalid naming every such field."""
    wrong = [] if operation.query else _unknown(request.args)
    if not operation.body and not operation.form:
        wrong += _body()
    if wrong:
        raise Invalid(wrong)


def field_errors(error: ValidationError) -> list[FieldError]:
    """Return marshmallow's messages as one entry per wrong field, under its dotted path."""
    messages: Any = error.messages
    if isinstance(messages, dict) and len(messages) == 1 and next(iter(messages)) in {"json", "query", "form"}:
        messages = next(iter(messages.values()))
    return _flattened(messages, "")


def _repeated(shape: Schema, location: str | None) -> list[FieldError]:
    """Return an error for every field that holds one value and was sent several."""
    sent = {"query": (request.args,), "form": (request.form, request.files)}.get(location or "", ())
    single = [field.data_key or name for name, field in shape.fields.items() if not isinstance(field, fields.List)]
    return [FieldError(name, _REPEATED) for name in single if any(len(values.getlist(name)) > 1 for values in sent)]


def _body() -> list[FieldError]:
    """Return what is wrong with a body where none is taken; an empty object is none."""
    raw = request.get_data(cache=True)
    if not raw:
        return []
    try:
        sent = strict_json.read(raw) if is_json(request.mimetype) else None
    except kinds.Malformed:
        sent = None
    return _unknown(sent) if isinstance(sent, dict) else [FieldError("body", _NO_BODY)]


def _unknown(sent: Mapping[str, Any]) -> list[FieldError]:
    return _flattened(_NOTHING.validate(sent), "")


def _flattened(messages: Any, path: str) -> list[FieldError]:
    if isinstance(messages, Mapping):
        found = []
        for name, inner in messages.items():
            step = "" if name == "_schema" else str(name)
            found += _flattened(inner, f"{path}.{step}".strip("."))
        return found
    if isinstance(messages, (list, tuple)):
        return [FieldError(path[:LONGEST_PATH] or "body", _text(message)) for message in messages]
    return [FieldError(path[:LONGEST_PATH] or "body", _text(messages))]


def _text(message: Any) -> str:
    return message if isinstance(message, str) else str(message)
