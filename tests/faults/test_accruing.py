"""Won deals accrued by one job whose worker is killed: each cent once, and not far from writing the entries alone."""

import os
import random
import signal
import time
from typing import Any, Final

import psycopg
import pytest

from partnercrm.incentives import jobs as accruing_jobs
from partnercrm.incentives.actions import accruing
from partnercrm.kernel import db, jobs
from tests.cast import Cast
from tests.factories import earnings, splits
from tests.faults.test_importing import eventually, rescue, worker
from tests.servers import TestServer

PROVE: Final = os.environ.get("PARTNERCRM_PROVE") == "1"
DEALS, KILLS, PATIENCE = (100_000, 5, 1_800) if PROVE else (90, 0, 120)
TIMES_THE_FLOOR: Final = 4
_FILL: Final = """
    SET session_replication_role = replica;
    CREATE TEMPORARY TABLE copies AS
    SELECT gen_random_uuid() AS deal, gen_random_uuid() AS revenue, number
    FROM generate_series(1, {many}) AS number;
    INSERT INTO deal_revenues SELECT (jsonb_populate_record(r, jsonb_build_object('id', c.revenue, 'deal_id', c.deal,
        'minor', 1000000 + c.number, 'happened_at', r.happened_at + c.number * interval '1 millisecond'))).*
    FROM copies c, deal_revenues r WHERE r.kind = 'won';
    INSERT INTO split_agreements SELECT (jsonb_populate_record(a, jsonb_build_object('deal_id', c.deal))).*
    FROM copies c, split_agreements a;
    INSERT INTO split_divisions SELECT (jsonb_populate_record(d, jsonb_build_object('deal_id', c.deal))).*
    FROM copies c, split_divisions d;
    INSERT INTO split_participants SELECT (jsonb_populate_record(p, jsonb_build_object('deal_id', c.deal))).*
    FROM copies c, split_participants p;
    SET session_replication_role = origin;
    ANALYZE
"""
_SETTLED: Final = "SELECT count(*) FROM accrual_states WHERE organization_id = %s"
_TABLES: Final = ("journals", "entries")
_SUMS: Final = """
    SELECT count(DISTINCT (e.revenue_id, e.user_id)), count(*) FILTER (WHERE e.account = 'commission'),
           coalesce(sum(e.minor) FILTER (WHERE e.account = 'commission'), 0), coalesce(sum(e.minor), 0)
    FROM entries e
"""


def test_a_worker_killed_while_it_accrues_pays_nobody_twice(
    cast: Cast, database: str, test_server: TestServer, record_property: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _share(cast)
    chance = random.Random(20261123)
    with psycopg.connect(test_server.admin(database), autocommit=True) as connection:
        connection.execute("DELETE FROM split_divisions WHERE version = 1")
        connection.execute(_FILL.format(many=DEALS))

        def settled() -> int:
            found = connection.execute(_SETTLED, [cast.dana.actor.organization_id]).fetchone()
            return int(found[0]) if found else 0

        if not PROVE:
            _break_off(cast, monkeypatch)
            assert 0 < settled() < DEALS
        with db.transaction(cast.dana.actor):
            jobs.defer("incentives.accrue", cast.dana.actor.organization_id)
        for _ in range(KILLS):
            with worker(database, test_server) as process:
                before = settled()
                assert eventually(lambda before=before: settled() > before, PATIENCE), "the worker does nothing"
                time.sleep(chance.uniform(0, 0.2))
                process.send_signal(signal.SIGKILL)
                process.wait()
            rescue(test_server, database)
        before, begun = settled(), time.monotonic()
        if PROVE:
            with worker(database, test_server):
                assert eventually(lambda: settled() == DEALS + 1, PATIENCE), settled()
        else:
            accruing_jobs.accrue(str(cast.dana.actor.organization_id))
        took = (time.monotonic() - begun) * DEALS / (DEALS + 1 - before)
        _require_each_once(connection)
        floor = _copied(connection)
    record_property("deals accrued", DEALS)
    record_property("seconds for all of them", round(took))
    record_property("hundredths of the floor's time", round(100 * took / floor))
    if PROVE:
        assert took <= TIMES_THE_FLOOR * floor


def _share(cast: Cast) -> None:
    """Let four people of Acme, each with a plan, have a part of a deal that is won."""
    deal = earnings.won(cast)
    people = [cast.sam, cast.nora, cast.dana, cast.ada]
    parts = [{"user_id": str(one.actor.user_id), "parts": 1} for one in people]
    splits.divide(cast.dana, deal, whole=4, participants=parts)
    for one in people:
        earnings.paid(cast, one)


def _require_each_once(connection: psycopg.Connection[Any]) -> None:
    found = connection.execute(_SUMS).fetchone()
    exact = connection.execute("SELECT sum(minor * 6 / 10) FROM deal_revenues WHERE kind = 'won'").fetchone()
    assert found is not None
    assert exact is not None
    pairs, commissions, cost, balance = found
    assert (pairs, commissions, balance) == (4 * (DEALS + 1), 4 * (DEALS + 1), 0)
    assert abs(cost - exact[0] / 10) <= 4 * (DEALS + 1)


def _break_off(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the job fail in the middle of its third lot, when all of that is written but not kept."""
    kept, lots = accruing._keep, []

    def fail(states: list[dict[str, Any]]) -> None:
        lots.append(len(states))
        kept(states)
        if len(lots) == 3:
            raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(accruing, "AT_ONCE", 20)
        patched.setattr(accruing, "_keep", fail)
        with pytest.raises(ConnectionError):
            accruing_jobs.accrue(str(cast.dana.actor.organization_id))


def _copied(connection: psycopg.Connection[Any]) -> float:
    """Write the same journals and entries again by COPY, under the same constraints; return the seconds."""
    taken = {}
    for table in _TABLES:
        with connection.cursor().copy(f"COPY {table} TO STDOUT (FORMAT binary)") as out:
            taken[table] = b"".join(out)
    connection.execute("SET session_replication_role = replica")
    for table in reversed(_TABLES):
        connection.execute(f"DELETE FROM {table}")
    connection.execute("SET session_replication_role = origin")
    connection.execute("VACUUM journals, entries")
    begun = time.monotonic()
    with connection.transaction():
        for table in _TABLES:
            with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT binary)") as into:
                into.write(taken[table])
    return time.monotonic() - begun
