"""The API's document, OpenAPI 3.1: made from the declarations, corrected where the generators say less than is true."""

import re
from http import HTTPStatus
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from apispec.ext.marshmallow.openapi import OpenAPIConverter
from flask import Blueprint, Flask, Response, json, render_template, send_from_directory
from flask_smorest import Api
from marshmallow import Schema, fields

from partnercrm.web import shapes
from partnercrm.web.errors import PROBLEM, status_of

if TYPE_CHECKING:
    from partnercrm.web.endpoint import Operation

VERSION: Final = "1.0"
PREFIX: Final = "/api/v1"
_SWAGGER: Final = resources.files("flask_swagger_ui") / "dist"
_EXTRA_STATUS: Final = {"body": (415,), "form": (415,)}


class ProblemView(shapes.Shape):
    """RFC 9457 problem details."""

    type = shapes.Text(most=200, example="/api/docs/problems#offer_already_answered", required=True)
    title = shapes.Text(most=200, example="This offer was answered already.", required=True)
    status = shapes.Whole(least=400, most=599, example=409, required=True)
    detail = shapes.Text(most=2000, example="This offer was answered already.", required=True)
    code = shapes.Text(most=100, example="offer_already_answered", required=True)
    errors = fields.List(
        fields.Nested(
            shapes.Shape.from_dict(
                {
                    "field": shapes.Text(most=200, example="need", required=True),
                    "message": shapes.Text(most=500, example="Missing data for required field.", required=True),
                    "line": shapes.Whole(least=1, most=10**9, example=2),
                    "column": shapes.Whole(least=1, most=10**6, example=4),
                },
                name="FieldProblem",
            )
        ),
        required=True,
    )
    request_id = shapes.Text(most=64, example="0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a", required=True)
    facts = fields.Dict(metadata={"example": {"offer_id": "0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a"}})


class Document(Api):
    """flask-smorest's Api without its error handler and with the document corrected on the way out."""

    def _register_error_handlers(self) -> None:
        """Errors are answered by web/errors.py alone."""

    def document(self) -> dict[str, Any]:
        """Return the finished document."""
        return _corrected(self.spec.to_dict())

    def _openapi_json(self) -> Response:
        return Response(json.dumps(self.document(), indent=1), content_type="application/json")


def install(app: Flask) -> Document:
    """Serve the document at /api/v1/openapi.json and make it browsable at /api/docs."""
    app.config.update(
        API_TITLE="partnercrm",
        API_VERSION=VERSION,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=PREFIX,
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {"description": "The two-sided system of record for co-selling. Both sides read the same rows."},
            "servers": [{"url": "/"}],
            "security": [{"token": []}],
        },
    )
    api = Document(app)
    api.spec.components.security_scheme(
        "token", {"type": "http", "scheme": "bearer", "description": "An API token, `pcrm_user_…`."}
    )
    api.spec.components.schema("Problem", schema=ProblemView)
    converter: OpenAPIConverter = api.ma_plugin.converter
    converter.add_attribute_function(_described)  # type: ignore[no-untyped-call]
    app.register_blueprint(docs)
    return api


docs = Blueprint("api_docs", __name__, url_prefix="/api/docs")


@docs.get("/")
def browse() -> str:
    """Show the document in Swagger UI, started by a script of ours so that none stands in the page."""
    return render_template("api_docs.html", address=f"{PREFIX}/openapi.json")


@docs.get("/<path:name>")
def swagger_file(name: str) -> Response:
    """Serve Swagger UI's own files from the installed package."""
    return send_from_directory(str(_SWAGGER), name)


def _described(self: OpenAPIConverter, field: fields.Field[Any], **_: Any) -> dict[str, Any]:
    if isinstance(field, shapes.Choice):
        return {"type": "string"}
    return {}


def documented(operation: "Operation") -> dict[str, Any]:
    """Return what the document says of an operation beyond its docstring."""
    responses: dict[str, Any] = {str(operation.status): _success(operation)}
    by_status: dict[int, list[str]] = {}
    for refusal in operation.refusals():
        by_status.setdefault(status_of(refusal), []).append(f"`{refusal.code()}`: {refusal.title}")
    for attribute, statuses in _EXTRA_STATUS.items():
        if getattr(operation, attribute):
            by_status.update({status: [HTTPStatus(status).phrase] for status in statuses})
    for status, sentences in sorted(by_status.items()):
        content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        responses[str(status)] = {"description": "\n\n".join(sentences), "content": content}
    if operation.method == "GET" and not operation.pages:
        responses["304"] = {"description": "Not modified: If-None-Match names the present ETag."}
    doc: dict[str, Any] = {
        "responses": responses,
        "operationId": operation.endpoint,
        "x-scope": operation.scope,
        "parameters": _headers(operation),
    }
    if operation.body:
        doc["requestBody"] = {"content": {"application/json": {"example": shapes.example(operation.body())}}}
    return doc


def _success(operation: "Operation") -> dict[str, Any]:
    described: dict[str, Any] = {"description": HTTPStatus(operation.status).phrase}
    if operation.answers is None:
        return described
    one = shapes.example(operation.answers())
    reference: dict[str, Any] = {"schema": operation.answers}
    if operation.pages:
        reference = {"schema": _page_of(operation.answers)}
        one = {"items": [one], "next": None}
    described["content"] = {"application/json": reference | {"example": one}}
    return described


def _page_of(view: type[Schema]) -> type[Schema]:
    name = re.sub("View$", "", view.__name__) + "Page"
    shape: type[Schema] = _PAGES.setdefault(
        name,
        shapes.Shape.from_dict(
            {
                "items": fields.List(fields.Nested(view), required=True),
                "next": fields.String(
                    required=True,
                    allow_none=True,
                    metadata={
                        "example": None,
                        "description": "The cursor of the next page; null at the end.",
                    },
                ),
            },
            name=name,
        ),
    )
    return shape


_PAGES: dict[str, type[Schema]] = {}


def _headers(operation: "Operation") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if operation.method != "GET":
        found.append(
            {
                "in": "header",
                "name": "Idempotency-Key",
                "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
                "description": "Repeat the request under the same key and the first answer is replayed.",
            }
        )
    if operation.matches:
        found.append(
            {
                "in": "header",
                "name": "If-Match",
                "required": True,
                "schema": {"type": "string", "minLength": 1},
                "description": "The ETag your change is based on.",
            }
        )
    return found


def _corrected(spec: dict[str, Any]) -> dict[str, Any]:
    for path in spec["paths"].values():
        for method, operation in path.items():
            if method == "parameters":
                continue
            responses = operation["responses"]
            for status in [status for status in responses if not status.isdigit() or "$ref" in responses[status]]:
                del responses[status]
            _limit_headers(responses)
    return spec


def _limit_headers(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        headers = response.setdefault("headers", {})
        headers["X-Request-Id"] = {"schema": {"type": "string"}}
        if status == "429":
            headers["Retry-After"] = {"schema": {"type": "integer"}, "description": "Seconds."}
