"""The PostgreSQL that tests run on: an embedded one for each test process, or the one a setting names."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from partnercrm.kernel import postgres, roles

GIVEN = "PARTNERCRM_TEST_DATABASE_URL"
PASSWORD = "only-for-tests"


@dataclass(frozen=True)
class TestServer:
    """A server on which this process may make roles and databases."""

    __test__ = False

    admin_url: str
    prefix: str
    opened: set[str] = field(default_factory=set, compare=False)
    """The databases that somebody may have built something else into: by name, as owner or administrator."""

    def url(self, kind: str, database: str) -> str:
        """Return how the role of this kind reaches the database."""
        if kind == "owner":
            self.opened.add(database)
        parts = make_url(self.admin_url).set(username=f"{self.prefix}_{kind}", database=database)
        if os.environ.get(GIVEN):
            parts = parts.set(password=PASSWORD)
        return parts.render_as_string(hide_password=False)

    def admin(self, database: str) -> str:
        """Return how the administrator reaches the database, for libpq."""
        self.opened.add(database)
        return self.inside(database)

    def inside(self, database: str) -> str:
        """Return the same for who builds nothing there."""
        return roles.plain(make_url(self.admin_url).set(database=database))

    def prepare(self, database: str) -> None:
        """Make roles and database as an installation does."""
        logins = dict.fromkeys(roles.LOGINS, PASSWORD if os.environ.get(GIVEN) else None)
        roles.prepare(self.admin_url, self.prefix, database, logins)

    def copy(self, template: str) -> str:
        """Make a database from the template; return its name."""
        name = f"{template}_{uuid4().hex[:12]}"
        with psycopg.connect(self.admin("postgres"), autocommit=True) as server:
            # A template that somebody is connected to cannot be copied; a pool finds out and connects anew.
            ended = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s"
            server.execute(ended, [template])
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
            server.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
            for kind in roles.LOGINS:
                server.execute(
                    sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                        sql.Identifier(name), sql.Identifier(f"{self.prefix}_{kind}")
                    )
                )
        return name

    def drop(self, database: str) -> None:
        """Remove the database with whoever is still connected."""
        with psycopg.connect(self.admin("postgres"), autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


@contextmanager
def server(worker: str) -> Iterator[TestServer]:
    """Run or reach the server for the test process named `worker`; leave nothing behind on a given one."""
    given = os.environ.get(GIVEN)
    if not given:
        with postgres.throwaway() as embedded:
            yield TestServer(embedded.url("postgres", "postgres"), "partnercrm")
        return
    here = TestServer(given, f"pcrm_{worker}_{uuid4().hex[:6]}")
    try:
        yield here
    finally:
        with psycopg.connect(here.admin("postgres"), autocommit=True) as connection:
            for kind in roles.KINDS:
                connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(f"{here.prefix}_{kind}")))
