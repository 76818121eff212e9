"""What a partner knows of an account, by receipt; taking it back, at once and everywhere; seeing it as the partner."""

from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tests.accounts.conftest import Run
from tests.cast import Cast, Player
from tests.factories import deals, joint, leads, mapping, yeses
from tests.servers import TestServer
from tests.surfer import Surfer

MISSING = "0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a"


def common(player: Player) -> dict[str, Any]:
    """Return the player's account of the first company that both have."""
    found = player.call("GET", "/accounts", query_string={"q": "Common 0"}, expect=200)["items"]
    return next(one for one in found if one["name"] == "Common 0")


def receipts(player: Player, account: dict[str, Any]) -> set[tuple[str, str]]:
    told = player.call("GET", f"/accounts/{account['id']}/receipts", expect=200)["receipts"]
    return {(one["through"], one["field"]) for one in told}


def withhold(player: Player, cast: Cast, account: dict[str, Any], field: str, verb: str = "withhold") -> Any:
    given = {"partnership_id": str(cast.partnership_id), "field": field}
    return player.call("POST", f"/accounts/{account['id']}/{verb}", json=given, expect=200)


def as_partner(player: Player, cast: Cast, account: dict[str, Any]) -> Any:
    query = {"partnership_id": str(cast.partnership_id)}
    return player.response("GET", f"/accounts/{account['id']}/as-partner", query_string=query)


@pytest.fixture
def told(listed: Cast, run: Run) -> Any:
    """A mapping that told of what both have."""
    one = mapping.agreed(listed)
    run()
    return one


def copies(player: Player, one: Any, name: str) -> list[dict[str, Any]]:
    found = mapping.common(player, one)
    return [copy for item in found if {each["name"] for each in item["accounts"]} == {name} for copy in item["theirs"]]


def test_each_way_by_which_a_partner_knows_has_its_receipts(listed: Cast, told: Any) -> None:
    account = common(listed.sam)
    given = {"domains": ["common-0.com"], "account_id": account["id"], "city": "Graz"}
    one = joint.proposed(listed.sam, listed.partnership_id, name="Common 0", **given)
    leads.offer(listed.sam, listed.partnership_id, company_name="Common 0", company_domain="common-0.com")

    known = receipts(listed.sam, account)
    assert {("mapping", name) for name in ("name", "domain", "city", "relationship")} <= known
    assert ("mapping", "industry") not in known
    assert {("joint_account", name) for name in ("name", "domain", "city")} <= known
    assert ("offer", "need") in known
    found = listed.sam.call("GET", f"/accounts/{account['id']}/receipts", expect=200)
    assert {each["through_id"] for each in found["receipts"]} >= {told["id"], one["id"]}
    assert listed.nora.call("GET", f"/accounts/{account['id']}/receipts", expect=200)["receipts"] == []
    assert listed.gina.response("GET", f"/accounts/{account['id']}/receipts").status_code == 404


def test_a_field_taken_back_is_gone_on_both_sides_at_once_and_stays_away(listed: Cast, run: Run, told: Any) -> None:
    account = common(listed.sam)
    assert [copy["city"] for copy in copies(listed.gina, told, "Common 0")] == ["Graz"]

    kept = withhold(listed.sam, listed, account, "city")
    assert [one["field"] for one in kept["withheld"]] == ["city"]
    for player in (listed.gina, listed.sam):
        assert [copy["city"] for copy in copies(player, told, "Common 0")] == [None]
    assert [copy["city"] for copy in copies(listed.gina, told, "Common 1")] == ["Graz"]
    assert ("mapping", "city") not in receipts(listed.sam, account)
    run(mapping.later(2))
    assert [copy["city"] for copy in copies(listed.gina, told, "Common 0")] == [None]
    withhold(listed.sam, listed, account, "city", "tell-again")
    run(mapping.later(4))
    assert [copy["city"] for copy in copies(listed.gina, told, "Common 0")] == ["Graz"]


