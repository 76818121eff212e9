"""Who loses the right to manage partnerships stays in theirs as a seller, unless nobody else of the side does."""

from functools import partial
from typing import Any

import pytest

from tests.cast import Cast, Player, person
from tests.crowd import at_once
from tests.factories import leads


def edit(cast: Cast, who: Player, *, expect: int = 200, **given: Any) -> Any:
    path = f"/users/{who.actor.user_id}"
    tag = cast.ada.response("GET", path).headers["ETag"]
    return cast.ada.call("PATCH", path, json=given, if_match=tag, expect=expect)


def roles(player: Player, cast: Cast) -> dict[str, str]:
    members = player.call("GET", f"/partnerships/{cast.partnership_id}", expect=200)["members"]
    return {one["name"]: one["role"] for one in members}


@pytest.fixture
def mia(cast: Cast) -> Player:
    """A second manager of Acme's side."""
    found = person(cast.app, cast.ada.actor.organization_id, "Mia", "mia@acme.example", "partner_manager")
    given = {"user_id": str(found.actor.user_id), "role": "partner_manager"}
    cast.dana.call("POST", f"/partnerships/{cast.partnership_id}/members", json=given, expect=201)
    return found


def test_who_alone_manages_a_partnership_keeps_the_right_until_another_is_named(cast: Cast) -> None:
    refused = edit(cast, cast.dana, roles=["seller"], expect=409)

    assert (refused["code"], "Globex" in refused["detail"]) == ("last_to_manage", True)
    assert cast.ada.call("GET", f"/users/{cast.dana.actor.user_id}")["roles"] == ["partner_manager"]
    assert roles(cast.hank, cast)["Dana"] == "partner_manager"
    edit(cast, cast.dana, roles=["seller", "admin"])
    assert roles(cast.hank, cast)["Dana"] == "partner_manager"
    edit(cast, cast.dana, disabled=True)


def test_who_manages_it_with_others_stays_as_a_seller_with_what_they_gave(cast: Cast, mia: Player) -> None:
    offered = leads.offer(cast.dana, cast.partnership_id)
    tag = cast.hank.response("GET", f"/partnerships/{cast.partnership_id}").headers["ETag"]

    edit(cast, cast.dana, roles=["seller"])

    for player in (cast.hank, mia, cast.dana):
        assert roles(player, cast) == {
            **dict.fromkeys(("Dana", "Sam", "Gina"), "seller"),
            **dict.fromkeys(("Mia", "Hank"), "partner_manager"),
        }
    assert cast.hank.response("GET", f"/partnerships/{cast.partnership_id}").headers["ETag"] != tag
    assert cast.gina.call("GET", f"/offers/{offered['id']}")["giver_member"]["name"] == "Dana"
    cast.dana.call("GET", f"/offers/{offered['id']}", expect=200)
    cast.dana.call("POST", f"/partnerships/{cast.partnership_id}/pause", json={}, expect=403)
    [noted] = cast.ada.call("GET", "/activities?verb=user.rights_lost", expect=200)["items"]
    assert noted["facts"] == {
        "lost": [
            "deals:review",
            "enablement:all",
            "incentives:agree",
            "incentives:pay",
            "incentives:record",
            "incentives:write",
            "leads:all",
            "partnerships:write",
        ]
    }
    assert edit(cast, mia, roles=["seller"], expect=409)["code"] == "last_to_manage"


def test_of_two_managers_who_lose_the_right_at_once_one_keeps_it(cast: Cast, mia: Player) -> None:
    def demoting(who: Player) -> Any:
        path = f"/users/{who.actor.user_id}"
        tag = cast.ada.response("GET", path).headers["ETag"]
        return partial(cast.ada.response, "PATCH", path, json={"roles": ["seller"]}, headers={"If-Match": tag})

    answered = sorted(response.status_code for response in at_once([demoting(cast.dana), demoting(mia)]))

    assert answered == [200, 409]
    assert sorted(roles(cast.hank, cast).values()).count("partner_manager") == len(("Hank", "one of Acme's"))


def test_a_partnership_that_ended_holds_nobody_back(cast: Cast) -> None:
    path = f"/partnerships/{cast.partnership_id}"
    cast.hank.call("POST", f"{path}/end", if_match=cast.hank.response("GET", path).headers["ETag"], expect=200)

    assert edit(cast, cast.dana, roles=["seller"])["roles"] == ["seller"]
