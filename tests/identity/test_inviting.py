"""Invitations: a link that works once, for who was asked, as long as it was said, and opens nothing to others."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from flask import Flask

from partnercrm.identity import actions
from partnercrm.identity.errors import LinkSpent
from partnercrm.identity.secrets import fingerprint
from partnercrm.kernel import clock, mail
from tests.cast import Cast
from tests.mailbox import Post
from tests.servers import TestServer
from tests.surfer import Surfer

UMA = "uma@acme.example"
PASSWORD = "a long enough sentence"


def invite(cast: Cast, *, expect: int = 201, **fields: Any) -> Any:
    given = {"email": UMA, "name": "Uma", "roles": ["seller"]} | fields
    return cast.ada.call("POST", "/invitations", json=given, expect=expect)


def join(app: Flask, link: str, **fields: str) -> Any:
    surfer = Surfer(app)
    sent = {"link": link.partition("link=")[2], "name": "Uma Thorn", "password": PASSWORD} | fields
    return surfer, surfer.send("/invitation", sent, shown_on=link)


def test_an_invited_person_chooses_a_password_and_is_in(app: Flask, cast: Cast, post: Post) -> None:
    central = cast.ada.call("POST", "/teams", json={"name": "Central"}, expect=201)
    invited = invite(cast, email="Uma@Acme.example", roles=["seller", "executive"], team_id=central["id"])
    assert (invited["email"], invited["status"]) == (UMA, "open")

    link = post.link(UMA)
    shown = Surfer(app).open(link).text
    assert "Welcome to Acme" in shown
    assert UMA in shown
    surfer, answer = join(app, link)

    assert answer.headers["Location"] == "/"
    assert "Uma Thorn" in surfer.open("/").text
    (user,) = [one for one in cast.ada.call("GET", "/users", expect=200)["items"] if one["email"] == UMA]
    assert (user["name"], user["roles"], user["team_id"]) == ("Uma Thorn", ["executive", "seller"], central["id"])
    assert cast.ada.call("GET", f"/invitations/{invited['id']}", expect=200)["status"] == "accepted"
    again = Surfer(app).send("/sign-in", {"email": UMA, "password": PASSWORD}, shown_on="/sign-in")
    assert again.status_code == 303


def test_the_mail_says_who_asks_and_nothing_in_its_subject(cast: Cast, post: Post) -> None:
    invite(cast)

    (message,) = post.to(UMA)

    assert message["Subject"] == "You are invited to partnercrm"
    text = message.get_body(("plain",)).get_content()
    assert "Ada of Acme invites you" in text


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_mail_names_the_last_day_as_the_calendar_of_the_company_has_it(cast: Cast, post: Post, zone: str) -> None:
    """Twenty-five hours lie between the two: they never have the same day."""
    week = {"zone": zone, "week": {"monday": "09:00-17:00", "tuesday": "09:00-17:00"}}
    cast.ada.call("PUT", "/calendars/organization", json=week, expect=200)

    expires_at = datetime.fromisoformat(invite(cast)["expires_at"]).astimezone(ZoneInfo(zone))

    (message,) = post.to(UMA)
    assert f"until {expires_at:%b} {expires_at.day}, {expires_at.year}" in message.get_body(("plain",)).get_content()


def test_a_link_works_once(app: Flask, cast: Cast, post: Post) -> None:
    invite(cast)
    link = post.link(UMA)
    hidden = Surfer(app).hidden(link)
    join(app, link)

    spent = Surfer(app).open(link)
    assert spent.status_code == 410
    assert "does not work any more" in spent.text
    late = Surfer(app)
    sent = late.hidden("/sign-in") | {"link": link.partition("link=")[2], "name": "Mallory", "password": PASSWORD}
    assert late.post("/invitation", sent).status_code == 410
    assert hidden


def test_two_at_once_make_one_account(app: Flask, cast: Cast, post: Post) -> None:
    invite(cast)
    secret = post.link(UMA).partition("link=")[2]

    def accept(number: int) -> bool:
        with app.app_context():
            try:
                given = {"name": f"Uma {number}", "password": PASSWORD}
                actions.accept_invitation(secret, given, f"192.0.2.{number}", "")
            except LinkSpent:
                return False
            return True

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(accept, range(8))) == [False] * 7 + [True]


def test_sent_again_the_earlier_link_is_void_and_withdrawn_every_link_is(app: Flask, cast: Cast, post: Post) -> None:
    invited = invite(cast)
    first = post.link(UMA)
    cast.ada.call("POST", f"/invitations/{invited['id']}/resend", expect=200)
    assert Surfer(app).open(first).status_code == 410
    second = post.link(UMA)
    assert Surfer(app).open(second).status_code == 200

    cast.ada.call("POST", f"/invitations/{invited['id']}/withdraw", expect=200)

    assert Surfer(app).open(second).status_code == 410
    for verb in ("resend", "withdraw", "link"):
        refused = cast.ada.call("POST", f"/invitations/{invited['id']}/{verb}", expect=409)
        assert refused["code"] == "invitation_closed"
    invite(cast)


def test_an_invitation_expires_and_can_be_sent_again(app: Flask, cast: Cast, post: Post) -> None:
    with clock.at(datetime.now(UTC) - timedelta(days=8)):
        invited = invite(cast)
        link = post.link(UMA)
    assert Surfer(app).open(link).status_code == 410
    assert cast.ada.call("GET", f"/invitations/{invited['id']}", expect=200)["status"] == "expired"

    cast.ada.call("POST", f"/invitations/{invited['id']}/resend", expect=200)

    assert Surfer(app).open(post.link(UMA)).status_code == 200


def test_a_mail_that_comes_late_is_not_sent_for_what_was_withdrawn(cast: Cast, post: Post) -> None:
    invited = invite(cast)
    cast.ada.call("POST", f"/invitations/{invited['id']}/withdraw", expect=200)

    assert post.to(UMA) == []


def test_a_mail_that_comes_late_leaves_the_link_alone_that_was_handed_over(app: Flask, cast: Cast, post: Post) -> None:
    invited = invite(cast)
    link = cast.ada.call("POST", f"/invitations/{invited['id']}/link", expect=200)["link"]

    assert post.to(UMA) == []
    _, answer = join(app, "/" + link.partition("://")[2].partition("/")[2])
    assert answer.headers["Location"] == "/"


def test_a_mail_that_comes_late_is_not_sent_to_who_was_erased_and_not_tried_again(
    cast: Cast, post: Post, database: str, test_server: TestServer
) -> None:
    invite(cast)
    cast.ada.call("POST", "/people/erase", json={"email": UMA, "confirmed_email": UMA}, expect=200)

    assert post.to(UMA) == []
    with psycopg.connect(test_server.admin(database)) as connection:
        left = "SELECT count(*) FROM procrastinate.procrastinate_jobs WHERE task_name = 'identity.mail_invitation'"
        assert connection.execute(left).fetchall() == [(0,)]


def test_without_mail_an_administrator_hands_the_link_over(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "_way", None)
    invited = invite(cast)

    made = cast.ada.call("POST", f"/invitations/{invited['id']}/link", expect=200, key="once")
    again = cast.ada.call("POST", f"/invitations/{invited['id']}/link", expect=409, key="once")

    assert again["code"] == "already_done"
    _, answer = join(app, "/" + made["link"].partition("://")[2].partition("/")[2])
    assert answer.status_code == 303


def test_only_the_hash_of_a_links_secret_is_kept(
    cast: Cast, post: Post, database: str, test_server: TestServer
) -> None:
    invite(cast)
    with psycopg.connect(test_server.admin(database)) as connection:
        mails = "SELECT args FROM procrastinate.procrastinate_jobs WHERE task_name = 'identity.mail_invitation'"
        (args,) = connection.execute(mails).fetchall()
        assert set(args[0]) == {"organization_id", "invitation_id"}
    secret = post.link(UMA).partition("link=")[2]
    with psycopg.connect(test_server.admin(database)) as connection:
        ((kept,),) = connection.execute("SELECT secret_hash FROM invitations").fetchall()
    assert kept == fingerprint(secret)


def test_only_administrators_invite_and_only_people_of_their_own_domains(cast: Cast) -> None:
    given = {"email": UMA, "name": "Uma", "roles": ["seller"]}
    cast.dana.call("POST", "/invitations", json=given, expect=403)
    assert invite(cast, email="sam@acme.example", expect=409)["code"] == "email_taken"
    refused = invite(cast, email="hank@globex.example", roles=["owner"], expect=422)
    assert {error["field"] for error in refused["errors"]} == {"roles.0"}
    assert invite(cast, email="hank@globex.example", expect=422)["errors"][0]["field"] == "email"
    assert invite(cast, team_id=str(cast.partnership_id), expect=422)["errors"][0]["field"] == "team_id"

    invited = invite(cast)

    assert invite(cast, expect=409)["code"] == "invitation_open_already"
    for verb in ("resend", "withdraw", "link"):
        cast.ines.call("POST", f"/invitations/{invited['id']}/{verb}", expect=404)
    assert cast.ines.call("GET", "/invitations", expect=200)["items"] == []


def test_what_a_disabled_administrator_sent_opens_nothing(app: Flask, cast: Cast, post: Post) -> None:
    second = {"email": "ole@acme.example", "name": "Ole", "roles": ["admin"], "password": PASSWORD}
    cast.ada.call("POST", "/users", json=second, expect=201)
    invited = invite(cast)
    link = post.link(UMA)
    ada = f"/users/{cast.ada.actor.user_id}"
    tag = cast.ada.response("GET", ada).headers["ETag"]

    cast.ada.call("PATCH", ada, json={"disabled": True}, if_match=tag, expect=200)

    assert Surfer(app).open(link).status_code == 410
    assert invited["status"] == "open"


def test_a_weak_password_and_an_empty_name_are_named_and_the_link_still_works(
    app: Flask, cast: Cast, post: Post
) -> None:
    invite(cast)
    link = post.link(UMA)

    _, refused = join(app, link, name=" ", password="short")
    assert refused.status_code == 422
    assert 'href="#name"' in refused.text
    assert 'href="#password"' in refused.text

    _, answer = join(app, link)
    assert answer.status_code == 303
