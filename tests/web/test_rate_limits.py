"""Allowances: counted in the database, told in headers."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from partnercrm.identity.authenticator import Recognition
from partnercrm.kernel import db
from partnercrm.kernel.errors import TooMany
from partnercrm.settings import settings
from partnercrm.web import authentication, errors, rate_limits, request_id
from partnercrm.web.rate_limits import allowance, spend
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


@pytest.mark.parametrize("written", ["", "10", "0 per minute", "10 per fortnight", "10 per 0 days", "ten per day"])
def test_an_allowance_that_cannot_be_read_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is no allowance such as"):
        allowance(written)


def test_allowances_are_read_by_the_seconds_they_last() -> None:
    found = [allowance(written) for written in ("1 per second", "1200 per minute", "10 per 15 minutes", "5 per 2 days")]

    assert [(one.most, one.seconds) for one in found] == [(1, 1), (1200, 60), (10, 900), (5, 172_800)]


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
    request_id.install(app)
    errors.install(app)
    authentication.install(app, Recognition())
    rate_limits.install(app)
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


def test_what_is_refused_and_what_is_not_there_is_counted_too(cast: Cast) -> None:
    asked = [("GET", "/me"), ("GET", "/nowhere"), ("POST", "/leads"), ("DELETE", "/me"), ("GET", "/me")]

    answers = [cast.sam.response(method, path) for method, path in asked]

    assert [answer.status_code for answer in answers] == [200, 404, 400, 405, 200]
    assert [left(answers[0]) - left(answer) for answer in answers] == [0, 1, 2, 3, 4]


def test_who_has_no_token_is_counted_by_address(app: Flask) -> None:
    client = app.test_client()

    answers = [client.get("/api/v1/me", environ_base={"REMOTE_ADDR": address}) for address in ("::2", "::2", "::3")]

    assert [answer.status_code for answer in answers] == [401] * 3
    assert [left(answer) for answer in answers] == [999_999, 999_998, 999_999]
