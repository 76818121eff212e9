"""Figures for operators: counts and durations by endpoint and status, nothing of any tenant."""

import hmac
from typing import Final

from flask import Blueprint, Response, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from partnercrm.kernel.errors import NotFound
from partnercrm.settings import settings

REQUESTS = Counter("partnercrm_requests", "Requests answered.", ["method", "endpoint", "status"])
SECONDS = Histogram("partnercrm_request_seconds", "Time to answer a request.", ["method", "endpoint"])
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

doors = Blueprint("metrics", __name__)


def observe(method: str, endpoint: str, status: int, seconds: float) -> None:
    """Count one answered request; methods that callers make up are one."""
    method = method if method in _METHODS else "other"
    REQUESTS.labels(method, endpoint, str(status)).inc()
    SECONDS.labels(method, endpoint).observe(seconds)


@doors.get("/metrics")
def metrics() -> Response:
    """Answer Prometheus; with the metrics token, or without one on loopback only."""
    token = settings().metrics_token
    if token is None:
        if request.remote_addr not in {"127.0.0.1", "::1"} or "X-Forwarded-For" in request.headers:
            raise NotFound
    elif not hmac.compare_digest(
        request.headers.get("Authorization", "").encode(), f"Bearer {token.get_secret_value()}".encode()
    ):
        raise NotFound
    registry = REGISTRY
    if settings().web_processes > 1:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
