"""Own accounts by API: entered, changed only as they were read, discarded; nobody else ever sees them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.cast import Cast, Player
from tests.factories import accounts

WHOLE: dict[str, Any] = {
    "name": "Northwind Traders GmbH",
    "street": "Harbour Road 12",
    "postal_code": "20457",
    "city": "Hamburg",
    "region": "Hamburg",
    "country": "DE",
    "industry": "Logistics",
    "size_band": "50-249",
    "relationship": "customer",
    "web_domains": ["northwind.co.uk", "northwind.example"],
    "mail_domains": ["northwind.example"],
    "numbers": [{"scheme": "vat", "country": "DE", "number": "136695976"}],
}


def tag(player: Player, account_id: str) -> str:
    found: str = player.response("GET", f"/accounts/{account_id}").headers["ETag"]
    return found


def fields(refused: dict[str, Any]) -> list[str]:
    return [error["field"] for error in refused["errors"]]


def test_an_account_is_read_by_every_colleague_as_it_was_entered_and_by_nobody_else(cast: Cast) -> None:
    entered = accounts.account(cast.sam, **WHOLE, owner_id=str(cast.nora.actor.user_id))
    path = f"/accounts/{entered['id']}"

    for player in (cast.sam, cast.nora, cast.dana):
        assert player.call("GET", path, expect=200) == entered
    assert {name: entered[name] for name in WHOLE} == WHOLE
    assert entered["owner_id"] == str(cast.nora.actor.user_id)
    missing = cast.gina.response("GET", "/accounts/0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a")
    for stranger in (cast.gina, cast.hank, cast.ines):
        hidden = stranger.response("GET", path)
        assert (hidden.status_code, hidden.json | {"request_id": ""}) == (404, missing.json | {"request_id": ""})
        assert stranger.call("GET", "/accounts", expect=200)["items"] == []
        for method, options in (("PATCH", {"json": {"name": "Ours"}}), ("DELETE", {})):
            stranger.call(method, path, if_match=tag(cast.sam, entered["id"]), expect=404, **options)
    cast.ada.call("GET", path, expect=403)


def test_what_is_not_said_is_a_prospect_of_nobody(cast: Cast) -> None:
    entered = accounts.account(cast.sam)

    assert (entered["relationship"], entered["owner_id"], entered["web_domains"]) == ("prospect", None, [])


def test_domains_and_numbers_are_kept_in_one_form_and_once(cast: Cast) -> None:
    entered = accounts.account(
        cast.sam,
        web_domains=["shop.northwind.co.uk", "NORTHWIND.co.uk"],
        numbers=[{"scheme": "vat", "number": "DE 136 695 976"}, WHOLE["numbers"][0]],
    )

    assert (entered["web_domains"], entered["numbers"]) == (["northwind.co.uk"], WHOLE["numbers"])


def test_every_wrong_field_is_named_at_once(cast: Cast) -> None:
    wrong = {
        "name": " ",
        "country": "XX",
        "web_domains": ["fine.example", "co.uk"],
        "numbers": [{"scheme": "vat", "country": "DE", "number": "136695978"}, {"scheme": "national", "number": "1"}],
    }

    refused = cast.sam.call("POST", "/accounts", json=wrong, expect=422)

    assert sorted(fields(refused)) == [
        "country",
        "name",
        "numbers.0.number",
        "numbers.1.country",
        "web_domains.1",
    ]


def test_an_account_is_changed_field_by_field_and_only_as_it_was_read(cast: Cast) -> None:
    entered = accounts.account(cast.sam, **WHOLE)
    path, read = f"/accounts/{entered['id']}", tag(cast.sam, entered["id"])

    assert cast.sam.call("PATCH", path, json={"city": "Kiel"}, expect=428)["code"] == "match_required"
    changed = cast.nora.call("PATCH", path, json={"city": "Kiel", "mail_domains": []}, if_match=read, expect=200)
    assert changed | {"updated_at": ""} == entered | {"city": "Kiel", "mail_domains": [], "updated_at": ""}
    assert changed["updated_at"] > entered["updated_at"]
    assert cast.sam.call("PATCH", path, json={"city": "Bonn"}, if_match=read, expect=412)["code"] == "stale"
    for nothing in ({"name": ""}, {"name": None}, {"relationship": None}, {"web_domains": None}, {"connector": "x"}):
        refused = cast.sam.call("PATCH", path, json=nothing, if_match=tag(cast.sam, entered["id"]), expect=422)
        assert fields(refused) == list(nothing)
    assert cast.sam.response("GET", path, headers={"If-None-Match": tag(cast.sam, entered["id"])}).status_code == 304


def test_changed_domains_alone_are_another_version(cast: Cast) -> None:
    entered = accounts.account(cast.sam, **WHOLE)
    read = tag(cast.sam, entered["id"])

    changed = accounts.change(cast.sam, entered["id"], web_domains=["contoso.example", "northwind.example"])

    assert changed["web_domains"] == ["contoso.example", "northwind.example"]
    assert tag(cast.sam, entered["id"]) != read


def test_an_owner_is_a_colleague_who_can_sign_in(cast: Cast) -> None:
    gone = str(cast.nora.actor.user_id)
    left = cast.ada.response("GET", f"/users/{gone}").headers["ETag"]
    cast.ada.call("PATCH", f"/users/{gone}", json={"disabled": True}, if_match=left, expect=200)
    for owner_id in (str(cast.gina.actor.user_id), gone, "0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a"):
        given = {"name": "Contoso", "owner_id": owner_id}
        assert fields(cast.sam.call("POST", "/accounts", json=given, expect=422)) == ["owner_id"]


def test_a_key_is_entered_once(cast: Cast) -> None:
    key = {"connector": "crm", "external_id": "1"}
    accounts.account(cast.sam, **key)

    refused = cast.sam.call("POST", "/accounts", json={"name": "Contoso", **key}, expect=409)

    assert refused["code"] == "account_exists_already"
    accounts.account(cast.gina, **key)


def test_an_account_stands_below_another_of_ones_own_and_never_below_itself(cast: Cast) -> None:
    top = accounts.account(cast.sam)["id"]
    middle = accounts.account(cast.sam, parent_id=top)["id"]
    below = accounts.account(cast.sam, parent_id=middle)["id"]
    theirs = accounts.account(cast.gina)["id"]

    for account_id, parent_id in ((top, below), (top, top), (middle, below), (middle, theirs)):
        refused = accounts.change(cast.sam, account_id, parent_id=parent_id, expect=422)
        assert fields(refused) == ["parent_id"]
    subsidiaries = cast.sam.call("GET", f"/accounts?parent_id={top}", expect=200)["items"]
    assert [one["id"] for one in subsidiaries] == [middle]


def test_two_who_put_each_below_the_other_close_no_circle(cast: Cast) -> None:
    one, other = (accounts.account(cast.sam)["id"] for _ in range(2))
    tags = {each: tag(cast.sam, each) for each in (one, other)}

    def put(below: str, above: str) -> int:
        given = {"json": {"parent_id": above}, "if_match": tags[below]}
        status: int = cast.sam.response("PATCH", f"/accounts/{below}", **given).status_code
        return status

    with ThreadPoolExecutor(2) as pool:
        answers = [answer.result() for answer in (pool.submit(put, one, other), pool.submit(put, other, one))]

    assert sorted(answers) == [200, 422]


def test_a_discarded_account_is_gone_and_what_stood_below_it_stands_alone(cast: Cast) -> None:
    top = accounts.account(cast.sam, **WHOLE)["id"]
    below = accounts.account(cast.sam, parent_id=top)["id"]
    path, read = f"/accounts/{top}", tag(cast.sam, below)

    assert cast.sam.call("DELETE", path, expect=428)["code"] == "match_required"
    cast.sam.call("DELETE", path, if_match=tag(cast.sam, top), expect=204)

    cast.sam.call("GET", path, expect=404)
    assert cast.sam.call("GET", f"/accounts/{below}", expect=200)["parent_id"] is None
    assert tag(cast.sam, below) != read


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("relationship=customer", ["Adatum"]),
        ("industry=Logistics", ["contoso"]),
        ("country=AT&sort=-name", ["contoso", "Adatum"]),
        ("size_band=1000%2B", ["Bellows"]),
        ("domain=shop.bellows.example", ["Bellows"]),
        ("connector=crm", ["Adatum"]),
        ("sort=created_at&limit=2", ["contoso", "Adatum"]),
        ("sort=-updated_at", ["contoso", "Bellows", "Adatum"]),
        ("", ["Adatum", "Bellows", "contoso"]),
    ],
)
def test_lists_are_filtered_and_sorted(cast: Cast, query: str, found: list[str]) -> None:
    first = accounts.account(cast.sam, name="contoso", country="AT", industry="Logistics")
    key = {"connector": "crm", "external_id": "1"}
    accounts.account(cast.sam, name="Adatum", country="AT", relationship="customer", **key)
    accounts.account(cast.sam, name="Bellows", size_band="1000+", mail_domains=["bellows.example"])
    accounts.change(cast.sam, first["id"], city="Wien")

    assert [one["name"] for one in cast.sam.call("GET", f"/accounts?{query}", expect=200)["items"]] == found


def test_lists_and_filters_tell_of_ones_own_accounts_and_of_no_colleagues(cast: Cast) -> None:
    """W1: who counts a list by owner would read a figure of each of them; one account tells whom to ask."""
    sam, nora = (str(player.actor.user_id) for player in (cast.sam, cast.nora))
    accounts.account(cast.sam, name="Mine", owner_id=sam)
    hers = accounts.account(cast.nora, name="Theirs", owner_id=nora)

    listed = cast.sam.call("GET", "/accounts", expect=200)["items"]
    assert [(one["name"], one["owner_id"]) for one in listed] == [("Mine", sam), ("Theirs", None)]
    mine = cast.sam.call("GET", f"/accounts?owner_id={sam}", expect=200)["items"]
    assert [one["name"] for one in mine] == ["Mine"]
    for reader in (cast.sam, cast.dana):
        assert reader.call("GET", f"/accounts?owner_id={nora}", expect=403)["code"] == "figures_are_private"
        assert reader.call("GET", f"/accounts/{hers['id']}", expect=200)["owner_id"] == nora
