"""Nobody reads another person's figures: every door answers the same when two people's work is exchanged.

A figure about a person, however it is derived from lists, filters, orders, differences and refusals, would differ
between two worlds in which that person's work and a colleague's have changed hands. None does, to anybody else.
"""

import os
import re
from itertools import combinations

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from partnercrm.identity import queries
from tests.cast import Cast, Player
from tests.factories import leads
from tests.firm import Firm, answers, every_question, firm, give, scene
from tests.leads.test_contesting import contested, settle
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
WORK = st.lists(st.integers(0, 2), min_size=1, max_size=4)
# A team that is told, and beside it people who gave something or nothing, each a team of their own.
BESIDE_A_BIG_TEAM = st.permutations([0, 2]).map(lambda few: ([8, 1, 1], ["seller"], [2] * 8 + few))


def two_people(made: Firm) -> st.SearchStrategy[tuple[int, int]]:
    """Choose two who are told together, as often of two teams as of one; where there are none, one."""
    pairs = [pair for pair in combinations(range(len(made.people)), 2) if made.are_told_together(*pair)]
    within = [pair for pair in pairs if any({*pair} <= {*team} for team in made.teams)]
    across = [pair for pair in pairs if pair not in within]
    return st.one_of(*(st.sampled_from(some) for some in (within, across) if some), *[st.just((0, 0))] * (not pairs))


@settings(
    max_examples=EXAMPLES,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_nobody_else_can_tell_who_of_two_people_did_what(
    application: Flask, peopled: tuple[str, Cast], test_server: TestServer, data: st.DataObject
) -> None:
    shape = data.draw(st.one_of(st.tuples(SIZES, ROLES, WORK), BESIDE_A_BIG_TEAM), label="teams, roles, leads of each")
    with scene(application, peopled, test_server) as (cast, ask):
        made = firm(cast, ask, *shape)
        one, other = data.draw(two_people(made), label="two people")
        for _ in range(MOMENTS):
            if not made.are_told_together(one, other):
                break
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


def test_an_exchange_by_seller_is_ones_own_and_of_colleagues_only_when_agreed(cast: Cast) -> None:
    leads.offer_at(cast, "won")
    leads.offer(cast.dana, cast.partnership_id)
    path = f"/partnerships/{cast.partnership_id}/reciprocity/sellers"

    def told(player: Player, **query: str) -> dict[str, tuple[int, int, int]]:
        found = player.call("GET", path, query_string=query, expect=200)["sellers"]
        return {one["name"]: tuple(one["figures"][name] for name in ("given", "won", "answered")) for one in found}

    assert told(cast.dana) == {"Dana": (1, 0, 0)}
    assert told(cast.sam) == {"Sam": (1, 1, 0)}
    assert told(cast.gina) == {"Gina": (0, 0, 1)}
    assert told(cast.sam, window="..2020-01") == {"Sam": (0, 0, 0)}
    cast.ines.call("GET", path, expect=404)

    cast.ada.call("POST", "/works-agreement", json={"person_figures": "managers", "reason": "Agreed."}, expect=201)

    assert told(cast.dana) == {"Dana": (1, 0, 0), "Sam": (1, 1, 0)}
    assert told(cast.sam) == {"Sam": (1, 1, 0)}
    [looked] = cast.sam.call("GET", "/activities/looks-at-me", expect=200)["looks"]
    assert looked["looked_by"] == str(cast.dana.actor.user_id)


def test_an_exchange_by_seller_counts_what_the_report_counts(cast: Cast) -> None:
    withdrawn = leads.offer(cast.sam, cast.partnership_id)
    leads.step(cast.sam, withdrawn["id"], "withdraw")
    _made, case_id = contested(cast)
    settle(cast, case_id, "corrected")
    path = f"/partnerships/{cast.partnership_id}/reciprocity"

    [sam] = cast.sam.call("GET", f"{path}/sellers", expect=200)["sellers"]
    report = cast.sam.call("GET", path, expect=200)["organizations"]

    [ours] = [side["given"] for side in report if side["name"] == "Acme"]
    assert (ours["offered"], ours["qualified"]) == (1, 1)
    assert (sam["figures"]["given"], sam["figures"]["qualified"]) == (1, 1)


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
