"""How much of a side is enabled: told in tenths of eight people or more, whatever is added up or taken off."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from partnercrm.enablement.actions import measuring
from partnercrm.enablement.actions.measuring import months_over
from partnercrm.enablement.coverage import Counted, groups, share
from partnercrm.enablement.errors import PulseClosed
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from tests.cast import Cast, person
from tests.factories.enablement import acknowledge, item
from tests.servers import TestServer
from tests.surfer import Surfer

parts = st.dictionaries(
    st.integers(1, 12),
    st.integers(0, 30).flatmap(lambda people: st.builds(Counted, st.just(people), st.integers(0, people))),
    max_size=8,
)


@settings(max_examples=100)
@given(parts)
def test_every_group_and_what_is_left_of_all_is_of_eight_people_or_of_none(found: dict[int, Counted]) -> None:
    told = groups(found)
    keys = [key for group in told for key in group.keys]

    assert all(group.counted.people >= 8 for group in told)
    assert len(keys) == len(set(keys))
    if told:
        assert set(keys) == set(found)
        assert sum(group.counted.people for group in told) == sum(one.people for one in found.values())
    else:
        assert sum(one.people for one in found.values()) < 8


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_share_is_the_nearest_tenth_and_never_nobody_or_everybody(people: int, enabled: int) -> None:
    told = share(Counted(people, min(people, enabled)))

    if people < 8:
        assert told is None
    else:
        assert told in range(10, 100, 10)
        exact = 100 * min(people, enabled) / people
        assert abs(told - exact) <= (10 if exact < 10 or exact > 90 else 5)


def test_months_are_counted_once_they_are_over_and_at_most_twelve() -> None:
    now = datetime(2026, 3, 15, tzinfo=UTC)

    assert [month for month, _ in months_over(datetime(2026, 1, 31, tzinfo=UTC), now)] == ["2026-01", "2026-02"]
    assert months_over(now, now) == []
    assert len(months_over(datetime(2020, 1, 1, tzinfo=UTC), now)) == 12
    assert months_over(datetime(2026, 2, 1, tzinfo=UTC), now)[0][1] == datetime(2026, 3, 1, tzinfo=UTC)


def _publish(cast: Cast, organization_id: UUID, days: int) -> None:
    hand = Actor.system(organization_id)
    with clock.at(clock.now() + timedelta(days=days)), db.transaction(hand):
        measuring.publish_coverage(hand)


def test_both_sides_read_the_same_and_nobody_of_either(cast: Cast) -> None:
    acme = cast.dana.actor.organization_id
    sellers = [person(cast.app, acme, f"S{n}", f"s{n}@acme.example", "seller") for n in range(7)]
    note = item(cast.dana, cast.partnership_id)["id"]
    for seller in sellers[:6]:
        acknowledge(seller, note)
    item(cast.hank, cast.partnership_id)
    for organization_id in (acme, cast.hank.actor.organization_id, acme):
        _publish(cast, organization_id, 31)

    path = f"/partnerships/{cast.partnership_id}/coverage"
    told = cast.gina.call("GET", path, expect=200)
    assert {one["organization_id"]: one["percent"] for one in told["months"]} == {
        str(acme): 70,
        str(cast.gina.actor.organization_id): None,
    }
    assert cast.sam.call("GET", path, expect=200) == told
    groups_of = cast.dana.call("GET", f"{path}/groups", expect=200)["groups"]
    assert [(one["dimension"], one["people"], one["percent"], one["with_others"]) for one in groups_of] == [
        ("region", 9, 70, True),
        ("team", 9, 70, True),
    ]
    assert cast.hank.call("GET", f"{path}/groups", expect=200)["groups"] == []
    assert cast.sam.call("GET", f"{path}/groups", expect=403)["code"] == "figures_are_private"
    cast.ines.call("GET", path, expect=404)
    page = Surfer.signed_in(cast.app, "hank@globex.example").open(f"/partnerships/{cast.partnership_id}/coverage").text
    assert "about 70 per cent" in page
    assert "S1" not in page


def _give(cast: Cast, email: str, round_id: str, rung: int) -> Any:
    page = f"/partnerships/{cast.partnership_id}/coverage"
    path = f"/partnerships/{cast.partnership_id}/pulses/{round_id}/give"
    return Surfer.signed_in(cast.app, email).send(path, {"rung": str(rung)}, shown_on=page)


def _say_nothing_of(connection: psycopg.Connection[Any], ids: list[UUID | None]) -> None:
    """Look through the tables for who answered what, or when."""
    columns = "SELECT column_name FROM information_schema.columns WHERE table_name = 'pulse_givers'"
    assert {name for (name,) in connection.execute(columns)} == {"organization_id", "round_id", "user_id"}
    [rows] = connection.execute("SELECT count(*), sum(answers), sum(trusting) FROM pulse_rounds").fetchall()
    assert rows == (1, 8, 6)
    kept = "SELECT count(*) FROM idempotency_keys WHERE principal_id = ANY (%s)"
    assert connection.execute(kept, [ids]).fetchone() == (0,)
    done = "SELECT count(*) FROM activities WHERE user_id = ANY (%s) AND subject = 'pulse_rounds'"
    assert connection.execute(done, [ids]).fetchone() == (0,)


def test_a_pulse_is_told_once_it_is_over_and_no_row_says_who_said_what(
    app: Flask, cast: Cast, test_server: TestServer, database: str
) -> None:
    acme = cast.dana.actor.organization_id
    people = [person(app, acme, f"S{n}", f"s{n}@acme.example", "seller") for n in range(8)]
    for one in people:
        given_role = {"user_id": str(one.actor.user_id), "role": "seller"}
        cast.dana.call("POST", f"/partnerships/{cast.partnership_id}/members", json=given_role, expect=201)
    path = f"/partnerships/{cast.partnership_id}/pulses"
    asked = cast.dana.call("POST", path, json={"days": 3}, expect=201)
    assert cast.dana.call("POST", path, json={}, expect=409)["code"] == "pulse_open"

    for one, rung in zip(people, (5, 4, 4, 5, 4, 4, 1, 2), strict=True):
        assert _give(cast, one.email, asked["id"], rung).status_code == 303
    assert _give(cast, people[0].email, asked["id"], 1).status_code == 409

    [seen] = people[0].call("GET", path, expect=200)["items"]
    assert (seen["has_answered"], seen["trusting_percent"]) == (True, None)
    assert cast.hank.call("GET", path, expect=200)["items"] == []
    with clock.at(clock.now() + timedelta(days=4)):
        assert cast.sam.call("GET", path, expect=200)["items"][0]["trusting_percent"] == 80
        with pytest.raises(PulseClosed), db.transaction(cast.sam.actor):
            measuring.give_pulse(cast.sam.actor, UUID(asked["id"]), 5)
    with psycopg.connect(test_server.admin(database)) as connection:
        _say_nothing_of(connection, [one.actor.user_id for one in people])
