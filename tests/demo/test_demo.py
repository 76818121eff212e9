"""`demo` as a real process: made whole or not at all, stopped or killed without a trace, found again."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from partnercrm import installation
from partnercrm.installation import Kind
from partnercrm.kernel import processes
from partnercrm.settings import ROOT
from tests.parts import parts_of


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that the embedded server's user can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="partnercrm-demo-"))
    folder.chmod(0o711)
    yield folder / "data"
    shutil.rmtree(folder, ignore_errors=True)


def started_beside(home: Path) -> subprocess.CompletedProcess[str]:
    """Start another demo on the same data; it ends by itself."""
    command = [sys.executable, "-m", "partnercrm", "demo"]
    environment = {**os.environ, "PARTNERCRM_DATA_DIRECTORY": str(home), "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


class Demo:
    """A running demo and what it said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said = "".join(self._lines())
        self.children = parts_of(process.pid)

    def _lines(self) -> Iterator[str]:
        for line in self.process.stdout:
            yield line
            if "Ctrl-C" in line:
                return

    @property
    def address(self) -> str:
        return re.search(r"is up: (\S+)", self.said)[1]

    @property
    def token(self) -> str:
        return re.search(r"pcrm_user_\w+", self.said)[0]

    def read(self, path: str, token: str | None = None) -> Any:
        request = urllib.request.Request(
            f"{self.address}/api/v1{path}", headers={"Authorization": f"Bearer {token or self.token}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def report(self) -> Any:
        (partnership,) = self.read("/partnerships")["items"]
        return self.read(f"/partnerships/{partnership['id']}/reciprocity?by=product")

    def end(self, word: signal.Signals) -> int:
        """Send the signal; return the exit status once nothing of the demo is left."""
        self.process.send_signal(word)
        status = self.process.wait(30)
        _, alive = psutil.wait_procs(self.children, timeout=30)
        assert not alive, f"left behind: {alive}"
        return status


@contextmanager
def demo(home: Path, *options: str) -> Iterator[Demo]:
    port = processes.free_port(28_000 + os.getpid() % 10_000)
    command = [sys.executable, "-m", "partnercrm", "demo", "--port", str(port), *options]
    environment = {**os.environ, "PARTNERCRM_DATA_DIRECTORY": str(home), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Demo(process)
        finally:
            process.kill()


class PowerCutError(Exception):
    """Ends a start half-way."""


def test_a_demo_is_made_killed_found_again_stopped_and_reset(home: Path) -> None:
    with demo(home) as first:
        assert "Making the demo's data" in first.said
        told = first.report()
        _require_the_sellers_story(first)
        assert first.end(signal.SIGKILL) == -signal.SIGKILL

    given = {side["name"]: side["given"]["accepted"] for side in told["organizations"]}
    assert 0.6 < given["Acme"] / sum(given.values()) < 0.8
    assert {value["currency"] for side in told["organizations"] for value in side["won_values"]} == {"EUR", "USD"}
    assert {row["name"] for row in told["reckoning"]["rows"]} == {"Warehouse software", "Fleet tracking", None}
    assert {row["month"] for row in told["months"]} >= {told["as_of"][:7]} or len(told["months"]) >= 13

    with demo(home) as second:
        assert "Making the demo's data" not in second.said
        assert second.report()["organizations"] == told["organizations"]
        refused = started_beside(home)
        assert (refused.returncode, refused.stderr) == (1, f"The demo is running already at {second.address}.\n")
        assert second.token != first.token
        with pytest.raises(urllib.error.HTTPError, match="401"):
            second.read("/me", first.token)
        tokens = second.read("/tokens")["items"]
        assert [token["name"] for token in tokens if token["revoked_at"] is None] == ["demo"]
        assert second.end(signal.SIGINT) == 0

    assert oct((home / "secret").stat().st_mode)[-3:] == "600"
    secret = (home / "secret").read_text()
    with demo(home, "--reset") as anew:
        assert "Making the demo's data" in anew.said
        assert (home / "secret").read_text() != secret
        assert anew.end(signal.SIGTERM) == 0


def _require_the_sellers_story(run: Demo) -> None:
    """A partner called late, a conflict that is appealed, a won deal with attribution, and what it earns."""
    (partnership,) = run.read("/partnerships")["items"]
    late = run.read(f"/partnerships/{partnership['id']}/late-involvement")
    assert sum(side["late"]["deals"] for side in late["sides"]) >= 1
    refused = run.read("/registrations?status=rejected")["items"]
    assert "earlier_evidence" in {one["reason"] for one in refused}
    assert "appeal" in {one["kind"] for one in run.read("/cases")["items"]}
    (won,) = run.read("/deals?stage=closed_won")["items"]
    told = run.read(f"/deals/{won['id']}/attribution")
    assert told["influenced_by"] not in {None, told["sourced_by"]}
    (balance,) = run.read("/earnings")["balances"]
    assert balance["due"] == balance["earned"] != {"amount": "0.00", "currency": "EUR"}


def test_a_database_that_was_not_finished_is_made_anew(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "folder", lambda: home)
    monkeypatch.setattr(installation, "adopt", lambda environment: None)
    told: list[str] = []

    def cut() -> None:
        raise PowerCutError

    with installation.running() as server:
        with pytest.raises(PowerCutError):
            installation.ensure(server, Kind.DEMO, cut, told.append)
        assert not (home / "secret").exists()
        filled: list[bool] = []
        installation.ensure(server, Kind.DEMO, lambda: filled.append(True), told.append)
        installation.ensure(server, Kind.DEMO, cut, told.append)

    assert filled == [True]
    assert len(told) == 2
