"""Allowances: Flask-Limiter counting in PostgreSQL, so that every web process counts together."""

import hashlib
import math
import time
from functools import partial
from typing import Final

from flask import Flask, Response, g, request
from flask_limiter import Limiter, RateLimitExceeded
from limits import parse
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from partnercrm.kernel import db
from partnercrm.kernel.errors import TooMany
from partnercrm.settings import settings
from partnercrm.web.errors import problem

_INCREASE: Final = text(
    "INSERT INTO rate_counters AS counted (key, hits, expires_at)"
    " VALUES (:key, :amount, clock_timestamp() + make_interval(secs => :expiry))"
    " ON CONFLICT (key) DO UPDATE SET"
    " hits = CASE WHEN counted.expires_at <= clock_timestamp() THEN 0 ELSE counted.hits END + excluded.hits,"
    " expires_at = CASE WHEN counted.expires_at <= clock_timestamp()"
    " THEN excluded.expires_at ELSE counted.expires_at END"
    " RETURNING hits, extract(epoch FROM expires_at)"
)
_QUICK: Final = text("SET LOCAL synchronous_commit = off")


class PostgresStorage(Storage):
    """Counters in the unlogged table `rate_counters`; keys are hashed, so no address or token is stored."""

    STORAGE_SCHEME = ["partnercrm"]  # noqa: RUF012 - the base class reads a list

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the storage may raise of its own."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` under `key` for `expiry` seconds; return the new count."""
        with db.aside(None) as session:
            session.execute(_QUICK)
            values = {"key": _hashed(key), "amount": amount, "expiry": expiry}
            hits, expires_at = session.execute(_INCREASE, values).one()
        _counted()[key] = (int(hits), float(expires_at))
        return int(hits)

    def get(self, key: str) -> int:
        """Return the count as it stood when this request was counted; asking again would cost a transaction."""
        return _counted().get(key, (0, 0.0))[0]

    def get_expiry(self, key: str) -> float:
        """Return when the counter starts anew, in seconds since 1970, as this request found it."""
        return _counted().get(key, (0, time.time()))[1]

    def check(self) -> bool:
        """Tell whether the storage can be reached."""
        return True

    def reset(self) -> int | None:
        """Forget all counters; not offered."""
        return None

    def clear(self, key: str) -> None:
        """Forget one counter."""
        with db.aside(None) as session:
            session.execute(text("DELETE FROM rate_counters WHERE key = :key"), {"key": _hashed(key)})


_storage = PostgresStorage()
_windows = FixedWindowRateLimiter(_storage)


def spend(allowance: str, *about: str) -> None:
    """Use one of the allowance (`10 per minute`) of what is named; TooMany when it is used up."""
    item = parse(allowance)
    if not _windows.hit(item, *about):
        reset = _windows.get_window_stats(item, *about).reset_time
        raise _too_many(reset)


def install(app: Flask) -> None:
    """Limit requests per caller, whatever they ask for, and say so in headers."""
    limiter = Limiter(
        _caller,
        application_limits=[settings().request_rate],
        application_limits_per_method=False,
        storage_uri="partnercrm://",
        strategy="fixed-window",
    )
    limiter.request_filter(lambda: not request.path.startswith("/api/v1/"))
    limiter.init_app(app)
    app.after_request(partial(_tell, limiter))
    app.register_error_handler(RateLimitExceeded, partial(_exceeded, limiter))


def _tell(limiter: Limiter, response: Response) -> Response:
    """Add what is left; flask-limiter's own headers would put Retry-After on every answer."""
    if spent := limiter.current_limit:
        response.headers["X-RateLimit-Limit"] = str(spent.limit.amount)
        response.headers["X-RateLimit-Remaining"] = str(spent.remaining)
        response.headers["X-RateLimit-Reset"] = str(spent.reset_at)
    return response


def _counted() -> dict[str, tuple[int, float]]:
    """Return what this request counted: (count, expiry) by key."""
    counted: dict[str, tuple[int, float]] = g.setdefault("counted", {})
    return counted


def _caller() -> str:
    _scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return f"token:{token.strip()}" if token else f"address:{request.remote_addr}"


def _exceeded(limiter: Limiter, _error: Exception) -> Response:
    spent = limiter.current_limit
    return problem(_too_many(spent.window[0] if spent else 0))


def _too_many(until: float) -> TooMany:
    seconds = max(1, round(until - time.time()))
    wait = f"{seconds} seconds" if seconds < 100 else f"{math.ceil(seconds / 60)} minutes"
    return TooMany(f"Too many requests. Try again in {wait}.", retry_after=seconds)


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
