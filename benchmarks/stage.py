"""The stage: two partners and their offers on an embedded server with fsync on, and both web servers before it."""

import logging
import os
import shutil
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from sys import executable
from time import monotonic, sleep
from typing import Any
from uuid import UUID

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import make_url

from benchmarks import enlarging
from partnercrm.kernel import migrations, postgres, roles
from partnercrm.kernel.ids import new_id, random_id
from partnercrm.kernel.processes import child, free_port
from partnercrm.settings import ROOT, settings
from tests.cast import Cast

DATABASE = "benchmark"
STATUSES = ("offered", "accepted", "declined", "withdrawn", "expired", "qualified", "converted", "won", "lost")
REASONED = {"declined": "no_capacity", "lost": "price"}
LEAD = (
    *("id", "organization_id", "owner_id", "company_name", "country", "industry", "need", "contact_role"),
    *("value_minor", "currency", "created_at"),
)
OFFER = (
    *("id", "partnership_id", "giver_id", "receiver_id", "giver_member_id", "status", "reason", "country", "industry"),
    *("need", "contact_role", "value_band", "value_currency", "offered_at", "respond_by", "expires_at"),
)
DETAILS = (
    *("offer_id", "partnership_id", "giver_id", "receiver_id"),
    *("company_name", "company_key", "name_key", "message", "tier"),
)
LINK = ("offer_id", "organization_id", "lead_id", "is_current")

