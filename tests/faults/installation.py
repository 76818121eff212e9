"""A whole installation of its own, safe against a power cut, whose parts are killed and started again."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import psutil

from partnercrm.kernel import migrations, postgres
from partnercrm.kernel.processes import free_port
from partnercrm.settings import ROOT, settings
from tests.servers import TestServer

DATABASE = "killed"
DOWN_SECONDS = 0.5
GUNICORN = (sys.executable, "-m", "gunicorn", "--config", str(ROOT / "config" / "gunicorn.py"))


@dataclass
class Installation:
    """Database server and web server as processes; the one who makes it is their parent."""

    data: Path
    port: int
    killed: Counter[str] = field(default_factory=Counter)
    environment: dict[str, str] = field(default_factory=dict)
    _database: ExitStack = field(default_factory=ExitStack)
    _web: subprocess.Popen[bytes] | None = None
    _worker: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where the API answers."""
        return f"http://127.0.0.1:{self.port}/api/v1"

    @property
    def server(self) -> TestServer:
        """The database server, to reach its databases."""
        return TestServer(self.running.url("postgres", "postgres"), settings().role_prefix)

    @property
    def log(self) -> Path:
        """What the web servers wrote, all of them one after the other."""
        return self.data.with_name("web.log")

    @property
    def worker_log(self) -> Path:
        """What the worker wrote."""
        return self.data.with_name("worker.log")

    @property
    def database_log(self) -> Path:
        """What the database server wrote since it was started last."""
        return self.data / "log"

    @property
    def configured(self) -> dict[str, str]:
        """What its processes find in their environment."""
        urls = {
            f"PARTNERCRM_{kind.upper()}_DATABASE_URL": self.server.url(kind, DATABASE) for kind in ("owner", "worker")
        }
        web = {"DATABASE_URL": self.server.url("app", DATABASE), "PARTNERCRM_PORT": str(self.port)}
        return {**os.environ, **urls, **web, "PARTNERCRM_WEB_PROCESSES": "2", **self.environment}

    def start_database(self) -> None:
        """Start the database server; what its predecessor left is recovered."""
        self.running = self._database.enter_context(postgres.running(self.data))

    def start_web(self) -> None:
        """Start the web server and wait until it answers."""
        self._web = self._started(GUNICORN, self.log)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with suppress(OSError), urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5):
                return
            time.sleep(0.02)
        raise AssertionError("the web server does not answer")

    def start_worker(self) -> None:
        """Start the job worker."""
        self._worker = self._started((sys.executable, "-m", "partnercrm", "worker"), self.worker_log)

    def stop_worker(self) -> None:
        """Stop the worker once it has done what it is at."""
        if self._worker:
            self._worker.terminate()
            self._worker.wait(60)

    def run(self, *command: str) -> str:
        """Run a command of the installation; return what it printed."""
        whole = [sys.executable, "-m", "partnercrm", *command]
        done = subprocess.run(whole, env=self.configured, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}: {done.stdout} {done.stderr[-2000:]}"
        return done.stdout

    def _started(self, command: tuple[str, ...], told: Path) -> subprocess.Popen[bytes]:
        with told.open("ab") as log:
            return subprocess.Popen(
                command,
                env=self.configured,
                cwd=ROOT,
                start_new_session=True,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    def stop_database_at_once(self) -> None:
        """Stop the database server as a power cut does, leave it down for a moment, and start it again."""
        self.killed["database server"] += 1
        assert self.running.process
        self.running.process.kill()
        self._database.close()
        time.sleep(DOWN_SECONDS)
        self.start_database()

    def kill(self, chance: random.Random) -> None:
        """Kill -9 the web server or one of its processes; start again what died."""
        what = chance.choices(("web server", "web process"), (3, 1))[0]
        self.killed[what] += 1
        assert self._web
        if what == "web process":
            with suppress(psutil.NoSuchProcess, IndexError):
                chance.choice(psutil.Process(self._web.pid).children()).kill()
        else:
            self.stop_web()
            self.start_web()

    def stop_web(self) -> None:
        """Kill the web server and all its processes at once."""
        if self._web:
            with suppress(ProcessLookupError):
                os.killpg(self._web.pid, signal.SIGKILL)
            self._web.wait()

    def stop(self) -> None:
        """End everything."""
        self.stop_worker()
        self.stop_web()
        self._database.close()


@contextmanager
def installed(*, is_migrated: bool = True, **environment: str) -> Iterator[Installation]:
    """Run an installation with an empty database, migrated or not; its web server and worker are not started yet."""
    with tempfile.TemporaryDirectory(prefix="partnercrm-kill-") as folder:
        Path(folder).chmod(0o711)
        # Of each process its own: while the web server is killed, another test's must not take its place and answer.
        port = free_port(9_000 + os.getpid() % 9_000)
        made = Installation(Path(folder) / "data", port, environment=environment)
        try:
            made.start_database()
            made.server.prepare(DATABASE)
            if is_migrated:
                migrations.upgrade(ROOT / "migrations", made.server.url("owner", DATABASE))
            yield made
        finally:
            made.stop()
