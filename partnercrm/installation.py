"""An installation in one folder, on an embedded server: the demo, or one's own; made complete or not at all."""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Final

import psycopg

from partnercrm.kernel import migrations, postgres, roles
from partnercrm.kernel.postgres import SUPERUSER, Server
from partnercrm.kernel.postgres_programs import EmbeddedServerError
from partnercrm.settings import ROOT, adopt, settings

DATABASE: Final = "partnercrm"
_UNFINISHED: Final = "partnercrm_unfinished"
_MIGRATIONS: Final = ROOT / "migrations"
_LOCK: Final = 7_267_364_001


class Kind(StrEnum):
    """What a folder holds: the demo with its story, or an installation of one's own, empty at first."""

    DEMO = "demo"
    LOCAL = "local"


_MAKING: Final = {
    Kind.DEMO: "Making the demo's data, some twenty seconds …",
    Kind.LOCAL: "Making an empty installation …",
}


def folder() -> Path:
    """Return where the embedded server keeps its data."""
    return settings().data_directory or postgres.default_data(ROOT)


def kind() -> Kind | None:
    """Tell what the folder holds; None where nothing was made in it yet."""
    if _mark().exists():
        return Kind.LOCAL
    return Kind.DEMO if _secret_file().exists() else None


def is_configured() -> bool:
    """Tell whether the settings name a database or a secret of somebody's: then no folder stands in for them."""
    given = settings()
    urls = (given.database_url, given.worker_database_url, given.owner_database_url, given.admin_database_url)
    return any(urls) or given.secret_key is not None


@contextmanager
def running() -> Iterator[Server]:
    """Run the embedded server, or attach to it where it runs already."""
    with postgres.running(folder(), binaries=settings().postgres_binaries) as server:
        yield server


@contextmanager
def alone() -> Iterator[Callable[[str], object]]:
    """Be the only one that runs the folder's web server; what is yielded tells others the address.

    Raises EmbeddedServerError.
    """
    with (folder() / "running").open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            held.seek(0)
            address = held.read()
            where = f" at {address}" if address else ", and about to be up"
            what = "This installation" if kind() is Kind.LOCAL else "The demo"
            raise EmbeddedServerError(f"{what} is running already{where}.") from error
        held.truncate(0)
        yield lambda address: print(address, end="", file=held, flush=True)


@contextmanager
def joined() -> Iterator[None]:
    """Where nothing is configured and the folder holds an installation, work on it during the block."""
    held = kind()
    if is_configured() or held is None or not _secret_file().exists():
        yield
        return
    with running() as server:
        adopt(environment(server, held, DATABASE, _secret_file().read_text()))
        yield


def environment(server: Server, held: Kind, database: str, secret: str) -> Mapping[str, str]:
    """Return the settings by which every part works on the folder's installation; nobody else's machine reaches it."""
    prefix = settings().role_prefix
    mails = {
        "PARTNERCRM_MAIL_FROM": "partnercrm <no-reply@partnercrm.example>",
        "PARTNERCRM_MAILBOX_DIRECTORY": str(folder() / "mailbox"),
    }
    return (mails if held is Kind.DEMO else {}) | {
        "PARTNERCRM_ENVIRONMENT": held.value,
        "PARTNERCRM_DATABASE_URL": server.url(f"{prefix}_app", database),
        "PARTNERCRM_WORKER_DATABASE_URL": server.url(f"{prefix}_worker", database),
        "PARTNERCRM_OWNER_DATABASE_URL": server.url(f"{prefix}_owner", database),
        "PARTNERCRM_ADMIN_DATABASE_URL": server.url(SUPERUSER, "postgres"),
        "PARTNERCRM_SECRET_KEY": secret,
        "PARTNERCRM_FILES_DIRECTORY": str(folder() / "files"),
        "PARTNERCRM_INSECURE_COOKIES": "true",
        "PARTNERCRM_HOST": "127.0.0.1",
        "PARTNERCRM_LOG_FORMAT": "console",
    }


def ensure(server: Server, wanted: Kind, fill: Callable[[], None], tell: Callable[[str], None]) -> None:
    """Make the database unless it is there, bring it up to date, and adopt its settings; two at once wait."""
    with psycopg.connect(_admin(server, "postgres"), autocommit=True) as administrator:
        administrator.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        found = administrator.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        secret = _secret_file().read_text() if _secret_file().exists() else secrets.token_urlsafe(48)
        if not found:
            if wanted is Kind.LOCAL:
                _mark().touch()
            tell(_MAKING[wanted])
            administrator.execute(f"DROP DATABASE IF EXISTS {_UNFINISHED} WITH (FORCE)")
            adopt(environment(server, wanted, _UNFINISHED, secret))
            _migrate(server, _UNFINISHED)
            # It counts only once it is renamed, and that commit waits for the disk for all before it.
            administrator.execute(f"ALTER DATABASE {_UNFINISHED} SET synchronous_commit = off")
            fill()
            administrator.execute(f"ALTER DATABASE {_UNFINISHED} RESET synchronous_commit")
            administrator.execute(f"ALTER DATABASE {_UNFINISHED} RENAME TO {DATABASE}")
        _keep(secret)
        adopt(environment(server, wanted, DATABASE, secret))
        if found and _is_behind(server):
            tell("Bringing the database up to date …")
            _migrate(server, DATABASE)


def _migrate(server: Server, database: str) -> None:
    roles.prepare(server.url(SUPERUSER, "postgres"), settings().role_prefix, database, {})
    migrations.upgrade(_MIGRATIONS, server.url(f"{settings().role_prefix}_owner", database))


def _is_behind(server: Server) -> bool:
    with psycopg.connect(_admin(server, DATABASE)) as connection:
        return migrations.standing(connection) != migrations.head(_MIGRATIONS)


def _admin(server: Server, database: str) -> str:
    return roles.plain(server.url(SUPERUSER, database))


def _mark() -> Path:
    """Return the file that tells an installation of one's own from a demo; it stands before anything is made."""
    return folder() / "own"


def _secret_file() -> Path:
    return folder() / "secret"


def _keep(secret: str) -> None:
    """Write the secret beside the data, readable by us alone, whole or not at all."""
    if _secret_file().exists():
        return
    fresh = _secret_file().with_name("secret.new")
    with open(fresh, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(secret)
    fresh.rename(_secret_file())
