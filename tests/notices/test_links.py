"""Links in mails: looking changes nothing, an answer is given once, as the person is now, to nobody else."""

import re
import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import psycopg
import pytest
from flask import Flask

from partnercrm.identity.actions import passwords
from partnercrm.kernel import clock, db
from tests.cast import PASSWORD, Cast
from tests.factories import leads
from tests.factories.notices import Errands, told
from tests.notices.test_mailing import disabled_by, end, next_admin
from tests.post import PostOffice
from tests.servers import TestServer
from tests.surfer import Surfer

SECRET = "Secretive Ltd"
ACTS = {"accept": {}, "decline": {"reason": "no_capacity"}, "ask": {"question": "When?"}}


@pytest.fixture
def offered(cast: Cast, errands: Errands, office: PostOffice) -> tuple[str, dict[str, str]]:
    """An offer of Sam's, and the paths in Gina's mail by what they do."""
    made = leads.offer(cast.sam, cast.partnership_id, company_name=SECRET, need="Kite Basic")
    errands.run()
    message = next(one for one in office.arrived if one["To"] == cast.gina.email)
    text = message.get_body(("plain",)).get_content()
    paths = [urlsplit(found).path for found in re.findall(r"\S+/answer/\S+", text)]
    return made["id"], dict(zip(ACTS, paths, strict=True))


def status(cast: Cast, offer_id: str) -> str:
    found: str = cast.sam.call("GET", f"/offers/{offer_id}", expect=200)["status"]
    return found


def test_looking_shows_the_teaser_alone_and_changes_nothing(
    app: Flask, cast: Cast, offered: tuple[str, dict[str, str]]
) -> None:
    offer_id, paths = offered
    for path in paths.values():
        for method in ("GET", "HEAD", "GET"):
            answer = app.test_client().open(path, method=method)
            assert answer.status_code == 200
            assert "http-equiv" not in answer.text
            assert answer.headers["Cache-Control"] == "no-store"
            assert SECRET not in answer.text
    assert "Kite Basic" in app.test_client().get(paths["accept"]).text
    assert status(cast, offer_id) == "offered"


@pytest.mark.parametrize("act", ACTS)
def test_an_answer_is_given_once_and_recorded_as_through_a_link(
    act: str, cast: Cast, offered: tuple[str, dict[str, str]], database: str, test_server: TestServer
) -> None:
    offer_id, paths = offered
    surfer = Surfer(cast.app)

    done = surfer.send(paths[act], ACTS[act], shown_on=paths[act])
    again = Surfer(cast.app).post(paths[act], Surfer(cast.app).hidden("/sign-in") | ACTS[act])

    assert done.status_code == 200, done.text
    assert SECRET not in done.text
    assert again.status_code in {400, 409}
    assert "works once" in cast.app.test_client().get(paths[act]).text
    assert status(cast, offer_id) == {"accept": "accepted", "decline": "declined", "ask": "offered"}[act]
    if act == "ask":
        (asked,) = cast.sam.call("GET", f"/offers/{offer_id}/questions", expect=200)["items"]
        assert asked["question"] == "When?"
    with psycopg.connect(test_server.admin(database)) as connection:
        trail = connection.execute(
            "SELECT verb, user_id FROM activities"
            " WHERE request_id = (SELECT request_id FROM activities WHERE verb = 'mail_link.followed')"
        ).fetchall()
    verb = {"accept": "lead.accepted", "decline": "lead.declined", "ask": "lead.asked"}[act]
    assert set(trail) == {(verb, cast.gina.actor.user_id), ("mail_link.followed", cast.gina.actor.user_id)}


