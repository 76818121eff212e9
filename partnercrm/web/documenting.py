"""What the API's document says of an operation, and what is put right in it before it is given out."""

import re
from copy import deepcopy
from functools import cache
from http import HTTPStatus
from typing import Any, Final

from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import Schema, fields

from partnercrm.kernel.actor import any_of
from partnercrm.web import shapes
from partnercrm.web.errors import PROBLEM, status_of
from partnercrm.web.operation import Operation

_FORM: Final = "application/x-www-form-urlencoded"
_FILES: Final = "multipart/form-data"
_NOT_OURS: Final = frozenset({"Error", "PaginationMetadata"})
_EVERYWHERE: Final = ("X-Request-Id", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
_BY_STATUS: Final = {"401": ("WWW-Authenticate",), "429": ("Retry-After",), "503": ("Retry-After",)}
_HEADERS: Final[dict[str, tuple[str, str]]] = {
    "ETag": ("string", "The version, for If-Match and If-None-Match, of what has one."),
    "Idempotency-Replayed": ("string", "`true` when this is the answer to an earlier request under the same key."),
    "Retry-After": ("integer", "Seconds until it is worth trying again."),
    "WWW-Authenticate": ("string", "How to sign in."),
    "X-RateLimit-Limit": ("integer", "How many requests the allowance holds."),
    "X-RateLimit-Remaining": ("integer", "How many are left."),
    "X-RateLimit-Reset": ("integer", "When it is full again, in seconds since 1970."),
    "X-Request-Id": ("string", "The id under which the request is logged."),
}
_PARAMETERS: Final[dict[str, Any]] = {
    "IdempotencyKey": {
        "in": "header",
        "name": "Idempotency-Key",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
        "description": "Repeat the request under the same key and the first answer is replayed.",
    },
    "IfMatch": {
        "in": "header",
        "name": "If-Match",
        "required": True,
        "schema": {"type": "string", "minLength": 1},
        "description": "The ETag your change is based on.",
    },
    "IfMatchStanding": {
        "in": "header",
        "name": "If-Match",
        "schema": {"type": "string"},
        "description": "The ETag of what you replace; left out only where nothing stands yet.",
    },
}


def documented(operation: Operation) -> dict[str, Any]:
    """Return what the document says of an operation beyond its docstring."""
    doc: dict[str, Any] = {
        "responses": {str(operation.status): _success(operation), **_problems(operation)},
        "operationId": operation.endpoint,
        "x-scope": " or ".join(any_of(operation.scope)) or None,
        "x-parameters": [],
    }
    if operation.method != "GET":
        doc["x-parameters"].append({"$ref": "#/components/parameters/IdempotencyKey"})
    if operation.matches:
        doc["x-parameters"].append({"$ref": "#/components/parameters/IfMatch"})
    if operation.replaces:
        doc["x-parameters"].append({"$ref": "#/components/parameters/IfMatchStanding"})
    if operation.method == "GET" and not operation.pages and not operation.files:
        doc["responses"]["304"] = {"description": "Not modified: If-None-Match names the present ETag."}
    for kind, shape in (("application/json", operation.body), (_FORM, operation.form)):
        if shape:
            doc["requestBody"] = {"content": {kind: {"example": shapes.example(shape())}}}
    return doc


def finished(spec: dict[str, Any]) -> dict[str, Any]:
    """Return the document as it is given out, without what the generators say that is not true."""
    spec = deepcopy(spec)
    components = spec["components"]
    components["responses"] = {}
    for path in spec["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict):
                _finish(operation, components["responses"])
    components["responses"] = dict(sorted(components["responses"].items()))
    components["schemas"] = {
        name: _with_files(shape) for name, shape in components["schemas"].items() if name not in _NOT_OURS
    }
    components["parameters"] = _PARAMETERS
    components["headers"] = {
        name: {"description": sentence, "schema": {"type": kind}} for name, (kind, sentence) in _HEADERS.items()
    }
    return spec


class Converter(OpenAPIConverter):
    """apispec's, and what it does not see: that a choice is made among strings, and what belongs together."""

    def schema2jsonschema(self, schema: Any) -> dict[str, Any]:
        """Return the JSON Schema of a shape."""
        described: dict[str, Any] = super().schema2jsonschema(schema)  # type: ignore[no-untyped-call]
        together: tuple[str, ...] = getattr(schema, "together", ())
        if together:
            described["dependentRequired"] = {name: [other for other in together if other != name] for name in together}
        return described

    def field2property(self, field: fields.Field[Any]) -> dict[str, Any]:
        """Return the JSON Schema of a field."""
        described: dict[str, Any] = super().field2property(field)
        if isinstance(field, shapes.Choice):
            described["type"] = ["string", "null"] if field.allow_none else "string"
        return described


class Plugin(MarshmallowPlugin):
    """What makes the document from shapes, by our converter."""

    Converter = Converter


def _finish(operation: dict[str, Any], shared: dict[str, Any]) -> None:
    operation["parameters"] = [*operation.get("parameters", []), *operation.pop("x-parameters")]
    given = operation["responses"]
    operation["responses"] = {status: given[status] for status in sorted(given) if status.isdigit()}
    for status, response in operation["responses"].items():
        headers = (*_EVERYWHERE, *_BY_STATUS.get(status, ()), *response.pop("x-headers", ()))
        response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in sorted(headers)}
        if name := response.pop("x-name", None):
            shared[name] = response
            operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}
    content = operation.get("requestBody", {}).get("content", {})
    if _FORM in content:
        content[_FILES] = content.pop(_FORM)


def _with_files(shape: dict[str, Any]) -> dict[str, Any]:
    """Return the shape with its files required: they travel beside the fields and are checked apart from them."""
    files = [name for name, field in shape.get("properties", {}).items() if field.get("format") == "binary"]
    return shape | {"required": sorted([*shape.get("required", []), *files])} if files else shape


def _success(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {"description": HTTPStatus(operation.status).phrase, "x-headers": []}
    if operation.method != "GET":
        described["x-headers"].append("Idempotency-Replayed")
    if operation.files:
        described["content"] = {kind: {"schema": {"type": "string"}, "example": "…"} for kind in operation.files}
    if operation.answers is None:
        return described
    shown: Any = shapes.example(operation.answers())
    shape = operation.answers
    if operation.pages:
        shown, shape = {"items": [shown], "next": None}, _page_of(operation.answers)
    else:
        described["x-headers"].append("ETag")
    described["content"] = {"application/json": {"schema": shape, "example": shown}}
    return described


def _problems(operation: Operation) -> dict[str, Any]:
    by_status: dict[int, list[tuple[str, str]]] = {}
    for refusal in operation.refusals():
        sentence = f"`{refusal.code()}`: {refusal.title}"
        by_status.setdefault(status_of(refusal), []).append((refusal.__name__, sentence))
    if operation.body:
        by_status[415] = [("NotJson", "The body is not sent as application/json.")]
    return {
        str(status): {
            "x-name": "Or".join(name for name, _ in said),
            "description": "\n\n".join(sentence for _, sentence in said),
            "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, said in by_status.items()
    }


@cache
def _page_of(view: type[Schema]) -> type[Schema]:
    cursor = {"example": None, "description": "The cursor of the next page; null at the end."}
    return shapes.Shape.from_dict(
        {
            "items": fields.List(fields.Nested(view), required=True),
            "next": fields.String(required=True, allow_none=True, metadata=cursor),
        },
        name=re.sub("View$", "", view.__name__) + "Page",
    )