def test_what_a_joint_account_told_goes_with_stored_answers_and_its_name_closes_it(
    listed: Cast, database: str, test_server: TestServer
) -> None:
    account = common(listed.sam)
    given = {"domains": ["common-0.com"], "account_id": account["id"], "city": "Graz"}
    one = joint.proposed(listed.sam, listed.partnership_id, name="Zanzibar Traders", **given)
    path = f"/joint-accounts/{one['id']}"
    listed.gina.call("POST", f"{path}/agree", json={}, key="once", expect=200)

    withhold(listed.sam, listed, account, "city")
    assert listed.gina.call("GET", path, expect=200)["city"] is None
    withhold(listed.sam, listed, account, "name")
    read = listed.gina.call("GET", path, expect=200)
    assert (read["name"], read["domains"], read["status"]) == (None, [], "closed")
    assert receipts(listed.sam, account) == set()
    assert b"Zanzibar" not in listed.gina.response("POST", f"{path}/agree", json={}, key="once").data
    with psycopg.connect(test_server.admin(database)) as connection:
        rows = connection.execute("SELECT count(*) FROM idempotency_keys WHERE convert_from(body, 'UTF8') ~ 'Zanzibar'")
        assert rows.fetchone() == (0,)
    page = Surfer.signed_in(listed.app, listed.gina.email).open(path).text
    assert "Zanzibar" not in page


def test_it_is_seen_as_the_partner_sees_it_whatever_the_partner_keeps(listed: Cast, told: Any) -> None:
    account = common(listed.sam)
    given = {"domains": ["common-0.com"], "account_id": account["id"]}
    one = joint.proposed(listed.sam, listed.partnership_id, name="Common 0", **given)
    listed.gina.call("POST", f"/joint-accounts/{one['id']}/agree", json={}, expect=200)
    seen = as_partner(listed.sam, listed, account)
    sam = Surfer.signed_in(listed.app, listed.sam.email)
    page = _plain(sam.open(f"/joint-accounts/{one['id']}/as-partner").text)

    assert seen.json["copies"] == copies(listed.gina, told, "Common 0")
    assert seen.json["joint_accounts"] == [listed.gina.call("GET", f"/joint-accounts/{one['id']}", expect=200)]
    theirs = common(listed.gina)
    tag = listed.gina.response("GET", f"/accounts/{theirs['id']}").headers["ETag"]
    change = {"name": "Their own name", "city": "Their own city", "owner_id": str(listed.gina.actor.user_id)}
    listed.gina.call("PATCH", f"/accounts/{theirs['id']}", json=change, if_match=tag, expect=200)
    joint.kept(listed.gina, one, notes="Their own notes.", account_id=theirs["id"])
    assert as_partner(listed.sam, listed, account).data == seen.data
    assert _plain(sam.open(f"/joint-accounts/{one['id']}/as-partner").text) == page
    assert not {"Their own name", "Their own notes."} & set(page)
    for player in (listed.nora, listed.ines, listed.gina):
        assert as_partner(player, listed, account).status_code == 404


def test_a_partners_view_asks_for_nothing_of_the_partners_own_even_where_no_wall_stands(
    listed: Cast, test_server: TestServer, database: str
) -> None:
    account, theirs = common(listed.sam), common(listed.gina)
    tag = listed.gina.response("GET", f"/accounts/{theirs['id']}").headers["ETag"]
    listed.gina.call("PATCH", f"/accounts/{theirs['id']}", json={"name": "Their own name"}, if_match=tag, expect=200)
    given = {"domains": ["common-0.com"], "account_id": account["id"]}
    one = joint.proposed(listed.sam, listed.partnership_id, name="Common 0", **given)
    unseen = ("Their own name", "Their own notes.", listed.gina.email, str(listed.gina.actor.user_id))

    with psycopg.connect(test_server.admin(database), autocommit=True) as server:
        for table in ("accounts", "account_domains", "account_numbers", "joint_account_sides", "users"):
            server.execute(SQL("ALTER TABLE {} DISABLE ROW LEVEL SECURITY").format(Identifier(table)))
    sam = Surfer.signed_in(listed.app, listed.sam.email)
    proposed = sam.open(f"/joint-accounts/{one['id']}/as-partner")
    listed.gina.call("POST", f"/joint-accounts/{one['id']}/agree", json={"account_id": theirs["id"]}, expect=200)
    joint.kept(listed.gina, one, notes="Their own notes.")
    opened = sam.open(f"/joint-accounts/{one['id']}/as-partner")

    for page in (proposed, opened):
        assert page.status_code == 200
        assert not [mark for mark in unseen if mark in page.text]


