"""The shared page of a joint account: both read one plan and meet each other; what one side keeps nobody else reads."""

from typing import Any

import pytest

from tests.cast import Cast, Player
from tests.factories import accounts, joint
from tests.surfer import Surfer

READ = ("", "/plan", "/timeline")


@pytest.fixture
def one(cast: Cast) -> dict[str, Any]:
    return joint.opened(cast.sam, cast.gina, cast.partnership_id, name="Fabrikam")


def heard(player: Player, one: dict[str, Any]) -> list[bytes]:
    """Return all bytes that the API tells of it."""
    answers = [player.response("GET", f"/joint-accounts/{one['id']}{path}") for path in READ]
    return [part for answer in answers for part in (answer.data, answer.headers.get("ETag", "").encode())]


def member(player: Player, cast: Cast, name: str) -> str:
    members = player.call("GET", f"/partnerships/{cast.partnership_id}", expect=200)["members"]
    return str(next(found["id"] for found in members if found["name"] == name))


def change(player: Player, item: dict[str, Any], expect: int = 200, **given: Any) -> Any:
    path = f"/joint-plan-items/{item['id']}"
    tag = player.response("GET", path).headers["ETag"]
    return player.call("PATCH", path, json=given, if_match=tag, expect=expect)


def test_both_sides_plan_on_one_page_and_read_the_same_bytes(cast: Cast, one: dict[str, Any]) -> None:
    path = f"/joint-accounts/{one['id']}"
    tag = cast.gina.response("GET", path).headers["ETag"]
    cast.gina.call("PATCH", path, json={"goal": "Replace the old system."}, if_match=tag, expect=200)
    assert cast.sam.call("PATCH", path, json={"goal": "Mine."}, if_match=tag, expect=412)["code"] == "stale"
    step = joint.planned(cast.sam, one["id"], owner_member_id=member(cast.sam, cast, "Gina"), due_on="2027-01-31")
    joint.planned(cast.gina, one["id"], kind="stakeholder", text="Head of operations", stance="supports")

    assert heard(cast.sam, one) == heard(cast.gina, one)
    plan = cast.sam.call("GET", f"{path}/plan", expect=200)
    assert {person["name"] for person in plan["people"]} == {"Sam", "Gina"}
    assert [line["kind"] for line in plan["items"]] == ["next_step", "stakeholder"]
    done = change(cast.gina, step, done=True)
    assert (bool(done["done_at"]), done["owner_member_id"]) == (True, None)
    assert (
        cast.gina.response("DELETE", f"/joint-plan-items/{step['id']}", if_match=_tag(cast.gina, step)).status_code
        == 409
    )
    assert (
        cast.sam.response("DELETE", f"/joint-plan-items/{step['id']}", if_match=_tag(cast.sam, step)).status_code == 204
    )


def _tag(player: Player, item: dict[str, Any]) -> str:
    return str(player.response("GET", f"/joint-plan-items/{item['id']}").headers["ETag"])


def test_what_a_line_cannot_be_is_said_beside_its_field(cast: Cast, one: dict[str, Any]) -> None:
    path = f"/joint-accounts/{one['id']}/items"
    for given, field in (
        ({"kind": "play", "text": "Demo", "due_on": "2027-01-31"}, "kind"),
        ({"kind": "play", "text": "Demo", "stance": "against"}, "stance"),
        ({"kind": "next_step", "text": "Call", "owner_member_id": one["id"]}, "owner_member_id"),
    ):
        assert [error["field"] for error in cast.sam.call("POST", path, json=given, expect=422)["errors"]] == [field]
    stranger = {"member_ids": [member(cast.sam, cast, "Gina")]}
    refused = cast.sam.call("POST", f"/joint-accounts/{one['id']}/team", json=stranger, expect=422)
    assert [error["field"] for error in refused["errors"]] == ["member_ids"]
    proposed = joint.proposed(cast.sam, cast.partnership_id)
    refused = cast.sam.call("POST", f"/joint-accounts/{proposed['id']}/items", json={"kind": "play", "text": "x"})
    assert refused["code"] == "joint_account_moved"


def test_what_one_side_keeps_changes_no_byte_of_what_the_other_reads(cast: Cast, one: dict[str, Any]) -> None:
    before, page = heard(cast.gina, one), f"/joint-accounts/{one['id']}"
    gina = Surfer.signed_in(cast.app, cast.gina.email)
    shown = gina.open(page).text
    account = accounts.account(cast.sam, name="Fabrikam's other name")
    own = joint.kept(cast.sam, one, notes="They renew in March.", account_id=account["id"])

    assert (own["notes"], own["account_id"]) == ("They renew in March.", account["id"])
    assert heard(cast.gina, one) == before
    assert _plain(gina.open(page).text) == _plain(shown)
    assert cast.gina.call("GET", f"{page}/own", expect=200)["notes"] is None
    assert "They renew in March." in Surfer.signed_in(cast.app, cast.dana.email).open(page).text
    assert cast.nora.call("GET", f"{page}/own", expect=404)["code"] == "not_found"


def _plain(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrf_token" not in line and "form_key" not in line]
