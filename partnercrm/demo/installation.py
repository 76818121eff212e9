"""The demo's installation: one folder with an embedded server, its database made complete or not at all."""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
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


def folder() -> Path:
    """Return where the embedded server keeps its data."""
    return settings().data_directory or postgres.default_data(ROOT)


@contextmanager
def running() -> Iterator[Server]:
    """Run the embedded server, or attach to it where it runs already."""
    with postgres.running(folder(), binaries=settings().postgres_binaries) as server:
        yield server


@contextmanager
def alone() -> Iterator[Callable[[str], object]]:
    """Be the folder's only demo during the block; what is yielded tells others the address. EmbeddedServerError."""
    with (folder() / "demo").open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            held.seek(0)
            address = held.read()
            where = f" at {address}" if address else ", and about to be up"
            raise EmbeddedServerError(f"The demo is running already{where}.") from error
        held.truncate(0)
        yield lambda address: print(address, end="", file=held, flush=True)


@contextmanager
def joined() -> Iterator[None]:
    """Where nothing else is configured and the demo was made before, work on the demo during the block."""
    given = settings()
    if given.database_url or given.secret_key or not _secret_file().exists():
        yield
        return
    with running() as server:
        adopt(environment(server, DATABASE, _secret_file().read_text()))
        yield


def environment(server: Server, database: str, secret: str) -> Mapping[str, str]:
    """Return the settings by which every part works on the demo."""
    prefix = settings().role_prefix
    return {
        "PARTNERCRM_ENVIRONMENT": "demo",
        "PARTNERCRM_DATABASE_URL": server.url(f"{prefix}_app", database),
        "PARTNERCRM_WORKER_DATABASE_URL": server.url(f"{prefix}_worker", database),
        "PARTNERCRM_OWNER_DATABASE_URL": server.url(f"{prefix}_owner", database),
        "PARTNERCRM_ADMIN_DATABASE_URL": server.url(SUPERUSER, "postgres"),
        "PARTNERCRM_SECRET_KEY": secret,
        "PARTNERCRM_INSECURE_COOKIES": "true",
        "PARTNERCRM_HOST": "127.0.0.1",
        "PARTNERCRM_LOG_FORMAT": "console",
        "PARTNERCRM_MAIL_FROM": "partnercrm <no-reply@partnercrm.example>",
        "PARTNERCRM_MAILBOX_DIRECTORY": str(folder() / "mailbox"),
    }


def ensure(server: Server, fill: Callable[[], None], tell: Callable[[str], None]) -> None:
    """Make the database unless it is there, bring it up to date, and adopt its settings; two at once wait."""
    with psycopg.connect(_admin(server, "postgres"), autocommit=True) as administrator:
        administrator.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        found = administrator.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        secret = _secret_file().read_text() if _secret_file().exists() else secrets.token_urlsafe(48)
        if not found:
            tell("Making the demo's data, some twenty seconds …")
            administrator.execute(f"DROP DATABASE IF EXISTS {_UNFINISHED} WITH (FORCE)")
            adopt(environment(server, _UNFINISHED, secret))
            _migrate(server, _UNFINISHED)
            # It counts only once it is renamed, and that commit waits for the disk for all before it.
            administrator.execute(f"ALTER DATABASE {_UNFINISHED} SET synchronous_commit = off")
            fill()
            administrator.execute(f"ALTER DATABASE {_UNFINISHED} RESET synchronous_commit")
            administrator.execute(f"ALTER DATABASE {_UNFINISHED} RENAME TO {DATABASE}")
        _keep(secret)
        adopt(environment(server, DATABASE, secret))
        if found and _is_behind(server):
            tell("Bringing the demo's database up to date …")
            _migrate(server, DATABASE)


def _migrate(server: Server, database: str) -> None:
    roles.prepare(server.url(SUPERUSER, "postgres"), settings().role_prefix, database, {})
    migrations.upgrade(_MIGRATIONS, server.url(f"{settings().role_prefix}_owner", database))


def _is_behind(server: Server) -> bool:
    with psycopg.connect(_admin(server, DATABASE)) as connection:
        return migrations.standing(connection) != migrations.head(_MIGRATIONS)


def _admin(server: Server, database: str) -> str:
    return roles.plain(server.url(SUPERUSER, database))


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
