"""What the roles of an installation may do, read from the catalogue."""

from collections.abc import Sequence
from typing import Any

import psycopg

from partnercrm.kernel import roles

Connection = psycopg.Connection[Any]
APPEND_ONLY = frozenset(
    {
        *("accruals", "deal_revenues", "entries", "imported_earnings", "journals"),
        *("lead_bonuses", "pay_out_lines"),
        "drift_readings",
        "lead_contests",
        "activities",
        "audit_links",
        "lead_steps",
        "enablement_item_versions",
        "exchange_rates",
        "partnership_terms",
        "population_versions",
        "rate_versions",
        "shared_activities",
        "shared_audit_links",
        "window_totals",
        "works_agreements",
    }
)
SECRETS = ("hash",)
OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'procrastinate')"


def rows(connection: Connection, query: str, *values: Any) -> Sequence[tuple[Any, ...]]:
    """Return what the query finds."""
    return connection.execute(query, values or None).fetchall()  # type: ignore[arg-type]


def names(prefix: str, *kinds: str) -> list[str]:
    """Return the names of the roles of these kinds, of all when none is given."""
    return [f"{prefix}_{kind}" for kind in kinds or roles.KINDS]


def powers(connection: Connection, prefix: str) -> list[str]:
    """No role of ours can pass the walls, become another, or do to tables more than read and write rows."""
    found = [
        f"{name} has {power}"
        for name, *has in rows(
            connection,
            """SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication
               FROM pg_roles WHERE rolname = ANY (%s)""",
            names(prefix),
        )
        for power, given in zip(("SUPERUSER", "BYPASSRLS", "CREATEROLE", "CREATEDB", "REPLICATION"), has, strict=True)
        if given
    ]
    found += [
        f"{name} can log in"
        for (name,) in rows(
            connection,
            "SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname = ANY (%s)",
            names(prefix, "auth", "steps", "matcher"),
        )
    ]
    found += [
        f"{member} is a member of {role}"
        for member, role in rows(
            connection,
            """SELECT member::regrole::text, roleid::regrole::text FROM pg_auth_members
               WHERE member::regrole::text = ANY (%s)""",
            names(prefix, "app", "worker", "auth", "steps", "matcher"),
        )
    ]
    return found + _property(connection, prefix) + _rights(connection, prefix) + _secrets(connection, prefix)


def _property(connection: Connection, prefix: str) -> list[str]:
    owned = rows(
        connection,
        """SELECT relowner::regrole::text, 'relation ' || oid::regclass FROM pg_class
           UNION ALL SELECT proowner::regrole::text, 'function ' || oid::regprocedure FROM pg_proc
           UNION ALL SELECT nspowner::regrole::text, 'schema ' || nspname FROM pg_namespace
           UNION ALL SELECT datdba::regrole::text, 'database ' || datname FROM pg_database""",
    )
    people = set(names(prefix, "app", "worker"))
    return [f"{owner} owns {thing}" for owner, thing in owned if owner in people]


def _rights(connection: Connection, prefix: str) -> list[str]:
    tables = f"""SELECT c.relname, a.grantee, a.privilege_type FROM pg_class c
                 JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a WHERE {OURS}"""
    schemas = f"SELECT n.nspname, a.grantee, a.privilege_type FROM pg_namespace n, aclexplode(n.nspacl) a WHERE {OURS}"
    plain = {"SELECT", "INSERT", "UPDATE", "DELETE", "USAGE"}
    return [
        f"{grantee or 'PUBLIC'} has {right} on {thing}"
        for thing, grantee, right in rows(
            connection,
            f"""SELECT thing, CASE grantee WHEN 0 THEN NULL ELSE grantee::regrole::text END, right_name
                FROM ({tables} UNION ALL {schemas}) AS granted (thing, grantee, right_name)""",
        )
        if grantee is None
        or (grantee in names(prefix, "app", "worker", "auth", "steps", "matcher") and right not in plain)
        or (grantee in names(prefix, "app", "worker") and thing in APPEND_ONLY and right in {"UPDATE", "DELETE"})
    ]


def _secrets(connection: Connection, prefix: str) -> list[str]:
    return [
        f"{name} can read passwords.{column}"
        for name in names(prefix, "app", "worker")
        for column in SECRETS
        if rows(connection, "SELECT 1 WHERE has_column_privilege(%s, 'passwords', %s, 'SELECT')", name, column)
    ]


def time_outs(connection: Connection, prefix: str) -> list[str]:
    """Statements, locks and idle transactions end in time, by role."""
    set_ = {
        name: set(settings)
        for name, settings in rows(
            connection,
            """SELECT setrole::regrole::text, setconfig FROM pg_db_role_setting
               WHERE setdatabase = 0 AND setrole <> 0""",
        )
    }
    return [
        f"{prefix}_{kind} lacks {name}={value}"
        for kind, wanted in roles.TIMEOUTS.items()
        for name, value in wanted.items()
        if f"{name}={value}" not in set_.get(f"{prefix}_{kind}", set())
    ]
