"""The embedded server on ordinary days: where it lies, who attaches, what it promises, how it refuses."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from partnercrm.kernel import postgres, postgres_programs
from partnercrm.kernel.postgres_programs import EmbeddedServerError


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the server's user can reach, unlike pytest's own when we are root."""
    place = Path(tempfile.mkdtemp(prefix="partnercrm-kernel-"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


def ask(server: postgres.Server, question: str) -> object:
    engine = create_engine(server.url("postgres", "postgres"))
    with engine.connect() as connection:
        answer = connection.execute(text(question)).scalar_one()
    engine.dispose()
    return answer


def psycopg_connection(server: postgres.Server) -> psycopg.Connection:
    return psycopg.connect(server.url("postgres", "postgres").replace("+psycopg", ""))


NAMES = {"plain": "data", "odd": "with spaces, commas; 100 %", "long": "ä" * 60, "deep": "deep/" * 30 + "data"}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_the_server_runs_below_any_folder_and_libpq_and_sqlalchemy_both_find_it(place: Path, name: str):
    with postgres.running(place / name, fast=True) as server:
        assert ask(server, "select 1") == 1
        with psycopg_connection(server) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    assert not server.socket.exists()


def test_data_outlives_the_server_and_is_kept_safe_on_disk(place: Path):
    with postgres.running(place / "data") as server, psycopg_connection(server) as connection:
        connection.execute("create table kept as select 7 as number")
    with postgres.running(place / "data") as server, psycopg_connection(server) as connection:
        found = connection.execute("select number, current_setting('fsync') from kept").fetchone()
        assert found == (7, "on")


def test_the_server_listens_on_no_network_and_only_its_user_and_root_enter_its_socket(place: Path):
    with postgres.running(place / "data", fast=True) as server:
        assert ask(server, "select current_setting('listen_addresses')") == ""
        assert server.socket.stat().st_mode & 0o777 == 0o700
        assert (server.socket / ".s.PGSQL.5432").stat().st_mode & 0o777 == 0o700
        assert (server.data / "log").stat().st_mode & 0o777 == 0o600


def test_the_environment_changes_neither_the_server_nor_its_address(place: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PGPORT", "6000")
    monkeypatch.setenv("PGDATA", "/nowhere")
    monkeypatch.setenv("LANG", "tr_TR.UTF-8")
    with postgres.running(place / "data", fast=True) as server:
        assert ask(server, "select current_setting('timezone') || lower('ÄI')") == "UTCäi"


def test_whoever_comes_second_attaches_and_leaving_stops_nothing(place: Path):
    with postgres.running(place / "data", fast=True) as owned:
        with postgres.running(place / "data") as attached:
            assert (attached.socket, attached.process) == (owned.socket, None)
        assert ask(owned, "select 1") == 1
    assert owned.process is not None
    assert owned.process.poll() == 0


@pytest.mark.parametrize("memory", [0, 2**62], ids=["in memory", "on disk"])
def test_a_throw_away_server_leaves_nothing_even_of_one_that_was_killed(memory: int, monkeypatch: pytest.MonkeyPatch):
    with tempfile.TemporaryDirectory() as base:
        Path(base).chmod(0o755)
        monkeypatch.setattr(postgres, "ENOUGH_MEMORY", memory)
        monkeypatch.setattr(*((tempfile, "tempdir", base) if memory else (postgres, "MEMORY", Path(base))))
        abandoned = Path(base) / f"{postgres.THROWAWAY}killed"
        abandoned.mkdir()
        (abandoned / "lock").touch()
        os.utime(abandoned / "lock", (0, 0))
        with postgres.throwaway() as server:
            assert ask(server, "select current_setting('fsync')") == "off"
            os.utime(server.data / "lock", (0, 0))
            with postgres.throwaway() as another:
                assert another.data != server.data
            assert ask(server, "select 1") == 1
        assert list(Path(base).iterdir()) == []


@pytest.mark.parametrize("proc", ["/proc", "/nowhere"])
def test_what_a_killed_server_left_does_not_hinder_the_next(place: Path, monkeypatch: pytest.MonkeyPatch, proc: str):
    monkeypatch.setattr(postgres, "PROC", Path(proc))
    (place / "data/cluster.new/half").mkdir(parents=True)
    with postgres.running(place / "data", fast=True):
        stale = (place / "data/cluster/postmaster.pid").read_text().partition("\n")[2]
    for pid in (os.getpid(), 2**22):
        (place / "data/cluster/postmaster.pid").write_text(f"{pid}\n{stale}")
        with postgres.running(place / "data") as server:
            assert ask(server, "select 1") == 1


def test_a_server_started_by_somebody_else_is_named(place: Path):
    with postgres.running(place / "data", fast=True) as server:
        lines = (place / "data/cluster/postmaster.pid").read_text()
        assert server.process is not None
    command = [sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()", place / "data/cluster"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as foreign:
        assert foreign.stdout is not None
        foreign.stdout.readline()  # until it runs, the kernel may not tell its command line yet
        (place / "data/cluster/postmaster.pid").write_text(str(foreign.pid) + lines.lstrip("0123456789"))
        with (
            pytest.raises(EmbeddedServerError, match=f"Process {foreign.pid} already runs"),
            postgres.running(place / "data"),
        ):
            pass


def test_programs_that_make_no_cluster_are_quoted(place: Path):
    (place / "bin").mkdir()
    for program in ("initdb", "postgres"):
        script = "#!/bin/sh\n[ $1 = --version ] && echo initdb '(PostgreSQL) 15.4' && exit\necho FATAL: no; exit 1\n"
        (place / "bin" / program).write_text(script)
        (place / "bin" / program).chmod(0o755)
    refused = pytest.raises(EmbeddedServerError, match=r"could not make its data folder\. It said: FATAL: no")
    with refused, postgres.running(place / "data", binaries=place):
        pass


def test_erased_data_is_gone_and_never_erased_under_a_server(place: Path):
    postgres.erase(place / "data")
    with postgres.running(place / "data", fast=True) as server:
        with pytest.raises(EmbeddedServerError, match="stop it first"):
            postgres.erase(place / "data")
        assert ask(server, "select 1") == 1
    (place / "data/cluster.new").mkdir()
    postgres.erase(place / "data")
    assert not (place / "data").exists()


def test_programs_are_the_configured_ones_else_the_wheels_else_the_systems(
    place: Path, monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(EmbeddedServerError, match="where the settings point"):
        postgres.binaries(place)
    wheel = postgres.binaries()
    assert wheel.name == "pginstall"
    assert postgres.binaries(wheel) == wheel
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr(postgres_programs, "DEBIAN", place / "debian")
    for version in ("9.6", "14", "15", "16"):
        for program in ("postgres", "initdb"):
            (place / "debian" / version / "bin").mkdir(parents=True, exist_ok=True)
            (place / "debian" / version / "bin" / program).touch(mode=0o755)
    assert postgres.binaries() == place / "debian/16"
    monkeypatch.setattr(postgres_programs, "DEBIAN", place / "none")
    monkeypatch.setenv("PATH", str(place / "debian/15/bin"))
    assert postgres.binaries() == place / "debian/15"
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EmbeddedServerError, match="No PostgreSQL was found"):
        postgres.binaries()


def test_root_keeps_its_data_where_the_servers_user_can_reach_it_and_others_in_the_checkout(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert postgres.default_data(Path("/home/eve/partnercrm")) == Path("/home/eve/partnercrm/.partnercrm")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    folders = {postgres.default_data(Path(root)) for root in ("/root/a/partnercrm", "/root/b/partnercrm")}
    assert {folder.parent for folder in folders} == {postgres.STATE_FOLDER}
    assert len(folders) == 2


def test_a_server_that_cannot_start_says_why(place: Path):
    with postgres.running(place / "data", fast=True):
        pass
    (place / "data/cluster/PG_VERSION").write_text("9.4\n")
    with (
        pytest.raises(EmbeddedServerError, match="database files are incompatible"),
        postgres.running(place / "data"),
    ):
        pass


def test_a_data_folder_that_cannot_be_made_or_reached_is_refused_with_a_sentence(place: Path):
    (place / "file").touch()
    with pytest.raises(EmbeddedServerError, match="cannot be made"), postgres.running(place / "file/data"):
        pass
    (place / "data").mkdir()
    (place / "data/socket").symlink_to(place)
    with (
        pytest.raises(EmbeddedServerError, match="belongs to somebody else"),
        postgres.running(place / "data"),
    ):
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's server reaches what the user reaches")
def test_a_data_folder_closed_to_the_servers_user_is_refused_with_a_sentence(place: Path):
    place.chmod(0o700)
    with pytest.raises(EmbeddedServerError, match="cannot reach"), postgres.running(place / "data"):
        pass


def test_a_folder_held_by_an_earlier_servers_processes_is_refused_after_a_while(
    place: Path, monkeypatch: pytest.MonkeyPatch
):
    with postgres.running(place / "data", fast=True):
        pass
    monkeypatch.setattr(postgres, "PATIENCE", 0.2)
    with (place / "data" / "lock").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(EmbeddedServerError, match="no server answers"), postgres.running(place / "data"):
            pass
