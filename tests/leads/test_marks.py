"""Marks of companies: leads of one belong together, nobody can read of which, and an ended partnership forgets."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import func, select

from partnercrm.kernel import clock, db, roles
from partnercrm.leads.clusters import Cluster
from partnercrm.leads.clusters import leads as leads_of
from partnercrm.leads.facts import Periods
from partnercrm.leads.queries.facts import facts
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.measures import Measure
from tests.cast import Cast, Player, partnership
from tests.factories import leads
from tests.leads.test_contesting import contested, settle
from tests.partnerships.test_ending import end
from tests.servers import TestServer

JANUARY = datetime(2026, 1, 10, 10, tzinfo=UTC)
FEBRUARY = JANUARY + timedelta(days=31)


def given(player: Player, cast: Cast, company: str, *needs: str) -> list[dict[str, Any]]:
    return [leads.offer(player, cast.partnership_id, company_name=company, need=need) for need in needs]


def told(player: Player, cast: Cast, as_of: datetime | None = None) -> Periods:
    with db.transaction(player.actor):
        known = partnerships.joined_partnership(player.actor, cast.partnership_id)
        told = facts(cast.partnership_id, as_of or datetime.now(UTC) + timedelta(hours=1))
        return told.periods(known.sides_by_id[0].organization_id)


def place(player: Player, cast: Cast) -> int:
    report = player.call("GET", f"/partnerships/{cast.partnership_id}/reciprocity", expect=200)
    [found] = [
        number
        for number, side in enumerate(report["organizations"])
        if side["organization_id"] == str(player.actor.organization_id)
    ]
    return found


def everything(test_server: TestServer, database: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(test_server.admin(database)) as connection:
        return connection.execute(query).fetchall()  # type: ignore[arg-type]


def test_leads_of_one_company_and_month_are_one_cluster_of_their_giver(cast: Cast) -> None:
    acme = place(cast.sam, cast)
    with clock.at(JANUARY):
        made = given(cast.sam, cast, "Northwind", "Fleet", "Kites", "Sails") + given(
            cast.sam, cast, "Southwind", "Kites"
        )
        given(cast.gina, cast, "Northwind GmbH", "Ropes")
        for offer in made[:2]:
            leads.step(cast.gina, offer["id"], "accept")
    with clock.at(FEBRUARY):
        given(cast.sam, cast, "NORTHWIND", "Masts")

    found = told(cast.gina, cast)

    assert found == {
        "2026-01": {
            # Two were accepted; of the other two the receiver does not know that they are of two companies.
            Measure.OFFERED: {Cluster(acme, 2): 2, Cluster(1 - acme, 1): 1},
            Measure.ACCEPTED: {Cluster(acme, 2): 1},
        },
        "2026-02": {Measure.OFFERED: {Cluster(acme, 1): 1}},
    }
    assert told(cast.dana, cast) == found


def test_clusters_hold_the_leads_that_the_report_counts(cast: Cast) -> None:
    for status in ("offered", "withdrawn", "declined", "returned", "disqualified", "won", "lost"):
        leads.offer_at(cast, status)
    _, case_id = contested(cast)
    settle(cast, case_id, "corrected")
    given(cast.gina, cast, "Northwind", "Kites", "Sails")

    report = cast.dana.call("GET", f"/partnerships/{cast.partnership_id}/reciprocity", expect=200)

    counted = {
        (month["month"], measure): (month["first"][measure], month["second"][measure])
        for month in report["months"]
        for measure in Measure
        if month["first"][measure] + month["second"][measure]
    }
    found = told(cast.hank, cast)
    assert {
        (month, measure): tuple(leads_of(clusters)) for month, by in found.items() for measure, clusters in by.items()
    } == counted
    assert sum(sum(pair) for pair in counted.values()) > 10


@pytest.mark.parametrize("companies", [("Northwind", "Northwind"), ("Northwind", "Southwind")], ids=["one", "two"])
def test_nobody_learns_whether_leads_that_are_not_opened_are_of_one_company(
    cast: Cast, companies: tuple[str, str]
) -> None:
    for company, need in zip(companies, ("Kites", "Sails"), strict=True):
        given(cast.sam, cast, company, need)

    [by] = told(cast.gina, cast).values()

    assert by == {Measure.OFFERED: {Cluster(place(cast.sam, cast), 2): 1}}


def test_a_cluster_stays_when_the_details_are_gone(cast: Cast, test_server: TestServer, database: str) -> None:
    first, second = given(cast.sam, cast, "Northwind", "Kites", "Sails")
    before = told(cast.dana, cast)
    for offer in (first, second):
        leads.step(cast.gina, offer["id"], "accept")
        leads.step(cast.gina, offer["id"], "return", reason="no_capacity")

    assert everything(test_server, database, "SELECT count(*) FROM offer_details") == [(0,)]
    [(month, by)] = told(cast.dana, cast).items()
    assert by[Measure.OFFERED] == before[month][Measure.OFFERED]
    assert Counter(size for _, size in by[Measure.ACCEPTED]) == {2: 1}


def test_clusters_are_told_as_of_any_moment(cast: Cast, test_server: TestServer, database: str) -> None:
    given(cast.sam, cast, "Northwind", "Kites", "Sails")
    [(between,)] = everything(test_server, database, "SELECT clock_timestamp()")
    before = told(cast.dana, cast, between)
    given(cast.sam, cast, "Northwind", "Ropes")

    assert told(cast.dana, cast, between) == before
    assert told(cast.dana, cast) != before


def test_who_is_not_in_the_partnership_learns_of_no_step_and_no_cluster(cast: Cast) -> None:
    given(cast.sam, cast, "Northwind", "Kites")

    for player, facts_told in ((cast.ines, 0), (cast.gina, 3)):
        with db.transaction(player.actor):
            rows = db.session().execute(
                select("*").select_from(func.step_exchange_facts(cast.partnership_id, datetime.now(UTC)))
            )
            assert len(rows.all()) == facts_told


@pytest.mark.parametrize("table", ["offer_marks", "partnership_salts"])
@pytest.mark.parametrize("kind", ["app", "worker"])
def test_no_side_reads_or_writes_marks(
    table: str, kind: str, cast: Cast, test_server: TestServer, database: str
) -> None:
    given(cast.sam, cast, "Northwind", "Kites")

    for statement in (f"SELECT FROM {table}", f"DELETE FROM {table}", f"INSERT INTO {table} DEFAULT VALUES"):
        with psycopg.connect(roles.plain(test_server.url(kind, database))) as connection:
            connection.execute(
                "SELECT set_config('partnercrm.organization', %s, true)", [str(cast.sam.actor.organization_id)]
            )
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)  # type: ignore[arg-type]


def test_a_company_has_another_mark_in_every_partnership(cast: Cast, test_server: TestServer, database: str) -> None:
    other = partnership(cast.dana, cast.ines)
    given(cast.sam, cast, "Northwind", "Kites", "Sails")
    leads.offer(cast.dana, other, company_name="Northwind", need="Kites")

    marks = everything(
        test_server, database, "SELECT company_mark, count(DISTINCT need_mark), count(*) FROM offer_marks GROUP BY 1"
    )
    assert sorted((needs, offers) for _, needs, offers in marks) == [(1, 1), (2, 2)]
    assert all(len(mark) == 32 for mark, _, _ in marks)


def test_what_marks_hang_on_is_destroyed_when_the_partnership_ends(
    cast: Cast, test_server: TestServer, database: str
) -> None:
    given(cast.sam, cast, "Northwind", "Kites")
    secrets = "SELECT partnership_id FROM partnership_salts"
    assert everything(test_server, database, secrets) == [(cast.partnership_id,)]

    end(cast)

    assert everything(test_server, database, secrets) == []
    assert everything(test_server, database, "SELECT count(*) FROM offer_marks") == [(1,)]
