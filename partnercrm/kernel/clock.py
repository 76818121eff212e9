"""The one place that knows what time it is; always aware, always UTC."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """Return the present moment in UTC."""
    return _frozen.get() or datetime.now(UTC)


def frozen() -> datetime | None:
    """Return the moment the block around believes it is; None where time passes."""
    return _frozen.get()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the block believe it is `moment` (aware); for tests and for telling the demo's history."""
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