def test_what_is_withheld_is_not_told_by_the_next_proposal(listed: Cast, told: Any) -> None:
    account = common(listed.sam)
    withhold(listed.sam, listed, account, "city")
    given = {"partnership_id": str(listed.partnership_id), "account_id": account["id"]}

    assert listed.sam.call("POST", "/joint-accounts", json=given, expect=201)["city"] is None
    (overlap,) = [item for item in mapping.common(listed.gina, told) if item["accounts"][0]["name"] == "Common 1"]
    given = {"partnership_id": str(listed.partnership_id), "overlap_id": overlap["id"]}
    one = listed.gina.call("POST", "/joint-accounts", json=given, expect=201)
    assert (one["name"], one["city"], one["domains"]) == ("Common 1", "Wien", ["common-1.com"])
    given["overlap_id"] = MISSING
    refused = listed.gina.call("POST", "/joint-accounts", json=given, expect=422)
    assert [error["field"] for error in refused["errors"]] == ["overlap_id"]


def test_a_registered_deal_told_of_the_account_it_names_and_its_name_is_taken_back_everywhere(
    listed: Cast, told: Any, database: str, test_server: TestServer
) -> None:
    account = common(listed.sam)
    body = deals.deal(listed.partnership_id, account={"name": "Zanzibar Traders", "domain": "common-0.com"})
    made = listed.sam.call("POST", "/registrations", json=body, key="once", expect=201)
    known = receipts(listed.sam, account)

    assert {("joint_account", "name"), ("joint_account", "domain")} <= known
    assert {("registration", name) for name in ("involvement", "close_on", "value", "asks")} <= known
    assert not {("registration", "value_band"), ("registration", "direct_deal")} & known
    sam = Surfer.signed_in(listed.app, listed.sam.email)
    assert f"/registrations/{made['id']}" in sam.open(f"/accounts/{account['id']}/receipts").text
    view = f"/partnerships/{listed.partnership_id}/accounts/{account['id']}/as-partner"
    assert "Zanzibar" in sam.open(view).text
    deals.go(listed.hank, made, "approve")
    [opened] = listed.gina.call("GET", "/deals", expect=200)["items"]
    assert deals.move(listed.gina, deals.read(listed.gina, opened), "qualified")["account_name"] == "Zanzibar Traders"

    withhold(listed.sam, listed, account, "name")
    assert listed.gina.call("GET", f"/deals/{opened['id']}", expect=200)["account_name"] is None
    assert listed.gina.call("GET", f"/registrations/{made['id']}", expect=200)["account_name"] is None
    assert b"Zanzibar" not in listed.sam.response("POST", "/registrations", json=body, key="once").data
    page = Surfer.signed_in(listed.app, listed.gina.email).open(f"/registrations/{made['id']}").text
    assert "Zanzibar" not in page + sam.open(view).text
    with psycopg.connect(test_server.admin(database)) as connection:
        rows = connection.execute("SELECT count(*) FROM idempotency_keys WHERE convert_from(body, 'UTF8') ~ 'Zanzibar'")
        assert rows.fetchone() == (0,)
    assert ("registration", "involvement") in receipts(listed.sam, account)


def test_an_answer_to_the_partners_deal_tells_of_the_account_too(listed: Cast, told: Any) -> None:
    account = common(listed.gina)
    body = deals.deal(listed.partnership_id, account={"name": "Common 0", "domain": "common-0.com"})
    made = listed.sam.call("POST", "/registrations", json=body, expect=201)
    joint_id = made["joint_account_id"]
    listed.gina.call("POST", f"/joint-accounts/{joint_id}/agree", json={"account_id": account["id"]}, expect=200)
    before = receipts(listed.gina, account)
    deals.go(listed.hank, made, "approve", direct_deal=True)

    assert receipts(listed.gina, account) - before == {("registration", "direct_deal")}


def test_what_two_yeses_opened_is_listed_for_who_said_it_and_goes_with_the_name(listed: Cast, run: Run) -> None:
    mapping.agreed(listed, "overlaps")
    run()
    ours, theirs = common(listed.sam), common(listed.gina)
    yeses.said(listed.sam, ours["id"], listed.partnership_id)
    yeses.said(listed.gina, theirs["id"], listed.partnership_id)

    assert ("mutual_yes", "name") in receipts(listed.sam, ours)
    assert ("mutual_yes", "name") not in receipts(listed.dana, ours)
    withhold(listed.dana, listed, ours, "name")
    assert yeses.openings(listed.gina) == yeses.openings(listed.sam) == []
    yeses.said(listed.gina, theirs["id"], listed.partnership_id)
    run(mapping.later(2))
    assert yeses.openings(listed.gina) == yeses.openings(listed.sam) == []
    given = {"partnership_id": str(listed.partnership_id), "reach": "me"}
    refused = listed.sam.call("POST", f"/accounts/{ours['id']}/yeses", json=given, expect=422)
    assert [error["field"] for error in refused["errors"]] == ["partnership_id"]
    withhold(listed.dana, listed, ours, "name", "tell-again")
    run(mapping.later(4))
    assert len(yeses.openings(listed.gina)) == 1


