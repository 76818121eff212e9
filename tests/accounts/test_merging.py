"""Merging two accounts that are one company: by two people at once, while a file comes in, and back again."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any
from uuid import UUID

import psycopg
from flask import Flask

from partnercrm.accounts import jobs
from partnercrm.integrations import jobs as imports_jobs
from tests.cast import Cast, Player
from tests.factories import imports
from tests.factories.accounts import account, change, contact, whole
from tests.servers import TestServer

HIDDEN = ("updated_at",)


def read(player: Player, account_id: str) -> dict[str, Any]:
    found: dict[str, Any] = player.call("GET", f"/accounts/{account_id}", expect=200)
    people = player.call("GET", f"/accounts/{account_id}/contacts", expect=200)["items"]
    return {name: value for name, value in found.items() if name not in HIDDEN} | {"people": people}


def merge(player: Player, survivor: str, other: str, expect: int = 201) -> Any:
    return player.call("POST", f"/accounts/{survivor}/merge", json={"other_id": other}, expect=expect)


def undo(player: Player, merged: dict[str, Any], expect: int = 200) -> Any:
    return player.call("POST", f"/account-merges/{merged['id']}/undo", expect=expect)


def pairs(player: Player, status: str = "open") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = player.call("GET", f"/account-pairs?status={status}", expect=200)["items"]
    return items


def find(player: Player) -> None:
    jobs.find_duplicates(str(player.actor.organization_id))


def twins(cast: Cast) -> tuple[str, str]:
    """Return two accounts of one company: one of which little is known, one with all and everything hanging on it."""
    poor = account(cast.sam, name="Northwind", connector="crm", external_id="1")["id"]
    rich = account(cast.sam, connector="crm", external_id="2", **whole(cast))["id"]
    account(cast.sam, name="Northwind Nord", parent_id=rich)
    contact(cast.sam, rich)
    return poor, rich


def test_the_survivor_gets_what_it_lacks_and_all_that_hangs_on_the_other(cast: Cast) -> None:
    poor, rich = twins(cast)
    before = read(cast.sam, rich)

    merge(cast.sam, poor, rich)

    after = read(cast.sam, poor)
    taken = ("street", "city", "country", "industry", "size_band", "owner_id", "parent_id", "relationship")
    lists = ("web_domains", "mail_domains", "numbers")
    assert {name: after[name] for name in (*taken, *lists)} == {name: before[name] for name in (*taken, *lists)}
    assert len(after["people"]) == 1
    [child] = cast.sam.call("GET", f"/accounts?parent_id={poor}", expect=200)["items"]
    assert child["name"] == "Northwind Nord"
    cast.sam.call("GET", f"/accounts/{rich}", expect=404)
    for key in ("1", "2"):
        assert cast.sam.call("GET", f"/accounts/by-key/crm/{key}", expect=200)["id"] == poor


def test_an_undo_restores_exactly_what_was(cast: Cast) -> None:
    poor, rich = twins(cast)
    everything = [poor, rich, *(one["id"] for one in cast.sam.call("GET", "/accounts", expect=200)["items"])]
    before = {one: read(cast.sam, one) for one in everything}

    undo(cast.sam, merged := merge(cast.sam, poor, rich))

    assert {one: read(cast.sam, one) for one in everything} == before
    assert cast.sam.call("GET", "/accounts/by-key/crm/2", expect=200)["id"] == rich
    assert undo(cast.sam, merged, expect=409)["code"] == "merge_followed"


def test_what_was_changed_after_a_merge_stays_when_it_is_undone(cast: Cast) -> None:
    poor, rich = twins(cast)
    merged = merge(cast.sam, poor, rich)
    change(cast.sam, poor, city="Bremen", web_domains=["northwind.example", "own.example"])

    undo(cast.sam, merged)

    survivor = read(cast.sam, poor)
    assert (survivor["city"], survivor["street"]) == ("Bremen", None)
    assert survivor["web_domains"] == ["own.example"]
    assert read(cast.sam, rich)["city"] == "Hamburg"


def test_a_company_above_its_twin_gives_up_its_place_and_gets_it_back(cast: Cast) -> None:
    top, above, between, below = (account(cast.sam)["id"] for _ in range(4))
    for one, parent in pairwise((below, between, above, top)):
        change(cast.sam, one, parent_id=parent)

    merged = merge(cast.sam, below, above)

    assert [read(cast.sam, one)["parent_id"] for one in (below, between)] == [top, below]
    undo(cast.sam, merged)
    assert [read(cast.sam, one)["parent_id"] for one in (below, between, above)] == [between, above, top]


def test_a_chain_of_merges_leads_to_the_last_and_is_undone_from_its_end(cast: Cast) -> None:
    ids = [account(cast.sam, connector="crm", external_id=str(number))["id"] for number in range(3)]
    first = merge(cast.sam, ids[1], ids[0])
    second = merge(cast.sam, ids[2], ids[1])

    assert {cast.sam.call("GET", f"/accounts/by-key/crm/{key}", expect=200)["id"] for key in range(3)} == {ids[2]}
    undo(cast.sam, first, expect=409)
    undo(cast.sam, second)
    undo(cast.sam, first)
    found = [cast.sam.call("GET", f"/accounts/by-key/crm/{key}", expect=200)["id"] for key in range(3)]
    assert found == ids


def test_of_two_people_who_merge_the_same_pair_one_is_first(cast: Cast) -> None:
    one, other = (account(cast.sam)["id"] for _ in range(2))
    with ThreadPoolExecutor() as pool:
        sam = pool.submit(cast.sam.response, "POST", f"/accounts/{one}/merge", json={"other_id": other})
        dana = pool.submit(cast.dana.response, "POST", f"/accounts/{other}/merge", json={"other_id": one})
        answers = sorted(asked.result().status_code for asked in (sam, dana))

    assert answers == [201, 409]
    assert len(cast.sam.call("GET", "/accounts", expect=200)["items"]) == 1
    assert merge(cast.sam, one, one, expect=409)["code"] == "merged_into_itself"


def test_files_under_both_keys_are_taken_while_and_after_two_are_merged(app: Flask, cast: Cast) -> None:
    header = "external_id,name,city\n"
    rows = "".join(f"{key},Northwind {key},Hamburg\n" for key in range(40))

    def sent(text: str) -> dict[str, Any]:
        return imports.of_accounts(cast.sam, text, header)

    imports.run(cast.sam, sent(rows))
    held = {one["external_id"]: one["id"] for one in cast.sam.call("GET", "/accounts?limit=200", expect=200)["items"]}
    file = sent(rows.replace("Hamburg", "Bremen"))
    cast.sam.call("POST", f"/imports/{file['id']}/start", json={}, expect=200)

    def take() -> None:
        with app.app_context():
            imports_jobs.run_import(str(cast.sam.actor.organization_id), file["id"])

    with ThreadPoolExecutor() as pool:
        work = pool.submit(take)
        for key in range(0, 40, 2):
            merge(cast.dana, held[str(key)], held[str(key + 1)])
        work.result()

    assert cast.sam.call("GET", f"/imports/{file['id']}", expect=200)["state"] == "applied"
    listed = cast.sam.call("GET", "/accounts?limit=200", expect=200)["items"]
    assert {one["external_id"] for one in listed} == {str(key) for key in range(0, 40, 2)}
    assert {one["city"] for one in listed} <= {"Hamburg", "Bremen"}
    again = imports.run(cast.sam, sent(rows.replace("Hamburg", "Lyon")))
    assert (again["updated"], again["unchanged"]) == (20, 20)
    cast.sam.call("PUT", "/accounts/by-key/crm/1", json={"name": "Another"}, expect=200)
    assert cast.sam.call("GET", "/accounts/by-key/crm/1", expect=200)["name"] == "Northwind 0"


def test_pairs_are_found_once_rejected_ones_stay_so_and_the_partner_sees_none(cast: Cast) -> None:
    shared = {"web_domains": ["northwind.example"]}
    one, other = account(cast.sam, name="Northwind", **shared), account(cast.sam, name="Northwind AG", **shared)
    account(cast.gina, name="Northwind", **shared)
    find(cast.sam)
    [pair] = pairs(cast.sam)
    assert {pair["first"]["id"], pair["second"]["id"]} == {one["id"], other["id"]}
    assert pair["reasons"] == ["domain", "name"]
    assert pairs(cast.gina) == []
    cast.gina.call("POST", f"/account-pairs/{pair['id']}/reject", expect=404)

    cast.sam.call("POST", f"/account-pairs/{pair['id']}/reject", expect=200)
    find(cast.sam)

    assert pairs(cast.sam) == []
    assert [found["id"] for found in pairs(cast.sam, "rejected")] == [pair["id"]]
    assert cast.sam.call("GET", "/accounts/alike?name=Northwind", expect=200)["accounts"] != []


def test_a_pair_that_no_longer_holds_goes(cast: Cast) -> None:
    ids = [account(cast.sam, name="Northwind", city="Hamburg")["id"] for _ in range(2)]
    find(cast.sam)
    assert len(pairs(cast.sam)) == 1

    change(cast.sam, ids[0], city="Lyon")
    find(cast.sam)

    assert pairs(cast.sam) == []


def test_who_enters_what_is_here_already_is_told_so_before(cast: Cast) -> None:
    held = account(cast.sam, name="Northwind Traders GmbH", city="Hamburg")

    found = cast.dana.call("GET", "/accounts/alike?name=northwind+traders&city=Hamburg", expect=200)["accounts"]

    assert [(one["id"], one["reasons"]) for one in found] == [(held["id"], ["name"])]
    assert cast.gina.call("GET", "/accounts/alike?name=northwind+traders", expect=200)["accounts"] == []
    account(cast.sam, name="Contoso", city="Lyon", web_domains=["contoso.example"])
    for domain, count in (("shop.contoso.example", 1), ("co.uk", 0)):
        asked = f"/accounts/alike?name=contoso+holding&city=Paris&domain={domain}"
        assert len(cast.dana.call("GET", asked, expect=200)["accounts"]) == count


def test_neither_partner_nor_stranger_merges_or_parts_what_is_anothers(cast: Cast) -> None:
    one, other = (account(cast.sam)["id"] for _ in range(2))
    merged = merge(cast.sam, one, other)
    theirs = account(cast.gina)["id"]

    for player in (cast.gina, cast.ines):
        undo(player, merged, expect=404)
        assert player.call("GET", "/account-merges", expect=200)["items"] == []
    hidden, never = (merge(cast.gina, theirs, which, expect=404) for which in (one, str(UUID(int=7))))
    assert {**hidden, "request_id": ""} == {**never, "request_id": ""}


def test_a_merge_is_forgotten_with_its_accounts(cast: Cast, database: str, test_server: TestServer) -> None:
    one, other = (account(cast.sam)["id"] for _ in range(2))
    merge(cast.sam, one, other)
    tag = cast.sam.response("GET", f"/accounts/{one}").headers["ETag"]

    cast.sam.call("DELETE", f"/accounts/{one}", if_match=tag, expect=204)

    with psycopg.connect(test_server.admin(database)) as admin:
        assert admin.execute("SELECT count(*) FROM account_merges").fetchone() == (0,)
        assert admin.execute("SELECT count(*) FROM accounts WHERE id IN (%s, %s)", (one, other)).fetchone() == (0,)
