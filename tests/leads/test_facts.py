"""What is kept of an exchange by month never differs from a recount of its steps, whenever it was kept."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg
import pytest
from flask import Flask

from partnercrm.kernel import db
from partnercrm.leads import jobs
from tests.cast import Cast, Player
from tests.factories import leads
from tests.identity.test_erasure import Worker, worker
from tests.servers import TestServer

__all__ = ["worker"]

HISTORIES, ROUNDS = (40, 30) if os.environ.get("PARTNERCRM_PROVE") == "1" else (1, 14)
BEGUN: Final = datetime(2026, 1, 3, tzinfo=UTC)
NEXT: Final = {
    "offered": ("accepted", "accepted", "accepted", "declined", "withdrawn", "expired"),
    "accepted": ("qualified", "qualified", "disqualified", "returned"),
    "qualified": ("converted",),
    "converted": ("won", "lost"),
}
REASONS: Final = {
    "declined": ("no_fit", "no_capacity"),
    "disqualified": ("no_need", "other"),
    "returned": ("no_capacity",),
    "lost": ("price",),
}
OFFER: Final = """
    INSERT INTO offers (id, partnership_id, giver_id, receiver_id, giver_member_id, status, need, offered_at,
        respond_by, expires_at)
    SELECT %(id)s, partnership_id, giver_id, receiver_id, giver_member_id, 'offered', need, %(at)s::timestamptz,
        %(at)s::timestamptz + interval '2 days', %(at)s::timestamptz + interval '90 days'
    FROM offers WHERE id = %(like)s;
    INSERT INTO offer_marks (offer_id, partnership_id, giver_id, receiver_id, company_mark, need_mark)
    SELECT id, partnership_id, giver_id, receiver_id, sha256(%(company)s), sha256(%(need)s)
    FROM offers WHERE id = %(id)s AND %(is_marked)s
"""
STEP: Final = """
    INSERT INTO lead_steps (id, partnership_id, giver_id, receiver_id, offer_id, step, reason, value_minor, currency,
        value_band, happened_at)
    SELECT gen_random_uuid(), partnership_id, giver_id, receiver_id, id, %(step)s, %(reason)s, %(minor)s, %(currency)s,
        CASE WHEN %(currency)s::text IS NOT NULL THEN '10k_50k' END, %(at)s
    FROM offers WHERE id = %(id)s
"""
CONTEST: Final = """
    INSERT INTO lead_contests (id, partnership_id, giver_id, receiver_id, offer_id, case_id, step, happened_at)
    SELECT gen_random_uuid(), partnership_id, giver_id, receiver_id, id, gen_random_uuid(), %(step)s, %(at)s
    FROM offers WHERE id = %(id)s
"""
DIFFERING: Final = """
    SELECT count(*) FROM (
        (SELECT * FROM step_exchange_facts(%(of)s, %(at)s) EXCEPT SELECT * FROM facts_counted(%(of)s, %(at)s, NULL))
        UNION ALL
        (SELECT * FROM facts_counted(%(of)s, %(at)s, NULL) EXCEPT SELECT * FROM step_exchange_facts(%(of)s, %(at)s))
    ) AS differing
"""


@dataclass
class History:
    """An exchange in which anything happens at any moment, entered past the application."""

    cursor: psycopg.ClientCursor[Any]
    draw: Random
    likes: list[str]
    stand: dict[UUID, tuple[str, datetime]] = field(default_factory=dict)

    def offer(self) -> None:
        company, is_marked = bytes([self.draw.randrange(4)]), self.draw.random() < 0.9
        need = company + bytes([self.draw.randrange(2)])
        self.enter(BEGUN + timedelta(minutes=self.draw.randrange(400_000)), company, need, is_marked=is_marked)

    def enter(self, moment: datetime, company: bytes, need: bytes, *, is_marked: bool = True) -> UUID:
        given = {"id": (made := uuid4()), "like": self.draw.choice(self.likes), "at": moment}
        self.cursor.execute(OFFER, given | {"company": company, "need": need, "is_marked": is_marked})
        self.take(made, "offered", moment)
        return made

    def go_on(self) -> None:
        made = self.draw.choice(list(self.stand))
        step, moment = self.stand[made]
        later = moment + timedelta(minutes=self.draw.choice((0, 7, 3_000, 60_000)))
        if step in NEXT:
            self.take(made, self.draw.choice(NEXT[step]), later)
        elif step in {"disqualified", "declined"}:
            come_to = "corrected" if step == "disqualified" else "restored"
            self.cursor.execute(CONTEST, {"id": made, "step": come_to, "at": later})
            self.stand[made] = (come_to, later)

    def take(self, made: UUID, step: str, moment: datetime) -> None:
        told = step in {"accepted", "won"}
        given = {
            "id": made,
            "step": step,
            "at": moment,
            "reason": self.draw.choice(REASONS[step]) if step in REASONS else None,
            "minor": self.draw.randrange(10**6) if told and self.draw.random() < 0.7 else None,
            "currency": self.draw.choice(("EUR", "USD")) if told else None,
        }
        self.cursor.execute(STEP, given)
        self.stand[made] = (step, moment)


@pytest.fixture
def asked(test_server: TestServer, database: str, cast: Cast) -> Iterator[psycopg.ClientCursor[Any]]:
    """The database's administrator as whoever Acme is, past every trigger."""
    admin = test_server.admin(database)
    with psycopg.connect(admin, autocommit=True) as connection, psycopg.ClientCursor(connection) as cursor:
        cursor.execute("SET session_replication_role = replica")
        mine = str(cast.sam.actor.organization_id)
        cursor.execute("SELECT set_config('partnercrm.organization', %s, false)", [mine])
        yield cursor