def test_fifty_clicks_at_once_are_one_answer(app: Flask, cast: Cast, offered: tuple[str, dict[str, str]]) -> None:
    offer_id, paths = offered
    codes: list[int] = []

    def click() -> None:
        surfer = Surfer(cast.app)
        hidden = surfer.hidden(paths["ask"])
        barrier.wait()
        codes.append(surfer.post(paths["ask"], hidden | ACTS["ask"]).status_code)

    barrier = threading.Barrier(8)
    threads = [threading.Thread(target=click) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(codes) == [200] + [409] * 7
    assert len(cast.sam.call("GET", f"/offers/{offer_id}/questions")["items"]) == 1


def test_a_wrong_form_is_shown_again_and_the_link_still_works(
    app: Flask, cast: Cast, offered: tuple[str, dict[str, str]]
) -> None:
    offer_id, paths = offered
    surfer = Surfer(cast.app)

    refused = surfer.send(paths["decline"], {"reason": "boredom"}, shown_on=paths["decline"])
    assert refused.status_code == 422
    assert status(cast, offer_id) == "offered"
    assert surfer.send(paths["decline"], ACTS["decline"], shown_on=paths["decline"]).status_code == 200


def test_somebody_else_who_is_signed_in_is_refused_and_the_person_is_not(
    app: Flask, cast: Cast, offered: tuple[str, dict[str, str]]
) -> None:
    offer_id, paths = offered
    for email in (cast.hank.email, cast.ines.email, cast.sam.email):
        other = Surfer.signed_in(app, email)
        assert other.open(paths["accept"]).status_code == 403
        assert "Kite Basic" not in other.open(paths["accept"]).text
        assert other.post(paths["accept"], other.hidden("/account")).status_code == 403
    assert status(cast, offer_id) == "offered"

    gina = Surfer.signed_in(app, cast.gina.email)
    assert gina.send(paths["accept"], {}, shown_on=paths["accept"]).status_code == 200


@pytest.mark.parametrize("reason", ["disabled", "released", "ended", "withdrawn", "demoted", "late", "accepted"])
def test_when_there_is_nothing_to_do_any_more_a_plain_page_says_so(
    app: Flask, cast: Cast, offered: tuple[str, dict[str, str]], reason: str
) -> None:
    offer_id, paths = offered
    surfer = Surfer(app)
    hidden = surfer.hidden(paths["accept"])
    now = datetime.now(UTC)
    if reason == "disabled":
        disabled_by(next_admin(cast), cast.gina)()
    elif reason == "released":
        members = cast.hank.call("GET", f"/partnerships/{cast.partnership_id}")["members"]
        gina = next(member["id"] for member in members if member["name"] == "Gina")
        cast.hank.call("POST", f"/partnerships/{cast.partnership_id}/members/{gina}/release", expect=200)
    elif reason == "ended":
        end(cast)
    elif reason == "withdrawn":
        leads.step(cast.sam, offer_id, "withdraw")
    elif reason == "accepted":
        leads.step(cast.hank, offer_id, "accept")
    elif reason == "demoted":
        admin, path = next_admin(cast), f"/users/{cast.gina.actor.user_id}"
        tag = admin.response("GET", path).headers["ETag"]
        admin.call("PATCH", path, json={"roles": ["executive"]}, if_match=tag, expect=200)
    else:
        now += timedelta(days=31)

    with clock.at(now):
        looked, clicked = app.test_client().get(paths["accept"]), surfer._client.post(paths["accept"], data=hidden)

    for answer in (looked, clicked):
        assert answer.status_code == 410
        assert "Nothing was done" in answer.text
        assert "Kite Basic" not in answer.text


@pytest.mark.parametrize("cut", ["disabled and enabled again", "password reset", "password changed"])
def test_links_sent_before_do_not_outlive_a_password_or_a_disabled_account(
    app: Flask, cast: Cast, offered: tuple[str, dict[str, str]], cut: str
) -> None:
    offer_id, paths = offered
    surfer = Surfer(app)
    hidden = surfer.hidden(paths["accept"])
    gina, admin, path = cast.gina.actor, next_admin(cast), f"/users/{cast.gina.actor.user_id}"
    if cut == "password reset":
        with db.transaction(admin.actor):
            passwords.reset_password(admin.actor, gina.user_id, "another good password")
    elif cut == "password changed":
        with db.transaction(gina):
            passwords.change_password(gina, PASSWORD, "another good password")
    else:
        disabled_by(admin, cast.gina)()
        tag = admin.response("GET", path).headers["ETag"]
        admin.call("PATCH", path, json={"disabled": False}, if_match=tag, expect=200)

    answers = app.test_client().get(paths["accept"]), surfer._client.post(paths["accept"], data=hidden)

    assert [answer.status_code for answer in answers] == [410, 410]
    assert status(cast, offer_id) == "offered"


def test_a_change_of_somebodys_name_voids_no_link(cast: Cast, offered: tuple[str, dict[str, str]], app: Flask) -> None:
    admin, path = next_admin(cast), f"/users/{cast.gina.actor.user_id}"
    tag = admin.response("GET", path).headers["ETag"]
    admin.call("PATCH", path, json={"name": "Gina Moss"}, if_match=tag, expect=200)

    assert app.test_client().get(offered[1]["accept"]).status_code == 200


@pytest.mark.parametrize("secret", ["pcrm_mail_x", "nothing", "pcrm_mail_000000000000000000000000000000000000"])
def test_an_invented_link_says_no_more_than_one_that_is_over(app: Flask, cast: Cast, secret: str) -> None:
    answer = app.test_client().get(f"/answer/{secret}")

    assert answer.status_code == 410
    assert "Nothing was done" in answer.text


def test_a_question_by_mail_is_told_to_the_giver_and_its_answer_to_those_who_asked(
    app: Flask, cast: Cast, errands: Errands, offered: tuple[str, dict[str, str]]
) -> None:
    offer_id, paths = offered
    Surfer(app).send(paths["ask"], ACTS["ask"], shown_on=paths["ask"])
    errands.run()
    assert told(cast.sam) == ["lead.asked"]

    (asked,) = cast.sam.call("GET", f"/offers/{offer_id}/questions")["items"]
    path = f"/offers/{offer_id}/questions/{asked['id']}/answer"
    cast.sam.call("POST", path, json={"answer": "Now."}, expect=200)
    errands.run()
    assert told(cast.gina)[0] == "lead.explained"
