"""A race of the end of a right against those who use it: they never stop, and must not succeed after the end."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from werkzeug.test import TestResponse

from partnercrm.kernel.errors import NotSignedIn

MARKER = "Marker of what is read"


class Answer(Protocol):
    """What somebody was told."""

    @property
    def status_code(self) -> int: ...

    @property
    def text(self) -> str: ...


class Part(NamedTuple):
    """One part of a file that is sent while it is read."""

    status_code: int
    text: str


Asking = Callable[[], Answer]


class Download:
    """Somebody who reads a file part by part, each part a question of its own, and begins anew at its end."""

    def __init__(self, begin: Callable[[], TestResponse]) -> None:
        self._begin = begin
        self._parts: Iterator[bytes] | None = None

    def __call__(self) -> Part:
        """Ask for the next part."""
        if self._parts is not None:
            try:
                return Part(200, next(self._parts).decode())
            except StopIteration:
                self._parts = None
            except NotSignedIn:
                self._parts = None
                return Part(401, "")
        response = self._begin()
        if response.status_code != 200:
            return Part(response.status_code, response.text)
        self._parts = iter(response.response)  # type: ignore[assignment]
        return Part(200, next(self._parts).decode())


@dataclass
class Race:
    """Readers that never stop asking, and what they were told before and after the end."""

    askings: Sequence[Asking]
    before: list[bool] = field(default_factory=list)
    after: list[bool] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _ended_at: float | None = None

    @contextmanager
    def on(self) -> Iterator[None]:
        """Let the readers loose for the block, which ends their right; each asks once more after it at least."""
        ready, over = threading.Barrier(len(self.askings) + 1), threading.Event()
        readers = [threading.Thread(target=self._read, args=(asking, ready, over)) for asking in self.askings]
        for reader in readers:
            reader.start()
        ready.wait()
        try:
            yield
            self._ended_at = time.perf_counter()
        finally:
            over.set()
            for reader in readers:
                reader.join()

    def _read(self, asking: Asking, ready: threading.Barrier, over: threading.Event) -> None:
        self.before.append(self._is_told(asking))
        ready.wait()
        last = False
        while not last:
            last = over.is_set()
            too_late = self._ended_at is not None and time.perf_counter() > self._ended_at
            told = self._is_told(asking)
            if too_late:
                self.after.append(told)

    def _is_told(self, asking: Asking) -> bool:
        answer = asking()
        self.faults += [answer.text] * (answer.status_code >= 500)
        return MARKER in answer.text
