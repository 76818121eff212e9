"""The gate fails when anything failed, says so before the tests, and leaves the last word to pytest."""

import os
import stat
import sys
from pathlib import Path

import pytest

from tests import gate

PASSES = ("-c", "print('checked')")
COMMAND = gate.pytest
FAILS = ("-c", "raise SystemExit(1)")


@pytest.fixture(autouse=True)
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing on it but `env`, where pytest is a program that says that one test passed."""
    (tmp_path / "env").symlink_to("/usr/bin/env")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("PARTNERCRM_CHROMIUM", raising=False)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(gate, "CHECKS", {"first": PASSES, "second": PASSES})
    report = "import os; print('1 passed with', os.environ.get('PARTNERCRM_CHROMIUM'))"
    monkeypatch.setattr(gate, "pytest", lambda chosen: [sys.executable, "-c", report, *chosen])
    return tmp_path


def program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_everything_passed(programs: Path, capfd: pytest.CaptureFixture[str]):
    program(programs / "chromium", "")
    assert gate.main([]) == 0
    assert capfd.readouterr().out.splitlines() == [
        "── first",
        "checked",
        "── second",
        "checked",
        "── All checks before the tests passed.",
        f"1 passed with {programs}/chromium",
    ]


def test_a_failed_check_stops_nothing_and_fails_the_gate_with_pytests_words_last(
    programs: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    program(programs / "chromium", "")
    monkeypatch.setattr(gate, "CHECKS", {"first": FAILS, "second": PASSES, "third": FAILS})
    assert gate.main([]) == 1
    assert capfd.readouterr().out.splitlines()[-2:] == [
        "── FAILED BEFORE THE TESTS: first, third",
        f"1 passed with {programs}/chromium",
    ]


def test_failed_tests_fail_the_gate(programs: Path, monkeypatch: pytest.MonkeyPatch):
    program(programs / "chromium", "")
    monkeypatch.setattr(gate, "pytest", lambda chosen: [sys.executable, "-c", "raise SystemExit(2)"])
    assert gate.main([]) == 2


def test_a_missing_browser_is_said_loudly_and_fails_where_nobody_looks(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    assert gate.main([]) == 0
    assert "NO BROWSER" in capfd.readouterr().out
    monkeypatch.setenv("CI", "true")
    assert gate.main([]) == 1
    assert "FAILED BEFORE THE TESTS: browser" in capfd.readouterr().out


def test_the_browser_is_installed_by_root(programs: Path, capfd: pytest.CaptureFixture[str]):
    installs = f'echo "$@" >> {programs}/done; [ "$2" = update ] || /bin/ln -s /bin/true {programs}/chromium'
    program(programs / "apt-get", installs)
    assert gate.main([]) == 0
    assert (programs / "done").read_text().splitlines() == [
        "-qq update",
        "-qq install -y --no-install-recommends chromium",
    ]
    assert capfd.readouterr().out.endswith(f"1 passed with {programs}/chromium\n")


def test_checks_run_beside_each_other_and_beside_the_installation(programs: Path, monkeypatch: pytest.MonkeyPatch):
    waits = (
        "import pathlib, sys, time\n"
        "mine, *others = map(pathlib.Path, sys.argv[1:])\n"
        "mine.touch()\n"
        "end = time.monotonic() + 10\n"
        "while not all(other.exists() for other in others):\n"
        "    time.monotonic() < end or sys.exit(1)\n"
        "    time.sleep(0.01)\n"
    )
    met = [str(programs / name) for name in ("first", "second", "installed")]
    monkeypatch.setattr(gate, "CHECKS", {"first": ("-c", waits, *met), "second": ("-c", waits, *met[1::-1], met[2])})
    program(programs / "apt-get", f': > {met[2]}; [ "$2" = update ] || /bin/ln -s /bin/true {programs}/chromium')
    assert gate.main([]) == 0


def test_others_install_it_only_where_sudo_asks_for_no_password(programs: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    program(programs / "apt-get", f"/bin/ln -s /bin/true {programs}/chromium")
    assert gate.install_browser() is None
    program(programs / "sudo", 'echo "sudo: a password is required"; exit 1')
    assert gate.install_browser() is None
    program(programs / "sudo", 'shift; exec "$@"')
    program(programs / "apt-get", f'[ "$2" = update ] || /bin/ln -s /bin/true {programs}/chromium')
    assert gate.install_browser() == f"{programs}/chromium"


def test_what_the_tests_start_keeps_its_bytecode(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert gate.environment("/bin/true") == {
        **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        "PARTNERCRM_CHROMIUM": "/bin/true",
    }


def test_a_choice_of_tests_is_passed_on_and_need_not_reach_the_coverage_of_all():
    assert COMMAND(["-k", "foo"])[-2:] == ["-k", "foo"]
    assert not any("fail-under" in word for word in COMMAND(["-k", "foo"]))
    assert any("fail-under" in word for word in COMMAND([]))
