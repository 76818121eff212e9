"""A mapping from proposal to stop: both read the same, exactly what was agreed, and nothing once it is stopped."""

import html
import re
from datetime import timedelta

import psycopg
import pytest
from flask import Flask

from partnercrm.accounts.actions import epochs
from partnercrm.kernel import clock
from tests.accounts.conftest import Run
from tests.cast import Cast
from tests.conftest import on_database
from tests.factories import mapping
from tests.servers import TestServer
from tests.surfer import Surfer

MISSING = "0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a"
TOLD = ("joint_clusters", "cluster_members", "overlap_disclosures", "disclosed_accounts", "mapping_cells")
KEPT = (*TOLD, "mapping_tallies", "mapping_sides", "mapping_listings")


def counts(server: TestServer, database: str, tables: tuple[str, ...]) -> dict[str, int]:
    """Return how many rows stand in these tables, whoever's they are."""
    with psycopg.connect(server.admin(database)) as connection:
        found = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone() for table in tables}
    return {table: row[0] for table, row in found.items() if row}


def test_both_sides_read_the_same_bytes_and_exactly_the_agreed_fields(listed: Cast, run: Run) -> None:
    one = mapping.agreed(listed)
    assert mapping.matrix(listed.sam, listed).json["cells"][0]["least"] is None
    run()

    assert mapping.matrix(listed.sam, listed).data == mapping.matrix(listed.gina, listed).data
    (cell,) = mapping.matrix(listed.sam, listed).json["cells"]
    assert (cell["least"], cell["most"], cell["added"], cell["gone"]) == (4, 4, 0, 0)
    for player, city in ((listed.sam, "Wien"), (listed.gina, "Graz")):
        found = mapping.common(player, one)
        assert sorted(account["name"] for item in found for account in item["accounts"]) == mapping.BOTH
        copies = [copy for item in found for copy in item["theirs"]]
        assert {copy["city"] for copy in copies} == {city}
        assert {copy["relationship"] for copy in copies} == {"customer"}
        assert {copy["industry"] for copy in copies} == {None}
    assert {item["id"] for item in mapping.common(listed.sam, one)} == {
        item["id"] for item in mapping.common(listed.gina, one)
    }


@pytest.mark.parametrize(("tier", "which", "copies"), [("hidden", 0, 0), ("counts", 0, 0), ("overlaps", 4, 0)])
def test_lower_tiers_tell_less(listed: Cast, run: Run, tier: str, which: int, copies: int) -> None:
    one = mapping.agreed(listed, tier)
    run()

    assert len(mapping.common(listed.sam, one)) == len(mapping.common(listed.gina, one)) == which
    assert sum(len(item["theirs"]) for item in mapping.common(listed.sam, one)) == copies
    (cell,) = mapping.matrix(listed.sam, listed).json["cells"]
    assert (cell["least"], cell["most"]) == {"hidden": (None, None), "counts": (0, 18), "overlaps": (4, 4)}[tier]
    assert mapping.matrix(listed.sam, listed).data == mapping.matrix(listed.gina, listed).data


def test_at_the_widest_tier_each_reads_what_the_other_alone_has(listed: Cast, run: Run) -> None:
    one = mapping.agreed(listed, "only_yours")
    run()

    for player, name in ((listed.sam, "Globex's own"), (listed.gina, "Acme's own")):
        others = player.call("GET", f"/mappings/{one['id']}/others", expect=200)["items"]
        assert [copy["name"] for copy in others] == [name]


def test_agreeing_may_lower_what_was_proposed_and_never_widen_it(listed: Cast) -> None:
    one = mapping.propose(listed.dana, listed.partnership_id, "overlaps")
    body = {"population_id": mapping.population(listed.hank)}
    path = f"/mappings/{one['id']}/agree"

    wider = listed.hank.call("POST", path, json={**body, "tier": "only_yours", "shown": ["name"]}, expect=422)
    assert [error["field"] for error in wider["errors"]] == ["tier"]
    lower = listed.hank.call("POST", path, json={**body, "tier": "counts", "label": "Key accounts"}, expect=200)
    assert (lower["tier"], lower["status"], lower["other_label"]) == ("counts", "agreed", "Key accounts")


def test_nobody_agrees_with_oneself_or_twice(listed: Cast) -> None:
    one = mapping.propose(listed.dana, listed.partnership_id)
    body = {"population_id": mapping.population(listed.dana)}

    refused = listed.dana.call("POST", f"/mappings/{one['id']}/agree", json=body, expect=409)
    assert refused["code"] == "answered_by_the_other"
    listed.hank.call("POST", f"/mappings/{one['id']}/decline", expect=200)
    again = listed.hank.call("POST", f"/mappings/{one['id']}/decline", expect=409)
    assert again["code"] == "mapping_answered"
    second = mapping.propose(listed.dana, listed.partnership_id, population_id=body["population_id"])
    assert listed.dana.call("POST", f"/mappings/{second['id']}/withdraw", expect=200)["status"] == "withdrawn"
    refused = listed.dana.call("POST", f"/mappings/{second['id']}/stop", expect=409)
    assert refused["code"] == "mapping_not_agreed"


