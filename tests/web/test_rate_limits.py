"""Allowances: counted in the database, told in headers."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from partnercrm.kernel import db
from partnercrm.kernel.errors import TooMany
from partnercrm.settings import settings
from partnercrm.web import rate_limits, request_id
from partnercrm.web.rate_limits import spend
from tests.cast import Cast


def test_an_allowance_is_spent_and_then_says_when_to_come_back(app: Flask) -> None:
    spend("2 per minute", "anything")
    spend("2 per minute", "anything")

    with pytest.raises(TooMany) as refused:
        spend("2 per minute", "anything")

    assert 1 <= refused.value.facts["retry_after"] <= 60
    assert str(refused.value) == f"Too many requests. Try again in {refused.value.facts['retry_after']} seconds."
    spend("2 per minute", "something else")


def test_several_connections_count_together_and_write_no_names_down(app: Flask) -> None:
    def spent(_: int) -> bool:
        with app.app_context():
            try:
                spend("10 per minute", "sam@acme.example")
            except TooMany:
                return False
            return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(spent, range(30))) == 10
    with db.transaction(None, read_only=True) as session:
        kept = session.execute(text("SELECT key, hits FROM rate_counters")).all()
    assert 30 in {hits for _, hits in kept}
    assert "acme" not in str(kept)


def test_a_long_wait_is_told_in_minutes(app: Flask) -> None:
    spend("1 per 15 minutes", "anything")

    with pytest.raises(TooMany, match=r"Try again in 15 minutes\.$"):
        spend("1 per 15 minutes", "anything")


def left(answer: TestResponse) -> int:
    return int(answer.headers["X-RateLimit-Remaining"])


def test_an_allowance_is_the_callers_whatever_it_asks_for(cast: Cast) -> None:
    asked = ["/me", "/leads", "/me", "/offers"]

    answers = [cast.sam.response("GET", path) for path in asked]

    assert [left(answers[0]) - left(answer) for answer in answers] == [0, 1, 2, 3]
    assert left(cast.sam.response("POST", "/leads", json={})) == left(answers[0]) - 4
    assert left(cast.sam.response("GET", "/me", headers={"Authorization": f"bearer  {cast.sam.token}"})) == (
        left(answers[0]) - 5
    )
    assert left(cast.gina.response("GET", "/me")) == left(answers[0])


def test_every_answer_tells_what_is_left_and_only_a_refusal_how_long_to_wait(cast: Cast) -> None:
    answer = cast.sam.response("GET", "/leads")

    assert int(answer.headers["X-RateLimit-Limit"]) == 1_000_000
    assert 0 <= int(answer.headers["X-RateLimit-Reset"]) - time.time() <= 61
    assert "Retry-After" not in answer.headers


def test_who_has_used_up_the_allowance_is_told_how_long_to_wait(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERCRM_REQUEST_RATE", "2 per minute")
    settings.cache_clear()
    app = Flask("small")
    app.config["SQLALCHEMY_DATABASE_URI"] = db.db.engine.url
    db.db.init_app(app)
    rate_limits.install(app)
    request_id.install(app)
    app.add_url_rule("/api/v1/a", "a", lambda: "a")
    app.add_url_rule("/api/v1/b", "b", lambda: "b")
    client = app.test_client()

    answers = [client.get(path) for path in ("/api/v1/a", "/api/v1/b", "/api/v1/a")]
    with app.app_context():
        db.db.engine.dispose()
    monkeypatch.undo()
    settings.cache_clear()

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert left(answers[2]) == 0
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
    assert answers[2].get_json()["code"] == "too_many"
