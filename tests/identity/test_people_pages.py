"""What an administrator does about people, by page."""

import re

import pytest
from flask import Flask

from partnercrm.kernel import mail
from tests.cast import PASSWORD, Cast
from tests.mailbox import Post
from tests.surfer import Surfer


def version(page: str) -> str:
    found = re.search(r'name="version" value="([^"]+)"', page)
    assert found
    return found[1]


def person(cast: Cast, name: str = "sam") -> str:
    return f"/people/{getattr(cast, name).actor.user_id}"


def test_an_administrator_invites_sends_again_and_withdraws(app: Flask, cast: Cast, post: Post) -> None:
    ada = Surfer.signed_in(app, "ada@acme.example")
    sent = {"email": "uma@acme.example", "name": "Uma", "roles": ["seller", "executive"]}
    assert ada.send("/people/invite", sent, shown_on="/people").status_code == 303
    page = ada.open("/people").text
    assert "is on its way" in page
    assert "Seller, Executive" in page or "Executive, Seller" in page
    (invited,) = set(re.findall(r"/invitations/([0-9a-f-]{36})/resend", page))
    first = post.link("uma@acme.example")

    ada.send(f"/invitations/{invited}/resend", {}, shown_on="/people")
    assert Surfer(app).open(first).status_code == 410
    assert post.link("uma@acme.example") != first
    ada.send(f"/invitations/{invited}/withdraw", {}, shown_on="/people")

    assert "Uma" not in ada.open("/people").text


def test_a_refused_invitation_keeps_every_role_that_was_ticked(app: Flask, cast: Cast) -> None:
    ada = Surfer.signed_in(app, "ada@acme.example")
    sent = {"email": "uma@globex.example", "name": "Uma", "roles": ["partner_manager", "executive"]}

    refused = ada.send("/people/invite", sent, shown_on="/people")

    assert refused.status_code == 422
    assert "end in @acme.example" in refused.text
    ticked = re.findall(r'type="checkbox" value="(\w+)" checked', refused.text)
    assert ticked == ["partner_manager", "executive"]


def test_without_mail_the_page_makes_a_link_to_hand_over(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "_way", None)
    ada = Surfer.signed_in(app, "ada@acme.example")
    sent = {"email": "uma@acme.example", "name": "Uma", "roles": ["seller"]}
    ada.send("/people/invite", sent, shown_on="/people")
    page = ada.open("/people").text
    assert "Send again" not in page
    (invited,) = set(re.findall(r"/invitations/([0-9a-f-]{36})/link", page))

    shown = ada.send(f"/invitations/{invited}/link", {}, shown_on="/people").text

    (link,) = re.findall(r"https?://[^/]+(/invitation\?link=\w+)<", shown)
    assert Surfer(app).open(link).status_code == 200
    assert link not in ada.open("/people").text


def test_roles_and_team_are_changed_and_a_team_taken_away(app: Flask, cast: Cast) -> None:
    ada = Surfer.signed_in(app, "ada@acme.example")
    ada.send("/organization/teams", {"name": "Central"}, shown_on="/organization")
    (team,) = cast.ada.call("GET", "/teams", expect=200)["items"]
    path = person(cast)
    page = ada.open(path).text
    assert re.findall(r'type="checkbox" value="(\w+)" checked', page) == ["seller"]
    sent = {"name": "Sam Okafor", "roles": ["seller", "partner_manager"], "team_id": team["id"]}
    assert ada.send(f"{path}/edit", sent | {"version": version(page)}, shown_on=path).status_code == 303
    user = cast.ada.call("GET", f"/users/{cast.sam.actor.user_id}", expect=200)
    assert (user["name"], user["roles"], user["team_id"]) == ("Sam Okafor", ["partner_manager", "seller"], team["id"])
    assert re.search(r"Central</th><td[^>]*>1</td>", ada.open("/organization").text)

    sent = {"name": "Sam", "roles": ["seller"], "version": version(ada.open(path).text)}
    ada.send(f"{path}/edit", sent, shown_on=path)
    assert cast.ada.call("GET", f"/users/{cast.sam.actor.user_id}", expect=200)["team_id"] is None

    stale = ada.send(f"{path}/edit", sent, shown_on=path)
    assert stale.status_code == 409
    nobody = ada.send(f"{path}/edit", {"name": "", "version": version(ada.open(path).text)}, shown_on=path)
    assert nobody.status_code == 303, "fields left out stay"


def test_an_account_is_disabled_and_enabled_by_page(app: Flask, cast: Cast, post: Post) -> None:
    ada, sam = Surfer.signed_in(app, "ada@acme.example"), Surfer.signed_in(app, "sam@acme.example")
    path = person(cast)
    ada.send(f"{path}/end-sessions", {}, shown_on=path)
    assert sam.open("/").status_code == 303
    ada.send(f"{path}/start-reset", {}, shown_on=path)
    assert post.link("sam@acme.example")

    ada.send(f"{path}/disable", {"version": version(ada.open(path).text)}, shown_on=path)
    assert "Disabled on" in ada.open(path).text
    assert (
        Surfer(app)
        .send("/sign-in", {"email": "sam@acme.example", "password": PASSWORD}, shown_on="/sign-in")
        .status_code
        == 401
    )
    ada.send(f"{path}/enable", {"version": version(ada.open(path).text)}, shown_on=path)
    Surfer.signed_in(app, "sam@acme.example")


def test_the_last_administrator_is_told_so(app: Flask, cast: Cast) -> None:
    ada = Surfer.signed_in(app, "ada@acme.example")
    path = person(cast, "ada")
    page = ada.open(path).text
    assert "Disable the account" not in page

    refused = ada.send(f"{path}/edit", {"name": "Ada", "roles": ["seller"], "version": version(page)}, shown_on=path)

    assert refused.status_code == 409
    assert "last administrator" in refused.text


def test_others_see_no_such_pages(app: Flask, cast: Cast) -> None:
    dana = Surfer.signed_in(app, "dana@acme.example")
    for path in ("/people", person(cast), "/organization"):
        assert dana.open(path).status_code == 403
        assert f'href="{path}"' not in dana.open("/").text