def test_another_companys_population_is_none(listed: Cast) -> None:
    given = {
        "partnership_id": MISSING,
        "population_id": mapping.population(listed.hank),
        "tier": "counts",
    }
    refused = listed.dana.call("POST", "/mappings", json=given, expect=422)
    assert [error["field"] for error in refused["errors"]] == ["partnership_id"]
    given["partnership_id"] = str(listed.partnership_id)
    refused = listed.dana.call("POST", "/mappings", json=given, expect=422)
    assert [error["field"] for error in refused["errors"]] == ["population_id"]


def test_a_stranger_and_a_colleague_who_is_no_member_read_nothing(listed: Cast, run: Run) -> None:
    one = mapping.agreed(listed)
    run()

    for player in (listed.ines, listed.nora):
        for path in (f"/mappings/{one['id']}", f"/mappings/{one['id']}/overlaps"):
            missing = player.response("GET", path.replace(one["id"], MISSING))
            hidden = player.response("GET", path)
            assert hidden.status_code == missing.status_code == 404
            assert hidden.json | {"request_id": ""} == missing.json | {"request_id": ""}
        assert mapping.matrix(player, listed).status_code == 404
        assert player.call("GET", "/mappings", expect=200)["items"] == []


def test_stopping_takes_every_copy_away_at_once(listed: Cast, run: Run, test_server: TestServer, database: str) -> None:
    one = mapping.agreed(listed, "only_yours")
    run()
    assert all(counts(test_server, database, KEPT).values())

    stopped = listed.hank.call("POST", f"/mappings/{one['id']}/stop", expect=200)

    assert stopped["status"] == "stopped"
    assert stopped["stopped_by"] == str(listed.hank.actor.organization_id)
    assert not any(counts(test_server, database, KEPT).values())
    assert mapping.matrix(listed.sam, listed).json["cells"] == []
    assert mapping.common(listed.sam, one) == []


def test_the_end_of_a_partnership_takes_everything_away(
    listed: Cast, run: Run, test_server: TestServer, database: str
) -> None:
    mapping.agreed(listed, "only_yours")
    run()
    path = f"/partnerships/{listed.partnership_id}"
    tag = listed.dana.response("GET", path).headers["ETag"]
    listed.dana.call("POST", f"{path}/end", if_match=tag, expect=200)

    tables = (*KEPT, "mappings", "mapping_takes", "mapping_epochs", "mapping_secrets")
    assert not any(counts(test_server, database, tables).values())


def test_discarding_an_account_takes_its_copy_and_its_overlap_away(listed: Cast, run: Run) -> None:
    one = mapping.agreed(listed)
    run()
    gone = mapping.common(listed.sam, one)[0]["accounts"][0]["id"]
    tag = listed.sam.response("GET", f"/accounts/{gone}").headers["ETag"]
    listed.sam.call("DELETE", f"/accounts/{gone}", if_match=tag, expect=204)

    assert len(mapping.common(listed.sam, one)) == len(mapping.common(listed.gina, one)) == 3


def test_who_has_an_account_reads_which_partner_has_it_too_and_whom_to_ask(listed: Cast, run: Run) -> None:
    one = mapping.agreed(listed)
    mine = mapping.account(listed.sam, "Sam's own", owner_id=str(listed.sam.actor.user_id))["id"]
    run()
    account_id = mapping.common(listed.sam, one)[0]["accounts"][0]["id"]
    path = f"/accounts/{account_id}/partners"

    (told,) = listed.sam.call("GET", path, expect=200)["partners"]
    members = listed.sam.call("GET", f"/partnerships/{listed.partnership_id}", expect=200)["members"]
    (asked,) = [member for member in members if member["id"] == told["introducer_id"]]
    assert (asked["name"], asked["organization_id"]) == ("Hank", str(listed.gina.actor.organization_id))
    assert told["label"] == one["other_label"]
    assert listed.nora.call("GET", path, expect=200)["partners"] == []
    assert listed.gina.call("GET", path, expect=404)["code"] == "not_found"
    assert listed.sam.call("GET", f"/accounts/{mine}/partners", expect=200)["partners"] == []


