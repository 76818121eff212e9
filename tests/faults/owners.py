"""Processes that own or share an embedded server, started as one user or another, and what is left of them."""

import json
import os
import pwd
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from partnercrm.kernel import postgres, postgres_programs

ROOT = Path(postgres.__file__).resolve().parent.parent.parent
OWNER = """
import json, os, sys, time
from pathlib import Path
from partnercrm.kernel import postgres, processes

processes.HAS_PARENT_DEATH_SIGNAL = "by pipe" not in sys.argv
with postgres.running(Path(sys.argv[1])) as server:
    pid = server.process.pid if server.process else None
    print(json.dumps({"pid": pid, "socket": str(server.socket)}), flush=True)
    sys.stdin.read()
"""


@dataclass
class User:
    """Somebody who runs partnercrm: root, or somebody without any rights."""

    name: str
    place: Path
    python: str

    @property
    def options(self) -> dict[str, object]:
        environment = {
            "PYTHONPATH": os.pathsep.join([str(ROOT), sysconfig.get_path("purelib")]),
            "PATH": os.environ["PATH"],
        }
        drop = {"user": self.name, "group": pwd.getpwnam(self.name).pw_gid, "extra_groups": []}
        return {"env": environment, "cwd": "/", **({} if self.name == whoami() else drop)}

    def start(self, data: Path, *arguments: str) -> subprocess.Popen[str]:
        """Start a process that owns the server, or attaches to it, until its input ends."""
        command = [self.python, "-c", OWNER, str(data), *arguments]
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            **self.options,
        )

    @contextmanager
    def running(self, data: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], postgres.Server, int]]:
        with self.start(data, *arguments) as owner:
            try:
                said = json.loads(owner.stdout.readline())
                yield owner, postgres.Server(data, Path(said["socket"])), said["pid"]
            finally:
                owner.kill()


def whoami() -> str:
    return pwd.getpwuid(os.geteuid()).pw_name


def interpreter_for_all() -> str | None:
    """Return a Python of our version that everybody may run."""
    nobody = postgres_programs.Account.current()
    own = Path(sys.executable).resolve()
    candidates = [own, Path(f"/usr/bin/python3.{sys.version_info.minor}")]
    return next((str(path) for path in candidates if path.exists() and nobody.reaches(path.parent)), None)


@contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """Interrupt `process` after the block, however that ends."""
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(10)


def processes_of(place: Path) -> list[psutil.Process]:
    """Return the server processes at work below `place`."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.cwd().startswith(str(place)):
                found.append(process)
    return found


def eventually(holds: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
