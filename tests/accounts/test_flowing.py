"""A month's report: kinds and counts, no content; the same bytes for both sides, once, and nothing of a few."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.accounts.flowing import LEAST, month_before, told
from partnercrm.kernel import clock
from tests.cast import Cast, Player
from tests.factories import joint, leads
from tests.servers import TestServer


def reports(player: Player, cast: Cast) -> Any:
    return player.response("GET", f"/partnerships/{cast.partnership_id}/flow-reports")


@given(st.integers(0, 50), st.integers(0, 50))
def test_of_fewer_than_eight_things_nothing_is_told(disclosed: int, fields: int) -> None:
    things, words = told(disclosed, fields)

    assert (things is None) == (words is None) == (disclosed < LEAST)
    assert things in {None, disclosed}
    assert words is None or words >= LEAST


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_month_before_ends_where_this_one_begins(now: datetime) -> None:
    began, ended = month_before(now)

    assert (began.day, ended.day) == (1, 1)
    assert (ended.year, ended.month) == (now.year, now.month)
    assert timedelta(days=28) <= ended - began <= timedelta(days=31)


def test_both_sides_read_one_report_without_content(cast: Cast) -> None:
    for number in range(9):
        joint.proposed(cast.sam, cast.partnership_id, name=f"Zanzibar {number}")
    joint.proposed(cast.gina, cast.partnership_id, name="Zanzibar, too")
    leads.offer(cast.sam, cast.partnership_id)
    for _ in range(2):
        joint.reported(cast, clock.now() + timedelta(days=31))

    both = [reports(player, cast) for player in (cast.sam, cast.gina)]
    assert both[0].data == both[1].data
    assert b"Zanzibar" not in both[0].data
    acme, items = str(cast.sam.actor.organization_id), both[0].json["items"]
    counted = {(one["discloser_id"] == acme, one["kind"]): (one["disclosed"], one["fields"]) for one in items}
    assert counted == {
        (True, "joint_account"): (9, 18),
        (False, "joint_account"): (None, None),
        (True, "lead"): (None, None),
    }
    assert len({one["month"] for one in items}) == 1
    for player in (cast.nora, cast.ines):
        assert reports(player, cast).status_code == 404


def test_neither_side_writes_a_report(cast: Cast, database: str, test_server: TestServer) -> None:
    with psycopg.connect(test_server.url("app", database).replace("+psycopg", "")) as connection:
        connection.execute(
            "SELECT set_config('partnercrm.organization', %s, true)", [str(cast.sam.actor.organization_id)]
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("INSERT INTO flow_reports (month) VALUES ('2026-01')")
