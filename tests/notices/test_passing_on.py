"""What lies with who is released, disabled or may answer no more lands with others, and these are told."""

from typing import Any

import pytest
from flask import Flask

from partnercrm.leads import jobs
from tests.cast import Cast, Player
from tests.conftest import on_database
from tests.factories import leads
from tests.factories.notices import Errands, told
from tests.notices.test_asked_first import asked_first, offered, rule, set_rules, team, user_id
from tests.servers import TestServer

__all__ = ["team"]


class Night:
    """The worker, who does what was deferred, or comes by night."""

    def __init__(self, cast: Cast, server: TestServer, database: str, errands: Errands) -> None:
        self._cast, self._url, self._errands = cast, server.url("worker", database), errands

    def pass_on(self) -> int:
        """Do what was deferred for either side; return how often it was."""
        taken = self._errands.take("leads.pass_on")
        with on_database(self._cast.app, self._url):
            for _, arguments, _ in taken:
                jobs.pass_on(**arguments)
        self._errands.run()
        return len(taken)

    def come(self) -> None:
        """Do what every night does, and nothing of what was deferred."""
        self._errands.take("leads.pass_on")
        with on_database(self._cast.app, self._url):
            jobs.pass_all_on()


@pytest.fixture
def night(app: Flask, cast: Cast, database: str, test_server: TestServer, errands: Errands) -> Night:
    """The worker of this test's own database."""
    return Night(cast, test_server, database, errands)


def release(cast: Cast, who: Player) -> None:
    path = f"/partnerships/{cast.partnership_id}"
    members = cast.dana.call("GET", path, expect=200)["members"]
    name = who.email.partition("@")[0].capitalize()
    [member_id] = [one["id"] for one in members if one["name"] == name]
    by = cast.dana if who.actor.organization_id == cast.dana.actor.organization_id else cast.hank
    by.call("POST", f"{path}/members/{member_id}/release", expect=200)


def edit(cast: Cast, who: Player, **given: Any) -> None:
    change(cast, user_id(who), **given)


def change(cast: Cast, person_id: str, **given: Any) -> None:
    path = f"/users/{person_id}"
    tag = cast.ada.response("GET", path).headers["ETag"]
    cast.ada.call("PATCH", path, json=given, if_match=tag, expect=200)


WAYS = {
    "released": release,
    "disabled": lambda cast, who: edit(cast, who, disabled=True),
    "demoted": lambda cast, who: edit(cast, who, roles=["executive"]),
}


def counterpart(reader: Player, offer_id: str, side: str) -> str:
    return str(reader.call("GET", f"/offers/{offer_id}", expect=200)[f"{side}_member"]["name"])


@pytest.mark.parametrize("way", WAYS)
def test_a_lead_that_waits_for_who_cannot_answer_goes_to_whose_turn_it_is(
    cast: Cast, errands: Errands, team: list[Player], night: Night, way: str
) -> None:
    tom, una = team
    set_rules(cast, rule(tom, una))
    one = offered(cast, errands)
    assert asked_first(cast.dana, one) == "Tom"

    WAYS[way](cast, tom)
    assert night.pass_on() > 0

    assert asked_first(cast.dana, one) == "Una"
    assert told(una) == ["lead.assigned"]
    assert told(cast.dana).count("lead.unrouted") == 0
    done = [one["verb"] for one in cast.ada.call("GET", "/activities?limit=100", expect=200)["items"]]
    assert done.count("lead.assigned") == 2
    edit(cast, una, name="Una U.")
    night.pass_on()
    assert told(una) == ["lead.assigned"]


@pytest.mark.parametrize("way", WAYS)
def test_a_lead_for_which_nobody_else_is_found_falls_to_the_managers(
    cast: Cast, errands: Errands, team: list[Player], night: Night, way: str
) -> None:
    tom, _ = team
    set_rules(cast, rule(tom))
    one = offered(cast, errands)

    WAYS[way](cast, tom)
    night.pass_on()
    night.come()

    assert asked_first(cast.dana, one) is None
    assert told(cast.dana).count("lead.unrouted") == 1
    assert told(cast.gina) == told(cast.hank) == []
    kept = [one["verb"] for one in cast.ada.call("GET", "/activities?limit=100", expect=200)["items"]]
    assert kept.count("lead.unassigned") == 1
    leads.step(cast.sam, one, "accept")


