"""One examination of a whole installation."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from partnercrm.doctor import configuration, database
from partnercrm.doctor.findings import Finding
from partnercrm.kernel import migrations, roles
from partnercrm.settings import Settings

UNREACHABLE = "See that the server runs, and that the address and the password are right."


def examine(given: Settings, folder: Path) -> Iterator[Finding]:
    """Find everything that is wrong; `folder` holds the migrations."""
    yield from configuration.connections_given(given)
    yield from configuration.secrets_strong(given)
    yield from configuration.cookies_safe(given)
    yield from configuration.mail_sound(given)
    yield from configuration.files_kept(given)
    examined = (
        (given.owner_database_url, "owner"),
        (given.database_url, "app"),
        (given.worker_database_url, "worker"),
    )
    for url, kind in examined:
        if url is None:
            continue
        try:
            with _connected(url) as connection:
                yield from database.logged_in_as(connection, f"{given.role_prefix}_{kind}")
                yield from _behind(connection, kind, given.role_prefix, folder)
        except psycopg.OperationalError as error:
            yield Finding(f"The database cannot be reached as {kind}: {str(error).splitlines()[0]}", UNREACHABLE)


def _behind(connection: psycopg.Connection[Any], kind: str, prefix: str, folder: Path) -> Iterator[Finding]:
    if kind == "owner":
        yield from database.server_supported(connection)
        yield from database.roles_sound(connection, prefix)
        yield from database.migrated(connection, folder)
        yield from database.walls_stand(connection)
        yield from database.triggers_enabled(connection)
        yield from database.clocks_agree(connection)
        if migrations.standing(connection) == migrations.head(folder):
            yield from database.rates_recent(connection)
    elif kind == "worker" and connection.execute("SELECT FROM pg_namespace WHERE nspname = 'procrastinate'").rowcount:
        yield from database.jobs_done(connection)


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(roles.plain(url), connect_timeout=5) as connection:
        yield connection
