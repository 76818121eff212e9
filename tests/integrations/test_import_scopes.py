"""What an import asks for is what entering its rows asks for: one scope of the two, and nothing of the other kind."""

import io
from typing import Any

import pytest
from flask import Flask

from partnercrm.identity import actions as identity
from partnercrm.identity.scopes import scopes_of
from partnercrm.kernel import db
from tests.cast import Cast, Player, person
from tests.factories import imports

STEPS = {
    "read": ("GET", "", {}),
    "change": ("PATCH", "", {"json": {"decimal_mark": "comma"}, "if_match": '"any"'}),
    "preview": ("GET", "/preview", {}),
    "start": ("POST", "/start", {"json": {}}),
    "resume": ("POST", "/resume", {}),
    "cancel": ("POST", "/cancel", {}),
    "undo": ("POST", "/undo", {}),
    "wrong rows": ("GET", "/wrong-rows", {}),
    "wrong rows as a file": ("GET", "/wrong-rows.csv", {}),
}
KINDS = ("leads", "accounts")
ROWS = {"leads": "1,Contoso,Kite\n", "accounts": "1,Contoso,,,,,,,\n"}


def holding(player: Player, *scopes: str) -> Player:
    """Return the player with a token that holds these scopes alone."""
    with db.transaction(player.actor):
        return Player(player.app, player.email, identity.make_token(player.actor, {"name": "t", "scopes": scopes})[1])


def sent(player: Player, kind: str) -> dict[str, Any]:
    return imports.of_accounts(player, ROWS[kind]) if kind == "accounts" else imports.sent(player, ROWS[kind])


@pytest.fixture
def program(app: Flask, cast: Cast) -> Player:
    """Acme's CRM, whose account may do what programs may."""
    return person(app, cast.sam.actor.organization_id, "CRM", "crm@acme.example", "integration")


@pytest.mark.parametrize("kind", KINDS)
def test_with_one_scope_alone_a_file_goes_the_whole_way(cast: Cast, program: Player, kind: str) -> None:
    player = holding(program, f"{kind}:write")

    one = sent(player, kind)
    player.call("GET", f"/imports/{one['id']}/preview", expect=200)
    done = imports.run(player, one)

    assert (done["state"], done["entered"]) == ("applied", 1)
    assert [found["id"] for found in player.call("GET", "/imports", expect=200)["items"]] == [one["id"]]
    player.call("POST", f"/imports/{one['id']}/undo", expect=200)
    imports.undo(player, one["id"])
    assert player.call("GET", f"/imports/{one['id']}", expect=200)["state"] == "undone"
    other = sent(player, kind)
    assert player.call("POST", f"/imports/{other['id']}/cancel", expect=200)["state"] == "cancelled"


@pytest.mark.parametrize("kind", KINDS)
def test_with_one_scope_nothing_of_the_other_kind_is_sent(program: Player, kind: str) -> None:
    (other,) = set(KINDS) - {kind}
    player = holding(program, f"{other}:write")
    path = "/imports"
    body = {"connector": "crm", "kind": kind, "file": (io.BytesIO(b"id,name\n1,Contoso\n"), "f.csv")}

    refused = player.call("POST", path, data=body, expect=403)

    assert (refused["code"], refused["detail"]) == ("not_allowed", f"This needs the scope {kind}:write.")
    assert program.call("GET", path, expect=200)["items"] == []


def test_without_a_kind_a_file_is_one_of_leads(program: Player) -> None:
    body = {"connector": "crm", "file": (io.BytesIO(b"id,name\n1,Contoso\n"), "f.csv")}
    holding(program, "accounts:write").call("POST", "/imports", data=body, expect=403)
    body["file"] = (io.BytesIO(b"id,account,product\n1,Contoso,Kite\n"), "f.csv")
    given = body | {"mapping": imports.MAPPING}
    assert holding(program, "accounts:write").response("POST", "/leads/import", data=given).status_code == 403


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", ["ready", "applied", "failed"])
@pytest.mark.parametrize("more", [(), ("leads:all", "leads:read", "accounts:read")], ids=["alone", "and readers'"])
def test_imports_of_the_other_kind_look_as_if_they_never_were(
    program: Player, kind: str, state: str, more: tuple[str, ...]
) -> None:
    (other,) = set(KINDS) - {kind}
    one = sent(program, kind)
    if state == "applied":
        imports.run(program, one)
    elif state == "failed":
        imports.fail(program, one)
    before = program.response("GET", f"/imports/{one['id']}").data
    player, never = holding(program, f"{other}:write", *more), "0192f0c1-2b3c-4d4e-8f5a-6b7c8d9e0f1a"

    for name, (method, path, options) in STEPS.items():
        found = player.response(method, f"/imports/{one['id']}{path}", **options)
        missing = player.response(method, f"/imports/{never}{path}", **options)
        assert (name, found.status_code, found.json["title"]) == (name, 404, missing.json["title"])
    assert player.call("GET", "/imports", expect=200)["items"] == []
    assert player.call("GET", f"/imports?kind={kind}", expect=200)["items"] == []
    assert program.response("GET", f"/imports/{one['id']}").data == before


@pytest.mark.parametrize("scopes", [("accounts:read", "leads:read", "leads:all"), ("reports:read",)])
def test_without_either_scope_there_are_no_imports(program: Player, scopes: tuple[str, ...]) -> None:
    one, player = sent(program, "accounts"), holding(program, *scopes)

    told = player.call("GET", "/imports", expect=403)["detail"]
    assert told == "This needs the scope leads:write or accounts:write."
    for method, path, options in STEPS.values():
        assert player.response(method, f"/imports/{one['id']}{path}", **options).status_code == 403


def test_a_retry_shows_no_import_of_a_kind_that_is_not_the_callers_any_more(cast: Cast) -> None:
    one = sent(cast.sam, "accounts")
    path = f"/imports/{one['id']}/cancel"
    cast.sam.call("POST", path, key="once", expect=200)
    user = cast.ada.response("GET", f"/users/{cast.sam.actor.user_id}")
    change = {"roles": ["executive"]}
    cast.ada.call("PATCH", f"/users/{user.json['id']}", json=change, if_match=user.headers["ETag"], expect=200)

    assert cast.sam.response("POST", path, key="once").status_code == 403


def test_colleagues_and_partners_reach_no_import_of_accounts(cast: Cast, program: Player) -> None:
    one = sent(holding(cast.sam, "accounts:write"), "accounts")

    for player in (holding(cast.nora, "accounts:write"), cast.nora, cast.gina, cast.hank, cast.ines):
        for method, path, options in STEPS.values():
            assert player.response(method, f"/imports/{one['id']}{path}", **options).status_code == 404


def test_every_role_that_enters_accounts_imports_them() -> None:
    for role in ("seller", "partner_manager", "integration"):
        assert {"accounts:write", "leads:write"} <= scopes_of([role])
