"""Taking leads on asks what somebody knows of the partner, where their side says so; routing passes over others."""

from partnercrm.kernel import db
from partnercrm.leads.queries import routing
from partnercrm.leads.routing import Bar, Teaser
from tests.cast import Cast, Player
from tests.factories import leads
from tests.factories.enablement import acknowledge, exception, gates, item
from tests.surfer import Surfer


def bars(cast: Cast, rule: dict[str, object]) -> dict[str, Bar | None]:
    """Return what keeps Acme's people from being asked by a rule."""
    cast.dana.call("PUT", "/routing", json={"rules": [rule]}, expect=200)
    actor = cast.dana.actor
    names = {str(one.actor.user_id): name for name, one in (("sam", cast.sam), ("dana", cast.dana))}
    with db.transaction(actor, read_only=True):
        [kept] = routing.rules_of(routing.plan(actor))
        found = routing.candidates(actor, Teaser(cast.partnership_id))(kept)
        return {names[str(one.user_id)]: one.bar for one in found}


def people(*players: Player) -> dict[str, object]:
    return {"user_ids": [str(one.actor.user_id) for one in players]}


def test_who_misses_something_cannot_take_a_lead_on_where_the_gate_is_shut_and_reads_what(cast: Cast) -> None:
    note = item(cast.dana, cast.partnership_id)
    gates(cast.dana, cast.partnership_id, receiving="block")
    offered = leads.offer(cast.gina, cast.partnership_id)["id"]
    path = f"/offers/{offered}/accept"

    refused = cast.sam.call("POST", path, expect=409)
    assert (refused["code"], refused["facts"]["missing"][0]["title"]) == ("not_enabled", note["title"])
    assert note["title"] in refused["detail"]
    assert cast.gina.call("GET", f"/offers/{offered}", expect=200)["status"] == "offered"

    exception(cast.dana, cast.partnership_id, cast.sam)
    assert cast.sam.call("POST", path, expect=200)["status"] == "accepted"
    another = leads.offer(cast.gina, cast.partnership_id)["id"]
    assert cast.dana.call("POST", f"/offers/{another}/accept", expect=200)["status"] == "accepted"


def test_a_gate_that_warns_says_so_before_and_lets_pass(cast: Cast) -> None:
    note = item(cast.dana, cast.partnership_id)
    gates(cast.dana, cast.partnership_id, receiving="warn")
    offered = leads.offer(cast.gina, cast.partnership_id)["id"]

    page = Surfer.signed_in(cast.app, "sam@acme.example").open(f"/offers/{offered}").text
    assert note["title"] in page
    assert note["title"] not in Surfer.signed_in(cast.app, "gina@globex.example").open(f"/offers/{offered}").text
    assert cast.sam.call("POST", f"/offers/{offered}/accept", expect=200)["status"] == "accepted"


def test_a_rule_for_who_is_enabled_passes_over_the_others_and_so_does_a_shut_gate(cast: Cast) -> None:
    note = item(cast.dana, cast.partnership_id, roles=["seller", "partner_manager"])
    acknowledge(cast.dana, note["id"])
    both = people(cast.sam, cast.dana)

    assert bars(cast, both) == {"sam": None, "dana": None}
    gates(cast.dana, cast.partnership_id, receiving="block")
    assert cast.dana.call("GET", "/routing", expect=200)["rules"][0]["only_enabled"] is False
    with db.transaction(cast.dana.actor, read_only=True):
        [kept] = routing.rules_of(routing.plan(cast.dana.actor))
        found = routing.candidates(cast.dana.actor, Teaser(cast.partnership_id))(kept)
        assert [one.bar for one in found] == [Bar.NOT_ENABLED, None]


def test_a_rule_alone_can_ask_for_it_and_others_are_not_told_why(cast: Cast) -> None:
    item(cast.dana, cast.partnership_id)
    rule = people(cast.sam) | {"only_enabled": True}

    assert bars(cast, rule) == {"sam": Bar.NOT_ENABLED}
    like = {"partnership_id": str(cast.partnership_id)}
    trial = cast.dana.call("GET", "/routing/trial", query_string=like, expect=200)
    assert [one["passed_over"] for one in trial["tried"][0]["people"]] == [None]
