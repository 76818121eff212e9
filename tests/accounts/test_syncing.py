"""Accounts under another system's keys: put one by one or a thousand at once, repeated without harm."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.cast import Cast
from tests.factories import accounts

PATH = "/accounts/by-key/crm/1"
VAT = {"scheme": "vat", "country": "DE", "number": "136695976"}


def item(number: int, **fields: Any) -> dict[str, Any]:
    return {"name": f"Northwind {number}", "connector": "crm", "external_id": str(number), **fields}


def test_the_same_put_twice_is_one_account_and_fields_left_out_stay(cast: Cast) -> None:
    given = {"name": "Contoso", "city": "Ulm", "web_domains": ["contoso.example"], "numbers": [VAT]}
    entered = cast.sam.call("PUT", PATH, json=given, expect=200)
    again = cast.sam.call("PUT", PATH, json={"name": "Contoso AG", "relationship": "customer"}, expect=200)

    assert again["id"] == entered["id"]
    assert {name: again[name] for name in given} == given | {"name": "Contoso AG"}
    assert cast.sam.call("GET", PATH, expect=200) == again
    assert cast.gina.call("GET", PATH, expect=404)
    assert cast.gina.call("PUT", PATH, json={"name": "Theirs"}, expect=200)["id"] != entered["id"]


def test_one_that_is_put_can_stand_below_another(cast: Cast) -> None:
    top = accounts.account(cast.sam)["id"]
    put = cast.sam.call("PUT", PATH, json={"name": "Contoso", "parent_id": top}, expect=200)

    assert put["parent_id"] == top
    given = {"name": "Contoso", "parent_id": put["id"]}
    assert cast.sam.call("PUT", PATH, json=given, expect=422)["errors"][0]["field"] == "parent_id"


def test_many_are_entered_and_changed_each_by_what_it_names(cast: Cast) -> None:
    first = cast.sam.call("POST", "/accounts/bulk", json={"accounts": [item(1, city="Ulm"), item(2)]}, expect=200)
    changed = [
        item(3, numbers=[VAT], owner_id=str(cast.nora.actor.user_id)),
        item(2, name="Second", web_domains=["second.example"], size_band="1-9"),
        item(1, country="DE"),
    ]

    kept = cast.sam.call("POST", "/accounts/bulk", json={"accounts": changed}, expect=200)["accounts"]

    assert [one["external_id"] for one in kept] == ["3", "2", "1"]
    assert [kept[2]["id"], kept[1]["id"]] == [one["id"] for one in first["accounts"]]
    one, two, three = (cast.sam.call("GET", f"/accounts/by-key/crm/{key}", expect=200) for key in (1, 2, 3))
    assert (one["city"], one["country"], one["name"]) == ("Ulm", "DE", "Northwind 1")
    assert (two["name"], two["web_domains"], two["size_band"], two["city"]) == (
        "Second",
        ["second.example"],
        "1-9",
        None,
    )
    assert (three["numbers"], three["relationship"], three["owner_id"]) == (
        [VAT],
        "prospect",
        str(cast.nora.actor.user_id),
    )


def test_nothing_is_kept_where_one_is_wrong_and_every_wrong_one_is_named(cast: Cast) -> None:
    stranger = str(cast.gina.actor.user_id)
    given = [item(1), item(2, owner_id=stranger), item(1), item(3, owner_id=str(cast.sam.actor.user_id))]

    refused = cast.sam.call("POST", "/accounts/bulk", json={"accounts": given}, expect=422)

    assert refused["code"] == "accounts_refused"
    assert sorted(error["field"] for error in refused["errors"]) == ["accounts.1.owner_id", "accounts.2.external_id"]
    assert cast.sam.call("GET", "/accounts", expect=200)["items"] == []


def test_two_systems_that_bring_the_same_at_once_leave_one_of_each(cast: Cast) -> None:
    forth = [item(number, city="Ulm") if number % 2 else item(number, country="DE") for number in range(40)]

    def bring(items: list[dict[str, Any]]) -> int:
        status: int = cast.sam.response("POST", "/accounts/bulk", json={"accounts": items}).status_code
        return status

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(bring, [forth, forth[::-1], forth, forth[::-1]]))

    assert answers == [200] * 4
    assert len(cast.sam.call("GET", "/accounts?limit=200", expect=200)["items"]) == 40
