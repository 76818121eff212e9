"""The embedded PostgreSQL: one server for one folder, owned by one process and gone when that process is."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from partnercrm.kernel.postgres_programs import (
    STATE_FOLDER,
    Account,
    EmbeddedServerError,
    binaries,
    fingerprint,
    reachable,
)
from partnercrm.kernel.processes import child

SUPERUSER = "postgres"
PATIENCE = 60.0
PORT = "5432"
PROC = Path("/proc")
HALF_MADE = "cluster.new"
THROWAWAY = "partnercrm-throwaway-"
MEMORY = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder of our own in it
ENOUGH_MEMORY = 4 * 1024**3
# Linux allows 107 bytes, macOS 103, for the folder and the names PostgreSQL puts into it.
LONGEST_SOCKET_FOLDER = 103 - len(f"/.s.PGSQL.{PORT}")
# Fast shutdown keeps the data clean; immediate shutdown leaves it to recovery.
FAREWELL = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
UNSAFE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class Server:
    """A running server; only its owner, who started it, holds its `process`."""

    data: Path
    socket: Path
    process: subprocess.Popen[bytes] | None = None

    def url(self, role: str, database: str) -> str:
        """Return the SQLAlchemy URL by which `role` reaches `database`."""
        # The port is named because libpq would otherwise take PGPORT from the environment.
        place = f"host={quote(str(self.socket))}&port={PORT}"
        return f"postgresql+psycopg://{quote(role, safe='')}@/{quote(database, safe='')}?{place}"


def default_data(root: Path) -> Path:
    """Return the data folder of the checkout at `root`, in a place the server's user can reach."""
    if os.geteuid() != 0:
        return root / ".partnercrm"
    return STATE_FOLDER / f"{root.name[:30]}-{fingerprint(str(root))}"


@contextmanager
def running(data: Path, *, binaries: Path | None = None, fast: bool = False) -> Iterator[Server]:
    """Run the server of the folder `data`, or attach to it where another process already does.

    The owner stops it on leaving; should its thread or process die before, the server ends by itself.
    `fast` gives up safety against a power cut, for data that may be lost.
    """
    home = data.absolute()
    account = Account.current()
    _make_home(home, account)
    found = _lock_or_attach(home)
    if isinstance(found, Path):
        yield Server(home, found)
        return
    try:
        with _started(home, account, found, binaries, fast=fast) as server:
            yield server
    finally:
        os.close(found)


@contextmanager
def throwaway(*, binaries: Path | None = None) -> Iterator[Server]:
    """Run a fast, empty server that is deleted afterwards; in memory where there is plenty."""
    place = _quick_place()
    _delete_abandoned(place)
    data = Path(tempfile.mkdtemp(prefix=THROWAWAY, dir=place))
    try:
        with running(data, binaries=binaries, fast=True) as server:
            yield server
    finally:
        shutil.rmtree(data, ignore_errors=True)


def erase(data: Path) -> None:
    """Delete the folder `data` of a server that nobody runs. Raises EmbeddedServerError where one does."""
    with suppress(FileNotFoundError), (data / "lock").open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise EmbeddedServerError(f"A server runs on {data}; stop it first.") from error
        # Under this name the next start discards it, should we be interrupted.
        shutil.rmtree(data / HALF_MADE, ignore_errors=True)
        with suppress(FileNotFoundError):
            (data / "cluster").rename(data / HALF_MADE)
        shutil.rmtree(data)


def _quick_place() -> Path:
    """Return a folder in memory, else the one for temporary files; a database is copied up to ten times faster."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH_MEMORY:
        return MEMORY
    return Path(tempfile.gettempdir())


def _delete_abandoned(place: Path) -> None:
    """Delete what killed processes left of their throw-away servers, once nobody holds their lock."""
    for lock in place.glob(f"{THROWAWAY}*/lock"):
        with suppress(OSError), lock.open("rb") as held:
            found = os.fstat(held.fileno())
            if found.st_uid == os.geteuid() and found.st_mtime < time.time() - PATIENCE:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock.parent)


def _make_home(home: Path, account: Account) -> None:
    """Make the folder above the server's own ones; it stays ours, so that `nobody` plants nothing in it."""
    mode = 0o711 if account.dropped else 0o700
    try:
        for step in reversed((home, *home.parents)):
            if not step.exists():
                step.mkdir()
                step.chmod(mode)
        if home.stat().st_uid == os.geteuid():
            home.chmod(mode)
    except OSError as error:
        raise EmbeddedServerError(f"The data folder {home} cannot be made: {error.strerror}.") from error


def _socket_folder(home: Path) -> Path:
    """Return a folder whose name fits a socket address and libpq's list of hosts."""
    folder = home / "socket"
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER and not set(str(folder)) & set(',"'):
        return folder
    return Path(tempfile.gettempdir()) / f"partnercrm-{fingerprint(str(home))}"


