"""People at accounts: the role always, name and address only with what allows it; erased, handed out, forgotten."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from partnercrm.identity import jobs, retention
from partnercrm.kernel import clock
from tests.cast import Cast, Player
from tests.factories import accounts
from tests.factories.leads import KNOWN
from tests.surfer import Surfer

ROBIN = {"contact_name": "Robin Vale", "contact_email": "robin@northwind.example", **KNOWN}


def tag(player: Player, contact_id: str) -> str:
    found: str = player.response("GET", f"/account-contacts/{contact_id}").headers["ETag"]
    return found


def fields(refused: dict[str, Any]) -> list[str]:
    return sorted(error["field"] for error in refused["errors"])


def test_who_somebody_is_stays_in_the_organization(cast: Cast) -> None:
    account_id = accounts.account(cast.sam)["id"]
    added = accounts.contact(cast.sam, account_id, **ROBIN)
    path = f"/account-contacts/{added['id']}"

    assert cast.nora.call("GET", path, expect=200) == added
    assert cast.nora.call("GET", f"/accounts/{account_id}/contacts", expect=200)["items"] == [added]
    for stranger in (cast.gina, cast.ines):
        stranger.call("GET", path, expect=404)
        stranger.call("GET", f"/accounts/{account_id}/contacts", expect=404)
        stranger.call("POST", f"/accounts/{account_id}/contacts", json={"contact_role": "Boss"}, expect=404)
        stranger.call("PATCH", path, json={"contact_role": "Boss"}, if_match=tag(cast.sam, added["id"]), expect=404)
        stranger.call("DELETE", path, if_match=tag(cast.sam, added["id"]), expect=404)


@pytest.mark.parametrize("name", ["contact_name", "contact_email"])
def test_without_what_allows_it_only_the_role_is_kept(cast: Cast, name: str) -> None:
    account_id = accounts.account(cast.sam)["id"]
    path = f"/accounts/{account_id}/contacts"
    given = {"contact_role": "Buyer", name: ROBIN[name]}

    refused = cast.sam.call("POST", path, json=given, expect=422)
    assert fields(refused) == ["contact_basis", "contact_channels", "contact_information", "contact_source"]
    undated = given | KNOWN | {"contact_informed_on": None}
    assert fields(cast.sam.call("POST", path, json=undated, expect=422)) == ["contact_informed_on"]
    to_come = given | KNOWN | {"contact_informed_on": (clock.now() + timedelta(days=3)).date().isoformat()}
    assert fields(cast.sam.call("POST", path, json=to_come, expect=422)) == ["contact_informed_on"]
    assert fields(cast.sam.call("POST", path, json=ROBIN, expect=422)) == ["contact_role"]
    assert accounts.contact(cast.sam, account_id)["contact_name"] is None


def test_a_name_does_not_outlive_what_allows_it(cast: Cast) -> None:
    added = accounts.contact(cast.sam, accounts.account(cast.sam)["id"], **ROBIN)
    path = f"/account-contacts/{added['id']}"

    refused = cast.sam.call("PATCH", path, json={"contact_basis": None}, if_match=tag(cast.sam, added["id"]))
    assert fields(refused) == ["contact_basis"]
    assert cast.sam.call("GET", path, expect=200) == added
    bare = dict.fromkeys(ROBIN) | {"contact_role": "Buyer"}
    left = cast.sam.call("PATCH", path, json=bare, if_match=tag(cast.sam, added["id"]), expect=200)
    assert left == added | bare
    cast.sam.call("DELETE", path, if_match='"old"', expect=412)
    cast.sam.call("DELETE", path, if_match=tag(cast.sam, added["id"]), expect=204)
    cast.sam.call("GET", path, expect=404)


def test_an_erased_person_leaves_the_role_and_is_handed_out_before(cast: Cast) -> None:
    named = accounts.account(cast.sam, name="Robin Vale Consulting", street="c/o Robin Vale, Quay 1")["id"]
    added = accounts.contact(cast.sam, named, **ROBIN, contact_source_note="Robin Vale, at the fair.")
    theirs = accounts.contact(cast.gina, accounts.account(cast.gina)["id"], **ROBIN)
    address = {"email": "robin@northwind.example"}

    kept = cast.ada.call("POST", "/people/export", json=address, expect=200)["kept"]
    assert [one["contact_name"] for one in kept["account_contacts"]] == ["Robin Vale"]
    erased = cast.ada.call("POST", "/people/erase", json=address | {"confirmed_email": address["email"]}, expect=200)

    assert erased["accounts"] == 1
    left = cast.sam.call("GET", f"/account-contacts/{added['id']}", expect=200)
    assert left == added | dict.fromkeys(ROBIN) | {"contact_source_note": None}
    company = cast.sam.call("GET", f"/accounts/{named}", expect=200)
    assert "Vale" not in f"{company['name']} {company['street']}"
    assert cast.gina.call("GET", f"/account-contacts/{theirs['id']}", expect=200) == theirs


def test_contacts_nobody_touched_are_forgotten_in_time(cast: Cast) -> None:
    added = accounts.contact(cast.sam, accounts.account(cast.sam)["id"], **ROBIN)["id"]

    every = retention.kinds()
    retention.install(kind for kind in every if kind.name == "account_contacts")
    try:
        for days, answer in ((1000, 200), (1200, 404)):
            with clock.at(clock.now() + timedelta(days=days)):
                jobs.remove_past(str(cast.sam.actor.organization_id))
            cast.sam.call("GET", f"/account-contacts/{added}", expect=answer)
    finally:
        retention.install(every)


def test_a_leavers_accounts_pass_to_who_may_keep_them(cast: Cast) -> None:
    owned = accounts.account(cast.sam, owner_id=str(cast.sam.actor.user_id))["id"]
    path = f"/users/{cast.sam.actor.user_id}/close"

    assert cast.ada.call("POST", path, json={}, expect=409)["facts"]["holds"] == ["accounts"]
    refused = cast.ada.call("POST", path, json={"successor_id": str(cast.ada.actor.user_id)}, expect=422)
    assert fields(refused) == ["successor_id"]
    cast.ada.call("POST", path, json={"successor_id": str(cast.nora.actor.user_id)}, expect=200)

    assert UUID(cast.nora.call("GET", f"/accounts/{owned}", expect=200)["owner_id"]) == cast.nora.actor.user_id


def test_a_contact_is_kept_changed_and_removed_on_pages(app: Flask, cast: Cast) -> None:
    account_id = accounts.account(cast.sam, name="Contoso")["id"]
    sam = Surfer.signed_in(app, "sam@acme.example")
    new = f"/accounts/{account_id}/contacts/new"

    refused = sam.send(new, {"contact_role": "Buyer", "contact_name": "Robin Vale"}, shown_on=new)
    assert (refused.status_code, 'id="contact_basis-wrong"' in refused.text) == (422, True)
    assert sam.send(new, {"contact_role": "Buyer", **ROBIN}, shown_on=new).status_code == 303
    assert "Robin Vale" in sam.open(f"/accounts/{account_id}").text
    [added] = cast.sam.call("GET", f"/accounts/{account_id}/contacts", expect=200)["items"]
    path, version = f"/account-contacts/{added['id']}", tag(cast.sam, added["id"]).strip('"')
    emptied = {"contact_role": "Buyer", "version": version}
    assert sam.send(path, emptied, shown_on=path).status_code == 303
    assert "Robin Vale" not in sam.open(f"/accounts/{account_id}").text
    version = tag(cast.sam, added["id"]).strip('"')
    assert sam.send(f"{path}/remove", {"version": version}, shown_on=path).status_code == 303
    assert sam.open(path).status_code == 404
