"""Web server and worker under one supervisor that is stopped, killed, or loses one of them."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from partnercrm.kernel import processes
from tests.faults.owners import ROOT, eventually

SUPERVISOR = """
import json, sys
from partnercrm.kernel.processes import run_together

commands = json.loads(sys.argv[1])
sys.exit(run_together(commands, lambda all_run: print("ready", flush=True), environment={"GREETING": "hello"}))
"""
IDLE = ["sleep", "1000"]
DEAF = ["sh", "-c", "trap '' TERM QUIT; echo deaf >&2; while :; do sleep 0.1; done"]


@contextmanager
def supervising(**commands: list[str]) -> Iterator[tuple[subprocess.Popen[str], list[psutil.Process]]]:
    """Run the commands under a supervisor in a process of its own; afterwards none of them may be left."""
    with subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, json.dumps(commands)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as supervisor:
        try:
            assert supervisor.stdout.readline() == "ready\n"
            children = psutil.Process(supervisor.pid).children(recursive=True)
            yield supervisor, children
            _, alive = psutil.wait_procs(children, timeout=5)
            assert not alive, f"left behind: {alive}"
        finally:
            supervisor.kill()


@pytest.mark.parametrize("word", processes.STOPPING)
def test_a_signal_to_stop_ends_everything_and_counts_as_success(word: signal.Signals):
    with supervising(web=IDLE, worker=IDLE) as (supervisor, _):
        supervisor.send_signal(word)
        assert supervisor.communicate(timeout=3) == ("", "")
        assert supervisor.returncode == 0


def test_what_starts_afterwards_waits_until_all_is_ready_and_stops_with_the_others(tmp_path: Path):
    written = tmp_path / "order"
    before = set(psutil.Process().children())
    last = ["sh", "-c", f"echo afterwards >> {written}; sleep 0.2; exit 3"]

    def ready(all_run: Callable[[], bool]) -> None:
        time.sleep(0.2)
        assert all_run()
        written.write_text("ready\n")

    assert processes.run_together({"web": IDLE}, ready, afterwards={"worker": last}) == 1
    assert written.read_text() == "ready\nafterwards\n"
    assert set(psutil.Process().children()) <= before


def test_a_second_ctrl_c_does_not_interrupt_the_stopping():
    slow = ["sh", "-c", "trap 'sleep 0.5; exit' TERM; while :; do sleep 0.05; done"]
    with supervising(web=slow, worker=IDLE) as (supervisor, _):
        for _ in range(3):
            supervisor.send_signal(signal.SIGINT)
            time.sleep(0.1)
        assert supervisor.wait(3) == 0


def test_a_killed_supervisor_takes_everything_with_it_even_what_would_wait_for_a_database_now_gone():
    with supervising(web=IDLE, worker=DEAF) as (supervisor, _):
        supervisor.kill()


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (["sh", "-c", "sleep 0.3; exit 3"], "The worker ended with status 3, so everything stops."),
        (["sh", "-c", "sleep 0.3; kill -9 $$"], "The worker was ended by SIGKILL, so everything stops."),
    ],
)
def test_one_that_ends_by_itself_stops_the_others_with_a_sentence_and_a_failure(fault: list[str], sentence: str):
    with supervising(web=IDLE, worker=fault) as (supervisor, _):
        assert supervisor.communicate(timeout=5)[1].strip() == sentence
        assert supervisor.returncode == 1


def test_the_end_of_a_process_alongside_stops_the_commands():
    with subprocess.Popen(["sleep", "0.3"]) as database:
        assert processes.run_together({"web": IDLE}, lambda all_run: None, alongside={"database": database}) == 1


def test_a_signal_during_the_getting_ready_stops_everything_too():
    assert processes.run_together({"web": IDLE}, lambda all_run: os.kill(os.getpid(), signal.SIGTERM)) == 0


def test_whoever_gets_ready_can_see_that_one_has_ended_before():
    said: list[bool] = []

    def wait(all_run: Callable[[], bool]) -> None:
        said.append(all_run())
        (worker,) = (
            each for each in psutil.Process().children() if each.name() == "sleep" and "1000" in each.cmdline()
        )
        worker.kill()
        said.append(eventually(lambda: not all_run()))

    assert processes.run_together({"web": IDLE}, wait) == 1
    assert said == [True, True]


def test_where_the_kernel_gives_no_notice_a_child_still_ends_with_the_block(monkeypatch: pytest.MonkeyPatch):
    before = set(psutil.Process().children())
    monkeypatch.setattr(processes, "HAS_PARENT_DEATH_SIGNAL", False)
    with processes.child(IDLE) as process:
        assert {each.name() for each in set(psutil.Process().children()) - before} == {"sh", "sleep"}
        assert process.poll() is None
    assert process.returncode == -signal.SIGTERM
    assert set(psutil.Process().children()) <= before


def test_signals_work_as_before_afterwards():
    before = [signal.getsignal(word) for word in processes.STOPPING]
    assert processes.run_together({"web": ["true"]}, lambda all_run: None) == 1
    assert [signal.getsignal(word) for word in processes.STOPPING] == before


def test_commands_see_our_environment_and_what_is_added(tmp_path: Path):
    said = tmp_path / "said"
    command = ["sh", "-c", f'echo "$GREETING $HOME" > "{said}"']
    processes.run_together({"web": command}, lambda all_run: None, environment={"GREETING": "hello"})
    assert said.read_text().split() == ["hello", os.environ["HOME"]]


def test_an_error_while_getting_ready_stops_what_was_started():
    before = set(psutil.Process().children())
    started: list[psutil.Process] = []

    def fail(all_run: Callable[[], bool]) -> None:
        started.extend(set(psutil.Process().children()) - before)
        raise RuntimeError("not ready")

    with pytest.raises(RuntimeError, match="not ready"):
        processes.run_together({"web": IDLE, "worker": IDLE}, fail)
    assert len(started) == 2
    assert not any(process.is_running() for process in started)


def test_a_process_deaf_to_polite_words_is_killed_in_the_end():
    with processes.child(DEAF, stderr=subprocess.PIPE) as process:
        assert process.stderr.readline() == b"deaf\n"
        processes.stop(process, patience=0.2)
        assert process.returncode == -signal.SIGKILL


@pytest.mark.skipif(not processes.HAS_PARENT_DEATH_SIGNAL, reason="the kernel has no parent death signal")
def test_a_child_whose_parent_died_before_it_could_be_bound_ends_at_once():
    bind = processes._binding(os.getpid() + 1, signal.SIGTERM)
    with subprocess.Popen(["sleep", "10"], preexec_fn=bind) as orphan:  # noqa: PLW1509
        assert orphan.wait(2) == 1


def test_the_next_free_port_is_taken_when_the_preferred_one_is_not_free():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < processes.free_port(port) < port + 100
    assert processes.free_port(port) == port
    assert processes.free_port(0) > 0
    assert processes.free_port(port, "::1") == port


def test_without_any_free_port_the_reason_is_said(monkeypatch: pytest.MonkeyPatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 65535))
        taken.listen()
        with pytest.raises(OSError, match="all taken"):
            processes.free_port(65535)
    with pytest.raises(OSError, match="assign requested address"):
        processes.free_port(8000, "192.0.2.1")


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], int]:
    """gunicorn as configured, with an application that answers with its process number."""
    (tmp_path / "wsgi.py").write_text(
        "import os\ndef app(environ, start):\n    start('200 OK', [])\n    return [str(os.getpid()).encode()]\n"
    )
    port = processes.free_port(20000 + os.getpid() % 10000)
    monkeypatch.setenv("PARTNERCRM_PORT", str(port))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return [sys.executable, "-m", "gunicorn", "-c", f"{ROOT}/config/gunicorn.py", "--chdir", str(tmp_path)], port


def answers(port: int) -> bool:
    with socket.socket() as client:
        if client.connect_ex(("127.0.0.1", port)) != 0:
            return False
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        return b"200 OK" in client.recv(1000)


def test_the_web_server_stops_within_seconds_and_says_nothing(web: tuple[list[str], int]):
    command, port = web
    with supervising(web=command) as (supervisor, children):
        assert eventually(lambda: answers(port))
        children.extend(psutil.Process(supervisor.pid).children(recursive=True))
        with socket.create_connection(("127.0.0.1", port)):
            supervisor.send_signal(signal.SIGINT)
            assert supervisor.communicate(timeout=8) == ("", "")
        assert supervisor.returncode == 0
    assert not answers(port)


@pytest.mark.parametrize("victim", ["supervisor", "web server"])
def test_no_web_process_outlives_a_killed_supervisor_or_web_server(web: tuple[list[str], int], victim: str):
    command, port = web
    with supervising(web=command) as (supervisor, children):
        assert eventually(lambda: answers(port))
        children.extend(psutil.Process(supervisor.pid).children(recursive=True))
        (supervisor if victim == "supervisor" else children[0]).kill()
        assert supervisor.wait(10) != 0
