"""Preparing a PostgreSQL server: the database and its roles. Needs a connection that may create both."""

from collections.abc import Mapping
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, make_url

KINDS: Final = ("owner", "app", "worker", "auth", "steps", "matcher")
LOGINS: Final = ("owner", "app", "worker")
TIMEOUTS: Final[Mapping[str, Mapping[str, str]]] = {
    "owner": {
        "statement_timeout": "30min",
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "5min",
    },
    "app": {"statement_timeout": "20s", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "30s"},
    "worker": {
        "statement_timeout": "10min",
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "5min",
    },
}


def plain(url: str | URL) -> str:
    """Return an SQLAlchemy URL as libpq reads it."""
    parts = make_url(url)
    named: dict[str, Any] = {**parts.translate_connect_args(username="user", database="dbname"), **parts.query}
    return make_conninfo(**named)


def prepare(admin_url: str, prefix: str, database: str, passwords: Mapping[str, str | None]) -> None:
    """Make the roles `<prefix>_<kind>` and the database, or bring what is there into this state.

    `passwords` gives each log-in role's password by kind; None leaves it without one (peer or trust).
    """
    admin = make_url(admin_url)
    with psycopg.connect(plain(admin), autocommit=True) as server:
        for kind in KINDS:
            _role(server, f"{prefix}_{kind}", kind, passwords.get(kind))
        for kind in ("auth", "steps", "matcher"):
            server.execute(_sql("GRANT {} TO {}", f"{prefix}_{kind}", f"{prefix}_owner"))
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            server.execute(_sql("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", database))
    with psycopg.connect(plain(admin.set(database=database)), autocommit=True) as inside:
        _database(inside, prefix, database)


def _role(server: psycopg.Connection, name: str, kind: str, password: str | None) -> None:
    if not server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
        server.execute(_sql("CREATE ROLE {}", name))
    ability = "LOGIN" if kind in LOGINS else "NOLOGIN"
    server.execute(_sql(f"ALTER ROLE {{}} {ability} NOSUPERUSER NOCREATEDB NOCREATEROLE", name))
    if password is not None:
        server.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(name), sql.Literal(password)))
    for setting, value in TIMEOUTS.get(kind, {}).items():
        server.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(
                sql.Identifier(name), sql.Identifier(setting), sql.Literal(value)
            )
        )
    server.execute(_sql("ALTER ROLE {} SET search_path = public, procrastinate", name))


def _database(inside: psycopg.Connection, prefix: str, database: str) -> None:
    inside.execute(_sql("REVOKE ALL ON DATABASE {} FROM PUBLIC", database))
    for kind in LOGINS:
        inside.execute(_sql("GRANT CONNECT ON DATABASE {} TO {}", database, f"{prefix}_{kind}"))
    inside.execute(_sql("GRANT CREATE ON DATABASE {} TO {}", database, f"{prefix}_owner"))
    inside.execute(_sql("ALTER SCHEMA public OWNER TO {}", f"{prefix}_owner"))
    inside.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    for kind in KINDS:
        inside.execute(_sql("GRANT USAGE ON SCHEMA public TO {}", f"{prefix}_{kind}"))


def _sql(pattern: str, *names: str) -> sql.Composed:
    return sql.SQL(pattern).format(*map(sql.Identifier, names))
