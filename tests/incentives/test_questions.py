"""Questions about a statement: asked by who earned it, answered by who pays, by a clock, within one company."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from partnercrm.incentives import jobs
from partnercrm.kernel import clock
from tests.cast import Cast, Player
from tests.factories import earnings
from tests.surfer import Surfer

QUESTIONS = "/earning-questions"


@pytest.fixture
def posting(cast: Cast) -> str:
    """The newest posting of Sam's statement."""
    earnings.paid(cast)
    earnings.won(cast)
    earnings.follow(cast.dana)
    newest: str = cast.sam.call("GET", "/earnings/statement", expect=200)["items"][0]["id"]
    return newest


def ask(player: Player, posting: str, *, expect: int = 201) -> dict[str, str]:
    given = {"journal_id": posting, "question": "Why so little?"}
    told: dict[str, str] = player.call("POST", QUESTIONS, json=given, expect=expect)
    return told


def kinds(player: Player) -> list[str]:
    found = player.call("GET", "/notices", expect=200)["items"]
    return [one["kind"] for one in found if one["kind"].startswith("earning_question.")]


def test_a_question_shows_its_posting_to_who_pays_and_its_answer_to_who_asked(cast: Cast, posting: str) -> None:
    asked = ask(cast.sam, posting)
    assert (asked["status"], asked["answer"]) == ("open", None)
    assert ask(cast.sam, posting, expect=409)["code"] == "earning_question_open_already"

    read = cast.dana.call("GET", f"{QUESTIONS}/{asked['id']}", expect=200)
    assert read["about"] == cast.sam.call("GET", "/earnings/statement", expect=200)["items"][0]
    assert kinds(cast.dana) == ["earning_question.asked"]

    answer = {"answer": "Half of it is Nora's."}
    assert cast.dana.call("POST", f"{QUESTIONS}/{asked['id']}/answer", json=answer, expect=200)["status"] == "answered"
    assert cast.sam.call("GET", f"{QUESTIONS}/{asked['id']}", expect=200)["question"]["answer"] == answer["answer"]
    assert kinds(cast.sam) == ["earning_question.answered"]
    for player, verb in ((cast.dana, "answer"), (cast.sam, "withdraw")):
        options = {"json": answer} if verb == "answer" else {}
        player.call("POST", f"{QUESTIONS}/{asked['id']}/{verb}", expect=409, **options)
    assert ask(cast.sam, posting)["status"] == "open"
    assert [one["status"] for one in cast.sam.call("GET", f"{QUESTIONS}?sort=asked_at", expect=200)["items"]] == [
        "answered",
        "open",
    ]


def test_nobody_asks_about_what_is_a_colleagues_nor_answers_themselves(cast: Cast, posting: str) -> None:
    for player in (cast.nora, cast.dana, cast.gina, cast.hank, cast.ines):
        ask(player, posting, expect=404)
    asked = ask(cast.sam, posting)
    for player in (cast.nora, cast.gina, cast.hank):
        player.call("GET", f"{QUESTIONS}/{asked['id']}", expect=404)
        assert player.call("GET", QUESTIONS, expect=200)["items"] == []
    cast.sam.call("POST", f"{QUESTIONS}/{asked['id']}/answer", json={"answer": "Fine."}, expect=403)
    cast.dana.call("POST", f"{QUESTIONS}/{asked['id']}/withdraw", expect=403)
    assert cast.sam.call("POST", f"{QUESTIONS}/{asked['id']}/withdraw", expect=200)["status"] == "withdrawn"


def test_who_pays_is_reminded_of_what_is_overdue_and_of_nothing_that_is_done(cast: Cast, posting: str) -> None:
    organization = str(cast.sam.actor.organization_id)
    done = ask(cast.sam, posting)["id"]
    cast.sam.call("POST", f"{QUESTIONS}/{done}/withdraw", expect=200)
    jobs.remind_of_question(organization, done)
    assert "earning_question.overdue" not in kinds(cast.dana)

    asked = ask(cast.sam, posting)
    assert clock.now() + timedelta(days=4) < datetime.fromisoformat(asked["due_at"])
    jobs.remind_of_question(organization, asked["id"])
    jobs.remind_of_question(organization, asked["id"])
    assert kinds(cast.dana).count("earning_question.overdue") == kinds(cast.sam).count("earning_question.overdue") == 1


def test_it_is_asked_and_answered_on_pages(app: Flask, cast: Cast, posting: str) -> None:
    sam, dana = (Surfer.signed_in(app, f"{name}@acme.example") for name in ("sam", "dana"))
    page = f"/my-earnings/{posting}"
    assert page in sam.open("/my-earnings").text
    assert sam.send(f"{page}/ask", {"question": ""}, shown_on=page).status_code == 422
    question = sam.send(f"{page}/ask", {"question": "Why so little?"}, shown_on=page).location
    assert f"{page}/ask" not in sam.open(page).text

    assert question in dana.open("/earning-questions?status=open").text
    assert "Why so little?" in dana.open(question).text
    assert dana.send(f"{question}/answer", {"answer": "Look again."}, shown_on=question).status_code == 303
    assert "Look again." in sam.open(question).text
