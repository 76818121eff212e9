"""The processes a start brings about: database server, web server and job worker."""

import time

import psutil
import pytest

WORKER = ["partnercrm", "worker"]


def parts_of(pid: int, seconds: float = 30) -> list[psutil.Process]:
    """Return all that this process started, once the worker, which comes last, is among it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        parts = psutil.Process(pid).children(recursive=True)
        if any(part.cmdline()[-2:] == WORKER for part in parts):
            return parts
        time.sleep(0.02)
    return pytest.fail("no worker was started")
