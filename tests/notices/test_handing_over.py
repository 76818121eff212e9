"""A lead that is under way is handed over to a colleague: both sides see who, and the right ones are told."""

from flask import Flask

from tests.cast import Cast
from tests.factories import leads
from tests.factories.notices import Errands, told
from tests.surfer import Surfer


def test_either_side_hands_over_what_it_gave_or_took(app: Flask, cast: Cast, errands: Errands) -> None:
    taken = leads.offer_at(cast, "accepted")
    path = f"/offers/{taken['id']}"
    dana, hank = ({"user_id": str(one.actor.user_id)} for one in (cast.dana, cast.hank))

    cast.dana.call("POST", f"{path}/hand-over", json=dana, expect=200)
    Surfer.signed_in(app, "gina@globex.example").send(f"{path}/hand-over", hank, shown_on=path)
    cast.gina.call("POST", f"{path}/hand-over", json=hank, expect=200)
    errands.run()

    for player in (cast.dana, cast.hank):
        side = "giver_member" if player is cast.dana else "receiver_member"
        assert player.call("GET", path, expect=200)[side]["name"] == player.email.partition("@")[0].title()
    assert told(cast.hank).count("lead.passed_on") == 1
    assert told(cast.dana).count("lead.passed_on") == 0
    assert told(cast.dana).count("lead.handed_over") == 1


def test_nobody_hands_over_to_who_may_not_or_what_is_not_under_way(cast: Cast) -> None:
    path = f"/offers/{leads.offer_at(cast, 'accepted')['id']}/hand-over"
    for nobody in (cast.gina, cast.ada, cast.ines):
        given = {"user_id": str(nobody.actor.user_id)}
        refused = cast.dana.call("POST", path, json=given, expect=422)
        assert [one["field"] for one in refused["errors"]] == ["user_id"]
    waiting = leads.offer(cast.sam, cast.partnership_id)
    hank = {"user_id": str(cast.hank.actor.user_id)}
    for offer_id in (waiting["id"], leads.offer_at(cast, "returned")["id"]):
        cast.gina.call("POST", f"/offers/{offer_id}/hand-over", json=hank, expect=409)
    cast.ines.call("POST", path, json={"user_id": str(cast.ines.actor.user_id)}, expect=404)
