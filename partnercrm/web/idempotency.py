"""Retries without doubles: the first answer under an Idempotency-Key is kept and replayed, byte for byte."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import Response, request
from sqlalchemy import ForeignKey, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.db import Base
from partnercrm.kernel.errors import Conflict, Invalid, Malformed

_TRY: Final = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:lock, 0))")
KEPT_HEADERS = ("Content-Type", "ETag", "Location")


class RequestInFlight(Conflict):
    """The first request under this key has not ended."""

    title = "A request with this Idempotency-Key is still being worked on. Try again shortly."


class IdempotencyKeyReused(Invalid):
    """The key was used for something else."""

    title = "This Idempotency-Key was used for a different request."


class AlreadyDone(Conflict):
    """The first request succeeded, and its answer held a secret that is not kept."""

    title = "This was done already; its answer held a secret and cannot be shown again."


class StoredAnswer(Base):
    """The answer given under a key; owned by the organization that asked."""

    __tablename__ = "idempotency_keys"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    principal_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int]
    headers: Mapped[dict[str, str]] = mapped_column(JSONB)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    subject_id: Mapped[UUID | None]
    partnership_id: Mapped[UUID | None]
    created_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request under a key: where its answer is looked up and kept."""

    actor: Actor
    key: str
    fingerprint: bytes

    def earlier(self, recheck: Callable[[Actor, UUID], Any] | None) -> Response | None:
        """Return the answer given before, if any; `recheck` raises when the actor may no longer see its subject.

        Raises RequestInFlight, IdempotencyKeyReused or AlreadyDone.
        """
        lock = f"{self.actor.organization_id}/{self.actor.principal}/{self.key}"
        [(got,)] = db.rows(_TRY, {"lock": lock})
        if not got:
            raise RequestInFlight
        stored = db.session().get(StoredAnswer, (self.actor.organization_id, self.actor.principal, self.key))
        if stored is None:
            return None
        if stored.fingerprint != self.fingerprint:
            raise IdempotencyKeyReused
        if stored.subject_id is not None and recheck is not None:
            recheck(self.actor, stored.subject_id)
        if stored.body is None:
            raise AlreadyDone(id=stored.subject_id)
        response = Response(stored.body, stored.status, stored.headers)
        response.headers["Idempotency-Replayed"] = "true"
        return response

    def keep(self, response: Response, result: Any, *, secret: bool) -> None:
        """Keep the answer about a thing in the same transaction as the work; the end of its partnership empties it."""
        db.insert(
            StoredAnswer(
                organization_id=self.actor.organization_id,
                principal_id=self.actor.principal,
                key=self.key,
                fingerprint=self.fingerprint,
                status=response.status_code,
                headers={name: response.headers[name] for name in KEPT_HEADERS if name in response.headers},
                body=None if secret else response.get_data(),
                subject_id=getattr(result, "id", None),
                partnership_id=getattr(result, "partnership_id", None),
                created_at=clock.now(),
            )
        )


def attempt(actor: Actor, key: str | None) -> Attempt | None:
    """Return the attempt the present request makes under its key; None without one. Malformed for a bad key."""
    if key is None:
        return None
    if not 1 <= len(key) <= 255 or not key.isascii() or not key.isprintable():
        raise Malformed("An Idempotency-Key is 1 to 255 printable ASCII characters.")
    return Attempt(actor, key, _fingerprint())


def _fingerprint() -> bytes:
    digest = hashlib.sha256()
    for part in (request.method, request.path, request.query_string.decode("latin-1"), request.mimetype):
        digest.update(part.encode() + b"\x00")
    if request.form or request.files:
        for name, value in sorted(request.form.items(multi=True)):
            digest.update(f"{name}={value}\x00".encode("utf-8", "surrogatepass"))
        for name, upload in sorted(request.files.items(multi=True)):
            digest.update(name.encode("utf-8", "surrogatepass") + b"\x00")
            for block in iter(lambda: upload.stream.read(1 << 16), b""):  # noqa: B023 - used within the turn
                digest.update(block)
            upload.stream.seek(0)
    else:
        digest.update(request.get_data())
    return digest.digest()
