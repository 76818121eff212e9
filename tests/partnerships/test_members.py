"""Members of a partnership: named to both sides, seeing what is shared only while they are members."""

from typing import Any

from tests.cast import Cast, Player
from tests.factories import leads


def name(cast: Cast, who: Player, *, by: Player | None = None, role: str = "seller", expect: int = 201) -> Any:
    given = {"user_id": str(who.actor.user_id), "role": role}
    return (by or cast.dana).call("POST", f"/partnerships/{cast.partnership_id}/members", json=given, expect=expect)


def release(cast: Cast, who: str, *, by: Player | None = None, expect: int = 200) -> Any:
    members = cast.dana.call("GET", f"/partnerships/{cast.partnership_id}", expect=200)["members"]
    [member_id] = [member["id"] for member in members if member["name"] == who]
    path = f"/partnerships/{cast.partnership_id}/members/{member_id}/release"
    return (by or cast.dana).call("POST", path, expect=expect)


def names(partnership: dict[str, Any]) -> set[str]:
    return {member["name"] for member in partnership["members"]}


def test_a_member_named_sees_what_is_shared_from_then_on_until_released(cast: Cast) -> None:
    offered = leads.offer(cast.sam, cast.partnership_id)
    path = f"/offers/{offered['id']}"
    cast.nora.call("GET", path, expect=404)

    named = name(cast, cast.nora)
    assert names(named) == {"Dana", "Sam", "Nora", "Hank", "Gina"}
    assert cast.gina.call("GET", f"/partnerships/{cast.partnership_id}", expect=200) == named
    cast.nora.call("GET", path, expect=200)
    assert name(cast, cast.nora, role="executive", expect=409)["code"] == "member_already"

    assert names(release(cast, "Nora")) == {"Dana", "Sam", "Hank", "Gina"}
    cast.nora.call("GET", path, expect=404)
    name(cast, cast.nora)
    cast.nora.call("GET", path, expect=200)


def test_a_version_of_the_partnership_tells_of_its_members(cast: Cast) -> None:
    path = f"/partnerships/{cast.partnership_id}"
    before = cast.gina.response("GET", path).headers["ETag"]
    assert cast.gina.response("GET", path, headers={"If-None-Match": before}).status_code == 304

    name(cast, cast.nora)

    assert cast.gina.response("GET", path, headers={"If-None-Match": before}).status_code == 200
    cast.dana.call("POST", f"{path}/end", if_match=before, expect=412)


def test_the_last_manager_of_a_side_stays_until_another_is_named(cast: Cast) -> None:
    assert release(cast, "Dana", expect=409)["code"] == "last_member"

    name(cast, cast.ada, role="partner_manager")
    release(cast, "Dana")
    assert release(cast, "Ada", by=cast.ada, expect=409)["code"] == "last_member"


def test_only_who_may_manage_partnerships_is_named_as_a_manager(cast: Cast) -> None:
    refused = name(cast, cast.nora, role="partner_manager", expect=422)

    assert [error["field"] for error in refused["errors"]] == ["role"]
    assert release(cast, "Dana", expect=409)["code"] == "last_member"


def test_each_side_names_and_releases_its_own_people_only(cast: Cast) -> None:
    refused = name(cast, cast.gina, expect=422)
    assert [error["field"] for error in refused["errors"]] == ["user_id"]
    release(cast, "Gina", expect=404)
    release(cast, "Sam", by=cast.hank, expect=404)
    name(cast, cast.ines, by=cast.ines, expect=404)
    name(cast, cast.nora, by=cast.sam, expect=403)


def test_who_cannot_sign_in_cannot_be_named(cast: Cast) -> None:
    path = f"/users/{cast.nora.actor.user_id}"
    nora = cast.nora.actor.user_id
    tag = cast.ada.response("GET", path).headers["ETag"]
    cast.ada.call("PATCH", path, json={"disabled": True}, if_match=tag, expect=200)

    given = {"user_id": str(nora), "role": "seller"}
    refused = cast.dana.call("POST", f"/partnerships/{cast.partnership_id}/members", json=given, expect=422)
    assert refused["errors"] == [{"field": "user_id", "message": "This person's account is disabled."}]
