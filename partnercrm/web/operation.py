"""What an API operation declares of itself; the wrapper, the document and the tests read it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from marshmallow import Schema

from partnercrm.kernel import errors as kinds
from partnercrm.kernel.actor import Actor, Asked
from partnercrm.kernel.errors import Invalid, MatchRequired, NotFound, Refusal
from partnercrm.web import idempotency
from partnercrm.web.errors import DoneAtTheSameMoment

Recheck = Callable[[Actor, UUID], Any]
WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Operation:
    """What an operation declared; read by the wrapper, the OpenAPI document and the tests."""

    method: str
    path: str
    endpoint: str
    scope: Asked
    answers: type[Schema] | None
    status: int
    body: type[Schema] | None = None
    query: type[Schema] | None = None
    form: type[Schema] | None = None
    refuses: tuple[type[Refusal], ...] = ()
    rechecks: Recheck | None = None
    secret: bool = False
    matches: bool = False
    replaces: bool = False
    pages: bool = False
    files: tuple[str, ...] = ()

    def refusals(self) -> tuple[type[Refusal], ...]:
        """Return every refusal the operation may answer: the declared ones and those that come with its kind."""
        found: list[type[Refusal]] = [kinds.NotSignedIn, kinds.TooMany, kinds.Unavailable, Invalid, *self.refuses]
        if self.scope:
            found.append(kinds.NotAllowed)
        if self.body or self.query or self.form:
            found.append(kinds.Malformed)
        if "<" in self.path or self.rechecks:
            found.append(NotFound)
        if self.method in WRITES:
            found += [
                kinds.Malformed,
                kinds.TooLarge,
                DoneAtTheSameMoment,
                idempotency.RequestInFlight,
                idempotency.IdempotencyKeyReused,
            ]
        if self.secret or self.rechecks:
            found.append(idempotency.AlreadyDone)
        if self.matches or self.replaces:
            found += [MatchRequired, kinds.Stale]
        return tuple(dict.fromkeys(found))
