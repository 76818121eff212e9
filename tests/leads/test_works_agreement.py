"""Nobody reads another person's figures: every door answers the same when two people's work is exchanged.

A figure about a person, however it is derived from lists, filters, orders, differences and refusals, would differ
between two worlds in which that person's work and a colleague's have changed hands. None does, to anybody else.
"""

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from partnercrm.identity import queries
from partnercrm.identity.agreements import GROUP_MINIMUM
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions.publishing import publish_figures
from tests.cast import Cast, Player
from tests.factories import leads
from tests.firm import Firm, firm, give, scene
from tests.questions import questions
from tests.servers import TestServer
from tests.surfer import Surfer

PROVE = os.environ.get("PARTNERCRM_PROVE") == "1"
EXAMPLES, MOMENTS, DRAWN = (60, 3, 40) if PROVE else (3, 2, 8)
# What is asked each time: what is nearest to a figure of a person.
OFTEN = r"^/(leads\?owner_id|leads/export$|offers/export$|figures/|(activities|offers)\?limit=200)|/reciprocity$"
# Groups whose figure fewer than eight people made, counted past the code that makes them.
TOO_FEW = """
    SELECT f.measure, f.place, count(DISTINCT u.id) FROM team_figures f
    JOIN users u ON u.team_id = ANY (f.team_ids) OR (f.with_teamless AND u.team_id IS NULL)
    JOIN partnership_members m ON m.user_id = u.id AND m.organization_id = f.organization_id
    JOIN offers o ON m.id = CASE f.measure WHEN 'answered' THEN o.receiver_member_id ELSE o.giver_member_id END
    JOIN lead_steps s ON s.offer_id = o.id AND s.step = CASE f.measure WHEN 'given' THEN 'offered' ELSE 'accepted' END
    WHERE f.measure IN ('given', 'accepted', 'answered') GROUP BY 1, 2 HAVING count(DISTINCT u.id) < 8
"""
VARYING = ("csrf_token", "form_key")


def every_question(firm: Firm, about: list[int]) -> list[str]:
    """Return whatever can be asked, of these people, their teams and their partnership."""
    ids = [str(firm.people[place].actor.user_id) for place in about]
    known = {
        "owner_id": ids,
        "user_id": ids[:1],
        "team_id": [str(team_id) for team_id in firm.team_ids],
        "partnership_id": [str(firm.cast.partnership_id)],
        "month": [firm.month],
        "verb": ["lead.entered", "lead.offered", "lead.accepted"],
        "need": ["Need 0", "Need 1"],
        "company": ["Company"],
        "connector": ["crm"],
    }
    return questions(known)


def answers(firm: Firm, player: Player, asked: list[str]) -> dict[str, Any]:
    """Return what a reader is told, or that it was refused."""
    found = {}
    for path in asked:
        response = player.response("GET", path)
        is_file = response.mimetype not in {"application/json", "application/problem+json"}
        told = response.text if is_file else response.json
        body = {name: told[name] for name in told if name not in {"as_of", "request_id"}} if not is_file else told
        found[path] = (response.status_code, response.headers.get("ETag"), body)
    return found


def others(made: Firm, two: set[int], data: st.DataObject, agreed: str) -> dict[str, Player]:
    """Choose who reads: both sides' managers, the administrator, the partner's seller, and any colleague."""
    colleague = data.draw(
        st.sampled_from([place for place in range(len(made.people)) if place not in two | made.gone] or [-1])
    )
    named = {"dana": made.cast.dana, "ada": made.cast.ada, "hank": made.cast.hank, "gina": made.cast.gina}
    if colleague >= 0:
        named["a colleague"] = made.people[colleague]

    def is_told(player: Player) -> bool:
        return agreed == "managers" and player.actor.has("leads:all") and "integration" not in player.actor.roles

    return {name: player for name, player in named.items() if name in {"hank", "gina"} or not is_told(player)}


SIZES = st.lists(st.integers(1, 10), min_size=1, max_size=3).filter(lambda sizes: 3 <= sum(sizes) <= 14)
ROLES = st.lists(
    st.sampled_from(["seller", "seller", "partner_manager", "executive", "integration"]), min_size=1, max_size=4
)


