"""Standing in: clocks, notices and rights to answer pass to a deputy, and the partner notices nothing."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from partnercrm.activity.models import Activity
from partnercrm.calendars import queries
from partnercrm.kernel import clock, db
from tests.cast import Cast, Player
from tests.crowd import at_once
from tests.factories import leads


def days(first: int, last: int) -> dict[str, str]:
    today = clock.now().date()
    return {"from_on": str(today + timedelta(days=first)), "to_on": str(today + timedelta(days=last))}


def name(absent: Player, deputy: Player, first: int = 0, last: int = 3, expect: int = 201) -> Any:
    given = {"deputy_id": str(deputy.actor.user_id), **days(first, last)}
    return absent.call("POST", "/deputies", json=given, expect=expect)


def acting(player: Player) -> Any:
    actor = player.actor
    with db.transaction(actor, read_only=True):
        return queries.deputy_of(actor, actor.user_id, clock.now())  # type: ignore[arg-type]


def test_a_deputy_answers_and_the_partner_sees_only_its_counterpart(app: Flask, cast: Cast) -> None:
    offered = leads.offer(cast.gina, cast.partnership_id)
    path = f"/offers/{offered['id']}"
    cast.nora.call("GET", path, expect=404)

    named = name(cast.sam, cast.nora)

    cast.nora.call("POST", f"{path}/accept", expect=200)
    seen = cast.gina.call("GET", path, expect=200)
    assert seen["receiver_member"]["name"] == "Sam"
    assert str(cast.nora.actor.user_id) not in str(seen) + str(cast.gina.call("GET", f"{path}/timeline"))
    nora = cast.nora.actor
    with db.transaction(nora, read_only=True) as session:
        done = select(Activity.user_id).where(Activity.verb == "lead.accepted")
        assert session.scalars(done).one() == nora.user_id

    cast.sam.call("POST", f"/deputies/{named['id']}/end", expect=200)
    cast.sam.call("POST", f"/deputies/{named['id']}/end", expect=200)
    cast.nora.call("GET", path, expect=404)


def test_who_stands_in_for_a_deputy_acts_for_both(app: Flask, cast: Cast) -> None:
    offered = leads.offer(cast.gina, cast.partnership_id)
    name(cast.sam, cast.ada)
    assert acting(cast.sam) == cast.ada.actor.user_id
    name(cast.ada, cast.nora)

    assert acting(cast.sam) == cast.nora.actor.user_id
    cast.nora.call("POST", f"/offers/{offered['id']}/decline", json={"reason": "no_fit"}, expect=200)

    name(cast.nora, cast.sam)
    assert acting(cast.sam) == cast.nora.actor.user_id
    assert acting(cast.nora) == cast.ada.actor.user_id


def test_before_and_after_its_days_a_deputy_is_none(app: Flask, cast: Cast) -> None:
    name(cast.sam, cast.nora, first=2, last=4)

    assert acting(cast.sam) is None
    assert cast.nora.actor.partnership_ids == frozenset()
    with clock.at(clock.now() + timedelta(days=3)):
        assert acting(cast.sam) == cast.nora.actor.user_id
    with clock.at(clock.now() + timedelta(days=6)):
        assert acting(cast.sam) is None


def test_days_begin_and_end_where_the_absent_person_works(app: Flask, cast: Cast) -> None:
    hours = {"zone": "Asia/Tokyo", "week": {"monday": "09:00-17:00"}}
    cast.sam.call("PUT", "/calendars/me", json=hours, expect=200)
    given = {"deputy_id": str(cast.nora.actor.user_id), "from_on": "2030-03-04", "to_on": "2030-03-05"}

    named = cast.sam.call("POST", "/deputies", json=given, expect=201)

    assert (named["begins_at"], named["ends_at"]) == ("2030-03-03T15:00:00+00:00", "2030-03-05T15:00:00+00:00")
    assert not {"reason", "note"} & set(named)


def test_one_deputy_at_a_time(app: Flask, cast: Cast) -> None:
    first = name(cast.sam, cast.nora, first=0, last=3)

    assert name(cast.sam, cast.ada, first=3, last=5, expect=409)["code"] == "already_deputised"
    name(cast.sam, cast.ada, first=4, last=5)
    cast.sam.call("POST", f"/deputies/{first['id']}/end", expect=200)
    name(cast.sam, cast.dana, first=0, last=3)


def test_two_who_name_deputies_for_the_same_days_at_once_name_one(app: Flask, cast: Cast) -> None:
    sam = cast.sam.actor

    people = [str(one.actor.user_id) for one in (cast.nora, cast.ada, cast.dana, cast.nora)]

    def named(deputy_id: str) -> int:
        return int(cast.sam.response("POST", "/deputies", json={"deputy_id": deputy_id, **days(0, 1)}).status_code)

    statuses = at_once([partial(named, one) for one in people])

    assert sorted(statuses) == [201, 409, 409, 409]
    with db.transaction(sam, read_only=True):
        assert len(queries.deputies(sam, {"sort": "from_on", "limit": 10}).items) == 1


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"from_on": "2030-01-05", "to_on": "2030-01-04"}, {"to_on"}),
        ({"from_on": "2020-01-01", "to_on": "2020-01-04"}, {"to_on"}),
        ({"from_on": "2030-01-01", "to_on": "2034-01-04"}, {"to_on"}),
        ({"from_on": "2020-01-01", "to_on": "2020-01-04", "deputy_id": "stranger"}, {"to_on", "deputy_id"}),
        ({"from_on": "2030-01-01", "to_on": "2030-01-04", "deputy_id": "self"}, {"deputy_id"}),
    ],
)
def test_every_wrong_field_is_named(app: Flask, cast: Cast, wrong: dict[str, str], fields: set[str]) -> None:
    people = {"stranger": cast.gina, "self": cast.sam}
    deputy = people.get(wrong.get("deputy_id", ""), cast.nora)

    given = wrong | {"deputy_id": str(deputy.actor.user_id)}
    refused = cast.sam.call("POST", "/deputies", json=given, expect=422)

    assert {error["field"] for error in refused["errors"]} == fields


def test_an_administrator_names_a_deputy_for_somebody_and_others_do_not_read_it(app: Flask, cast: Cast) -> None:
    path = f"/users/{cast.sam.actor.user_id}/deputies"
    given = {"deputy_id": str(cast.nora.actor.user_id), **days(0, 2)}
    cast.dana.call("POST", path, json=given, expect=403)
    cast.ines.call("POST", path, json=given, expect=404)

    named = cast.ada.call("POST", path, json=given, expect=201)

    for player, sees in ((cast.sam, True), (cast.nora, True), (cast.ada, True), (cast.dana, False), (cast.ines, False)):
        assert (player.call("GET", "/deputies", expect=200)["items"] == [named]) == sees
    cast.dana.call("POST", f"/deputies/{named['id']}/end", expect=404)


def test_a_deputy_keeps_to_their_own_scopes(app: Flask, cast: Cast) -> None:
    offered = leads.offer(cast.gina, cast.partnership_id)
    name(cast.sam, cast.ada)

    cast.ada.call("GET", f"/offers/{offered['id']}", expect=403)


def test_days_are_those_of_a_calendar(app: Flask, cast: Cast) -> None:
    named = name(cast.sam, cast.nora, first=1, last=1)

    assert date.fromisoformat(named["from_on"]) == date.fromisoformat(named["to_on"])
