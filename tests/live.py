"""Parts of the installation as real processes."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

from partnercrm.settings import ROOT


@contextmanager
def serving(environment: Mapping[str, str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run `partnercrm serve` until the block ends; it answers when the block begins."""
    with running("serve", environment=environment) as process:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10):
                break
            time.sleep(0.05)
        assert process.poll() is None, "the web server ended"
        yield process


@contextmanager
def running(*command: str, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command of the installation until the block ends."""
    started = [sys.executable, "-m", "partnercrm", *command]
    with subprocess.Popen(started, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


def most_memory(process_id: int) -> int:
    """Return how many kilobytes the process and all it started, and those started, took at most."""
    parents, most = dict[int, int](), dict[int, int]()
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError, KeyError):
            told = dict(line.split(":", 1) for line in status.read_text().splitlines())
            one = int(told["Pid"])
            parents[one], most[one] = int(told["PPid"]), int(told["VmHWM"].split()[0])
    return sum(kilobytes for one, kilobytes in most.items() if _is_of(parents, one, process_id))


def _is_of(parents: Mapping[int, int], one: int, ancestor: int) -> bool:
    while one in parents and one != ancestor:
        one = parents[one]
    return one == ancestor