@settings(
    max_examples=EXAMPLES,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_nobody_else_can_tell_who_of_two_people_did_what(
    application: Flask, peopled: tuple[str, Cast], test_server: TestServer, data: st.DataObject
) -> None:
    sizes, roles = data.draw(SIZES, label="team sizes"), data.draw(ROLES, label="roles")
    work = data.draw(st.lists(st.integers(0, 2), min_size=1, max_size=4), label="leads of each")
    with scene(application, peopled, test_server) as (cast, ask):
        made = firm(cast, ask, sizes, roles, work)
        team = data.draw(st.sampled_from([team for team in made.teams if len(team) > 1] or [[0, 0]]), label="team")
        one, other = data.draw(st.sampled_from([(a, b) for a in team for b in team if a <= b]), label="two people")
        for _ in range(MOMENTS):
            agreed = data.draw(st.sampled_from(["off", "managers"]), label="the works agreement")
            cast.ada.call("POST", "/works-agreement", json={"person_figures": agreed, "reason": "Agreed."}, expect=201)
            compare(made, (one, other), others(made, {one, other}, data, agreed), data)
            happen(made, {one, other}, data)


def compare(made: Firm, two: tuple[int, int], readers: dict[str, Player], data: st.DataObject) -> None:
    """Ask everybody the same of two worlds, in which the two people's work has changed hands."""
    everything = every_question(made, list(two))
    more = data.draw(st.lists(st.sampled_from(everything), max_size=DRAWN, unique=True), label="questions")
    asked = [*(one for one in everything if re.search(OFTEN, one)), *more]
    made.publish()
    assert made.ask(TOO_FEW).fetchall() == []
    before = {name: answers(made, player, asked) for name, player in readers.items()}

    made.exchange(*two)
    made.publish()

    for name, player in readers.items():
        assert answers(made, player, asked) == before[name], name
    made.exchange(*two)


def happen(made: Firm, two: set[int], data: st.DataObject) -> None:
    """Let time pass: one of the two or a colleague works on, or a colleague changes teams or leaves."""
    here = [place for place in range(len(made.people)) if place not in made.gone]
    places = [place for place in here if made.people[place].actor.has("leads:write")]
    for place in data.draw(st.lists(st.sampled_from(places), max_size=3), label="who works on") if places else ():
        give(made.cast, made.people[place].actor, place)
    aside = [place for place in here if place not in two]
    if not aside or not data.draw(st.booleans(), label="somebody moves"):
        return
    place, to = data.draw(st.tuples(st.sampled_from(aside), st.sampled_from([None, *made.team_ids])), label="move")
    path = f"/users/{made.people[place].actor.user_id}"
    tag = made.cast.ada.response("GET", path).headers["ETag"]
    change = {"team_id": str(to)} if to else {"disabled": True}
    made.cast.ada.call("PATCH", path, json=change, if_match=tag, expect=200)
    made.gone |= set() if to else {place}


@pytest.fixture
def made(application: Flask, peopled: tuple[str, Cast], test_server: TestServer) -> Iterator[Firm]:
    """A company of two teams: eight people who gave leads, and three."""
    with scene(application, peopled, test_server) as (cast, ask):
        yield firm(cast, ask, [8, 3], ["seller"], [1])


def shown(firm: Firm, measure: str = "given") -> list[tuple[list[str], int]]:
    told = firm.cast.dana.call("GET", f"/figures/teams?month={firm.month}", expect=200)["groups"]
    return [(one["team_ids"], one["amount"]) for one in told if one["measure"] == measure]


def test_a_check_that_could_not_fail_would_prove_nothing(made: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the works agreement ignored, the same comparison finds who did what."""
    asked = every_question(made, [0, 1])
    before = answers(made, made.cast.dana, asked)
    give(made.cast, made.people[0].actor, 0)
    monkeypatch.setattr(queries, "sees_figures_of", lambda actor, user_id: True)
    open_ = answers(made, made.cast.dana, asked)
    made.exchange(0, 9)

    assert open_ != before
    assert answers(made, made.cast.dana, asked) != open_


def test_every_list_filter_order_and_export_is_among_the_questions(made: Firm) -> None:
    asked = every_question(made, [0, 1])

    for one in ("/leads?sort=-company_name", "/leads/export?format=jsonl", "/offers/export?direction=given"):
        assert one in asked
    assert f"/figures/teams?month={made.month}&team_id={made.team_ids[1]}" in asked
    assert f"/figures/people/{made.people[0].actor.user_id}" in asked
    assert f"/leads?owner_id={made.people[1].actor.user_id}" in asked
    assert len(asked) > 100


def test_few_people_are_told_with_others_or_not_at_all(made: Firm) -> None:
    made.publish()
    for _, amount in shown(made):
        assert amount >= GROUP_MINIMUM
    gone = ", ".join(f"'{player.actor.user_id}'" for player in made.people[:6])
    members = f"(SELECT id FROM partnership_members WHERE user_id IN ({gone}))"
    made.ask(f"DELETE FROM offers WHERE giver_member_id IN {members}")

    made.publish()

    assert shown(made) == []


def test_what_was_published_does_not_change_when_somebody_changes_teams_or_works_on(made: Firm) -> None:
    made.publish()
    path = f"/figures/teams?month={made.month}"
    before = made.cast.dana.response("GET", path).data
    mover = made.people[0].actor.user_id
    tag = made.cast.ada.response("GET", f"/users/{mover}").headers["ETag"]

    given = {"team_id": str(made.team_ids[1])}
    made.cast.ada.call("PATCH", f"/users/{mover}", json=given, if_match=tag, expect=200)
    give(made.cast, made.people[0].actor, 0)
    system = Actor.system(made.cast.dana.actor.organization_id)
    with db.transaction(system):
        publish_figures(system, made.month)

    assert made.cast.dana.response("GET", path).data == before


def test_a_persons_own_figures_are_theirs_and_managers_read_them_only_when_agreed(cast: Cast) -> None:
    leads.offer_at(cast, "won")
    mine = cast.sam.call("GET", "/figures/mine", expect=200)
    assert mine["months"][0]["figures"] == {
        **dict.fromkeys(("answered", "in_time", "response_hours"), 0),
        **dict.fromkeys(("given", "accepted", "qualified", "won"), 1),
    }
    assert cast.gina.call("GET", "/figures/mine")["months"][0]["figures"]["answered"] == 1
    path = f"/figures/people/{cast.sam.actor.user_id}"
    assert cast.sam.call("GET", path, expect=200) == mine
    for colleague in (cast.dana, cast.nora):
        refused = colleague.call("GET", path, expect=403)
        assert refused["code"] == "figures_are_private"
    cast.gina.call("GET", path, expect=404)

    cast.ada.call("POST", "/works-agreement", json={"person_figures": "managers", "reason": "Agreed."}, expect=201)

    assert cast.dana.call("GET", path, expect=200) == mine
    cast.nora.call("GET", path, expect=403)
    cast.gina.call("GET", path, expect=404)
    cast.ada.call("POST", "/works-agreement", json={"person_figures": "off", "reason": "Ended."}, expect=201)
    cast.dana.call("GET", path, expect=403)
    in_force = cast.nora.call("GET", "/works-agreement", expect=200)
    assert (in_force["version"], in_force["person_figures"], in_force["reason"]) == (2, "off", "Ended.")
    versions = cast.nora.call("GET", "/works-agreement/versions", expect=200)["items"]
    assert [(one["version"], one["person_figures"], one["reason"]) for one in versions] == [
        (2, "off", "Ended."),
        (1, "managers", "Agreed."),
    ]


def test_a_month_is_told_once_it_is_published_and_to_those_who_oversee_leads(made: Firm) -> None:
    path = f"/figures/teams?month={made.month}"
    assert made.cast.dana.call("GET", path, expect=422)["errors"][0]["field"] == "month"
    made.publish()
    made.cast.dana.call("GET", path, expect=200)
    made.cast.sam.call("GET", path, expect=403)
    assert made.cast.hank.call("GET", path, expect=422)["errors"][0]["field"] == "month"


def test_pages_with_lists_say_nothing_of_who(made: Firm) -> None:
    dana = Surfer.signed_in(made.cast.app, made.cast.dana.email)
    paths = ("/leads", "/offers/given", "/offers/received", "/exchange", "/")

    def seen() -> list[list[str]]:
        lines = (dana.open(path).text.splitlines() for path in paths)
        return [[line for line in page if not any(name in line for name in VARYING)] for page in lines]

    before = seen()
    made.exchange(0, 1)

    assert seen() == before


def test_an_activity_is_opened_with_its_person_for_a_purpose_and_the_person_reads_that(cast: Cast) -> None:
    made = leads.offer(cast.sam, cast.partnership_id)
    [listed] = cast.ada.call("GET", "/activities", query_string={"subject_id": made["id"]}, expect=200)["items"]
    assert (listed["user_id"], listed["token_id"]) == (None, None)
    cast.ada.call("POST", f"/activities/{listed['id']}/open", json={}, expect=422)

    opened = cast.ada.call("POST", f"/activities/{listed['id']}/open", json={"purpose": "A customer asks."}, expect=200)

    assert opened["user_id"] == str(cast.sam.actor.user_id)
    cast.ines.call("POST", f"/activities/{listed['id']}/open", json={"purpose": "Curious."}, expect=404)
    [noted] = cast.ada.call("GET", "/activities", query_string={"verb": "activity.opened"}, expect=200)["items"]
    assert noted["facts"] == {"about": str(cast.sam.actor.user_id), "purpose": "A customer asks."}
    [looked] = cast.sam.call("GET", "/activities/looks-at-me", expect=200)["looks"]
    assert (looked["looked_by"], looked["facts"]["purpose"]) == (str(cast.ada.actor.user_id), "A customer asks.")
    for other in (cast.nora, cast.ada, cast.gina):
        assert other.call("GET", "/activities/looks-at-me", expect=200)["looks"] == []
