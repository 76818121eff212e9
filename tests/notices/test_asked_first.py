"""Received leads find who is asked first: in turn, past who is away or full, else the managers; no giver sees it."""

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions import routing
from tests.cast import Cast, Player, person
from tests.crowd import at_once
from tests.factories import leads
from tests.factories.notices import Errands, told
from tests.identity.test_leaving import close
from tests.surfer import Surfer


@pytest.fixture
def team(cast: Cast) -> list[Player]:
    """Two more sellers of Acme, members of the partnership, besides Sam."""
    found = []
    for name in ("Tom", "Una"):
        one = person(cast.app, cast.sam.actor.organization_id, name, f"{name.lower()}@acme.example", "seller")
        member = {"user_id": user_id(one), "role": "seller"}
        cast.dana.call("POST", f"/partnerships/{cast.partnership_id}/members", json=member, expect=201)
        found.append(one)
    return found


def user_id(player: Player) -> str:
    return str(player.actor.user_id)


def rule(*people: Player, **more: Any) -> dict[str, Any]:
    return {"user_ids": [user_id(one) for one in people], **more}


def set_rules(cast: Cast, *rules: dict[str, Any], expect: int = 200) -> Any:
    tag = cast.dana.response("GET", "/routing").headers.get("ETag")
    return cast.dana.call("PUT", "/routing", json={"rules": rules}, if_match=tag, expect=expect)


def offered(cast: Cast, errands: Errands, **teaser: Any) -> str:
    made = leads.offer(cast.gina, cast.partnership_id, **teaser)["id"]
    errands.run("notices.tell")
    return str(made)


def asked_first(player: Player, offer_id: str) -> str | None:
    answer = player.response("GET", f"/offers/{offer_id}/assignment")
    return answer.json["assignee"]["name"] if answer.status_code == 200 else None


def test_a_lead_goes_to_whose_turn_it_is_and_the_giver_sees_nothing_of_it(
    cast: Cast, errands: Errands, team: list[Player]
) -> None:
    tom, una = team
    set_rules(cast, rule(cast.sam, countries=["AT"]), rule(tom, una))

    found = [offered(cast, errands, country=country) for country in ("AT", "DE", "DE", "DE")]

    assert [asked_first(cast.dana, one) for one in found] == ["Sam", "Tom", "Una", "Tom"]
    assert [told(one) for one in (cast.sam, tom, una)] == [["lead.offered"], ["lead.offered"] * 2, ["lead.offered"]]
    assert told(cast.dana).count("lead.offered") == 0
    assert asked_first(una, found[0]) == "Sam"
    for stranger in (cast.gina, cast.hank, cast.ines, cast.nora):
        hidden = stranger.call("GET", f"/offers/{found[0]}/assignment", expect=404)
        never = stranger.call("GET", f"/offers/{cast.partnership_id}/assignment", expect=404)
        assert hidden | {"request_id": ""} == never | {"request_id": ""}
    leads.step(una, found[0], "accept")
    assert asked_first(cast.dana, found[0]) is None


def test_who_is_away_or_full_is_passed_over_and_what_finds_nobody_falls_to_the_managers(
    cast: Cast, errands: Errands, team: list[Player]
) -> None:
    tom, una = team
    today = clock.now().date()
    away = {"deputy_id": user_id(una), "from_on": str(today), "to_on": str(today + timedelta(days=3))}
    tom.call("POST", "/deputies", json=away, expect=201)
    set_rules(cast, rule(tom, cast.sam, most_open=1, countries=["DE"]))

    first, full, elsewhere = (offered(cast, errands, country=country) for country in ("DE", "DE", "FR"))

    assert (asked_first(cast.dana, first), asked_first(cast.dana, full)) == ("Sam", None)
    assert asked_first(cast.dana, elsewhere) is None
    assert told(cast.dana)[:2] == ["lead.unrouted"] * 2
    assert told(cast.sam) == ["lead.offered"]
    asked = f"/routing/trial?partnership_id={cast.partnership_id}&country=DE"
    hidden = cast.dana.call("GET", asked, expect=200)
    assert [one["passed_over"] for one in hidden["tried"][0]["people"]] == [None, None]
    assert (hidden["decided"], hidden["assignee"], hidden["is_told"]) == (None, None, False)
    cast.ada.call("POST", "/works-agreement", json={"person_figures": "managers", "reason": "Agreed."}, expect=201)
    [shown] = cast.dana.call("GET", asked, expect=200)["tried"]
    assert {one["name"]: one["passed_over"] for one in shown["people"]} == {"Tom": "away", "Sam": "full"}
    leads.step(cast.sam, first, "decline", reason="other")
    found = cast.dana.call("GET", asked, expect=200)
    assert (found["decided"], found["assignee"]["name"]) == (1, "Sam")


def test_a_lead_is_handed_on_by_hand_and_by_who_leaves(cast: Cast, errands: Errands, team: list[Player]) -> None:
    tom, una = team
    set_rules(cast, rule(cast.sam))
    one = offered(cast, errands)
    path = f"/offers/{one}/assign"
    wrong = cast.dana.call("POST", path, json={"user_id": user_id(cast.nora)}, expect=422)
    assert wrong["errors"][0]["field"] == "user_id"
    cast.gina.call("POST", path, json={"user_id": user_id(cast.gina)}, expect=409)

    cast.sam.call("POST", path, json={"user_id": user_id(tom)}, expect=200)

    assert asked_first(cast.sam, one) == "Tom"
    assert told(tom)[0] == "lead.assigned"
    shown = Surfer.signed_in(cast.app, una.email)
    assert "Tom is asked first" in shown.open(f"/offers/{one}").text
    shown.send(path, {"user_id": user_id(cast.sam)}, shown_on=f"/offers/{one}")
    assert "leads to answer" in close(cast, expect=409)["facts"]["holds"]
    close(cast, to="dana")
    assert asked_first(cast.dana, one) == "Dana"
    assert cast.dana.call("GET", "/routing")["rules"][0]["user_ids"] == [user_id(cast.dana)]


