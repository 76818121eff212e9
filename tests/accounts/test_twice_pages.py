"""Duplicates on pages: a warning before one is entered, pairs to decide on, merging and parting."""

import pytest
from flask import Flask

from partnercrm.accounts import jobs
from tests.cast import Cast
from tests.factories.accounts import account
from tests.surfer import Surfer


@pytest.fixture
def sam(app: Flask, cast: Cast) -> Surfer:
    return Surfer.signed_in(app, "sam@acme.example")


def test_who_enters_what_is_here_already_is_warned_and_may_go_on(cast: Cast, sam: Surfer) -> None:
    held = account(cast.dana, name="Northwind Traders GmbH", city="Hamburg")
    filled = {"name": "NORTHWIND Traders AG", "city": "Hamburg", "relationship": "prospect"}

    warned = sam.send("/accounts/new", filled, shown_on="/accounts/new")

    assert (warned.status_code, f"/accounts/{held['id']}" in warned.text) == (200, True)
    assert len(cast.sam.call("GET", "/accounts", expect=200)["items"]) == 1
    entered = sam.send("/accounts/new", filled | {"anyway": "true"}, shown_on="/accounts/new")
    page = sam.open(entered.headers["Location"]).text
    assert "Seems to be here already" in page
    assert held["id"] in page


def test_a_pair_is_merged_or_told_apart_and_a_merge_undone_where_it_is_seen(cast: Cast, sam: Surfer) -> None:
    ids = [account(cast.sam, name="Northwind", city="Hamburg")["id"] for _ in range(2)]
    other = account(cast.sam, name="Northwind", city="Hamburg")["id"]
    sam.send("/accounts/duplicates", {}, shown_on="/accounts/duplicates")
    jobs.find_duplicates(str(cast.sam.actor.organization_id))
    pairs = cast.sam.call("GET", "/account-pairs", expect=200)["items"]
    pair = next(one for one in pairs if {one["first"]["id"], one["second"]["id"]} == set(ids))
    assert f"/account-pairs/{pair['id']}/merge" in sam.open("/accounts/duplicates").text

    keep = {"keep": pair["second"]["id"]}
    sam.send(f"/account-pairs/{pair['id']}/merge", keep, shown_on="/accounts/duplicates")
    left = cast.sam.call("GET", "/account-pairs", expect=200)["items"]
    assert {one["first"]["id"] for one in left} | {one["second"]["id"] for one in left} == {keep["keep"], other}
    sam.send(f"/account-pairs/{left[0]['id']}/reject", {}, shown_on="/accounts/duplicates")
    assert cast.sam.call("GET", "/account-pairs", expect=200)["items"] == []

    path = f"/accounts/{keep['keep']}"
    assert "Merged into this account" in sam.open(path).text
    [merge] = cast.sam.call("GET", "/account-merges", expect=200)["items"]
    sam.send(f"/account-merges/{merge['id']}/undo", {}, shown_on=path)
    assert sam.send(f"/account-merges/{merge['id']}/undo", {}, shown_on=path).status_code == 409
    assert len(cast.sam.call("GET", "/accounts", expect=200)["items"]) == 3
    sam.send(f"{path}/merge", {"other_id": pair["first"]["id"]}, shown_on=path)
    assert len(cast.sam.call("GET", "/accounts", expect=200)["items"]) == 2
