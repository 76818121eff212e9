"""What a side is credited for cannot be bent by its giver: rules on random leads, and the ways somebody would try."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Uuid, column, func, select

from partnercrm.kernel import clock, db
from partnercrm.leads.clusters import Cluster
from partnercrm.leads.credit import Junk, junk
from partnercrm.leads.lifecycle import DisqualifyReason
from partnercrm.partnerships.measures import Measure
from tests.cast import Cast, Player
from tests.factories import leads
from tests.leads.test_contesting import contested, settle
from tests.leads.test_findings import LAST_MONTH, agreed
from tests.leads.test_marks import told as clusters
from tests.servers import TestServer

BEGUN = datetime(2026, 1, 12, 10, tzinfo=UTC)
APART = timedelta(days=90)
FILLED = """
    INSERT INTO offers (id, partnership_id, giver_id, receiver_id, giver_member_id, status, need, offered_at,
        respond_by, expires_at)
    SELECT %(id)s, partnership_id, giver_id, receiver_id, giver_member_id, 'qualified', need, offered_at, respond_by,
        expires_at
    FROM offers WHERE id = %(like)s;
    INSERT INTO offer_marks (offer_id, partnership_id, giver_id, receiver_id, company_mark, need_mark)
    SELECT id, partnership_id, giver_id, receiver_id, sha256(%(need)s), sha256(%(need)s) FROM offers WHERE id = %(id)s;
    INSERT INTO lead_steps (id, partnership_id, giver_id, receiver_id, offer_id, step, happened_at)
    SELECT id, partnership_id, giver_id, receiver_id, id, %(step)s, %(moment)s FROM offers WHERE id = %(id)s;