def test_who_proposes_anew_names_it_anew_and_nothing_of_the_other_side_stays_in_it(listed: Cast) -> None:
    account = common(listed.sam)
    given = {"domains": ["common-0.com"], "account_id": account["id"], "city": "Graz", "country": "AT"}
    one = joint.proposed(listed.sam, listed.partnership_id, name="Zanzibar Traders", **given)
    listed.gina.call("POST", f"/joint-accounts/{one['id']}/decline", expect=200)

    anew = joint.proposed(listed.gina, listed.partnership_id, name="Ours", domains=["common-0.com"])
    assert (anew["id"], anew["status"]) == (one["id"], "proposed")
    assert (anew["name"], anew["city"], anew["country"]) == ("Ours", None, None)
    assert receipts(listed.sam, account) == {("joint_account", "domain")}
    withhold(listed.sam, listed, account, "name")
    read = listed.gina.call("GET", f"/joint-accounts/{one['id']}", expect=200)
    assert (read["name"], read["domains"]) == ("Ours", [])


def test_what_lost_its_name_is_proposed_anew_under_another_and_not_parted_without_one(listed: Cast) -> None:
    told = {"name": "Zanzibar Traders", "domains": ["common-0.com"], "account_id": common(listed.sam)["id"]}
    one, other = (joint.opened(listed.sam, listed.gina, listed.partnership_id, **given)["id"] for given in (told, {}))
    joint.proposed(listed.gina, listed.partnership_id, name="Ours", domains=["common-0.com", "common-0.de"])

    withhold(listed.sam, listed, common(listed.sam), "name")
    anew = joint.opened(listed.gina, listed.sam, listed.partnership_id, name="Ours", domains=["common-0.de"])
    assert (anew["id"], anew["name"]) == (one, "Ours")
    path = f"/joint-accounts/{other}"
    listed.sam.call("POST", f"{path}/merge", json={"other_id": one}, expect=200)
    account = mapping.account(listed.gina, "Ours", web_domains=["common-0.de"])
    withhold(listed.gina, listed, account, "name")
    listed.sam.call("POST", f"{path}/part", json={"other_id": one}, expect=409)


def test_a_colleague_takes_back_and_only_who_decides_tells_again(listed: Cast) -> None:
    account = mapping.account(listed.dana, "Wingtip", owner_id=str(listed.dana.actor.user_id))
    withhold(listed.sam, listed, account, "name")
    given = {"partnership_id": str(listed.partnership_id), "field": "name"}
    page = f"/accounts/{account['id']}/receipts"

    refused = listed.sam.call("POST", f"/accounts/{account['id']}/tell-again", json=given, expect=422)
    assert [error["field"] for error in refused["errors"]] == ["field"]
    assert "Tell it again" not in Surfer.signed_in(listed.app, listed.sam.email).open(page).text
    assert "Tell it again" in Surfer.signed_in(listed.app, listed.dana.email).open(page).text
    assert withhold(listed.dana, listed, account, "name", "tell-again")["withheld"] == []


def test_what_is_withheld_stays_so_under_whatever_account_it_is_merged_into(listed: Cast, run: Run, told: Any) -> None:
    account = common(listed.sam)
    withhold(listed.sam, listed, account, "city")
    other = mapping.account(listed.nora, "Twin", web_domains=["common-0.com"], city="Graz")

    path = f"/accounts/{other['id']}/merge"
    merge = listed.nora.call("POST", path, json={"other_id": account["id"]}, expect=201)
    for weeks in (1, 6):
        run(mapping.later(weeks))
    kept = listed.sam.call("GET", f"/accounts/{other['id']}/receipts", expect=200)
    assert [one["field"] for one in kept["withheld"]] == ["city"]
    assert [copy["city"] for copy in copies(listed.gina, told, "Common 0")] == [None]
    listed.nora.call("POST", f"/account-merges/{merge['id']}/undo", expect=200)
    for one, withheld in ((other, []), (account, ["city"])):
        read = listed.sam.call("GET", f"/accounts/{one['id']}/receipts", expect=200)
        assert [each["field"] for each in read["withheld"]] == withheld


def _plain(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrf_token" not in line and "form_key" not in line]
