"""A lost password: asked for by anybody with one answer and one work, chosen behind a link that works once."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event

from partnercrm.identity import actions
from partnercrm.identity.errors import LinkSpent
from partnercrm.kernel import clock, db, mail
from partnercrm.kernel.errors import TooMany
from partnercrm.settings import settings
from tests.cast import PASSWORD, Cast
from tests.identity.test_pages import _without_varying
from tests.mailbox import Post
from tests.servers import TestServer
from tests.surfer import Surfer

SAM = "sam@acme.example"
FRESH = "another long enough sentence"


def ask(app: Flask, email: str = SAM) -> str:
    answer = Surfer(app).send("/password/forgotten", {"email": email}, shown_on="/password/forgotten")
    assert answer.status_code == 200
    return answer.text


def use(app: Flask, link: str, password: str = FRESH) -> int:
    sent = {"link": link.partition("link=")[2], "password": password}
    return Surfer(app).send("/password/reset", sent, shown_on=link).status_code


def sign_in(app: Flask, password: str) -> int:
    return Surfer(app).send("/sign-in", {"email": SAM, "password": password}, shown_on="/sign-in").status_code


def test_a_person_chooses_another_password_and_every_session_ends(app: Flask, cast: Cast, post: Post) -> None:
    before = Surfer.signed_in(app, SAM)
    ask(app, "SAM@acme.example")
    link = post.link(SAM)
    assert Surfer(app).open(link).status_code == 200

    assert use(app, link, "short") == 422
    assert use(app, link) == 303

    assert before.open("/").status_code == 303
    assert (sign_in(app, PASSWORD), sign_in(app, FRESH)) == (401, 303)
    cast.sam.call("GET", "/me", expect=200)
    assert Surfer(app).open(link).status_code == 410
    with pytest.raises(LinkSpent):
        actions.use_reset(link.partition("link=")[2], PASSWORD, "192.0.2.1")


def test_known_and_unknown_addresses_get_one_answer_for_the_same_statements(app: Flask, cast: Cast, post: Post) -> None:
    answers, works = [], []
    for email in (SAM, "nobody@acme.example"):
        sent: list[str] = []

        def note(connection: object, cursor: object, statement: str, *rest: object, to: list[str] = sent) -> None:
            to.append(statement)

        event.listen(db.db.engine, "before_cursor_execute", note)
        answers.append(_without_varying(ask(app, email)))
        event.remove(db.db.engine, "before_cursor_execute", note)
        works.append(sent)

    assert answers[0] == answers[1]
    assert works[0] == works[1]
    assert len(works[0]) > 3
    assert len(post.to(SAM)) == 1
    assert post.to("nobody@acme.example") == []


def test_the_address_is_forgotten_once_it_was_looked_up_and_the_web_server_cannot_read_it(
    app: Flask, cast: Cast, post: Post, database: str, test_server: TestServer
) -> None:
    ask(app)
    with psycopg.connect(test_server.admin(database)) as connection:
        assert len(connection.execute("SELECT 1 FROM reset_requests").fetchall()) == 1
        jobs = connection.execute("SELECT args::text FROM procrastinate.procrastinate_jobs").fetchall()
        assert SAM not in str(jobs)
    with (
        psycopg.connect(test_server.url("app", database).replace("+psycopg", "")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("SELECT * FROM reset_requests")

    post.work()

    with psycopg.connect(test_server.admin(database)) as connection:
        assert connection.execute("SELECT 1 FROM reset_requests").fetchall() == []


def test_a_link_works_for_an_hour(app: Flask, cast: Cast, post: Post) -> None:
    with clock.at(datetime.now(UTC) - timedelta(minutes=61)):
        ask(app)
        link = post.link(SAM)

    assert Surfer(app).open(link).status_code == 410
    with pytest.raises(LinkSpent):
        actions.use_reset(link.partition("link=")[2], FRESH, "192.0.2.1")


def test_only_the_newest_link_works_and_a_second_one_does_not_follow_at_once(
    app: Flask, cast: Cast, post: Post
) -> None:
    with clock.at(datetime.now(UTC) - timedelta(minutes=5)):
        ask(app)
        first = post.link(SAM)
        ask(app)
        assert post.to(SAM) == []

    ask(app)
    second = post.link(SAM)

    assert Surfer(app).open(first).status_code == 410
    assert use(app, second) == 303


def test_a_disabled_account_gets_no_link_and_the_link_it_has_is_void(app: Flask, cast: Cast, post: Post) -> None:
    ask(app)
    link = post.link(SAM)
    sam = f"/users/{cast.sam.actor.user_id}"
    tag = cast.ada.response("GET", sam).headers["ETag"]

    cast.ada.call("PATCH", sam, json={"disabled": True}, if_match=tag, expect=200)

    assert Surfer(app).open(link).status_code == 410
    ask(app)
    assert post.to(SAM) == []
    assert cast.ada.call("POST", f"{sam}/start-reset", expect=409)["code"] == "account_disabled"
    tag = cast.ada.response("GET", sam).headers["ETag"]
    cast.ada.call("PATCH", sam, json={"disabled": False}, if_match=tag, expect=200)
    assert Surfer(app).open(link).status_code == 410


def test_an_administrator_starts_a_reset_and_learns_nothing(app: Flask, cast: Cast, post: Post) -> None:
    sam = cast.sam.actor.user_id
    cast.dana.call("POST", f"/users/{sam}/start-reset", expect=403)
    cast.ines.call("POST", f"/users/{sam}/start-reset", expect=404)

    answer = cast.ada.response("POST", f"/users/{sam}/start-reset")

    assert "pcrm_" not in answer.text
    assert sign_in(app, PASSWORD) == 303
    assert use(app, post.link(SAM)) == 303


def test_without_mail_the_page_says_who_can_help(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "_way", None)

    assert "Whoever runs it" in Surfer(app).open("/password/forgotten").text
    refused = cast.ada.call("POST", f"/users/{cast.sam.actor.user_id}/start-reset", expect=409)
    assert refused["code"] == "mail_not_set_up"


def test_asking_is_throttled_per_account_and_per_address_as_signing_in_is(
    app: Flask, cast: Cast, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "sign_in_rate_account", "2 per hour")
    monkeypatch.setattr(settings(), "sign_in_rate_address", "3 per hour")
    for _ in range(2):
        actions.ask_reset(SAM, "192.0.2.1")
    with pytest.raises(TooMany):
        actions.ask_reset(SAM.upper(), "192.0.2.1")
    with pytest.raises(TooMany):
        actions.ask_reset("nobody@acme.example", "192.0.2.1")
    actions.sign_in(SAM, PASSWORD, "192.0.2.1")


def test_what_is_no_address_is_said(app: Flask, cast: Cast) -> None:
    answer = Surfer(app).send("/password/forgotten", {"email": "nobody"}, shown_on="/password/forgotten")

    assert answer.status_code == 422
    assert 'href="#email"' in answer.text
