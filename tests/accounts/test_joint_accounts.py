"""A joint account from proposal to close: both read the same, one company is one of them, what is own stays own."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from partnercrm.accounts.actions.joint import open_joint_account
from partnercrm.kernel import db
from tests.cast import Cast, Player
from tests.factories import accounts, joint
from tests.servers import TestServer

MISSING = "0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a"
LEI = {"scheme": "lei", "number": "5493001KJTIIGC8Y1R12"}


def read(player: Player, one: dict[str, Any]) -> Any:
    return player.response("GET", f"/joint-accounts/{one['id']}")


def test_one_side_proposes_the_other_agrees_and_both_read_the_same_bytes(cast: Cast) -> None:
    one = joint.proposed(cast.sam, cast.partnership_id, country="DE", city="Hamburg", numbers=[LEI])
    assert (one["status"], one["opened_by"]) == ("proposed", str(cast.sam.actor.organization_id))

    for player in (cast.sam, cast.dana):
        refused = player.call("POST", f"/joint-accounts/{one['id']}/agree", json={}, expect=409)
        assert refused["code"] == "answered_by_the_other"
        assert player.call("POST", f"/joint-accounts/{one['id']}/decline", expect=409)["code"] == refused["code"]
    agreed = cast.gina.call("POST", f"/joint-accounts/{one['id']}/agree", json={}, expect=200)
    assert (agreed["status"], agreed["numbers"]) == ("open", [LEI | {"country": None}])
    assert read(cast.sam, one).data == read(cast.gina, one).data == read(cast.hank, one).data
    assert read(cast.sam, one).headers["ETag"] == read(cast.gina, one).headers["ETag"]
    closed = cast.sam.call("POST", f"/joint-accounts/{one['id']}/close", expect=200)
    assert (closed["status"], bool(closed["closed_at"])) == ("closed", True)
    again = cast.gina.call("POST", f"/joint-accounts/{one['id']}/close", expect=409)
    assert again["code"] == "joint_account_moved"


def test_strangers_and_colleagues_who_are_no_members_read_what_never_was(cast: Cast) -> None:
    one = joint.opened(cast.sam, cast.gina, cast.partnership_id)

    for player in (cast.nora, cast.ines):
        hidden, missing = read(player, one), read(player, {"id": MISSING})
        assert (hidden.status_code, hidden.json["code"]) == (404, missing.json["code"])
        assert player.call("GET", "/joint-accounts", expect=200)["items"] == []
        given = {"partnership_id": str(cast.partnership_id), "name": one["name"], "domains": one["domains"]}
        refused = player.call("POST", "/joint-accounts", json=given, expect=422)
        assert [error["field"] for error in refused["errors"]] == ["partnership_id"]


def test_which_of_its_accounts_it_is_a_side_reads_alone(cast: Cast) -> None:
    owned = {"owner_id": str(cast.sam.actor.user_id), "city": "Graz", "web_domains": ["fabrikam.com"]}
    account = accounts.account(cast.sam, name="Fabrikam", **owned)
    one = joint.proposed(cast.sam, cast.partnership_id, account_id=account["id"], name="Fabrikam Group")

    assert (one["name"], one["city"]) == ("Fabrikam Group", "Graz")
    assert account["id"].encode() not in read(cast.gina, one).data
    listed = cast.sam.call("GET", f"/joint-accounts?account_id={account['id']}", expect=200)["items"]
    assert [item["id"] for item in listed] == [one["id"]]
    assert cast.gina.call("GET", f"/joint-accounts?account_id={account['id']}", expect=200)["items"] == []


def test_an_accounts_owner_decides_what_a_partner_reads_of_it(cast: Cast) -> None:
    account = accounts.account(cast.dana, name="Fabrikam", owner_id=str(cast.dana.actor.user_id))
    given = {"partnership_id": str(cast.partnership_id), "account_id": account["id"]}

    refused = cast.sam.call("POST", "/joint-accounts", json=given, expect=422)
    assert [error["field"] for error in refused["errors"]] == ["account_id"]
    assert cast.gina.call("POST", "/joint-accounts", json=given, expect=422)["errors"] != refused["errors"]
    assert cast.dana.call("POST", "/joint-accounts", json=given, expect=201)["name"] == "Fabrikam"
    nameless = {"partnership_id": str(cast.partnership_id)}
    refused = cast.sam.call("POST", "/joint-accounts", json=nameless, expect=422)
    assert [error["field"] for error in refused["errors"]] == ["name"]


@pytest.mark.parametrize("same", [{"domains": ["fabrikam.com", "fabrikam.de"]}, {"numbers": [LEI]}])
def test_one_company_is_one_joint_account_and_naming_it_from_the_other_side_agrees(
    cast: Cast, same: dict[str, Any]
) -> None:
    one = joint.proposed(cast.sam, cast.partnership_id, domains=["fabrikam.com", "gmail.com"], numbers=[LEI])
    assert one["domains"] == ["fabrikam.com"]

    assert joint.proposed(cast.dana, cast.partnership_id, **same)["status"] == "proposed"
    other = joint.proposed(cast.gina, cast.partnership_id, name="Something else", **{"domains": [], **same})
    assert (other["id"], other["status"], other["name"]) == (one["id"], "open", one["name"])
    assert set(other["domains"]) >= {"fabrikam.com"}


def test_opened_by_both_sides_at_once_it_is_one_and_open(cast: Cast) -> None:
    given = {"partnership_id": str(cast.partnership_id), "name": "Fabrikam", "domains": ["fabrikam.com"]}
    with ThreadPoolExecutor(4) as pool:
        players = (cast.sam, cast.gina, cast.dana, cast.hank)
        sent = [pool.submit(player.call, "POST", "/joint-accounts", json=given, expect=201) for player in players]
        answers = [one.result() for one in sent]

    assert len({one["id"] for one in answers}) == 1
    assert [one["status"] for one in cast.sam.call("GET", "/joint-accounts", expect=200)["items"]] == ["open"]


def test_what_was_declined_can_be_proposed_anew_by_either_side(cast: Cast) -> None:
    one = joint.proposed(cast.sam, cast.partnership_id, domains=["fabrikam.com"])
    assert cast.hank.call("POST", f"/joint-accounts/{one['id']}/decline", expect=200)["status"] == "closed"

    again = joint.proposed(cast.gina, cast.partnership_id, domains=["fabrikam.com"])
    assert (again["id"], again["status"]) == (one["id"], "proposed")
    assert again["opened_by"] == str(cast.gina.actor.organization_id)
    assert cast.sam.call("POST", f"/joint-accounts/{one['id']}/agree", json={}, expect=200)["status"] == "open"


def test_neither_side_opens_alone_even_past_the_application(cast: Cast, database: str, test_server: TestServer) -> None:
    one = joint.proposed(cast.sam, cast.partnership_id)
    with psycopg.connect(test_server.admin(database)) as connection:
        connection.execute(f'SET LOCAL ROLE "{test_server.prefix}_app"')
        connection.execute("SELECT set_config('partnercrm.organization', %s, true)", [one["opened_by"]])
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("UPDATE joint_accounts SET status = 'open', opened_at = now()")


def test_nothing_of_it_is_left_once_the_partnership_ends(cast: Cast, database: str, test_server: TestServer) -> None:
    one = joint.opened(cast.sam, cast.gina, cast.partnership_id, numbers=[LEI])
    path = f"/partnerships/{cast.partnership_id}"
    tag = cast.dana.response("GET", path).headers["ETag"]
    cast.dana.call("POST", f"{path}/end", if_match=tag, expect=200)

    assert read(cast.sam, one).status_code == read(cast.gina, one).status_code == 404
    with psycopg.connect(test_server.admin(database)) as connection:
        for table in ("joint_accounts", "joint_account_domains", "joint_account_numbers", "joint_account_sides"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_other_slices_open_one_by_what_they_know(cast: Cast) -> None:
    with db.transaction(cast.gina.actor):
        one = open_joint_account(cast.gina.actor, cast.partnership_id, name="Fabrikam", domains=["fabrikam.com"])
    assert cast.sam.call("GET", f"/joint-accounts/{one.id}", expect=200)["status"] == "proposed"
    with db.transaction(cast.sam.actor):
        again = open_joint_account(cast.sam.actor, cast.partnership_id, name="Fabrikam", domains=["fabrikam.com"])
    assert (again.id, again.status) == (one.id, "open")


def test_two_that_are_one_company_are_merged_and_parted_by_either_side(cast: Cast) -> None:
    one = joint.opened(cast.sam, cast.gina, cast.partnership_id, domains=["fabrikam.com"])
    other = joint.opened(cast.gina, cast.sam, cast.partnership_id, domains=["fabrikam.de"])
    path = f"/joint-accounts/{one['id']}"

    cast.sam.call("POST", f"{path}/merge", json={"other_id": other["id"]}, expect=200)
    assert read(cast.gina, other).status_code == 404
    assert joint.proposed(cast.gina, cast.partnership_id, domains=["fabrikam.de"])["id"] == one["id"]
    assert cast.gina.call("POST", f"{path}/merge", json={"other_id": one["id"]}, expect=409)["code"]
    refused = cast.gina.call("POST", f"{path}/merge", json={"other_id": MISSING}, expect=422)
    assert [error["field"] for error in refused["errors"]] == ["other_id"]
    cast.gina.call("POST", f"{path}/part", json={"other_id": other["id"]}, expect=200)
    assert read(cast.sam, other).json["status"] == "open"
    cast.gina.call("POST", f"{path}/part", json={"other_id": other["id"]}, expect=409)
    assert joint.proposed(cast.sam, cast.partnership_id, domains=["fabrikam.de"])["id"] == other["id"]


def test_merged_into_each_other_at_once_one_stands(cast: Cast) -> None:
    one, other = (joint.opened(cast.sam, cast.gina, cast.partnership_id)["id"] for _ in range(2))
    with ThreadPoolExecutor(2) as pool:
        sam = pool.submit(cast.sam.response, "POST", f"/joint-accounts/{one}/merge", json={"other_id": other})
        gina = pool.submit(cast.gina.response, "POST", f"/joint-accounts/{other}/merge", json={"other_id": one})
        answers = sorted(asked.result().status_code for asked in (sam, gina))

    assert answers[0] == 200
    assert answers[1] in {404, 409}
    assert len(cast.sam.call("GET", "/joint-accounts", expect=200)["items"]) == 1
