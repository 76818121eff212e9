"""Allowances: counted in PostgreSQL, so that every web process counts together, and told in headers."""

import hashlib
import math
import re
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, cast

from flask import Flask, Response, request
from sqlalchemy import text

from partnercrm.kernel import db
from partnercrm.kernel.errors import Told, TooMany
from partnercrm.settings import settings

COUNT: Final = (
    "INSERT INTO rate_counters AS counted (key, hits, expires_at)"
    " VALUES (:key, 1, clock_timestamp() + make_interval(secs => :seconds))"
    " ON CONFLICT (key) DO UPDATE SET"
    " hits = CASE WHEN counted.expires_at <= clock_timestamp() THEN 0 ELSE counted.hits END + 1,"
    " expires_at = CASE WHEN counted.expires_at <= clock_timestamp()"
    " THEN excluded.expires_at ELSE counted.expires_at END"
    " RETURNING hits, extract(epoch FROM expires_at) AS resets_at"
)
_COUNT_ALONE: Final = text(COUNT)
_NOTED: Final = "partnercrm.spent"
_SECONDS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_WRITTEN: Final = re.compile(r"([1-9][0-9]{0,9}) per (?:([1-9][0-9]{0,3}) )?(second|minute|hour|day)s?")


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much may be done in how many seconds, from the first time on."""

    most: int
    seconds: int

    def counter(self, *about: str) -> dict[str, Any]:
        """Return the values COUNT takes; the key is hashed, so no address or token is stored."""
        key = "/".join((f"{self.most} per {self.seconds}", *about))
        return {"key": hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest(), "seconds": self.seconds}


@dataclass(frozen=True, slots=True)
class Spent:
    """How often an allowance was used, this time included, and when it begins anew, in seconds since 1970."""

    allowance: Allowance
    hits: int
    resets_at: float

    def require_enough(self) -> None:
        """TooMany when more was used than allowed."""
        if self.hits > self.allowance.most:
            raise _too_many(self.resets_at)


@lru_cache
def allowance(written: str) -> Allowance:
    """Read an allowance such as `10 per 15 minutes`; ValueError for anything else."""
    read = _WRITTEN.fullmatch(written)
    if read is None:
        raise ValueError(Told("%(written)r is no allowance such as '10 per 15 minutes'.", written=written))
    most, times, unit = read.groups()
    return Allowance(int(most), int(times or 1) * _SECONDS[unit])


def spend(written: str, *about: str) -> None:
    """Use one of the allowance (`10 per minute`) of what is named; TooMany when it is used up."""
    allowed = allowance(written)
    [(hits, resets_at)] = db.alone(_COUNT_ALONE, allowed.counter(*about))
    Spent(allowed, hits, float(resets_at)).require_enough()


def note(spent: Spent) -> None:
    """Remember what the present request was counted as; in its own environment, as an application's may outlive it."""
    request.environ[_NOTED] = spent


def noted() -> Spent | None:
    """Return what the present request was counted as, if it was."""
    return cast("Spent | None", request.environ.get(_NOTED))


def install(app: Flask) -> None:
    """Tell callers in headers what is left of the allowance their request was counted against."""
    allowance(settings().request_rate)
    app.after_request(_tell)


def _tell(response: Response) -> Response:
    if spent := noted():
        response.headers["X-RateLimit-Limit"] = str(spent.allowance.most)
        response.headers["X-RateLimit-Remaining"] = str(max(0, spent.allowance.most - spent.hits))
        response.headers["X-RateLimit-Reset"] = str(int(spent.resets_at))
    return response


def _too_many(until: float) -> TooMany:
    seconds = max(1, round(until - time.time()))
    if seconds < 100:
        wait = Told("Too many requests. Try again in %(seconds)d seconds.", seconds=seconds)
    else:
        wait = Told("Too many requests. Try again in %(minutes)d minutes.", minutes=math.ceil(seconds / 60))
    return TooMany(wait, retry_after=seconds)
