"""A band that is left with evidence opens one case with the fact sheet; the record closes it once it is back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask

from partnercrm.cases.jobs import take_on
from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions.drifting import read_months
from tests.cast import Cast, Player
from tests.factories import cases, leads, terms
from tests.servers import TestServer

NOW = datetime.now(UTC)
THIS_MONTH = NOW.replace(day=1, hour=0, minute=0)
LAST_MONTH = (THIS_MONTH - timedelta(days=1)).replace(day=15)


def later(months: int) -> datetime:
    """Return a moment so many months after the present one's first day."""
    return (THIS_MONTH + timedelta(days=31 * months)).replace(day=2)


def give(giver: Player, taker: Player, cast: Cast, number: int, moment: datetime) -> None:
    with clock.at(moment):
        for _ in range(number):
            leads.step(taker, leads.offer(giver, cast.partnership_id)["id"], "accept")


def look(cast: Cast) -> None:
    """Do what the worker does every night, for either side."""
    for player in (cast.dana, cast.hank):
        read_months(Actor.system(player.actor.organization_id))


@pytest.fixture
def left(cast: Cast) -> Cast:
    """A month that is over, in which Acme alone gave leads, by terms that look at every month."""
    with clock.at(LAST_MONTH - timedelta(days=45)):
        terms.agree(cast, window_months=1)
    give(cast.sam, cast.gina, cast, 8, LAST_MONTH)
    return cast


def analyses(cast: Cast, player: Player | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (player or cast.dana).call("GET", "/cases?kind=cause_analysis", expect=200)["items"]
    return found


def entries(player: Player, case_id: str) -> Any:
    return player.response("GET", f"/cases/{case_id}/entries").data


def readings(database: str, server: TestServer) -> list[tuple[Any, ...]]:
    with psycopg.connect(server.admin(database)) as connection:
        asked = "SELECT month, signal, is_outside, backs, change FROM drift_readings ORDER BY month"
        return connection.execute(asked).fetchall()


def test_one_case_opens_with_the_same_fact_sheet_for_both_and_an_owner_on_each_side(left: Cast) -> None:
    look(left)
    look(left)
    [opened] = analyses(left)
    for player in (left.dana, left.hank):
        take_on(str(player.actor.organization_id), opened["id"])
        take_on(str(player.actor.organization_id), opened["id"])

    seen = left.hank.call("GET", f"/cases/{opened['id']}", expect=200)
    assert (seen["status"], seen["subject"], seen["subject_id"]) == ("open", "partnerships", str(left.partnership_id))
    assert sorted(owner["name"] for owner in seen["owners"]) == ["Dana", "Hank"]
    left_to_do = datetime.fromisoformat(seen["due_on"]).replace(tzinfo=UTC) - datetime.now(UTC)
    assert timedelta(days=9) < left_to_do < timedelta(days=11)
    assert entries(left.dana, opened["id"]) == entries(left.hank, opened["id"])
    [_claim, sheet] = left.gina.call("GET", f"/cases/{opened['id']}/entries", expect=200)["items"]
    facts = {fact["name"]: fact["value"] for fact in sheet["facts"]}
    assert sheet["kind"] == "finding"
    assert facts["Answer, leads of Acme"] == "8 of 8 came on (100.0 % of those settled), 0 ended, 0 are there yet"
    assert facts["Answers of Globex"].startswith("8 of 8 that were due within the agreed 48 working hours")
    told = " ".join([sheet["title"], *facts, *facts.values()]).lower()
    assert not any(word in told for word in ("owes", "fault", "guilt", "winner", "loser"))


def test_neither_side_withdraws_it_and_both_can_settle_it(left: Cast) -> None:
    look(left)
    [opened] = analyses(left)
    path = f"/cases/{opened['id']}"
    for player in (left.dana, left.hank):
        assert player.call("POST", f"{path}/withdraw", expect=409)["code"] == "step_not_yours"
    proposal = cases.propose(left.gina, opened["id"])["proposal_id"]
    assert left.dana.call("POST", f"{path}/agree", json={"proposal_id": proposal}, expect=200)["status"] == "decided"
    left.dana.call("POST", f"{path}/close", expect=200)
    give(left.sam, left.gina, left, 7, NOW)

    with clock.at(later(1)):
        look(left)

    assert [one["status"] for one in analyses(left)] == ["open", "closed"]


def test_back_in_the_band_twice_the_record_closes_it_with_what_it_shows_then(
    left: Cast, database: str, test_server: TestServer
) -> None:
    look(left)
    for month in (0, 1):
        for giver, taker in ((left.sam, left.gina), (left.gina, left.sam)):
            give(giver, taker, left, 3, later(month))
        with clock.at(later(month + 1)):
            look(left)
    [closed] = analyses(left)
    *_, shown = left.gina.call("GET", f"/cases/{closed['id']}/entries", expect=200)["items"]

    assert closed["status"] == "closed"
    assert shown["title"].startswith("The exchange is back within the tolerance")
    assert [row[1:] for row in readings(database, test_server)] == [
        ("left", True, 0, "opens"),
        ("back", True, 1, None),
        ("back", False, 0, "closes"),
    ]


def test_other_terms_end_a_search_that_rested_on_the_old_ones(left: Cast) -> None:
    look(left)
    terms.agree(left, tolerance_points=20)

    with clock.at(later(1)):
        look(left)
    with clock.at(later(2)):
        look(left)

    [lapsed] = analyses(left)
    assert lapsed["status"] == "closed"
    *_, shown = left.gina.call("GET", f"/cases/{lapsed['id']}/entries", expect=200)["items"]
    assert shown["title"].startswith("Something else was agreed")


def test_while_paused_nothing_is_read_and_an_end_ends_the_search(
    left: Cast, database: str, test_server: TestServer
) -> None:
    path = f"/partnerships/{left.partnership_id}"
    left.dana.call("POST", f"{path}/pause", json={"note": "Holidays."}, expect=200)
    look(left)
    assert readings(database, test_server) == []
    left.dana.call("POST", f"{path}/resume", expect=200)
    look(left)
    assert len(analyses(left)) == 1

    version = left.dana.response("GET", path).headers["ETag"]
    left.dana.call("POST", f"{path}/end", if_match=version, expect=200)
    with clock.at(later(1)):
        look(left)

    assert len(readings(database, test_server)) == 1
    assert analyses(left) == []


def test_without_evidence_nothing_opens_and_nothing_opens_by_reading(left: Cast) -> None:
    path = f"/partnerships/{left.partnership_id}"
    for asked in (f"{path}/reciprocity", f"{path}/fact-sheet", "/cases"):
        left.dana.call("GET", asked, expect=200)
    give(left.gina, left.sam, left, 6, LAST_MONTH)

    look(left)

    assert analyses(left) == []


def test_read_by_many_at_once_one_case_opens(app: Flask, left: Cast, database: str, test_server: TestServer) -> None:
    def run() -> None:
        with app.app_context():
            look(left)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(run) for _ in range(4)]:
            done.result()

    assert len(analyses(left)) == 1
    assert [row[-1] for row in readings(database, test_server)] == ["opens"]
    with psycopg.connect(test_server.admin(database)) as connection:
        copied = "jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid()))"
        again = f"INSERT INTO cases SELECT ({copied}).* FROM cases c"
        with pytest.raises(psycopg.errors.UniqueViolation, match="uq_cases_of_the_record"):
            connection.execute(again)