def test_leads_that_come_at_once_are_shared_out_evenly(cast: Cast, team: list[Player]) -> None:
    tom, una = team
    set_rules(cast, rule(tom, una))
    offers = [UUID(leads.offer(cast.gina, cast.partnership_id)["id"]) for _ in range(6)]
    system = Actor(cast.sam.actor.organization_id, partnership_ids=frozenset({cast.partnership_id}))

    def route(offer_id: UUID) -> UUID | None:
        with cast.app.app_context(), db.transaction(system):
            return routing.route_offer(system, offer_id)

    found = at_once([partial(route, one) for one in [*offers, *offers[:2]]])

    assert sorted(Counter(found[:6]).values()) == [3, 3]
    assert found[6:] == found[:2]


def test_rules_are_edited_by_who_manages_with_every_wrong_field_named(cast: Cast) -> None:
    wrong = [
        {"user_ids": [user_id(cast.gina)], "countries": ["DE"]},
        {"partnership_id": user_id(cast.sam), "team_id": user_id(cast.sam)},
        {"user_ids": [], "product_line_id": user_id(cast.sam), "id": user_id(cast.sam)},
    ]
    refused = set_rules(cast, *wrong, expect=422)
    assert {one["field"] for one in refused["errors"]} == {
        "rules.0.user_ids.0",
        *("rules.1.partnership_id", "rules.1.team_id"),
        *("rules.2.user_ids", "rules.2.product_line_id", "rules.2.id"),
    }
    made = set_rules(cast, rule(cast.sam))
    cast.dana.call("PUT", "/routing", json={"rules": []}, expect=428)
    cast.dana.call("PUT", "/routing", json={"rules": []}, if_match='"old"', expect=412)
    cast.sam.call("GET", "/routing", expect=403)
    assert cast.hank.call("GET", "/routing", expect=200)["rules"] == []

    dana = Surfer.signed_in(cast.app, cast.dana.email)
    version = cast.dana.response("GET", "/routing").headers["ETag"].strip('"')
    form = {
        "version": version,
        "rules.0.id": made["rules"][0]["id"],
        "rules.0.user_ids": [user_id(cast.sam), user_id(cast.dana)],
        "rules.0.countries": "de, at",
        "rules.0.most_open": "4",
        "rules.1.countries": "FR",
    }
    assert dana.send("/routing", form, shown_on="/routing").status_code == 303
    [kept] = cast.dana.call("GET", "/routing")["rules"]
    assert (kept["countries"], kept["most_open"], len(kept["user_ids"])) == (["DE", "AT"], 4, 2)
    assert kept["id"] == made["rules"][0]["id"]
    assert dana.send("/routing", form, shown_on="/routing").status_code == 409
    tried = dana.open(f"/routing?partnership_id={cast.partnership_id}&country=DE").text
    assert "Rule 1" in tried


def test_a_rule_lists_whom_it_names_and_others_are_typed(cast: Cast) -> None:
    """A page for hundreds of colleagues: nobody is a checkbox whom no rule names."""
    for number in range(2):
        person(cast.app, cast.ada.actor.organization_id, "Toni", f"toni.{number}@acme.example", "seller")
    set_rules(cast, rule(cast.sam))
    dana = Surfer.signed_in(cast.app, cast.dana.email)
    page = dana.open("/routing").text
    assert page.count('type="checkbox" value="' + user_id(cast.sam)) == 1
    assert 'type="checkbox" value="' + user_id(cast.nora) not in page
    version = cast.dana.response("GET", "/routing").headers["ETag"].strip('"')
    form = {"version": version, "rules.0.user_ids": [user_id(cast.sam)], "rules.0.add": "NORA, toni.1@acme.example"}
    typed = {"rules.1.add": "Toni", "rules.1.countries": "FR", "rules.2.add": "Gina, nobody@acme.example"}

    refused = dana.send("/routing", form | typed, shown_on="/routing")

    assert refused.status_code == 422
    assert refused.text.count("Several of your colleagues have this name") >= 1
    assert "Nobody of your organization has this name or address." in refused.text
    assert dana.send("/routing", form | {"rules.1.add": "dana@acme.example"}, shown_on="/routing").status_code == 303
    rules = cast.dana.call("GET", "/routing")["rules"]
    assert [len(one["user_ids"]) for one in rules] == [3, 1]
    assert rules[0]["user_ids"][:2] == [user_id(cast.sam), user_id(cast.nora)]
    told = dana.open(f"/routing?partnership_id={cast.partnership_id}&size_band=10-49").text
    assert 'name="size_band"' in told


def test_who_is_released_is_asked_first_no_more(cast: Cast, errands: Errands, team: list[Player]) -> None:
    tom, _ = team
    set_rules(cast, rule(tom))
    one = offered(cast, errands)
    assert asked_first(cast.sam, one) == "Tom"
    path = f"/partnerships/{cast.partnership_id}"
    members = cast.dana.call("GET", path, expect=200)["members"]
    toms = next(member["id"] for member in members if member["name"] == "Tom")
    tag = cast.dana.response("GET", path).headers["ETag"]

    cast.dana.call("POST", f"{path}/members/{toms}/release", if_match=tag, expect=200)

    assert asked_first(cast.sam, one) is None
    assert "Nobody in particular" in Surfer.signed_in(cast.app, cast.sam.email).open(f"/offers/{one}").text
    leads.step(cast.sam, one, "accept")