"""


@pytest.mark.parametrize("step", ["accepted", "qualified"])
def test_a_need_counts_once_in_ninety_days_whoever_gives_it(
    step: str, cast: Cast, test_server: TestServer, database: str
) -> None:
    likes = [
        leads.offer(player, cast.partnership_id, need=need)["id"]
        for player, need in ((cast.sam, "Kites"), (cast.gina, "Sails"))
    ]
    draw = Random(90)
    drawn = [(uuid4(), draw.choice(likes), bytes([draw.randrange(6)]), draw.randrange(500)) for _ in range(60)]
    drawn += [(uuid4(), likes[0], b"edge", day) for day in (0, 89, 90, 91, 179, 180)]
    with psycopg.connect(test_server.admin(database)) as connection, psycopg.ClientCursor(connection) as cursor:
        cursor.execute("SET session_replication_role = replica")
        for offer_id, like, need, day in drawn:
            moment = BEGUN + timedelta(days=day)
            cursor.execute(FILLED, {"id": offer_id, "like": like, "need": need, "moment": moment, "step": step})

    repeated, edge, credited_at = set(), [], dict[bytes, int]()
    for offer_id, _like, need, day in sorted(drawn, key=lambda one: one[3]):
        if need in credited_at and day - credited_at[need] < APART.days:
            repeated.add(offer_id)
            edge += [day] if need == b"edge" else []
        else:
            credited_at[need] = day
    assert edge == [89, 91, 179]
    for player in (cast.dana, cast.hank, cast.ines):
        with db.transaction(player.actor):
            known = func.step_leads_repeated(cast.partnership_id, datetime.now(UTC) + timedelta(hours=1))
            found = set(db.session().execute(select(known.table_valued(column("lead_id", Uuid()), "measure"))).all())
        assert found == (set() if player is cast.ines else {(lead_id, step) for lead_id in repeated})


def test_only_reasons_of_quality_make_a_lead_junk() -> None:
    found = junk({reason.value: 2 for reason in DisqualifyReason}, 40)

    assert (found, found.share) == (Junk(8, 40), Fraction(1, 5))
    assert Junk(0, 0).share is None


def credit(player: Player, cast: Cast, of: Player, **query: str) -> dict[str, Any]:
    path = f"/partnerships/{cast.partnership_id}/reciprocity"
    told = player.call("GET", path, query_string=query, expect=200)
    mine = str(of.actor.organization_id)
    [found] = [side["credit"] for side in told["organizations"] if side["organization_id"] == mine]
    assert isinstance(found, dict)
    return found


def qualified(giver: Player, receiver: Player, cast: Cast, moment: datetime, **fields: Any) -> dict[str, Any]:
    with clock.at(moment):
        made = leads.offer(giver, cast.partnership_id, **fields)
        for verb in ("accept", "qualify"):
            leads.step(receiver, made["id"], verb)
    return made


def test_credit_starts_at_qualified(cast: Cast) -> None:
    for status in ("offered", "declined", "accepted", "returned", "disqualified"):
        leads.offer_at(cast, status)
    assert credit(cast.gina, cast, cast.sam)["credited"] == 0

    for status in ("qualified", "won", "lost"):
        leads.offer_at(cast, status)
    assert credit(cast.gina, cast, cast.sam)["credited"] == 3


def test_taking_details_back_and_offering_the_same_company_again_earns_no_second_credit(cast: Cast) -> None:
    one = {"company_name": "Contoso", "need": "Anvils"}
    made = qualified(cast.sam, cast.gina, cast, BEGUN, **one)
    with clock.at(BEGUN + timedelta(days=1)):
        leads.step(cast.gina, made["id"], "convert")
        leads.step(cast.gina, made["id"], "lose", reason="price")
    cast.sam.call("POST", f"/offers/{made['id']}/take-back", expect=200)
    with clock.at(BEGUN + timedelta(days=20)):
        again = leads.step(cast.gina, leads.offer(cast.sam, cast.partnership_id, **one)["id"], "accept")

    assert again["reason"] == "duplicate"
    found = credit(cast.gina, cast, cast.sam)
    assert (found["credited"], found["repeated"]) == (1, 0)
    assert credit(cast.dana, cast, cast.sam) == found

    qualified(cast.sam, cast.gina, cast, BEGUN + timedelta(days=95), **one)
    assert credit(cast.gina, cast, cast.sam)["credited"] == 2
    january = credit(cast.gina, cast, cast.sam, window="2026-01..2026-01")
    assert january["credited"] == 1


def test_giving_back_what_one_was_given_earns_no_credit(cast: Cast) -> None:
    one = {"company_name": "Contoso", "need": "Anvils"}
    made = qualified(cast.sam, cast.gina, cast, BEGUN, **one)
    cast.sam.call("POST", f"/offers/{made['id']}/take-back", expect=200)
    with clock.at(BEGUN + timedelta(days=10)):
        back = leads.step(cast.sam, leads.offer(cast.gina, cast.partnership_id, **one)["id"], "accept")
        cast.sam.call("POST", f"/offers/{back['id']}/qualify", json={}, expect=409)

    assert back["reason"] == "duplicate"
    assert credit(cast.dana, cast, cast.sam)["credited"] == 1
    assert credit(cast.dana, cast, cast.gina)["credited"] == 0


def test_disqualifying_for_quality_shows_and_a_case_found_wrong_gives_the_credit_back(app: Flask, cast: Cast) -> None:
    leads.offer_at(cast, "qualified")
    _, case_id = contested(cast)
    before = credit(cast.dana, cast, cast.sam)
    assert (before["credited"], before["junk"], before["junk_percent"]) == (1, 1, "50.0")
    assert before["disqualified_for"] == [{"reason": "no_budget", "count": 1}]

    settle(cast, case_id, "corrected")

    after = credit(cast.gina, cast, cast.sam)
    assert (after["credited"], after["junk"], after["disqualified_for"]) == (2, 0, [])


def test_where_qualified_leads_count_index_verdict_months_and_measure_count_credited_ones_alike(cast: Cast) -> None:
    agreed(cast, measure="qualified", window_months=1)
    for day, need in enumerate(("Anvils", "Kites")):
        qualified(cast.sam, cast.gina, cast, LAST_MONTH + timedelta(days=day), company_name="Contoso", need=need)
    qualified(cast.gina, cast.sam, cast, LAST_MONTH + timedelta(days=5), company_name="Northwind", need="Anvils")
    path = f"/partnerships/{cast.partnership_id}/reciprocity"

    told = {by: cast.dana.call("GET", path, query_string={"by": by}, expect=200) for by in ("month", "industry")}
    report = told["month"]

    places = ("first", "second") if report["organizations"][0]["name"] == "Acme" else ("second", "first")
    [month] = report["months"]
    [exchange] = [one for one in report["exchanges"] if one["measure"] == "qualified"]
    ended = report["findings"]["ended"]
    for counted in (exchange, ended, *({p: one["reckoning"][p]["leads"] for p in places} for one in told.values())):
        assert [counted[place] for place in places] == [2, 1]
    assert [(month[place]["qualified"], month[place]["credited"]) for place in places] == [(2, 2), (1, 1)]
    assert [row[places[0]]["leads"] for row in report["reckoning"]["rows"]] == [2]
    [by] = clusters(cast.hank, cast).values()
    acme = places.index("first")
    assert by[Measure.QUALIFIED] == {Cluster(acme, 2): 1, Cluster(1 - acme, 1): 1}
