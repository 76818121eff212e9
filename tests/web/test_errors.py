"""Refusals, outages and faults, told in one voice."""

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import create_engine

from partnercrm.kernel.db import db
from tests.cast import Cast


@pytest.fixture
def unreachable(app: Flask) -> Iterator[None]:
    """A database that nobody answers for."""
    before = db.engines[None]
    db.engines[None] = create_engine("postgresql+psycopg://nobody@/nowhere?host=/nonexistent")
    yield
    db.engines[None].dispose()
    db.engines[None] = before


def test_an_outage_is_told_with_when_to_come_back_and_logged_in_one_line(
    cast: Cast, unreachable: None, caplog: pytest.LogCaptureFixture
) -> None:
    answer = cast.sam.response("GET", "/leads")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.content_type == "application/problem+json"
    told = answer.json
    assert (told["code"], told["status"], told["request_id"]) == (
        "unavailable",
        503,
        answer.headers["X-Request-ID"],
    )
    assert "nowhere" not in answer.text
    lines = [record for record in caplog.records if record.levelname in {"ERROR", "WARNING"}]
    assert [record.msg["event"] for record in lines] == ["database.unavailable"]  # type: ignore[index]
    assert lines[0].exc_info is None


def test_readiness_follows_the_database_and_liveness_does_not(cast: Cast, unreachable: None) -> None:
    client = cast.app.test_client()
    assert client.get("/healthz").data == b"ok\n"
    unready = client.get("/readyz")
    assert (unready.status_code, unready.headers["Retry-After"]) == (503, "5")


def test_a_process_with_its_database_is_ready(cast: Cast) -> None:
    assert cast.app.test_client().get("/readyz").data == b"ready\n"


def test_a_fault_is_told_without_its_trace_and_logged_with_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**_: object) -> None:
        raise LookupError("the secret inside")

    endpoint, _ = cast.app.url_map.bind("localhost").match("/api/v1/leads", method="GET")
    monkeypatch.setitem(cast.app.view_functions, endpoint, broken)

    answer = cast.sam.response("GET", "/leads")

    assert (answer.status_code, answer.json["code"]) == (500, "internal_error")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]
    [line] = [record.msg for record in caplog.records if record.levelname == "ERROR"]
    assert isinstance(line, dict)
    assert (line["event"], line["error"]) == ("request.failed", "LookupError")


def test_what_the_framework_refuses_speaks_the_same_and_keeps_its_headers(cast: Cast) -> None:
    client = cast.app.test_client()
    unknown, wrong_verb = client.get("/api/v1/nothing"), client.put("/api/v1/leads")

    assert (unknown.status_code, unknown.json["code"]) == (404, "not_found")
    assert (wrong_verb.status_code, wrong_verb.json["code"]) == (405, "method_not_allowed")
    assert set(wrong_verb.headers["Allow"].replace(" ", "").split(",")) >= {"GET", "POST"}
    assert unknown.content_type == wrong_verb.content_type == "application/problem+json"
    page = client.get("/nothing")
    assert (page.status_code, page.content_type) == (404, "text/html; charset=utf-8")


def test_hidden_and_missing_read_alike_but_for_the_requests_own_id(cast: Cast) -> None:
    made = cast.sam.call("POST", "/leads", json={"company_name": "Contoso", "need": "Kite"}, expect=201)
    missing = made["id"][:-4] + ("0000" if made["id"][-4:] != "0000" else "1111")

    answers = [cast.gina.response("GET", f"/leads/{one}") for one in (made["id"], missing)]

    bodies = [json.loads(answer.data) | {"request_id": ""} for answer in answers]
    assert bodies[0] == bodies[1]
    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize(
    ("sent", "is_taken"),
    [("0123abcd-9", True), ("4bf92f3577b34da6a3ce929d0e0e4736", True), ("ada.lovelace-7", False), ("deadbeef", False)],
)
def test_a_request_keeps_the_id_it_was_sent_with_where_no_name_can_stand_in_it(
    cast: Cast, sent: str, *, is_taken: bool
) -> None:
    answer = cast.sam.response("GET", "/leads", headers={"X-Request-Id": sent})

    assert (answer.headers["X-Request-ID"] == sent) == is_taken
