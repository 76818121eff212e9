"""How races and faults are answered, and what of them reaches the log."""

import json
import logging
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DataError

from partnercrm.kernel import db
from partnercrm.leads.actions import keeping
from tests.cast import Cast

KEYED = {"connector": "crm", "external_id": "a", "company_name": "Contoso", "need": "Kite"}
NAME = "Robin Vale"


def test_what_only_one_can_do_done_twice_is_a_conflict_and_no_fault(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def enter(*_: Any) -> None:
        counted = text("INSERT INTO rate_counters (key, hits, expires_at) VALUES ('same', 1, now())")
        for _time in range(2):
            db.session().execute(counted)

    monkeypatch.setattr(keeping, "enter_lead", enter)

    refused = cast.sam.call("POST", "/leads", json=KEYED, expect=409)

    assert refused["code"] == "done_at_the_same_moment"


def test_a_fault_of_the_database_is_logged_by_what_broke_and_never_with_values(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def enter(*_: Any) -> None:
        try:
            db.session().execute(text("SELECT CAST(:name AS integer)"), {"name": NAME})
        except DataError as error:
            raise RuntimeError("Entering failed.") from error

    monkeypatch.setattr(keeping, "enter_lead", enter)
    handler = logging.getLogger().handlers[0]
    written: list[str] = []
    monkeypatch.setattr(handler, "emit", lambda record: written.append(handler.format(record)))

    cast.sam.call("POST", "/leads", json=KEYED, expect=500)

    [fault] = [line for line in map(json.loads, written) if line["event"] == "request.failed"]
    assert NAME not in json.dumps(fault)
    assert "Entering failed." in fault["exception"]
    assert "InvalidTextRepresentation: 22P02" in fault["exception"]


def test_the_engine_keeps_parameters_out_of_its_errors(app: Flask) -> None:
    assert app.config["SQLALCHEMY_ENGINE_OPTIONS"]["hide_parameters"] is True
