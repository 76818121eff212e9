"""Accounts on pages: listed, looked at, entered and changed by forms that say what is wrong beside its field."""

from typing import Any

from flask import Flask

from tests.cast import Cast
from tests.factories import accounts
from tests.surfer import Surfer

FORM: dict[str, str] = {"name": "Contoso", "relationship": "customer"}


def read(cast: Cast, name: str) -> dict[str, Any]:
    listed = cast.sam.call("GET", "/accounts", expect=200)["items"]
    return next(one for one in listed if one["name"] == name)


def test_an_account_is_entered_and_changed_as_its_form_says(app: Flask, cast: Cast) -> None:
    top = accounts.account(cast.sam, name="Contoso Holding")
    sam = Surfer.signed_in(app, "sam@acme.example")
    form = FORM | {
        "owner_id": str(cast.nora.actor.user_id),
        "parent": "contoso HOLDING",
        "web_domains": "https://www.contoso.example/start\ncontoso.co.uk",
        "mail_domains": "mail.contoso.example, contoso.co.uk;",
        "numbers.0.scheme": "vat",
        "numbers.0.country": "DE",
        "numbers.0.number": "DE 136 695 976",
    }

    entered = sam.send("/accounts/new", form, shown_on="/accounts/new")

    assert entered.status_code == 303
    page = sam.open(entered.location).text
    assert "Nora" in page
    assert "Contoso Holding" in page
    kept = cast.sam.call("GET", f"/accounts/{read(cast, 'Contoso')['id']}", expect=200)
    assert (kept["parent_id"], kept["owner_id"]) == (top["id"], str(cast.nora.actor.user_id))
    assert kept["web_domains"] == ["contoso.co.uk", "contoso.example"]
    assert kept["mail_domains"] == ["contoso.co.uk", "contoso.example"]
    assert kept["numbers"] == [{"scheme": "vat", "country": "DE", "number": "136695976"}]

    path = f"/accounts/{kept['id']}/edit"
    assert 'value="136695976"' in sam.open(path).text
    version = cast.sam.response("GET", f"/accounts/{kept['id']}").headers["ETag"].strip('"')
    assert sam.send(path, FORM | {"version": version}, shown_on=path).status_code == 303
    emptied = cast.sam.call("GET", f"/accounts/{kept['id']}", expect=200)
    assert (emptied["parent_id"], emptied["owner_id"], emptied["web_domains"], emptied["numbers"]) == (
        None,
        None,
        [],
        [],
    )
    assert sam.send(path, FORM | {"version": version}, shown_on=path).status_code == 409


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(app: Flask, cast: Cast) -> None:
    sam = Surfer.signed_in(app, "sam@acme.example")
    wrong = {
        "parent": "Nobody",
        "web_domains": "fine.example co.uk",
        "numbers.0.scheme": "lei",
        "numbers.0.number": "5493001KJTIIGC8Y1R13",
    }

    refused = sam.send("/accounts/new", FORM | wrong, shown_on="/accounts/new")

    assert refused.status_code == 422
    for name in ("parent", "web_domains", "numbers.0.number"):
        assert f'id="{name}-wrong"' in refused.text
    assert "fine.example co.uk" in refused.text
    assert cast.sam.call("GET", "/accounts", expect=200)["items"] == []


def test_a_name_that_several_accounts_bear_names_no_parent(app: Flask, cast: Cast) -> None:
    for _ in range(2):
        accounts.account(cast.sam, name="Contoso")

    sam = Surfer.signed_in(app, "sam@acme.example")

    refused = sam.send("/accounts/new", FORM | {"parent": "Contoso"}, shown_on="/accounts/new")

    assert "Several of your accounts are called like this." in refused.text


def test_a_discarded_account_is_gone_and_the_list_tells_whose_are_ones_own(app: Flask, cast: Cast) -> None:
    mine = accounts.account(cast.sam, name="Mine", owner_id=str(cast.sam.actor.user_id))
    accounts.account(cast.sam, name="Hers", owner_id=str(cast.nora.actor.user_id))
    sam = Surfer.signed_in(app, "sam@acme.example")

    listed = sam.open("/accounts").text
    assert ("Mine" in listed, "Hers" in listed, listed.count(">yours<"), "Nora" in listed) == (True, True, 1, False)
    assert "Hers" not in sam.open(f"/accounts?owner_id={cast.sam.actor.user_id}").text
    version = cast.sam.response("GET", f"/accounts/{mine['id']}").headers["ETag"].strip('"')
    path = f"/accounts/{mine['id']}"
    assert sam.send(f"{path}/discard", {"version": version}, shown_on=path).status_code == 303
    assert sam.open(path).status_code == 404


def test_who_only_reads_has_no_forms(app: Flask, cast: Cast) -> None:
    from tests.cast import person

    accounts.account(cast.sam, name="Contoso")
    person(app, cast.sam.actor.organization_id, "Evan", "evan@acme.example", "executive")
    evan = Surfer.signed_in(app, "evan@acme.example")

    assert "/accounts/new" not in evan.open("/accounts").text
    assert evan.open("/accounts/new").status_code == 403
