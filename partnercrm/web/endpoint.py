"""The one way an API operation is declared: scope, shapes, refusals; actor, transaction and retries follow."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial, wraps
from typing import Any, TypeVar

from flask import Response, current_app, request
from flask_smorest import Blueprint

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import MatchRequired, Refusal
from partnercrm.web import authentication, idempotency, parsing, uploads
from partnercrm.web.documenting import documented
from partnercrm.web.operation import Operation
from partnercrm.web.paging import Page
from partnercrm.web.writing import as_json, writer

Function = TypeVar("Function", bound=Callable[..., Any])


class Door(Blueprint):
    """A slice's API operations. Each function gets `(actor, *path values, given=…, query=…, expected=…)`."""

    ARGUMENTS_PARSER = parsing.parser

    def __init__(self, name: str, *, prefix: str, description: str) -> None:
        super().__init__(name, f"partnercrm.{name}", url_prefix=prefix, description=description)
        self.operations: list[Operation] = []

    def describe(self) -> None:
        """Say of every operation what the document says of it beyond its docstring."""
        for operation in self.operations:
            self._docs[operation.endpoint][operation.method.lower()]["manual_doc"] = documented(operation)

    def get(self, path: str, **declared: Any) -> Callable[[Function], Function]:
        """Declare a read; runs READ ONLY."""
        return self._operation("GET", path, declared)

    def post(self, path: str, **declared: Any) -> Callable[[Function], Function]:
        """Declare a creation or a verb."""
        return self._operation("POST", path, declared)

    def put(self, path: str, **declared: Any) -> Callable[[Function], Function]:
        """Declare a creation or replacement under a name the caller chose.

        With `replaces` it needs If-Match where something stands there already; `expected` is None without.
        """
        return self._operation("PUT", path, declared)

    def patch(self, path: str, **declared: Any) -> Callable[[Function], Function]:
        """Declare an update of the fields sent; needs If-Match."""
        return self._operation("PATCH", path, {"matches": True} | declared)

    def delete(self, path: str, **declared: Any) -> Callable[[Function], Function]:
        """Declare a removal; needs If-Match."""
        return self._operation("DELETE", path, {"matches": True, "status": 204} | declared)

    def _operation(self, method: str, path: str, declared: dict[str, Any]) -> Callable[[Function], Function]:
        if "scope" not in declared:
            raise TypeError(f"{method} {path} declares no scope")
        declared.setdefault("status", 200)
        declared.setdefault("answers", None)

        def register(function: Function) -> Function:
            operation = Operation(method, path, function.__name__, **declared)
            self.operations.append(operation)
            view: Callable[..., Any] = _worker(operation, function)
            if operation.body:
                view = self.arguments(operation.body(), arg_name="given")(view)
            if operation.form:
                view = self.arguments(operation.form(), location="form", arg_name="given")(view)
            if operation.query:
                view = self.arguments(operation.query(), location="query", arg_name="query")(view)
            view = _guarded(operation, view)
            self.add_url_rule(path, function.__name__, view, methods=[method])
            if operation.form:
                uploads.take_files(f"{self.name}.{function.__name__}", authentication.caller)
            return function

        return register


def _guarded(operation: Operation, view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def guarded(**path: Any) -> Response:
        actor = authentication.caller()
        authentication.require(actor, operation.scope)
        try:
            parsing.refuse_undeclared(operation)
            response: Response = view(**path)
        except Refusal as refusal:
            _must_be_declared(operation, refusal)
            raise
        return response

    return guarded


def _worker(operation: Operation, function: Callable[..., Any]) -> Callable[..., Response]:
    @wraps(function)
    def work(**arguments: Any) -> Response:
        once = partial(_worked, operation, function, authentication.caller_found(), arguments)
        # A file that was read cannot be read from its beginning again.
        return once() if operation.files else db.untangled(once)

    return work


def _worked(operation: Operation, function: Callable[..., Any], actor: Actor, arguments: Mapping[str, Any]) -> Response:
    read_only = operation.method == "GET"
    with db.transaction(actor, read_only=read_only):
        attempt = None
        if not read_only:
            attempt = idempotency.attempt(actor, request.headers.get("Idempotency-Key"))
            if attempt and (earlier := attempt.earlier(operation.rechecks)):
                return earlier
        expected: dict[str, str | None] = {}
        if operation.matches:
            expected = {"expected": _if_match()}
        elif operation.replaces:
            expected = {"expected": request.headers.get("If-Match") or None}
        result = function(actor, **arguments, **expected)
        response = rendered(operation, result)
        if attempt:
            attempt.keep(response, result, secret=operation.secret)
    return response


def rendered(operation: Operation, result: Any) -> Response:
    """Return the operation's result as bytes with its ETag; 304 when the caller has them already."""
    if isinstance(result, Response):
        return result
    if operation.answers is None:
        return Response(status=operation.status)
    write = writer(operation.answers)
    if isinstance(result, Page):
        shown: Any = {"items": [write(item) for item in result.items], "next": result.next}
    else:
        shown = write(result)
    response = Response(as_json(shown), status=operation.status, content_type="application/json")
    tag = getattr(result, "version_tag", None)
    if tag is not None:
        response.set_etag(tag)
        if operation.method == "GET":
            response.make_conditional(request)
    return response


def _if_match() -> str:
    sent = request.headers.get("If-Match")
    if not sent:
        raise MatchRequired
    return sent


def _must_be_declared(operation: Operation, refusal: Refusal) -> None:
    if current_app.testing and not isinstance(refusal, operation.refusals()):
        raise AssertionError(f"{operation.endpoint} does not declare {type(refusal).__name__}") from refusal


def operations(doors: Sequence[Door]) -> list[tuple[str, Operation]]:
    """Return every operation of the doors as (full path, operation)."""
    return [(f"{door.url_prefix}{operation.path}", operation) for door in doors for operation in door.operations]