def test_whom_to_ask_is_the_owner_where_both_agreed_to_tell_of_owners(cast: Cast, run: Run) -> None:
    mapping.accounts(cast.sam, ["Common"])
    mapping.accounts(cast.gina, ["Common"], owner_id=str(cast.gina.actor.user_id))
    one = mapping.agreed(cast, shown=["name", "owner"])
    run()

    account_id = mapping.common(cast.sam, one)[0]["accounts"][0]["id"]
    (told,) = cast.sam.call("GET", f"/accounts/{account_id}/partners", expect=200)["partners"]
    members = cast.sam.call("GET", f"/partnerships/{cast.partnership_id}", expect=200)["members"]
    assert [member["name"] for member in members if member["id"] == told["introducer_id"]] == ["Gina"]


def test_an_archived_population_is_not_compared_anew(listed: Cast) -> None:
    population_id = mapping.population(listed.dana)
    listed.dana.call("POST", f"/populations/{population_id}/archive", expect=200)
    given = {"partnership_id": str(listed.partnership_id), "population_id": population_id, "tier": "counts"}

    refused = listed.dana.call("POST", "/mappings", json=given, expect=422)
    assert [error["field"] for error in refused["errors"]] == ["population_id"]


def test_a_customer_that_is_the_partners_prospect_is_one_click_from_an_offer(app: Flask, cast: Cast, run: Run) -> None:
    mapping.accounts(cast.sam, ["Common", "Both's customer"], industry="Retail", country="AT")
    mapping.accounts(cast.gina, ["Common"], relationship="prospect")
    mapping.accounts(cast.gina, ["Both's customer"])
    every = {"relationship": ["customer", "prospect"]}
    population_id = mapping.population(cast.hank, "All", **every)
    one = mapping.propose(cast.dana, cast.partnership_id)
    cast.hank.call("POST", f"/mappings/{one['id']}/agree", json={"population_id": population_id}, expect=200)
    run()

    sam = Surfer.signed_in(app, "sam@acme.example")
    page = sam.open(f"/mappings/{one['id']}").text
    (way,) = re.findall(r'href="(/partnerships/[^"]*/offer)"', page)
    form = sam.open(way).text
    assert 'value="Common"' in form
    assert 'value="common.com"' in form
    assert "their prospect" not in Surfer.signed_in(app, "gina@globex.example").open(f"/mappings/{one['id']}").text


def test_both_sides_export_the_same_bytes(listed: Cast, run: Run) -> None:
    one = mapping.agreed(listed)
    run()
    path = f"/mappings/{one['id']}/overlaps/export"

    files = [player.response("GET", path, query_string={"format": "csv"}).data for player in (listed.sam, listed.gina)]
    assert files[0] == files[1]
    head, *rows = files[0].decode().splitlines()
    assert head.startswith("company,since,told_at,side,name,domain,city")
    assert len(rows) == 2 * len(mapping.BOTH)
    assert {row.split(",")[3] for row in rows} == {"Acme", "Globex"}
    for player in (listed.nora, listed.ines):
        assert player.response("GET", path, query_string={"format": "csv"}).status_code == 404


def test_an_account_that_was_merged_keeps_what_both_know_of_it(listed: Cast, run: Run) -> None:
    one = mapping.agreed(listed)
    run()
    merged = mapping.common(listed.sam, one)[0]["accounts"][0]["id"]
    survivor = mapping.account(listed.sam, "Survivor")["id"]
    listed.sam.call("POST", f"/accounts/{survivor}/merge", json={"other_id": merged}, expect=201)

    names = [account["name"] for item in mapping.common(listed.sam, one) for account in item["accounts"]]
    assert len(names) == len(mapping.BOTH)
    assert "Survivor" in names
    assert len(mapping.common(listed.gina, one)) == len(mapping.BOTH)


def test_what_the_partner_alone_has_goes_on_over_pages(app: Flask, listed: Cast, run: Run) -> None:
    mapping.accounts(listed.gina, [f"Alone {number}" for number in range(60)])
    one = mapping.agreed(listed, "only_yours")
    run()

    sam = Surfer.signed_in(app, "sam@acme.example")
    page = sam.open(f"/mappings/{one['id']}").text
    (way,) = re.findall(r'href="([^"]*beyond=[^"]*)"', page)
    further = sam.open(html.unescape(way)).text
    first, rest = (set(re.findall(r"Alone \d+|Globex&#39;s own", text)) for text in (page, further))
    assert (len(first), len(rest), len(first | rest)) == (50, 11, 61)


def test_what_was_compared_long_ago_is_forgotten_and_epochs_count_on(
    app: Flask, listed: Cast, run: Run, test_server: TestServer, database: str
) -> None:
    mapping.agreed(listed)
    for week in (0, 1):
        run(mapping.later(week))
    with on_database(app, test_server.url("worker", database)), clock.at(clock.now() + timedelta(days=420)):
        epochs.forget_old()

    told = listed.sam.call("GET", f"/partnerships/{listed.partnership_id}/epochs", expect=200)["items"]
    assert [epoch["number"] for epoch in told] == [2]
    assert not any(counts(test_server, database, ("mapping_takes",)).values())
