"""Child processes that never outlive the one who started them."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FAREWELL = (signal.SIGTERM, signal.SIGQUIT, signal.SIGKILL)
HAS_PARENT_DEATH_SIGNAL = sys.platform == "linux"
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


@contextmanager
def child(
    command: Sequence[str | Path], farewell: Sequence[signal.Signals] = FAREWELL, **options: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` for the length of the block; it gets the first `farewell` should we die within.

    It is bound to the thread that enters the block, stands in a session of its own so that Ctrl-C reaches
    only us, and takes the further options of `subprocess.Popen`.
    """
    bind = _binding(os.getpid(), farewell[0]) if HAS_PARENT_DEATH_SIGNAL else None
    # The kernel forgets the signal when the user changes, so it can only be set here, between that and exec.
    process = subprocess.Popen(command, preexec_fn=bind, start_new_session=True, **options)  # noqa: PLW1509, S603
    try:
        with _lifeline(process, farewell[0]):
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
