"""Every door is declared: what it needs, what it answers, how it refuses, what it remembers."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from flask import Flask
from marshmallow import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from partnercrm.app import APIS
from partnercrm.identity.scopes import ALL_SCOPES
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor, any_of
from partnercrm.web import shapes
from partnercrm.web.endpoint import Door, operations
from partnercrm.web.operation import WRITES, Operation
from partnercrm.web.page import Pages
from tests.cast import Cast

OPERATIONS = operations(APIS)
OPEN_ROUTES = {
    "static": "the stylesheet and the script",
    "health.healthz": "tells nothing but that the process lives",
    "health.readyz": "tells nothing but that the database answers",
    "metrics.metrics": "figures of no tenant, behind a token or on loopback",
    "api-docs.openapi_json": "the document is public",
    "api_docs.browse": "the document is public",
    "problems.problems": "what codes mean is public",
    "api_docs.swagger_file": "files of an installed package",
    "cards.card": "shows what one seller reads of one account, to who holds a signed link, for minutes",
    "mail_links.ask": "shows what one link in a mail would do, to who holds its secret",
    "mail_links.answer": "does it once, as the person it was sent to",
    "mail_links.leave": "asks whether mails are to end, to who holds a signed link",
    "mail_links.unsubscribe": "ends them",
    "identity_pages.sign_in": "the way in",
    "identity_pages.enter": "the way in",
    "identity_pages.sign_in_again": "the way in, with what was typed before",
    "identity_pages.set_up": "the first run, behind the operator's code",
    "identity_pages.begin": "the first run, behind the operator's code",
    "identity_pages.invitation": "behind a link in a mail",
    "identity_pages.accept_invitation": "behind a link in a mail",
    "identity_pages.forgotten": "the way to another password",
    "identity_pages.ask_reset": "the way to another password",
    "identity_pages.reset": "behind a link in a mail",
    "identity_pages.use_reset": "behind a link in a mail",
}
FOR_EVERYONE = {"read_me": "a token may always ask whose it is"}
NEEDED_IN_QUERIES = {
    "read_account_as_partner": "?partnership_id=0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a",
    "list_alike_accounts": "?name=north",
    "search_accounts": "?q=north",
    "read_team_figures": "?month=2026-03",
    "try_routing": "?partnership_id=0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a",
}
REPLAYED_AS_SENT = {
    "change_agreement": "its answer holds what all people of the organization may read",
    "change_embedding": "its answer holds what every administrator may read",
    "change_retention": "its answer holds what every administrator may read",
    "close_ledger_period": "its answer holds a month and when it was closed",
    "correct_earnings": "its answer holds an id alone",
    "check_compensation_plan": "its answer holds what the caller itself sent",
    "check_deal": "its answer is not kept",
    "erase_person": "its answer holds counts alone",
    "export_person": "its answer is not kept",
    "import_earnings": "its answer holds counts alone",
    "import_enablement_results": "its answer holds counts alone",
    "import_leads": "its answer holds counts and an id",
    "make_card": "its answer is not kept",
    "make_card_by_key": "its answer is not kept",
    "preview_earnings": "its answer holds what pays the caller, and what they sent",
    "put_accounts": "its answer holds what the caller itself sent, and ids",
    "put_loss": "its answer holds what the caller itself sent, and an id",
    "put_leads": "its answer holds what the caller itself sent, and ids",
}
UNVERSIONED = {"retract_loss": "who tells it by key may not read it, and so knows no version; safe to repeat"}


def undeclared_routes(app: Flask, doors: Iterable[Door]) -> list[str]:
    declared = {f"{door.name}.{operation.endpoint}" for door in doors for operation in door.operations}
    for name, blueprint in app.blueprints.items():
        if isinstance(blueprint, Pages):
            declared |= {f"{name}.{endpoint}" for endpoint in blueprint.scopes}
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    return sorted(routes - declared - set(OPEN_ROUTES)) + sorted(set(OPEN_ROUTES) - routes)


def wrong_scopes(found: Iterable[Operation]) -> list[str]:
    return [
        operation.endpoint
        for operation in found
        if not ALL_SCOPES.issuperset(any_of(operation.scope))
        or (not any_of(operation.scope) and operation.endpoint not in FOR_EVERYONE)
    ]


def forgetful_writes(found: Iterable[Operation]) -> list[str]:
    """Return the writes whose replayed answer nobody checks against what the caller may see by then."""
    return [
        operation.endpoint
        for operation in found
        if operation.method in WRITES
        and operation.answers
        and not operation.rechecks
        and operation.endpoint not in REPLAYED_AS_SENT
    ]


def unreadable_examples(found: Iterable[Operation]) -> list[str]:
    wrong = []
    for operation in found:
        for shape in filter(None, (operation.body, operation.query, operation.form, operation.answers)):
            try:
                shown = shapes.example(shape())
                if shape is operation.query:
                    shown.pop("cursor", None)  # each installation signs its own
                shape().load(shown)
            except (ValidationError, LookupError) as error:
                wrong.append(f"{operation.endpoint}: {shape.__name__}: {error}")
    return wrong


def unguarded_updates(found: Iterable[Operation]) -> list[str]:
    """Return the PATCH and DELETE operations that do not ask for the version the change is based on."""
    asked = [one for one in found if one.method in {"PATCH", "DELETE"} and one.endpoint not in UNVERSIONED]
    return [one.endpoint for one in asked if not one.matches]


ALL = [operation for _, operation in OPERATIONS]
ACCEPT = next(operation for operation in ALL if operation.endpoint == "accept_offer")
EDIT = next(operation for operation in ALL if operation.endpoint == "edit_lead")


class Unreadable(shapes.Shape):
    """A shape whose example it refuses."""

    need = shapes.Text(most=3, example="too long")


@pytest.mark.parametrize("check", [wrong_scopes, forgetful_writes, unreadable_examples, unguarded_updates])
def test_every_operation_is_declared_in_full(check: object) -> None:
    assert check(ALL) == []


@pytest.mark.parametrize(
    ("check", "faulty"),
    [
        (wrong_scopes, replace(ACCEPT, scope=None)),
        (wrong_scopes, replace(ACCEPT, scope="leads:writ")),
        (wrong_scopes, replace(ACCEPT, scope=("leads:write", "leads:writ"))),
        (wrong_scopes, replace(ACCEPT, scope=())),
        (forgetful_writes, replace(ACCEPT, rechecks=None)),
        (unreadable_examples, replace(ACCEPT, body=Unreadable)),
        (unguarded_updates, replace(EDIT, matches=False)),
    ],
)
def test_a_faulty_declaration_is_found(check: object, faulty: Operation) -> None:
    assert len(check([faulty])) == 1


def test_every_route_is_declared(application: Flask) -> None:
    assert undeclared_routes(application, APIS) == []


def test_a_route_past_the_doors_is_found(application: Flask) -> None:
    assert undeclared_routes(application, APIS[1:])[0].startswith("identity.")


def test_a_door_without_a_scope_does_not_start() -> None:
    with pytest.raises(TypeError, match="declares no scope"):
        Door("faulty", prefix="/faulty", description="").get("/things", answers=None)


def test_operations_and_scopes_are_named_once() -> None:
    names = [operation.endpoint for operation in ALL]
    assert sorted(set(names)) == sorted(names)


def test_a_read_that_writes_is_stopped_by_the_database(app: Flask, cast: Cast) -> None:
    with pytest.raises(SQLAlchemyError, match="read-only transaction"), db.transaction(cast.sam.actor, read_only=True):
        db.session().execute(text("UPDATE leads SET notes = ''"))


def test_every_read_runs_in_a_read_only_transaction(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, bool] = {}
    open_transaction = db.transaction

    def watched(actor: Actor | None, *, read_only: bool = False) -> object:
        if actor is not None:
            seen["read_only"] = read_only
        return open_transaction(actor, read_only=read_only)

    monkeypatch.setattr(db, "transaction", watched)
    for path, operation in OPERATIONS:
        if operation.method == "GET":
            seen.clear()
            reader = cast.ada if operation.scope in {"activity:read", "identity:write"} else cast.dana
            reader.response("GET", concrete(path) + NEEDED_IN_QUERIES.get(operation.endpoint, ""))
            assert seen == {"read_only": True}, operation.endpoint


def concrete(path: str) -> str:
    """Return the path with ids nobody has, below /api/v1."""
    parts = path.removeprefix("/api/v1").split("/")
    return "/".join(
        "0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a" if part.startswith("<uuid:") else part.rpartition(":")[2].strip("<>")
        for part in parts
    )
