"""Faults of the database, each planted and found."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from partnercrm.doctor import database as checks
from partnercrm.doctor.examination import examine
from partnercrm.kernel import migrations
from partnercrm.settings import ROOT, settings
from tests.servers import TestServer

MIGRATIONS = ROOT / "migrations"


@pytest.fixture
def admin(database: str, test_server: TestServer) -> Iterator[psycopg.Connection[Any]]:
    """The administrator on this test's own database; what the test plants in it is undone with the transaction."""
    with psycopg.connect(test_server.admin(database)) as connection:
        yield connection
        connection.rollback()


def sentences(findings: Iterator[Any]) -> list[str]:
    return [finding.wrong for finding in findings]


def test_a_sound_database_has_nothing_wrong(admin: psycopg.Connection[Any], test_server: TestServer) -> None:
    admin.execute("UPDATE procrastinate.procrastinate_events SET at = now()")

    found = [
        *checks.server_supported(admin),
        *checks.roles_sound(admin, test_server.prefix),
        *checks.migrated(admin, MIGRATIONS),
        *checks.walls_stand(admin),
        *checks.triggers_enabled(admin),
        *checks.clocks_agree(admin),
        *checks.jobs_done(admin),
        *checks.rates_recent(admin),
    ]

    assert found == []


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("ALTER ROLE {} SUPERUSER", "The role {} can pass the walls between organizations."),
        ("ALTER ROLE {} BYPASSRLS", "The role {} can pass the walls between organizations."),
        ("ALTER ROLE {} RESET lock_timeout", "The role {} lacks lock_timeout=5s."),
        ("ALTER ROLE {} RENAME TO somebody_else_entirely", "The role {} is missing."),
    ],
)
def test_a_role_that_may_too_much_or_is_not_there_is_found(
    admin: psycopg.Connection[Any], test_server: TestServer, planted: str, found: str
) -> None:
    name = f"{test_server.prefix}_app"
    admin.execute(sql.SQL(planted).format(sql.Identifier(name)))

    assert sentences(checks.roles_sound(admin, test_server.prefix)) == [found.format(name)]


def test_a_connection_of_the_wrong_role_is_found(admin: psycopg.Connection[Any]) -> None:
    assert sentences(checks.logged_in_as(admin, "partnercrm_app")) == [
        f"{admin.info.user} connects where partnercrm_app should."
    ]


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("UPDATE alembic_version SET version_num = '0001'", "stands at migration 0001 of"),
        ("DELETE FROM alembic_version", "stands at migration none of"),
        ("DROP TABLE alembic_version", "stands at migration none of"),
        ("UPDATE alembic_version SET version_num = '9999'", "is at migration 9999, newer than this program"),
    ],
)
def test_a_database_behind_or_ahead_is_found(admin: psycopg.Connection[Any], planted: str, found: str) -> None:
    admin.execute(planted)

    (sentence,) = sentences(checks.migrated(admin, MIGRATIONS))

    assert found in sentence


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("ALTER TABLE leads DISABLE ROW LEVEL SECURITY", "Row security is off on leads."),
        ("ALTER TABLE offers NO FORCE ROW LEVEL SECURITY", "Row security is off on offers."),
        ("DROP POLICY wall ON users", "The wall of users is missing."),
    ],
)
def test_a_missing_wall_is_found(admin: psycopg.Connection[Any], planted: str, found: str) -> None:
    admin.execute(planted)

    assert sentences(checks.walls_stand(admin)) == [found]


def test_a_disabled_trigger_is_found(admin: psycopg.Connection[Any]) -> None:
    admin.execute("ALTER TABLE lead_steps DISABLE TRIGGER append_only")

    assert sentences(checks.triggers_enabled(admin)) == ["The trigger append_only of lead_steps is disabled."]


@pytest.mark.parametrize("apart", [-90, 90])
def test_a_clock_that_is_wrong_is_found(
    admin: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch, apart: int
) -> None:
    class Wrong(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(UTC) + timedelta(seconds=apart)

    monkeypatch.setattr(checks, "datetime", Wrong)

    assert sentences(checks.clocks_agree(admin)) == ["Our clock and the database's are 90 seconds apart."]


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("'failed'", "1 jobs failed for good."),
        ("'doing'", "1 jobs lost their worker."),
        ("'todo'", "1 jobs are due for more than 5 minutes."),
    ],
)
def test_a_job_nobody_does_is_found(admin: psycopg.Connection[Any], planted: str, found: str) -> None:
    admin.execute("SET LOCAL search_path = procrastinate")
    admin.execute("DELETE FROM procrastinate_jobs")
    admin.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, scheduled_at)"
        f" VALUES ('default', 'web.forget', {planted}, now() - interval '1 hour')"
    )
    admin.execute("UPDATE procrastinate_events SET at = now() - interval '1 hour'")

    assert sentences(checks.jobs_done(admin)) == [found]


@pytest.mark.parametrize(("days", "is_found"), [(7, False), (8, True)])
def test_exchange_rates_that_nobody_keeps_up_are_found(
    admin: psycopg.Connection[Any], days: int, *, is_found: bool
) -> None:
    admin.execute(
        "INSERT INTO rate_versions (version, last_on, entries) VALUES (1, (now() AT TIME ZONE 'UTC')::date - %s, 1)",
        [days],
    )

    assert [
        sentence.startswith("The newest exchange rate is of ") for sentence in sentences(checks.rates_recent(admin))
    ] == [True] * is_found


def test_the_newest_migration_is_the_one_alembic_ends_at(admin: psycopg.Connection[Any]) -> None:
    assert migrations.standing(admin) == migrations.head(MIGRATIONS)


def test_an_examination_names_a_database_it_cannot_reach() -> None:
    nowhere = "postgresql+psycopg://partnercrm_owner@127.0.0.1:1/partnercrm"
    given = settings().model_copy(
        update={"owner_database_url": nowhere, "database_url": None, "worker_database_url": None}
        | {"files_directory": Path("/nowhere")}
    )

    found = sentences(examine(given, Path(MIGRATIONS)))

    for begins in ("The database cannot be reached as owner", "Files cannot be written to /nowhere"):
        assert any(sentence.startswith(begins) for sentence in found)