# The administrator's rows are right by construction: no trigger or foreign key needs to look at each.
_QUICKLY = "SET session_replication_role = replica"

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Stage:
    """What the measurements need to know: how to reach both sides, who calls, and where rows are put."""

    database: str
    ports: dict[str, int]
    giver_token: str
    receiver_token: str
    giver_id: UUID
    receiver_id: UUID
    giver_user_id: UUID
    giver_member_id: UUID
    partnership_id: UUID
    logs: Path

    def draft_leads(self, many: int) -> list[UUID]:
        """Put so many leads of the giver that were never offered; return their ids."""
        leads = [self._lead(next(_numbers)) for _ in range(many)]
        self._copy({"leads": (LEAD, leads)})
        return [lead[0] for lead in leads]

    def offered_leads(self, many: int) -> None:
        """Put so many offers from the giver to the receiver, spread over a year and all states."""
        leads = [self._lead(next(_numbers)) for _ in range(many)]
        offers = [self._offer(number, lead) for number, lead in enumerate(leads)]
        between = (self.partnership_id, self.giver_id, self.receiver_id)
        key = "{}|".format
        details = [
            (offer[0], *between, lead[3], key(lead[3]), key(lead[3]), "", "need_to_know")
            for lead, offer in zip(leads, offers, strict=True)
        ]
        links = [(offer[0], self.giver_id, lead[0], True) for lead, offer in zip(leads, offers, strict=True)]
        self._copy(
            {
                "leads": (LEAD, leads),
                "offers": (OFFER, offers),
                "offer_details": (DETAILS, details),
                "offered_leads": (LINK, links),
            }
        )

    @contextmanager
    def enlarged(self, times: int) -> Iterator["Stage"]:
        """Serve a copy of the database with so many times the offers, as `large`; ends every connection to this one."""
        name = f"{DATABASE}_large"
        with psycopg.connect(make_conninfo(self.database, dbname="postgres"), autocommit=True) as server:
            ended = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s"
            server.execute(ended, [DATABASE])
            server.execute(f"CREATE DATABASE {name} TEMPLATE {DATABASE}")
            server.execute(f"GRANT CONNECT ON DATABASE {name} TO PUBLIC")
        large = make_conninfo(self.database, dbname=name)
        with psycopg.connect(large) as connection:
            connection.execute(_QUICKLY)
            for statement in enlarging.statements(connection, times):
                connection.execute(statement)
        url = make_url(os.environ["DATABASE_URL"]).set(database=name).render_as_string(hide_password=False)
        with _serving("wsgi:app", {"DATABASE_URL": url}, self.logs / "large.log") as port:
            yield replace(self, database=large, ports=self.ports | {"large": port})

    def settle(self) -> None:
        """Leave the server nothing of the filling to do while the clock runs."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")

    def _lead(self, number: int) -> tuple[Any, ...]:
        what = (f"Company {number:07}", "DE", "Logistics", "GTX Plus Basic", "Head of operations", 1_250_000, "EUR")
        return (random_id(), self.giver_id, self.giver_user_id, *what, datetime.now(UTC))

    def _offer(self, number: int, lead: Sequence[Any]) -> tuple[Any, ...]:
        status = STATUSES[number % len(STATUSES)]
        at = datetime.now(UTC) - timedelta(seconds=number * 311 % 31_536_000)
        between = (self.partnership_id, self.giver_id, self.receiver_id, self.giver_member_id)
        clocks = (at, at + timedelta(hours=48), at + timedelta(days=400))
        return (new_id(), *between, status, REASONED.get(status), *lead[4:8], "10k_50k", "EUR", *clocks)

    def _copy(self, tables: dict[str, tuple[Sequence[str], Iterable[Sequence[Any]]]]) -> None:
        with psycopg.connect(self.database) as connection, connection.cursor() as cursor:
            cursor.execute(_QUICKLY)
            for table, (columns, rows) in tables.items():
                with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)


@contextmanager
def stage() -> Iterator[Stage]:
    """Set everything up in a folder of its own and take it down again; both sides answer when the block begins."""
    folder = Path(tempfile.mkdtemp(prefix="partnercrm-benchmark-"))
    try:
        with postgres.running(folder) as server, ExitStack() as stack:
            roles.prepare(server.url("postgres", "postgres"), "partnercrm", DATABASE, dict.fromkeys(roles.LOGINS))
            _configure(server)
            cast = _people()
            sides = {
                "floor": (
                    "benchmarks.floor:app",
                    {
                        "FLOOR_DATABASE": roles.plain(server.url("partnercrm_app", DATABASE)),
                        "FLOOR_ADMINISTRATION": roles.plain(server.url("postgres", DATABASE)),
                    },
                ),
                "partnercrm": ("wsgi:app", {}),
            }
            ports = {
                name: stack.enter_context(_serving(application, extra, folder / f"{name}.log"))
                for name, (application, extra) in sides.items()
            }
            yield _filled(roles.plain(server.url("postgres", DATABASE)), ports, cast, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _configure(server: postgres.Server) -> None:
    """Set what every process reads: as in production, but for plain http and an allowance that is never used up."""
    os.environ |= {
        "DATABASE_URL": server.url("partnercrm_app", DATABASE),
        "PARTNERCRM_WORKER_DATABASE_URL": server.url("partnercrm_worker", DATABASE),
        "PARTNERCRM_OWNER_DATABASE_URL": server.url("partnercrm_owner", DATABASE),
        "PARTNERCRM_ROLE_PREFIX": "partnercrm",
        "PARTNERCRM_SECRET_KEY": "only-for-benchmarks-only-for-benchmarks",
        "PARTNERCRM_INSECURE_COOKIES": "true",
        "PARTNERCRM_REQUEST_RATE": "1000000000 per minute",
        "PYTHONPATH": str(ROOT),
    }
    settings.cache_clear()


def _people() -> Cast:
    from partnercrm.app import create_app
    from partnercrm.kernel.db import db

    migrations.upgrade(ROOT / "migrations", str(settings().owner_database_url))
    app = create_app()
    logging.disable(logging.INFO)
    with app.app_context():
        cast = Cast.partners(app)
        db.engine.dispose()
    return cast


def _filled(database: str, ports: dict[str, int], cast: Cast, logs: Path) -> Stage:
    with cast.app.app_context():
        giver, receiver = cast.sam.actor, cast.gina.actor
    with psycopg.connect(database) as connection:
        found = connection.execute("SELECT id FROM partnership_members WHERE user_id = %s", [giver.user_id]).fetchone()
    if found is None or giver.user_id is None:
        raise LookupError("the giver is no member")
    tokens = (cast.sam.token, cast.gina.token)
    people = (giver.organization_id, receiver.organization_id, giver.user_id, found[0])
    return Stage(database, ports, *tokens, *people, cast.partnership_id, logs)


@contextmanager
def _serving(application: str, extra: dict[str, str], log: Path) -> Iterator[int]:
    """Serve one side by the configuration of production on a free port."""
    port = free_port(8800)
    environment = {**os.environ, **extra, "PARTNERCRM_PORT": str(port)}
    command = [executable, "-m", "gunicorn", "--config", str(ROOT / "config" / "gunicorn.py"), application]
    with log.open("wb") as output, child(command, env=environment, cwd=ROOT, stdout=output, stderr=output):
        _await_answer(port, log)
        yield port


def _await_answer(port: int, log: Path) -> None:
    deadline = monotonic() + 60
    while monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            sleep(0.05)
        else:
            return
    raise RuntimeError(f"The web server on port {port} does not answer: {log.read_text()[-2000:]}")