def test_what_was_handed_on_while_there_are_no_rules_falls_to_the_managers(
    cast: Cast, errands: Errands, team: list[Player], night: Night
) -> None:
    tom, _ = team
    one = offered(cast, errands)
    cast.dana.call("POST", f"/offers/{one}/assign", json={"user_id": user_id(tom)}, expect=200)

    release(cast, tom)
    night.pass_on()

    assert asked_first(cast.dana, one) is None
    assert told(cast.dana)[0] == "lead.unrouted"


@pytest.mark.parametrize("way", ["released", "demoted"])
def test_what_somebody_gave_or_took_passes_to_their_manager_who_is_told(
    cast: Cast, errands: Errands, night: Night, way: str
) -> None:
    given = leads.offer(cast.sam, cast.partnership_id)["id"]
    taken = leads.offer(cast.gina, cast.partnership_id)["id"]
    leads.step(cast.sam, taken, "accept")
    done = leads.offer_at(cast, "lost")["id"]
    errands.run()

    WAYS[way](cast, cast.sam)
    night.pass_on()
    night.come()

    assert counterpart(cast.gina, given, "giver") == counterpart(cast.gina, taken, "receiver") == "Dana"
    assert told(cast.dana).count("lead.passed_on") == 2
    assert told(cast.gina).count("lead.handed_over") == 1
    verbs = [one["verb"] for one in cast.gina.call("GET", f"/offers/{taken}/timeline", expect=200)["items"]]
    assert verbs.count("lead.handed_over") == 1
    shown = cast.dana.call("GET", f"/offers/{done}", expect=200)["giver_member"]
    assert shown["name"] == "Sam"


def test_who_is_named_anew_before_keeps_what_they_worked_on(cast: Cast, night: Night) -> None:
    given = leads.offer(cast.sam, cast.partnership_id)["id"]
    release(cast, cast.sam)
    member = {"user_id": user_id(cast.sam), "role": "seller"}
    cast.dana.call("POST", f"/partnerships/{cast.partnership_id}/members", json=member, expect=201)

    night.pass_on()

    assert counterpart(cast.gina, given, "giver") == "Sam"
    cast.sam.call("POST", f"/offers/{given}/withdraw", expect=200)
    assert told(cast.dana).count("lead.passed_on") == 0


def test_a_leavers_leads_pass_to_the_successor_and_nobody_else(cast: Cast, errands: Errands, night: Night) -> None:
    given = leads.offer(cast.sam, cast.partnership_id)["id"]
    errands.run()

    successor = {"successor_id": user_id(cast.nora)}
    cast.ada.call("POST", f"/users/{user_id(cast.sam)}/close", json=successor, expect=200)
    night.pass_on()

    assert counterpart(cast.gina, given, "giver") == "Nora"
    assert told(cast.dana).count("lead.passed_on") == 0


def test_the_night_finds_what_lay_with_nobody_and_a_disabled_account_keeps_its_work(
    cast: Cast, team: list[Player], night: Night
) -> None:
    tom, una = team
    toms, unas = (leads.offer(one, cast.partnership_id)["id"] for one in team)
    release(cast, tom)
    edit(cast, una, disabled=True)

    night.come()

    assert counterpart(cast.gina, toms, "giver") == "Dana"
    assert counterpart(cast.gina, unas, "giver") == "Una"


def test_where_nobody_can_follow_it_stays_and_is_found_again(cast: Cast, night: Night) -> None:
    given = leads.offer(cast.sam, cast.partnership_id)["id"]
    release(cast, cast.sam)
    dana = user_id(cast.dana)
    change(cast, dana, disabled=True)
    night.come()
    assert counterpart(cast.gina, given, "giver") == "Sam"

    change(cast, dana, disabled=False)
    night.come()

    assert counterpart(cast.gina, given, "giver") == "Dana"


def test_a_partnership_that_ended_passes_nothing_on(cast: Cast, errands: Errands, night: Night) -> None:
    leads.offer(cast.sam, cast.partnership_id)
    release(cast, cast.sam)
    path = f"/partnerships/{cast.partnership_id}"
    cast.hank.call("POST", f"{path}/end", if_match=cast.hank.response("GET", path).headers["ETag"], expect=200)

    night.pass_on()

    assert told(cast.dana).count("lead.passed_on") == 0
