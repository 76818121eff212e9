"""Child processes that never outlive the one who started them."""

import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Never

FAREWELL = (signal.SIGTERM, signal.SIGQUIT, signal.SIGKILL)
HAS_PARENT_DEATH_SIGNAL = sys.platform == "linux"
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


@contextmanager
def child(
    command: Sequence[str | Path],
    farewell: Sequence[signal.Signals] = FAREWELL,
    orphaned: signal.Signals = signal.SIGKILL,
    **options: Any,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` for the length of the block; should we die within, it gets the signal `orphaned`.

    It is bound to the thread that enters the block, stands in a session of its own so that Ctrl-C reaches
    only us, and takes the further options of `subprocess.Popen`.
    """
    bind = _binding(os.getpid(), orphaned) if HAS_PARENT_DEATH_SIGNAL else None
    options |= {"start_new_session": True, "preexec_fn": bind}
    # The kernel forgets the signal when the user changes, so it can only be set between that and exec.
    with subprocess.Popen(command, **options) as process:  # noqa: S603
        try:
            with _lifeline(process, orphaned):
                yield process
        finally:
            stop(process, farewell=farewell)


def stop(
    *processes: subprocess.Popen[bytes],
    farewell: Sequence[signal.Signals] = FAREWELL,
    patience: float = 10.0,
) -> None:
    """End all processes together: politely first, then by the next signal after every `patience` seconds."""
    for word in farewell:
        for process in processes:
            if process.poll() is None:
                process.send_signal(word)
        deadline = time.monotonic() + patience
        while any(process.poll() is None for process in processes) and time.monotonic() < deadline:
            time.sleep(0.005)


def run_together(
    commands: Mapping[str, Sequence[str]],
    ready: Callable[[Callable[[], bool]], None],
    *,
    environment: Mapping[str, str] | None = None,
    alongside: Mapping[str, subprocess.Popen[bytes]] | None = None,
    afterwards: Mapping[str, Sequence[str]] | None = None,
) -> int:
    """Run all commands as children until we are told to stop (0) or one of them ends by itself (1).

    `ready` is called when all are started, with a way to ask whether all still run; commands `afterwards` start when
    it is done. `environment` is added to ours for them. Processes `alongside` are somebody else's to stop, but when
    one ends the commands are stopped too.
    """
    inherited = {**os.environ, **(environment or {})}
    with _stopped_by_signals(), ExitStack() as stack:
        children: dict[str, subprocess.Popen[bytes]] = {}

        def begin(those: Mapping[str, Sequence[str]]) -> dict[str, subprocess.Popen[bytes]]:
            for name, command in those.items():
                children[name] = stack.enter_context(child(command, env=inherited))
            return {**(alongside or {}), **children}

        try:
            together = begin(commands)
            ready(lambda: all(process.poll() is None for process in together.values()))
            together = begin(afterwards or {})
            print(_first_to_end(together), file=sys.stderr)  # noqa: T201
        except KeyboardInterrupt:
            return 0
        finally:
            stop(*children.values())
    return 1


def free_port(preferred: int, host: str = "127.0.0.1") -> int:
    """Return `preferred` or the next port on which nobody listens; 0 lets the system choose."""
    for port in range(preferred, min(preferred + 100, 65536)):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            # As the web server does: a port still cooling down after its last use counts as free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    continue
                raise
            chosen: int = probe.getsockname()[1]
            return chosen
    raise OSError(errno.EADDRINUSE, f"The ports from {preferred} on are all taken on {host}.")


def _first_to_end(processes: Mapping[str, subprocess.Popen[bytes]]) -> str:
    while True:
        for name, process in processes.items():
            status = process.poll()
            if status is not None:
                how = f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
                return f"The {name} {how}, so everything stops."
        time.sleep(0.1)


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Turn the first signal to stop into KeyboardInterrupt and ignore further ones while stopping."""

    def interrupt(number: int, frame: FrameType | None) -> Never:
        for each in STOPPING:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {each: signal.signal(each, interrupt) for each in STOPPING}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _binding(parent: int, word: signal.Signals) -> Callable[[], None]:
    def bind() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, word)
        if os.getppid() != parent:
            os._exit(1)

    return bind


@contextmanager
def _lifeline(process: subprocess.Popen[bytes], word: signal.Signals) -> Iterator[None]:
    """Where the kernel has no parent death signal, let a shell wait at a pipe that closes when we die."""
    if HAS_PARENT_DEATH_SIGNAL:
        yield
        return
    script = f'read -r _ || kill -{word.value} "$0"'
    watch = ["/bin/sh", "-c", script, str(process.pid)]
    with subprocess.Popen(watch, stdin=subprocess.PIPE, start_new_session=True) as shell:  # noqa: S603
        try:
            yield
        finally:
            shell.communicate(b"\n")
