"""What an ended window tells of leads that were not taken and then pursued, or known before: which count, and when."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from psycopg import errors
from sqlalchemy import func, select

from partnercrm.kernel import db, roles
from partnercrm.leads import jobs
from partnercrm.leads.pursuits import Beside, Restored, beside
from partnercrm.leads.queries import pursuits
from partnercrm.leads.spans import Span
from tests.cast import Cast
from tests.conftest import on_database
from tests.crowd import at_once
from tests.factories import leads
from tests.factories.pursuits import (
    HALF_A_YEAR,
    NOW,
    agree_on_months,
    give,
    nonsense,
    offered_for,
    own,
    tell,
    window,
    without_blur,
)
from tests.leads.test_claiming import CLAIM
from tests.leads.test_contesting import settle
from tests.partnerships.test_ending import end
from tests.recount import recount
from tests.servers import TestServer
from tests.surfer import Surfer

LAST = window()
OFFERED = offered_for(LAST)
SEVEN = [f"Known {number}" for number in range(7)]
ONE = ["Contoso"]
Tell = Callable[[], dict[str, Any]]


@pytest.fixture
def told(app: Flask, cast: Cast, database: str, test_server: TestServer) -> Tell:
    """Let the night come and return what Acme is credited, as both sides read it."""
    agree_on_months(cast)
    without_blur(test_server, database, cast, LAST)

    def ask() -> dict[str, Any]:
        tell(app, test_server, database)
        path = f"/partnerships/{cast.partnership_id}/reciprocity"
        report = cast.dana.call("GET", path, expect=200)
        again = cast.gina.call("GET", path, query_string={"as_of": report["as_of"]}, expect=200)
        assert again == report
        [found] = [one["credit"] for one in report["organizations"] if one["name"] == "Acme"]
        assert isinstance(found, dict)
        return found

    return ask


def last(credit: dict[str, Any]) -> tuple[int | None, int | None]:
    [found] = [one for one in credit["windows"] if one["first_month"] == LAST.first]
    return found["pursued"], found["influenced"]


def after(days: int) -> datetime:
    return OFFERED + timedelta(days=days)


def not_taken(cast: Cast, companies: list[str], others: int = 8) -> None:
    """Let seven leads have been pursued, others not, and more be declined; one more pursued is told."""
    give(cast, [*SEVEN, *companies, *nonsense(others)], OFFERED, "decline")
    own(cast.gina, SEVEN, after(10))


@pytest.mark.parametrize(
    ("days", "others", "pursued"),
    [(10, 8, 8), (180, 8, 8), (181, 8, None), (-1, 8, None), (10, 7, None)],
    ids=["later", "on the last day", "too late", "known before", "too few others"],
)
def test_a_lead_pursued_within_half_a_year_counts_where_enough_others_hide_it(
    cast: Cast, told: Tell, days: int, others: int, pursued: int | None
) -> None:
    not_taken(cast, ONE, others)
    own(cast.gina, ONE, after(days))

    credit = told()

    assert last(credit) == (pursued, None)
    assert (credit["in_all"], credit["pursued"], credit["credited"]) == (pursued or 0, pursued or 0, 0)


def test_a_need_offered_before_counts_no_second_time(cast: Cast, told: Tell) -> None:
    give(cast, ONE, OFFERED - HALF_A_YEAR, "decline")
    not_taken(cast, ONE)
    own(cast.gina, ONE, after(10))

    assert last(told()) == (None, None)


def test_a_need_that_is_credited_as_qualified_counts_no_second_time(cast: Cast, told: Tell) -> None:
    not_taken(cast, ONE)
    own(cast.gina, ONE, after(10))
    give(cast, ONE, after(20), "accept", "qualify")

    credit = told()

    assert last(credit) == (None, None)
    assert (credit["credited"], credit["in_all"]) == (1, 1)


@pytest.mark.parametrize(("days", "influenced"), [(-1, 8), (1, None)])
def test_what_the_receiver_had_first_is_influenced_and_not_credited(
    cast: Cast, told: Tell, days: int, influenced: int | None
) -> None:
    at = OFFERED + HALF_A_YEAR
    own(cast.gina, SEVEN, at - timedelta(days=1))
    own(cast.gina, ONE, at + timedelta(days=days))
    give(cast, [*SEVEN, *ONE, *nonsense(8)], at, "accept", "qualify")

    credit = told()

    assert last(credit) == (None, influenced)
    assert (credit["credited"], credit["in_all"]) == (16, 16 - (influenced or 0))


def test_we_saw_a_renamed_lead_first_when_it_got_its_name(cast: Cast) -> None:
    own(cast.gina, ["Kept for later"], OFFERED - HALF_A_YEAR)
    [lead] = cast.gina.call("GET", "/leads", expect=200)["items"]
    tag = cast.gina.response("GET", f"/leads/{lead['id']}").headers["ETag"]
    cast.gina.call("PATCH", f"/leads/{lead['id']}", json={"notes": "Called."}, if_match=tag, expect=200)

    def first_seen() -> dict[str, datetime]:
        actor = cast.gina.actor
        with db.transaction(actor):
            return dict(pursuits.own_pipeline(actor, NOW + timedelta(days=1)))

    assert {*first_seen().values()} == {OFFERED - HALF_A_YEAR}
    tag = cast.gina.response("GET", f"/leads/{lead['id']}").headers["ETag"]
    cast.gina.call("PATCH", f"/leads/{lead['id']}", json={"company_name": "Contoso"}, if_match=tag, expect=200)
    assert first_seen()["contoso|anvils"] >= NOW


def test_a_window_tells_once_whatever_is_entered_later(
    app: Flask, cast: Cast, database: str, test_server: TestServer, told: Tell
) -> None:
    not_taken(cast, ONE)

    def night() -> None:
        with app.app_context():
            jobs.tell_totals()

    with on_database(app, test_server.url("worker", database)):
        at_once([night] * 3)
    assert last(told()) == (None, None)
    own(cast.gina, ONE, after(10))

    assert last(told()) == (None, None)


def test_what_a_case_credited_and_a_total_holds_counts_once(app: Flask, cast: Cast, told: Tell, tmp_path: Path) -> None:
    not_taken(cast, ONE)
    own(cast.gina, ONE, after(10))
    [made] = cast.sam.call("GET", "/offers?status=declined&limit=1", expect=200)["items"]
    before = told()
    cast.sam.call("POST", f"/offers/{made['id']}/claim-credit", json=CLAIM, expect=200)
    [case] = cast.gina.call("GET", "/cases", expect=200)["items"]
    settle(cast, case["id"], "corrected")
    fresh = leads.offer_at(cast, "declined")
    cast.sam.call("POST", f"/offers/{fresh['id']}/claim-credit", json=CLAIM, expect=200)
    [case] = cast.gina.call("GET", "/cases?status=open", expect=200)["items"]
    settle(cast, case["id"], "corrected")

    credit = told()

    assert (before["in_all"], before["restored"], before["pursued"]) == (8, 0, 8)
    assert (credit["in_all"], credit["restored"], credit["pursued"]) == (9, 2, 7)
    file = tmp_path / "record.csv"
    ours, theirs = (
        player.response("GET", f"/partnerships/{cast.partnership_id}/reciprocity/steps").data
        for player in (cast.dana, cast.gina)
    )
    file.write_bytes(ours)
    assert ours == theirs
    assert recount(file, datetime.now(UTC))[str(cast.sam.actor.organization_id)]["in_all"] == 9
    page = Surfer.signed_in(app, "gina@globex.example").open(f"/partnerships/{cast.partnership_id}/reciprocity").text
    assert ": at least 8 leads not taken were then pursued by Globex; they are credited." in page
    assert "2 leads that were not taken are credited after a case." in page


def test_while_a_partnership_rests_its_windows_end_and_once_it_is_over_none_tells(
    app: Flask, cast: Cast, database: str, test_server: TestServer, told: Tell
) -> None:
    not_taken(cast, ONE)
    own(cast.gina, ONE, after(10))
    cast.dana.call("POST", f"/partnerships/{cast.partnership_id}/pause", json={}, expect=200)
    assert last(told()) == (8, None)

    with psycopg.connect(test_server.admin(database), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM window_totals")
        end(cast)
        tell(app, test_server, database)
        assert connection.execute("SELECT count(*) FROM window_totals").fetchone() == (0,)


def test_windows_that_overlap_one_that_told_and_windows_that_run_tell_nothing(
    cast: Cast, database: str, test_server: TestServer, told: Tell
) -> None:
    not_taken(cast, ONE)
    told()
    ask = "SELECT step_tell_totals(%s, %s, %s, ARRAY['contoso|anvils'], ARRAY[now()])"
    with psycopg.connect(roles.plain(test_server.url("worker", database))) as connection:
        receiver = str(cast.gina.actor.organization_id)
        connection.execute("SELECT set_config('partnercrm.organization', %s, true)", [receiver])
        before = connection.execute("SELECT count(*) FROM window_totals").fetchone()
        for first, until in ((window(2).first, LAST.last), (LAST.first, LAST.last), (f"{NOW:%Y-%m}", f"{NOW:%Y-%m}")):
            connection.execute(ask, [cast.partnership_id, first, until])
        assert connection.execute("SELECT count(*) FROM window_totals").fetchone() == before


def test_the_web_server_cannot_ask_for_totals_nor_write_one(cast: Cast) -> None:
    actor = cast.hank.actor
    with pytest.raises(Exception) as refused, db.transaction(actor):  # noqa: PT011 - the driver's error is looked into
        db.session().execute(select(func.step_tell_totals(cast.partnership_id, "2020-01", "2020-01", [], [])))
    assert isinstance(getattr(refused.value, "orig", None), errors.InsufficientPrivilege)


MONTHS = st.integers(1, 12).map("2026-{:02}".format)
RESTORED = st.builds(Restored, st.just(uuid4()), MONTHS)


class OneTotal:
    """A total of one month."""

    def __init__(self, giver_id: Any, month: str, pursued: int | None) -> None:
        self.giver_id, self.first_month, self.last_month = giver_id, month, month
        self.pursued, self.influenced = pursued, None


@given(st.lists(RESTORED, max_size=20), st.dictionaries(MONTHS, st.sampled_from([None, 8, 16]), max_size=12))
def test_of_cases_and_totals_the_greater_counts_in_each_window(
    restored: list[Restored], pursued: dict[str, int | None]
) -> None:
    giver = restored[0].giver_id if restored else uuid4()
    totals = [OneTotal(giver, month, leads) for month, leads in pursued.items()]

    found = beside(giver, totals, restored, Span())

    by_month = {month: sum(one.over_in == month for one in restored) for month in {one.over_in for one in restored}}
    most = sum(max(by_month.get(month, 0), pursued.get(month) or 0) for month in {*by_month, *pursued})
    assert len(restored) + found.pursued == most
    assert beside(uuid4(), totals, restored, Span()) == Beside(0, 0)


def test_a_total_counts_where_its_whole_window_is_asked_for() -> None:
    giver = uuid4()
    total = OneTotal(giver, "2026-03", 8)
    total.last_month = "2026-05"

    for asked, pursued in ((Span("2026-03", "2026-05"), 8), (Span("2026-04", None), 0), (Span(None, "2026-04"), 0)):
        assert beside(giver, [total], [], asked).pursued == pursued
