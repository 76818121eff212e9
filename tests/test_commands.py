"""The command line: what it offers, what it refuses, and what it does to a server."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from partnercrm import commands
from partnercrm.settings import ROOT, settings
from tests.servers import GIVEN, PASSWORD, TestServer


@pytest.fixture(autouse=True)
def fresh_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Let each test set its own environment; no demo of this machine is joined."""
    monkeypatch.setenv("PARTNERCRM_DATA_DIRECTORY", str(tmp_path / "no-demo"))
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def run(*arguments: str) -> Result:
    settings.cache_clear()
    return CliRunner().invoke(commands.cli, arguments, prog_name="partnercrm")


def process(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "partnercrm", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_every_command_is_listed_with_a_sentence() -> None:
    listed = run("--help").output

    for name in ("database", "demo", "doctor", "identity", "import", "migrate", "openapi", "sample", "serve", "worker"):
        assert f"\n  {name} " in listed


@pytest.mark.parametrize(
    "command", [["import", "leads", "--help"], ["import", "rates", "--help"], ["identity", "found", "--help"]]
)
def test_commands_of_the_slices_are_found(command: list[str]) -> None:
    assert run(*command).exit_code == 0


def test_an_unknown_command_is_refused() -> None:
    assert "No such command" in run("sing").output


def test_a_sample_is_the_same_for_the_same_seed() -> None:
    first, again, other = (run("sample", "--rows", "20", "--seed", seed).output for seed in ("1", "1", "2"))

    assert first == again != other
    assert len(first.splitlines()) == 21


def test_preparing_and_migrating_a_server_leaves_the_doctor_nothing_to_find(
    application: Flask, test_server: TestServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"{test_server.prefix}_prepared"
    monkeypatch.setenv("PARTNERCRM_ADMIN_DATABASE_URL", test_server.admin_url)
    monkeypatch.setenv("PARTNERCRM_OWNER_DATABASE_URL", test_server.url("owner", name))
    monkeypatch.setenv("DATABASE_URL", test_server.url("app", name))
    monkeypatch.setenv("PARTNERCRM_WORKER_DATABASE_URL", test_server.url("worker", name))
    try:
        assert run("database", "prepare").exit_code == 0
        assert run("database", "prepare").exit_code == 0
        behind = run("doctor")
        assert behind.exit_code == 1
        assert "Run `partnercrm migrate`." in behind.output
        assert "stands at migration" in run("migrate").output
        examined = run("doctor").output
    finally:
        test_server.drop(name)
    weak = [line for line in examined.splitlines() if line.startswith("The ")]
    allowed = {"owner_database_url", "database_url", "worker_database_url"} if os.environ.get(GIVEN) else set()
    assert {line.split()[3] for line in weak} == allowed
    assert PASSWORD not in examined


def test_preparing_names_the_connections_that_are_missing(application: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PARTNERCRM_OWNER_DATABASE_URL")

    assert "Set the connections of admin, owner" in run("database", "prepare").output


def test_preparing_refuses_connections_to_different_databases(
    application: Flask, test_server: TestServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTNERCRM_ADMIN_DATABASE_URL", test_server.admin_url)
    monkeypatch.setenv("PARTNERCRM_OWNER_DATABASE_URL", test_server.url("owner", "elsewhere"))

    assert "name different databases" in run("database", "prepare").output


@pytest.mark.parametrize(
    ("command", "variable"),
    [
        ("serve", "DATABASE_URL"),
        ("worker", "PARTNERCRM_WORKER_DATABASE_URL"),
        ("migrate", "PARTNERCRM_OWNER_DATABASE_URL"),
    ],
)
def test_a_command_without_its_connection_ends_and_says_what_to_set(
    application: Flask, monkeypatch: pytest.MonkeyPatch, command: str, variable: str
) -> None:
    monkeypatch.delenv(variable)

    ended = process(command)

    assert ended.returncode == 1
    assert variable in ended.stderr
    assert "Traceback" not in ended.stderr


def test_wrong_settings_are_named_without_their_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERCRM_PORT", "secret-by-mistake")

    ended = process("doctor")

    assert ended.returncode == 1
    assert "port" in ended.stderr
    assert "secret-by-mistake" not in ended.stderr


@pytest.mark.parametrize("configured", [True, False])
def test_the_printed_document_is_the_served_one(
    application: Flask, monkeypatch: pytest.MonkeyPatch, *, configured: bool
) -> None:
    for variable in () if configured else ("DATABASE_URL", "PARTNERCRM_SECRET_KEY"):
        monkeypatch.delenv(variable, raising=False)
    served = application.test_client().get("/api/v1/openapi.json")

    assert process("openapi").stdout == served.text
