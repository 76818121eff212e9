"""Checks of the database: who may connect, how far it is migrated, whether its guards stand, which jobs wait."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg

from partnercrm.doctor.findings import Finding
from partnercrm.kernel import migrations, roles
from partnercrm.rates.conversion import MOST_DAYS

Connection = psycopg.Connection[Any]
OLDEST: Final = 15
# They hold nothing of any organization.
UNWALLED: Final = ("alembic_version", "exchange_rates", "rate_counters", "rate_versions", "reset_requests")
MOST_SECONDS_APART: Final = 2.0
OVERDUE: Final = "5 minutes"
PREPARE: Final = "Run `partnercrm database prepare` with an administrator's connection."
MIGRATE: Final = "Run `partnercrm migrate`."
TAMPERED: Final = "Find out who changed the database; restore it from the migrations or a backup."


def server_supported(connection: Connection) -> Iterator[Finding]:
    """Find a server older than we are tested on."""
    version = connection.info.server_version // 10_000
    if version < OLDEST:
        yield Finding(f"The server is PostgreSQL {version}.", f"Use PostgreSQL {OLDEST} or newer.")


def roles_sound(connection: Connection, prefix: str) -> Iterator[Finding]:
    """Find roles that are missing, may too much, or may take too long."""
    found = {
        name: (powerful, settings or [])
        for name, powerful, settings in connection.execute(
            "SELECT rolname, rolsuper OR rolbypassrls OR rolcreaterole, rolconfig FROM pg_roles"
            " WHERE rolname = ANY (%s)",
            [[f"{prefix}_{kind}" for kind in roles.KINDS]],
        )
    }
    for kind in roles.KINDS:
        name = f"{prefix}_{kind}"
        if name not in found:
            yield Finding(f"The role {name} is missing.", PREPARE)
            continue
        powerful, settings = found[name]
        if powerful:
            yield Finding(f"The role {name} can pass the walls between organizations.", PREPARE)
        wanted = {f"{setting}={value}" for setting, value in roles.TIMEOUTS.get(kind, {}).items()}
        if not wanted <= set(settings):
            missing = ", ".join(sorted(wanted - set(settings)))
            yield Finding(f"The role {name} lacks {missing}.", PREPARE)


def logged_in_as(connection: Connection, expected: str) -> Iterator[Finding]:
    """Find a connection that belongs to another role than the one it is for."""
    role = connection.info.user
    if role != expected:
        yield Finding(f"{role} connects where {expected} should.", f"Put {expected} into that connection's setting.")


def migrated(connection: Connection, folder: Path) -> Iterator[Finding]:
    """Find a database that is behind the program, or ahead of it."""
    stands, newest = migrations.standing(connection), migrations.head(folder)
    if stands is None or stands < newest:
        yield Finding(f"The database stands at migration {stands or 'none'} of {newest}.", MIGRATE)
    elif stands > newest:
        yield Finding(f"The database is at migration {stands}, newer than this program.", "Install the newer program.")


def walls_stand(connection: Connection) -> Iterator[Finding]:
    """Find tables whose rows every organization could read."""
    tables = connection.execute(
        "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity, EXISTS ("
        "  SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive AND p.polname = 'wall')"
        " FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
        " AND c.relname <> ALL (%s) ORDER BY 1",
        [list(UNWALLED)],
    )
    for table, enforced, walled in tables:
        if not enforced:
            yield Finding(f"Row security is off on {table}.", TAMPERED)
        if not walled:
            yield Finding(f"The wall of {table} is missing.", TAMPERED)


def triggers_enabled(connection: Connection) -> Iterator[Finding]:
    """Find guards of append-only tables and legal steps that somebody switched off."""
    switched_off = connection.execute(
        "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'"
    )
    for trigger, table in switched_off:
        yield Finding(f"The trigger {trigger} of {table} is disabled.", TAMPERED)


def clocks_agree(connection: Connection) -> Iterator[Finding]:
    """Find clocks so far apart that steps would stand in the wrong order."""
    before = datetime.now(UTC)
    (theirs,) = connection.execute("SELECT clock_timestamp()").fetchone() or (before,)
    after = datetime.now(UTC)
    apart = max((before - theirs).total_seconds(), (theirs - after).total_seconds(), 0.0)
    if apart > MOST_SECONDS_APART:
        yield Finding(
            f"Our clock and the database's are {apart:.0f} seconds apart.", "Let both follow one time server."
        )


def rates_recent(connection: Connection) -> Iterator[Finding]:
    """Find a table of exchange rates that somebody began and nobody kept up: today's values are not converted."""
    days = [MOST_DAYS]
    stale = connection.execute(
        "SELECT max(last_on) FROM rate_versions HAVING max(last_on) < (now() AT TIME ZONE 'UTC')::date - %s", days
    )
    for (newest,) in stale:
        yield Finding(
            f"The newest exchange rate is of {newest}; a value is converted at one of its last {MOST_DAYS} days.",
            "Run `partnercrm import rates` with the newest table, and let something run it every day.",
        )


def jobs_done(connection: Connection) -> Iterator[Finding]:
    """Find jobs that failed for good, wait although they are due, or whose worker is gone."""
    counts = connection.execute(
        """
        SELECT count(*) FILTER (WHERE j.status = 'failed'),
               count(*) FILTER (WHERE j.status = 'todo' AND greatest(j.scheduled_at, e.at) < now() - %s::interval),
               count(*) FILTER (WHERE j.status = 'doing' AND w.id IS NULL)
        FROM procrastinate.procrastinate_jobs j
        LEFT JOIN procrastinate.procrastinate_workers w ON w.id = j.worker_id
        LEFT JOIN LATERAL (
            SELECT max(at) AS at FROM procrastinate.procrastinate_events WHERE job_id = j.id
        ) e ON true
        """,
        [OVERDUE],
    ).fetchone()
    failed, overdue, stalled = counts or (0, 0, 0)
    if failed:
        yield Finding(
            f"{failed} jobs failed for good.", "Read why in the worker's log; they stand in procrastinate_jobs."
        )
    if overdue:
        yield Finding(
            f"{overdue} jobs are due for more than {OVERDUE}.", "See that `partnercrm worker` runs; run more."
        )
    if stalled:
        yield Finding(f"{stalled} jobs lost their worker.", "A running worker takes them up again within two minutes.")
