"""The API's document, OpenAPI 3.1: made from the declarations, served, browsable, and the same everywhere."""

from functools import cached_property
from importlib import resources
from threading import Lock
from typing import Any, Final

import flask
from flask import Flask, Response, json, render_template, send_from_directory
from flask_smorest import Api, Blueprint
from marshmallow import fields

from partnercrm.kernel.errors import LONGEST_PATH
from partnercrm.web import limits, paths, shapes
from partnercrm.web.documenting import Plugin, finished

VERSION: Final = "1.0"
PREFIX: Final = "/api/v1"
_SWAGGER: Final = resources.files("flask_swagger_ui") / "dist"


class FieldProblem(shapes.Shape):
    """One wrong field."""

    field = fields.String(required=True, validate=limits.Length(max=LONGEST_PATH), metadata={"example": "need"})
    message = fields.String(required=True, metadata={"example": "This is needed."})
    line = shapes.Whole(least=1, most=10**9, example=2)
    column = shapes.Whole(least=1, most=10**6, example=4)


class ProblemView(shapes.Shape):
    """RFC 9457 problem details."""

    type = shapes.Text(most=200, example="/api/docs/problems#offer_already_answered", required=True)
    title = shapes.Text(most=200, example="This offer was answered already.", required=True)
    status = shapes.Whole(least=400, most=599, example=409, required=True)
    detail = shapes.Text(most=2000, example="This offer was answered already.", required=True)
    code = shapes.Text(most=100, example="offer_already_answered", required=True)
    errors = fields.List(fields.Nested(FieldProblem), required=True)
    request_id = shapes.Text(most=64, example="0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a", required=True)
    facts = fields.Dict(metadata={"example": {"offer_id": "0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a"}})


class Document(Api):
    """flask-smorest's Api without its error handler and with the document corrected on the way out.

    The document is made when it is first asked for: a start that serves pages need not wait for it.
    """

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, **options)
        self._doors: list[Blueprint] = []
        self._making = Lock()

    def _register_error_handlers(self) -> None:
        """Errors are answered by web/errors.py alone."""

    def open(self, door: Blueprint) -> None:
        """Open a door of the API; it will stand in the document."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][door.name] = self
        self._app.register_blueprint(door)
        self._doors.append(door)

    @property
    def text(self) -> str:
        """The finished document, as it is served and as it stands in docs/."""
        with self._making:
            return self._text

    @cached_property
    def _text(self) -> str:
        for door in self._doors:
            door.describe()
            door.register_views_in_doc(self, self._app, self.spec, name=door.name, parameters=None)
            self.spec.tag({"name": door.name, "description": door.description})
        return json.dumps(finished(self.spec.to_dict()), indent=1, ensure_ascii=False) + "\n"

    def _openapi_json(self) -> Response:
        return Response(self.text, content_type="application/json")


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
    app.url_map.converters["key"] = paths.Key
    api = Document(app, spec_kwargs={"marshmallow_plugin": Plugin()})
    api.register_converter(paths.Key, paths.described)
    api.spec.components.security_scheme(
        "token", {"type": "http", "scheme": "bearer", "description": "An API token, `pcrm_user_…`."}
    )
    api.spec.components.schema("Problem", schema=ProblemView)
    app.register_blueprint(docs)
    app.extensions["document"] = api
    return api


def document(app: Flask) -> str:
    """Return the application's document as JSON text."""
    api: Document = app.extensions["document"]
    return api.text


docs = flask.Blueprint("api_docs", __name__, url_prefix="/api/docs")


@docs.get("/")
def browse() -> str:
    """Show the document in Swagger UI, started by a script of ours so that none stands in the page."""
    return render_template("api_docs.html", address=f"{PREFIX}/openapi.json")


@docs.get("/<path:name>")
def swagger_file(name: str) -> Response:
    """Serve Swagger UI's own files from the installed package."""
    return send_from_directory(str(_SWAGGER), name)
