"""The load generator: threads with one kept-alive connection each take prepared requests and time the answers."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from statistics import median, quantiles
from threading import Barrier

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Request:
    """One request, encoded before the clock runs."""

    method: str
    path: str
    token: str
    body: bytes | None = None
    expected: int = 200

    def send(self, connection: HTTPConnection) -> bytes:
        """Send it, return the answer's body. RuntimeError for another status than the expected one."""
        headers = {"Authorization": f"Bearer {self.token}"}
        if self.body is not None:
            headers["Content-Type"] = "application/json"
        connection.request(self.method, self.path, self.body, headers)
        response = connection.getresponse()
        answer = response.read()
        if response.status != self.expected:
            raise RuntimeError(f"{self.method} {self.path}: {response.status} {answer[:500]!r}")
        return answer


@dataclass(frozen=True, slots=True)
class Slice:
    """What one side did with its share: a rate, and the times of single requests where there are any."""

    rate: float
    middle_ms: float | None = None
    p95_ms: float | None = None


def once(port: int, request: Request) -> bytes:
    """Send one request on a connection of its own."""
    connection = HTTPConnection(HOST, port, timeout=60)
    try:
        return request.send(connection)
    finally:
        connection.close()


def measure(port: int, requests: Sequence[Request], connections: int) -> Slice:
    """Send all requests over so many connections at once; the clock runs from the first to the last answer."""
    waiting, start = iter(requests), Barrier(connections + 1, timeout=60)
    with ThreadPoolExecutor(connections) as threads:
        running = [threads.submit(_work, port, waiting, start) for _ in range(connections)]
        start.wait()
        began = time.perf_counter()
        taken = [seconds for one in running for seconds in one.result()]
        whole = time.perf_counter() - began
    return Slice(len(taken) / whole, median(taken) * 1000, quantiles(taken, n=20)[-1] * 1000)


def _work(port: int, waiting: Iterator[Request], start: Barrier) -> list[float]:
    connection = HTTPConnection(HOST, port, timeout=60)
    taken = []
    try:
        connection.connect()
        start.wait()
        for request in waiting:
            began = time.perf_counter()
            request.send(connection)
            taken.append(time.perf_counter() - began)
    finally:
        connection.close()
    return taken
