"""What remains of a partnership that ended: what both agreed, for those who were in it; no other word, anywhere."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from flask import Flask
from psycopg import sql

from tests.cast import Cast, Player
from tests.factories import cases, leads, terms
from tests.partnerships.test_ending import end
from tests.servers import TestServer
from tests.surfer import Surfer

MARK = "zqxword"


def said(player: Player, path: str, *, expect: int, key: str | None = None, **given: Any) -> dict[str, Any]:
    """Send something under a key of its own, so that the answer is kept for whoever repeats it."""
    answer: dict[str, Any] = player.call("POST", path, json=given, key=key or path, expect=expect)
    return answer


@pytest.fixture
def spoken(cast: Cast) -> dict[str, str]:
    """Let both sides say something wherever a word can be typed; return the ids of what it stands on."""
    path, ids = f"/partnerships/{cast.partnership_id}", {"agreed": terms.propose(cast.dana, cast.partnership_id)["id"]}
    cast.hank.call("POST", f"/term-changes/{ids['agreed']}/accept", key="agree", expect=200)
    found = cast.dana.call("GET", path, expect=200)["terms"]
    (goal,), (criterion,) = found["goals"], found["criteria"]
    evidence = {"met_on": "2026-01-31", "evidence": f"{MARK}evidence"}
    said(cast.hank, f"{path}/criteria/{criterion['id']}/mark", expect=200, **evidence)
    moved = said(cast.hank, f"{path}/phase-moves", expect=201, note=f"{MARK}move", waiver=f"{MARK}waiver")
    draft = {"based_on": 2, "note": f"{MARK}draft", "terms": {"offer_days": 4}}
    cast.hank.call("PUT", f"{path}/term-draft", json=draft, expect=200)
    given = {"based_on": 2, "note": f"{MARK}change", "terms": {"offer_days": 3}}
    changed = said(cast.dana, f"{path}/term-changes", expect=201, **given)
    offer = leads.offer(cast.sam, cast.partnership_id, need=f"{MARK}need", contact_role=f"{MARK}role")
    said(cast.gina, f"/offers/{offer['id']}/questions", expect=201, question=f"{MARK}question")
    said(cast.gina, f"/offers/{offer['id']}/decline", expect=200, reason="no_capacity", note=f"{MARK}note")
    case = cases.case(cast.sam, cast, claim=f"{MARK}claim")
    said(cast.gina, f"/cases/{case['id']}/statements", expect=200, text=f"{MARK}statement")
    return ids | {"goal": goal["id"], "moved": moved["id"], "changed": changed["id"]}


def holding(test_server: TestServer, database: str) -> Iterator[tuple[str, str]]:
    """Yield every row in which a word of theirs stands, by table; stored answers as the text they are."""
    with psycopg.connect(test_server.admin(database)) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            row = "convert_from(body, 'UTF8')" if table == "idempotency_keys" else "r::text"
            query = sql.SQL("SELECT {} FROM {} r").format(sql.SQL(row), sql.Identifier(table))  # type: ignore[arg-type]
            yield from ((table, found) for (found,) in connection.execute(query) if found and MARK in found)


def test_no_word_that_was_not_agreed_is_left_in_any_row_or_answer(
    cast: Cast, spoken: dict[str, str], database: str, test_server: TestServer
) -> None:
    before = {table for table, _ in holding(test_server, database)}
    assert before >= {"idempotency_keys", "term_changes", "phase_moves", "criterion_marks", "offers", "case_entries"}

    end(cast)

    left = sorted(table for table, _ in holding(test_server, database))
    # Two tables are one side's own; the sealed record, which nobody reads any more, keeps the note to the decline.
    assert left == ["leads", "shared_activities", "term_drafts"]


def test_what_was_not_agreed_is_read_by_neither_side_and_repeated_to_nobody(cast: Cast, spoken: dict[str, str]) -> None:
    end(cast)
    path = f"/partnerships/{cast.partnership_id}"

    for player in (cast.dana, cast.hank):
        assert player.call("GET", f"{path}/term-changes", expect=200)["items"] == []
        for place in (f"/term-changes/{spoken['changed']}", f"/term-changes/{spoken['agreed']}"):
            player.call("GET", place, expect=404)
        player.call("GET", f"/phase-moves/{spoken['moved']}", expect=404)
        standing = player.call("GET", f"{path}/phase", expect=200)
        assert (standing["moves"], [one["marks"] for one in standing["criteria"]]) == ([], [[]])
    given = {"based_on": 2, "note": f"{MARK}change", "terms": {"offer_days": 3}}
    repeated = cast.dana.response("POST", f"{path}/term-changes", key=f"{path}/term-changes", json=given)
    assert (repeated.status_code, MARK in repeated.text) == (404, False)


def test_what_was_agreed_stays_readable_without_the_words_beside_it(cast: Cast, spoken: dict[str, str]) -> None:
    end(cast)
    path = f"/partnerships/{cast.partnership_id}"

    for player in (cast.dana, cast.sam, cast.ada, cast.gina):
        versions = player.call("GET", f"{path}/terms", expect=200)["items"]
        assert [(one["terms"]["version"], one["note"]) for one in versions] == [(2, ""), (1, "")]
        assert versions[0]["terms"]["goals"][0]["text"] == terms.GOAL["text"]
        ended = player.call("GET", path, expect=200)
        assert (ended["status"], ended["members"], ended["ended_at"] is None) == ("ended", [], False)


def test_of_an_ended_partnership_colleagues_who_were_not_in_it_read_nothing(cast: Cast, spoken: dict[str, str]) -> None:
    path = f"/partnerships/{cast.partnership_id}"
    assert cast.nora.call("GET", path, expect=200)["status"] == "proof_of_concept"
    end(cast)

    never = cast.nora.response("GET", f"/partnerships/{UUID(int=7)}")
    for place in (path, f"{path}/terms", f"{path}/term-changes", f"{path}/phase", f"{path}/goals"):
        told = cast.nora.response("GET", place)
        assert (told.status_code, told.json["code"], told.json["title"]) == (404, "not_found", never.json["title"])
    assert cast.nora.call("GET", "/partnerships", expect=200)["items"] == []
    assert len(cast.sam.call("GET", "/partnerships", expect=200)["items"]) == 1


def test_who_was_released_before_the_end_is_no_longer_in_it(cast: Cast) -> None:
    path = f"/partnerships/{cast.partnership_id}"
    (sam,) = [one for one in cast.dana.call("GET", path, expect=200)["members"] if one["name"] == "Sam"]
    cast.dana.call("POST", f"{path}/members/{sam['id']}/release", expect=200)
    end(cast)

    cast.sam.call("GET", path, expect=404)
    cast.dana.call("GET", path, expect=200)


def test_a_value_entered_for_a_goal_is_not_repeated_after_the_end(cast: Cast) -> None:
    goal = {"text": "Both are content", "measure": "entered", "target": 8, "due_on": "2040-12-31"}
    (agreed,) = terms.agree(cast, goals=[goal])["goals"]
    path = f"/partnerships/{cast.partnership_id}/goals/{agreed['id']}/readings"
    reading = {"value": 5, "read_on": "2026-01-31", "note": MARK}
    first = cast.hank.response("POST", path, json=reading, key="goal")
    assert cast.hank.response("POST", path, json=reading, key="goal").data == first.data
    end(cast)

    repeated = cast.hank.response("POST", path, json=reading, key="goal")

    assert (repeated.status_code, repeated.json["code"]) == (409, "already_done")


def test_nothing_waits_for_an_answer_once_the_partnership_ended(app: Flask, cast: Cast) -> None:
    change = terms.propose(cast.dana, cast.partnership_id, offer_days=3)["id"]
    hank = Surfer.signed_in(app, "hank@globex.example")
    assert "A change of the terms waits" in hank.open("/").text
    end(cast)

    assert "A change of the terms waits" not in hank.open("/").text
    assert hank.open(f"/term-changes/{change}").status_code == 404
    assert "A change waits" not in hank.open(f"/partnerships/{cast.partnership_id}/terms").text