def _lock_or_attach(home: Path) -> int | Path:
    """Return the lock of whoever may start the server, or the socket folder of the one that runs."""
    try:
        lock = os.open(home / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise EmbeddedServerError(f"{home} belongs to another user: {error.strerror}.") from error
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        sockets = _answering(home)
        if sockets is not None:
            os.close(lock)
            return sockets
        time.sleep(0.01)
    os.close(lock)
    raise EmbeddedServerError(
        f"Processes of an earlier server still hold {home / 'lock'}, but no server answers; end them."
    )


@contextmanager
def _started(home: Path, account: Account, lock: int, configured: Path | None, *, fast: bool) -> Iterator[Server]:
    programs = reachable(binaries(configured), account)
    cluster = home / "cluster"
    sockets = account.private(_socket_folder(home))
    with open(home / "log", "wb", opener=_open_privately) as log:
        options = {
            "cwd": "/",
            "env": {"LC_ALL": "C", "TZ": "UTC"},
            "stdin": subprocess.DEVNULL,
            "stdout": log,
            "stderr": log,
            # Every process of the server holds the lock too: it is free only when the last of them is gone.
            "pass_fds": [lock],
            **account.options,
        }
        if not cluster.exists():
            _make_cluster(programs, cluster, account, options, fast=fast)
        _clear_remains(cluster, sockets)
        settings = [
            "listen_addresses=",
            # The server's own log must not tell values either.
            "log_error_verbosity=terse",
            "log_min_error_statement=panic",
            f'unix_socket_directories="{sockets}"',
            "unix_socket_permissions=0700",
        ]
        chosen = [word for setting in (*settings, *(UNSAFE if fast else ())) for word in ("-c", setting)]
        command = [programs / "bin/postgres", "-D", cluster, "-p", PORT, *chosen]
        with child(command, FAREWELL, FAREWELL[0], **options) as process:
            _await_ready(home, process)
            yield Server(home, sockets, process)
    with suppress(OSError):
        sockets.rmdir()


def _open_privately(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)


def _make_cluster(programs: Path, cluster: Path, account: Account, options: dict[str, Any], *, fast: bool) -> None:
    """Make an empty cluster beside its place and move it there, so that a half-made one is never taken."""
    fresh = cluster.with_name(HALF_MADE)
    if fresh.exists():
        shutil.rmtree(fresh)
    choices: list[str] = ["--encoding=UTF8", "--locale=C", *_collation(programs), "--no-instructions"]
    choices += ["--auth-local=trust", "--auth-host=reject", *(["--no-sync"] if fast else [])]
    command: list[str | Path] = [
        programs / "bin/initdb",
        "-D",
        account.private(fresh),
        "-U",
        SUPERUSER,
        *choices,
    ]
    with child(command, **options) as process:
        if process.wait() != 0:
            raise EmbeddedServerError(f"PostgreSQL could not make its data folder. {_last_words(cluster.parent)}")
    fresh.rename(cluster)


def _collation(programs: Path) -> list[str]:
    """Order by code point, know the letters of all languages; the same on every system from version 17 on."""
    said = subprocess.run([programs / "bin/initdb", "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    if int(said.stdout.split()[2].split(".")[0]) >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--lc-ctype=C.UTF-8"]


def _clear_remains(cluster: Path, sockets: Path) -> None:
    """Remove what a killed server left; PostgreSQL would take any process with its old number for itself."""
    pid_file = cluster / "postmaster.pid"
    if pid_file.exists():
        number = pid_file.read_text().partition("\n")[0]
        if os.fsencode(cluster) in _command_line(number):
            raise EmbeddedServerError(f"Process {number} already runs PostgreSQL on {cluster}; end it.")
        pid_file.unlink()
    for remains in sockets.iterdir():
        remains.unlink()


def _command_line(pid: str) -> bytes:
    if (PROC / "self").exists():
        with suppress(OSError):
            return (PROC / pid / "cmdline").read_bytes()
        return b""
    return subprocess.run(["ps", "-o", "command=", "-p", pid], capture_output=True, check=False).stdout  # noqa: S603, S607


def _answering(home: Path) -> Path | None:
    """Return the socket folder of the server of `home` if it takes connections."""
    with suppress(OSError, IndexError):
        lines = (home / "cluster/postmaster.pid").read_text().splitlines()
        folder, state = Path(lines[4]), lines[7].strip()
        if state == "ready":
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(str(folder / f".s.PGSQL.{PORT}"))
            return folder
    return None


def _await_ready(home: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while _answering(home) is None:
        if process.poll() is not None or time.monotonic() > deadline:
            raise EmbeddedServerError(f"PostgreSQL did not start. {_last_words(home)}")
        time.sleep(0.002)


def _last_words(home: Path) -> str:
    lines = (home / "log").read_text(errors="replace").splitlines()
    telling = [line for line in lines if "FATAL" in line or "error" in line.lower()] or lines
    return f"It said: {telling[-1].strip() if telling else 'nothing'} (all of it in {home / 'log'})"
