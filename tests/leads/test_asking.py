"""Questions about an offered lead: the receiver asks, the giver answers, both read."""

import psycopg
import pytest

from tests.cast import Cast
from tests.factories import leads
from tests.servers import TestServer


def test_the_receiver_asks_the_giver_answers_and_both_read(cast: Cast) -> None:
    made = leads.offer(cast.sam, cast.partnership_id)
    path = f"/offers/{made['id']}/questions"
    asked = cast.gina.call("POST", path, json={"question": "Do they decide this year?"}, expect=201)
    assert (asked["answer"], asked["answered_at"]) == (None, None)

    answered = cast.sam.call("POST", f"{path}/{asked['id']}/answer", json={"answer": "In spring."}, expect=200)

    assert answered["answer"] == "In spring."
    for player in (cast.sam, cast.gina, cast.dana, cast.hank):
        assert player.call("GET", path, expect=200)["items"] == [answered]
    for player in (cast.ines, cast.nora):
        player.call("GET", path, expect=404)
        player.call("POST", path, json={"question": "?"}, expect=404)
        player.call("POST", f"{path}/{asked['id']}/answer", json={"answer": "?"}, expect=404)


def test_questions_come_in_pages_in_either_order(cast: Cast) -> None:
    path = f"/offers/{leads.offer(cast.sam, cast.partnership_id)['id']}/questions"
    for text in ("First?", "Second?", "Third?"):
        cast.gina.call("POST", path, json={"question": text}, expect=201)

    first = cast.sam.call("GET", f"{path}?limit=2", expect=200)
    rest = cast.sam.call("GET", f"{path}?limit=2&cursor={first['next']}", expect=200)
    newest = cast.sam.call("GET", f"{path}?limit=1&sort=-asked_at", expect=200)

    told = [[one["question"] for one in page["items"]] for page in (first, rest, newest)]
    assert (told, rest["next"]) == ([["First?", "Second?"], ["Third?"], ["Third?"]], None)


def test_each_side_speaks_its_own_part_once(cast: Cast) -> None:
    made = leads.offer(cast.sam, cast.partnership_id)
    path = f"/offers/{made['id']}/questions"
    asked = cast.gina.call("POST", path, json={"question": "When?"}, expect=201)
    for player, to, body in (
        (cast.sam, path, {"question": "When?"}),
        (cast.gina, f"{path}/{asked['id']}/answer", {"answer": "Now."}),
    ):
        assert player.call("POST", to, json=body, expect=409)["code"] == "questions_closed"
    cast.sam.call("POST", f"{path}/{asked['id']}/answer", json={"answer": "Now."}, expect=200)
    again = cast.sam.call("POST", f"{path}/{asked['id']}/answer", json={"answer": "Later."}, expect=409)
    assert again["code"] == "question_answered"


@pytest.mark.parametrize(("status", "expect"), [("accepted", 201), ("declined", 409), ("won", 409)])
def test_questions_are_for_leads_in_progress(cast: Cast, status: str, expect: int) -> None:
    made = leads.offer_at(cast, status)
    cast.gina.call("POST", f"/offers/{made['id']}/questions", json={"question": "When?"}, expect=expect)


def test_a_question_has_words_and_an_end(cast: Cast) -> None:
    made = leads.offer(cast.sam, cast.partnership_id)
    for wrong in ({}, {"question": ""}, {"question": "  "}, {"question": "x" * 2001}, {"question": None}):
        refused = cast.gina.call("POST", f"/offers/{made['id']}/questions", json=wrong, expect=422)
        assert [error["field"] for error in refused["errors"]] == ["question"]


def test_with_the_partnership_its_questions_are_gone(cast: Cast, database: str, test_server: TestServer) -> None:
    made = leads.offer(cast.sam, cast.partnership_id)
    cast.gina.call("POST", f"/offers/{made['id']}/questions", json={"question": "When?"}, expect=201)
    path = f"/partnerships/{cast.partnership_id}"
    cast.dana.call("POST", f"{path}/end", if_match=cast.dana.response("GET", path).headers["ETag"], expect=200)

    with psycopg.connect(test_server.admin(database)) as connection:
        assert connection.execute("SELECT count(*) FROM offer_questions").fetchone() == (0,)
