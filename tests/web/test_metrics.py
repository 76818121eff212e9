"""Figures for operators."""

from collections.abc import Iterator

import pytest
from flask import Flask
from prometheus_client import REGISTRY

from partnercrm.settings import settings
from partnercrm.web import metrics
from tests.cast import Cast


@pytest.fixture
def token(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The token of an installation whose figures are read from elsewhere."""
    monkeypatch.setenv("PARTNERCRM_METRICS_TOKEN", "operators-only")
    settings.cache_clear()
    yield "operators-only"
    monkeypatch.undo()
    settings.cache_clear()


def test_requests_are_counted_by_endpoint_and_status_and_nothing_of_a_tenant_is_told(cast: Cast) -> None:
    made = cast.sam.call("POST", "/leads", json={"company_name": "Contoso", "need": "Kite"}, expect=201)
    cast.gina.call("GET", f"/leads/{made['id']}", expect=404)

    told = cast.app.test_client().get("/metrics").text

    [line] = [
        line for line in told.splitlines() if "requests_total{" in line and 'read_lead"' in line and '"404"' in line
    ]
    assert float(line.rpartition(" ")[2]) >= 1
    for private in (made["id"], "Contoso", "acme", str(cast.sam.actor.organization_id)):
        assert private not in told


def test_without_a_token_only_loopback_itself_is_answered(cast: Cast) -> None:
    client = cast.app.test_client()

    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"}).status_code == 200
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404


def test_with_a_token_only_its_bearer_is_answered_from_anywhere(cast: Cast, token: str) -> None:
    client = cast.app.test_client()

    def status(written: str) -> int:
        headers = {"Authorization": written} if written else {}
        return client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code

    assert status(f"Bearer {token}") == 200
    assert [status(written) for written in ("", token, f"Bearer {token}x", "Bearer é")] == [404] * 4


def test_methods_that_callers_make_up_are_one_figure() -> None:
    for method in ("BREW", "X" * 5000):
        metrics.observe(method, "made-up", 405, 0.01)

    labels = [sample.labels for metric in REGISTRY.collect() for sample in metric.samples]
    assert {each["method"] for each in labels if each.get("endpoint") == "made-up"} == {"other"}