def found(cursor: psycopg.ClientCursor[Any], query: str, **given: Any) -> Any:
    row = cursor.execute(query, given).fetchone()
    assert row is not None
    return row[0]


def report(player: Player, cast: Cast, as_of: datetime) -> Any:
    asked = {"as_of": as_of.isoformat()}
    return player.call("GET", f"/partnerships/{cast.partnership_id}/reciprocity", query_string=asked, expect=200)


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_a_report_of_any_moment_is_what_a_recount_of_its_steps_says_whenever_facts_were_kept(
    seed: int, cast: Cast, asked: psycopg.ClientCursor[Any]
) -> None:
    likes = [leads.offer(player, cast.partnership_id)["id"] for player in (cast.sam, cast.gina)]
    history, moments = History(asked, Random(seed), likes), []
    for _ in range(ROUNDS):
        for _ in range(history.draw.randrange(1, 4)):
            history.offer()
        for _ in range(history.draw.randrange(12)):
            history.go_on()
        moments.append(found(asked, "SELECT clock_timestamp()"))
        if history.draw.random() < 0.3:
            asked.execute("SELECT step_roll_up(%s)", [cast.partnership_id])
            for at in history.draw.sample(moments, min(3, len(moments))):
                assert found(asked, DIFFERING, of=cast.partnership_id, at=at) == 0
        assert found(asked, DIFFERING, of=cast.partnership_id, at=moments[-1]) == 0

    some = [moments[0], moments[9], moments[-1]]
    assert found(asked, "SELECT count(*) FROM exchange_facts") > 50
    kept = [report(player, cast, at) for at in some for player in (cast.dana, cast.hank)]
    asked.execute("DELETE FROM exchange_facts; DELETE FROM exchange_settlements")
    assert kept == [report(player, cast, at) for at in some for player in (cast.hank, cast.dana)]


def test_a_credit_that_moves_to_an_earlier_month_leaves_the_one_it_was_kept_in(
    cast: Cast, asked: psycopg.ClientCursor[Any]
) -> None:
    history = History(asked, Random(1), [leads.offer(cast.sam, cast.partnership_id)["id"]])
    repeated = "SELECT sum(repeated) FROM step_exchange_facts(%(of)s, clock_timestamp())"
    repeated += " WHERE month = '2026-03-01' AND name = 'qualified'"
    for month, before in ((3, 0), (2, 1)):
        moment = datetime(2026, month, 10, tzinfo=UTC)
        made = history.enter(moment, b"Northwind", b"Northwind, Kites")
        for step in ("accepted", "qualified"):
            history.take(made, step, moment)
        assert found(asked, repeated, of=cast.partnership_id) == before
        asked.execute("SELECT step_roll_up(%s)", [cast.partnership_id])
        assert found(asked, repeated, of=cast.partnership_id) == before


def test_the_clock_keeps_facts_once_and_a_difference_is_said_and_mended(
    worker: Worker, app: Flask, cast: Cast, asked: psycopg.ClientCursor[Any], caplog: pytest.LogCaptureFixture
) -> None:
    leads.offer_at(cast, "won")
    kept = "SELECT count(*) FROM exchange_facts"
    with worker():
        jobs.roll_up()
    settled = found(asked, "SELECT settled_at FROM exchange_settlements")
    whole = found(asked, kept)
    assert whole > 5

    with worker():
        jobs.roll_up()
        jobs.verify_facts()
    assert found(asked, "SELECT settled_at FROM exchange_settlements") == settled
    assert "facts.flawed" not in caplog.text

    asked.execute("UPDATE exchange_facts SET leads = leads + 1 WHERE kind = 'step' AND name = 'won'")
    asked.execute("DELETE FROM exchange_facts WHERE kind = 'answer'")
    with worker():
        jobs.verify_facts()

    assert "facts.flawed" in caplog.text
    assert found(asked, kept) == whole
    assert found(asked, DIFFERING, of=cast.partnership_id, at=settled) == 0


def test_facts_are_read_by_the_two_sides_of_a_living_partnership_alone_and_kept_by_the_worker(
    cast: Cast, app: Flask, asked: psycopg.ClientCursor[Any]
) -> None:
    leads.offer(cast.sam, cast.partnership_id)
    told = "SELECT count(*) FROM step_exchange_facts(%(of)s, now())"
    assert found(asked, told, of=cast.partnership_id) > 0
    for statement in (
        "SELECT step_roll_up(%s)",
        "SELECT step_verify_facts(%s)",
        "SELECT facts_counted(%s, now(), NULL)",
    ):
        with db.transaction(cast.dana.actor), pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.driver_connection().execute(statement, [cast.partnership_id])

    for stranger in (cast.ines.actor.organization_id, ""):
        asked.execute("SELECT set_config('partnercrm.organization', %s, false)", [str(stranger)])
        asked.execute("SELECT step_roll_up(%s)", [cast.partnership_id])
        assert found(asked, told, of=cast.partnership_id) == 0
        assert found(asked, "SELECT count(*) FROM exchange_settlements") == 0

    asked.execute("SELECT set_config('partnercrm.organization', %s, false)", [str(cast.dana.actor.organization_id)])
    asked.execute("UPDATE partnerships SET status = 'ended', ended_at = now() WHERE id = %s", [cast.partnership_id])
    assert found(asked, told, of=cast.partnership_id) == 0
