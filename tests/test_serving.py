"""`serve` where no database is configured, as a real process: an empty installation on a server of its own."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from partnercrm.kernel import processes
from partnercrm.settings import ROOT
from tests.parts import parts_of

LAST_WORDS = "Ctrl-C stops everything"


@pytest.fixture
def environment() -> Iterator[Mapping[str, str]]:
    """Where nothing is set but an empty folder that the embedded server's user can reach, and a port of our own."""
    folder = Path(tempfile.mkdtemp(prefix="partnercrm-serve-"))
    folder.chmod(0o711)
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("PARTNERCRM_", "DATABASE_URL"))}
    port = processes.free_port(28_000 + os.getpid() % 10_000)
    given = {"PARTNERCRM_DATA_DIRECTORY": str(folder / "data"), "PARTNERCRM_PORT": str(port)}
    yield {**bare, **given, "PYTHONPATH": str(ROOT)}
    shutil.rmtree(folder, ignore_errors=True)


def run(environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command beside the served installation; it ends by itself."""
    command = [sys.executable, "-m", "partnercrm", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


class Served:
    """A served installation and what it said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said = "".join(self._lines())
        self.parts = parts_of(process.pid)

    def _lines(self) -> Iterator[str]:
        for line in self.process.stdout:
            yield line
            if LAST_WORDS in line:
                return

    @property
    def address(self) -> str:
        return re.search(r"serving at (\S+)", self.said)[1]

    @property
    def code(self) -> str:
        return re.search(r"with the code (\S+)", self.said)[1]

    def end(self, word: signal.Signals) -> int:
        """Send the signal; return the exit status once nothing is left."""
        self.process.send_signal(word)
        status = self.process.wait(30)
        _, alive = psutil.wait_procs(self.parts, timeout=30)
        assert not alive, f"left behind: {alive}"
        return status


@contextmanager
def serving(environment: Mapping[str, str]) -> Iterator[Served]:
    command = [sys.executable, "-m", "partnercrm", "serve"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield Served(process)
        finally:
            process.kill()


def test_an_empty_installation_is_made_set_up_joined_stopped_and_found_again(environment: Mapping[str, str]) -> None:
    with serving(environment) as first:
        assert "Making an empty installation" in first.said
        with urllib.request.urlopen(f"{first.address}/set-up", timeout=30) as page:
            assert page.status == 200
        running = [" ".join(part.cmdline()) for part in first.parts]
        assert any("gunicorn" in words for words in running)
        assert first.address.startswith("http://127.0.0.1:")

        assert first.code in run(environment, "setup-code").stdout
        assert "stands at migration" in run(environment, "migrate").stdout
        founded = run(environment, "identity", "found", "Alder", "--name", "Al", "--email", "al@alder.example")
        assert founded.returncode == 0
        again = run(environment, "serve")
        assert (again.returncode, again.stderr) == (1, f"This installation is running already at {first.address}.\n")
        refused = run(environment, "demo", "--reset")
        assert refused.returncode == 1
        assert "holds an installation of your own" in refused.stderr
        assert first.end(signal.SIGINT) == 0

    with serving(environment) as second:
        assert "Making" not in second.said
        assert "with the code" not in second.said
        assert second.end(signal.SIGKILL) == -signal.SIGKILL


@pytest.mark.parametrize("name", ["PARTNERCRM_SECRET_KEY", "PARTNERCRM_WORKER_DATABASE_URL"])
def test_where_half_of_the_settings_is_given_nothing_is_made_up(environment: Mapping[str, str], name: str) -> None:
    ended = run({**environment, name: "postgresql+psycopg:///elsewhere, and 32 letters or more"}, "serve")

    assert ended.returncode == 1
    assert "DATABASE_URL" in ended.stderr
    assert not Path(environment["PARTNERCRM_DATA_DIRECTORY"]).exists()
