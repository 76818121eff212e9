"""People and teams of an organization."""

from typing import Any

from flask import Flask

from tests.cast import Cast, Player
from tests.surfer import Surfer

PASSWORD = "a long enough sentence"


def add(cast: Cast, email: str, *, expect: int = 201, **fields: Any) -> Any:
    given = {"email": email, "name": "Uma", "roles": ["seller"], "password": PASSWORD} | fields
    return cast.ada.call("POST", "/users", json=given, expect=expect)


def tag(player: Player, path: str) -> str:
    found: str = player.response("GET", path).headers["ETag"]
    return found


def edit(cast: Cast, user_id: object, *, by: Player | None = None, expect: int = 200, **fields: Any) -> Any:
    player, path = by or cast.ada, f"/users/{user_id}"
    return player.call("PATCH", path, json=fields, if_match=tag(player, path), expect=expect)


def test_an_administrator_adds_a_person_who_can_then_sign_in(app: Flask, cast: Cast) -> None:
    added = add(cast, "Uma@Acme.example", roles=["seller", "executive"])

    assert (added["email"], added["roles"], added["disabled_at"]) == (
        "uma@acme.example",
        ["executive", "seller"],
        None,
    )
    assert "password" not in added
    assert cast.sam.call("GET", f"/users/{added['id']}", expect=200) == added
    surfer = Surfer(app)
    sent = {"email": "UMA@acme.example", "password": PASSWORD}
    assert surfer.send("/sign-in", sent, shown_on="/sign-in").status_code == 303


def test_an_address_is_taken_once_per_organization_whatever_its_case(cast: Cast) -> None:
    add(cast, "uma@acme.example")

    assert add(cast, "UMA@acme.example", expect=409)["code"] == "email_taken"


def test_what_is_wrong_with_a_person_is_said_at_once(cast: Cast) -> None:
    refused = add(cast, "nobody", expect=422, name=" ", roles=["owner"], password="short", locale="de")

    assert {error["field"] for error in refused["errors"]} == {"email", "name", "roles.0", "password", "locale"}
    assert add(cast, "uma@acme.example", roles=[], expect=422)["errors"][0]["field"] == "roles"


def test_only_administrators_add_and_edit_people(cast: Cast) -> None:
    given = {"email": "uma@acme.example", "name": "Uma", "roles": ["admin"], "password": PASSWORD}
    sam = cast.sam.actor.user_id
    for player in (cast.sam, cast.dana):
        assert player.call("POST", "/users", json=given, expect=403)["code"] == "not_allowed"
        edit(cast, sam, by=player, roles=["admin"], expect=403)
    cast.ines.call("PATCH", f"/users/{sam}", json={"name": "Taken"}, if_match='"x"', expect=404)
    cast.ines.call("GET", f"/users/{sam}", expect=404)


def test_fields_left_out_stay_and_an_old_copy_changes_nothing(cast: Cast) -> None:
    added = add(cast, "uma@acme.example")
    path = f"/users/{added['id']}"
    old = tag(cast.ada, path)

    changed = edit(cast, added["id"], name="Uma Thorn")

    assert changed == added | {"name": "Uma Thorn"}
    assert cast.ada.call("PATCH", path, json={"name": "Late"}, if_match=old, expect=412)["code"] == "stale"
    assert cast.ada.call("PATCH", path, json={"name": "Late"}, expect=428)["code"] == "match_required"
    assert cast.ada.call("GET", path, expect=200) == changed
    assert cast.ada.response("GET", path, headers={"If-None-Match": tag(cast.ada, path)}).status_code == 304
    assert cast.ada.response("GET", path, headers={"If-None-Match": old}).status_code == 200


def test_a_disabled_persons_session_and_tokens_end_at_once_and_no_new_one_begins(app: Flask, cast: Cast) -> None:
    surfer = Surfer.signed_in(app, "sam@acme.example")
    assert surfer.open("/").status_code == 200
    sam = cast.sam.actor.user_id

    disabled = edit(cast, sam, disabled=True)

    assert disabled["disabled_at"] is not None
    assert cast.sam.call("GET", "/me", expect=401)["code"] == "not_signed_in"
    assert surfer.open("/").headers["Location"].startswith("/sign-in")
    again = Surfer(app).send(
        "/sign-in", {"email": "sam@acme.example", "password": "correct horse battery"}, shown_on="/sign-in"
    )
    assert again.status_code == 401

    edit(cast, sam, disabled=False)
    assert surfer.open("/").headers["Location"].startswith("/sign-in")
    Surfer.signed_in(app, "sam@acme.example")


def test_a_role_taken_away_takes_its_scopes_from_tokens_at_once(cast: Cast) -> None:
    cast.dana.call("GET", "/leads", expect=200)

    edit(cast, cast.dana.actor.user_id, roles=["admin"])

    cast.dana.call("GET", "/leads", expect=403)
    me = cast.dana.call("GET", "/me", expect=200)
    assert me["roles"] == ["admin"]
    assert "identity:write" not in me["scopes"], "a token was given more than its maker held"


def test_the_last_administrator_stays(cast: Cast) -> None:
    ada = cast.ada.actor.user_id

    assert edit(cast, ada, roles=["seller"], expect=409)["code"] == "last_admin"
    assert edit(cast, ada, disabled=True, expect=409)["code"] == "last_admin"

    second = add(cast, "uma@acme.example", roles=["admin"])
    edit(cast, second["id"], disabled=True)
    assert edit(cast, ada, roles=["seller"], expect=409)["code"] == "last_admin"

    edit(cast, second["id"], disabled=False)
    edit(cast, ada, roles=["admin", "seller"])
    edit(cast, ada, roles=["seller"])


def test_people_belong_to_teams_of_their_own_organization(cast: Cast) -> None:
    central = cast.ada.call("POST", "/teams", json={"name": "Central"}, expect=201)
    assert cast.ada.call("POST", "/teams", json={"name": "Central"}, expect=409)["code"] == "team_name_taken"
    theirs = cast.ines.call("POST", "/teams", json={"name": "Central"}, expect=201)
    cast.sam.call("POST", "/teams", json={"name": "West"}, expect=403)

    added = add(cast, "uma@acme.example", team_id=central["id"])
    assert added["team_id"] == central["id"]
    assert cast.sam.call("GET", "/teams", expect=200)["items"] == [central]
    refused = edit(cast, added["id"], team_id=theirs["id"], expect=422)
    assert [error["field"] for error in refused["errors"]] == ["team_id"]
    assert edit(cast, added["id"], team_id=None)["team_id"] is None


def test_people_are_listed_page_by_page_in_the_order_asked_for(cast: Cast) -> None:
    names: list[str] = []
    query: dict[str, Any] = {"limit": 2, "sort": "-name"}
    while True:
        found = cast.sam.call("GET", "/users", query_string=query, expect=200)
        names += [person["name"] for person in found["items"]]
        if found["next"] is None:
            break
        query["cursor"] = found["next"]

    assert names == ["Sam", "Nora", "Dana", "Ada"]
