"""Accounts brought in by files: the same way as leads, with domains, numbers and parents, undone as they were."""

from typing import Any

import pytest

from partnercrm.integrations import jobs
from tests.cast import Cast, Player
from tests.factories import accounts, imports
from tests.factories.imports import of_accounts, run

GERMAN, FRENCH = "136695976", "83404833048"
NORTHWIND = f"1,Northwind Traders GmbH,northwind.example; shop.northwind.co.uk,Hamburg,DE,DE{GERMAN},,customer,\n"


def held(player: Player) -> dict[str, dict[str, Any]]:
    items = player.call("GET", "/accounts?limit=200", expect=200)["items"]
    return {one["external_id"]: one for one in items}


def counts(one: dict[str, Any]) -> tuple[str, int, int, int, int]:
    return one["state"], one["wrong"], one["entered"], one["updated"], one["unchanged"]


def undone(player: Player, one: dict[str, Any]) -> dict[str, Any]:
    player.call("POST", f"/imports/{one['id']}/undo", expect=200)
    imports.undo(player, one["id"])
    found: dict[str, Any] = player.call("GET", f"/imports/{one['id']}", expect=200)
    return found


def test_accounts_are_entered_with_domains_numbers_and_parents(cast: Cast) -> None:
    sent = of_accounts(cast.sam, NORTHWIND + "2,Northwind France SA,,Lyon,FR,,1,,sam@acme.example\n")
    assert sent["kind"] == "accounts"

    done = run(cast.sam, sent)

    assert counts(done) == ("applied", 0, 2, 0, 0)
    first, second = (held(cast.sam)[key] for key in ("1", "2"))
    assert first["web_domains"] == ["northwind.co.uk", "northwind.example"]
    assert first["numbers"] == [{"scheme": "vat", "country": "DE", "number": GERMAN}]
    assert (first["relationship"], first["owner_id"]) == ("customer", None)
    assert (second["relationship"], second["parent_id"]) == ("prospect", first["id"])
    assert second["owner_id"] == str(cast.sam.actor.user_id)


def test_a_second_file_changes_what_it_says_and_nothing_else(cast: Cast) -> None:
    run(cast.sam, of_accounts(cast.sam, NORTHWIND + "2,Contoso,contoso.example,,,,,,\n"))
    before = held(cast.sam)
    file = f"1,Northwind Traders GmbH,,,,FR {FRENCH},,,\n2,Contoso,contoso.example,,,,,,\n"

    sent = of_accounts(cast.sam, file)
    preview = cast.sam.call("GET", f"/imports/{sent['id']}/preview", expect=200)
    done = run(cast.sam, sent)

    assert [row["outcome"] for row in preview["rows"]] == ["updated", "unchanged"]
    assert counts(done) == ("applied", 0, 0, 1, 1)
    after = held(cast.sam)
    assert after["2"] == before["2"]
    numbers = [(one["country"], one["number"]) for one in after["1"]["numbers"]]
    assert numbers == [("DE", GERMAN), ("FR", FRENCH)]
    kept = {name: after["1"][name] for name in ("web_domains", "city", "relationship")}
    assert kept == {name: before["1"][name] for name in kept}


def test_an_undo_puts_back_what_was_and_discards_what_came(cast: Cast) -> None:
    run(cast.sam, of_accounts(cast.sam, NORTHWIND + "2,Contoso,contoso.example,,,,,,\n4,Above,,,,,,,\n"))
    before = held(cast.sam)
    file = f"1,Renamed,other.example,Berlin,FR,FR{FRENCH},4,prospect,\n2,Renamed too,,,,,,,\n3,New,new.example,,,,1,,\n"
    done = run(cast.sam, of_accounts(cast.sam, file))
    assert counts(done) == ("applied", 0, 1, 2, 0)
    accounts.change(cast.sam, held(cast.sam)["2"]["id"], name="By hand")

    assert undone(cast.sam, done)["state"] == "undone"

    after = held(cast.sam)
    assert set(after) == {"1", "2", "4"}
    restored = {name: value for name, value in after["1"].items() if name != "updated_at"}
    assert restored == {name: value for name, value in before["1"].items() if name != "updated_at"}
    assert after["2"]["name"] == "By hand"


WRONG = {
    "web_domains": "1,Contoso,not a domain,,,,,,\n",
    "web_domains ": "2,Contoso,co.uk,,,,,,\n",
    "vat": "3,Contoso,,,DE,DE136695970,,,\n",
    "country": "4,Contoso,,,Germany,,,,\n",
    "relationship": "5,Contoso,,,,,,friend,\n",
    "parent_external_id": "6,Contoso,,,,,nobody,,\n",
    "parent_external_id ": "7,Contoso,,,,,7,,\n",
    "name": "8,,,,,,,,\n",
    "owner_email": "9,Contoso,,,,,,,gina@globex.example\n",
}


def test_what_is_wrong_with_an_account_is_named(cast: Cast) -> None:
    done = run(cast.sam, of_accounts(cast.sam, "".join(WRONG.values())))

    assert counts(done) == ("checked", 9, 0, 0, 0)
    wrong = cast.sam.call("GET", f"/imports/{done['id']}/wrong-rows", expect=200)["items"]
    assert [[fault["field"] for fault in row["faults"]] for row in wrong] == [[name.strip()] for name in WRONG]


def test_companies_above_each_other_are_kept_out_with_those_below_them(cast: Cast) -> None:
    rows = "1,One,,,,,2,,\n2,Two,,,,,3,,\n3,Three,,,,,1,,\n4,Below one,,,,,1,,\n5,Alone,,,,,,,\n"

    done = run(cast.sam, of_accounts(cast.sam, rows), leave_out=True)

    assert counts(done) == ("applied", 4, 1, 0, 0)
    assert set(held(cast.sam)) == {"5"}


def test_a_circle_through_what_is_here_already_is_seen(cast: Cast) -> None:
    run(cast.sam, of_accounts(cast.sam, "1,One,,,,,,,\n2,Two,,,,,1,,\n"))

    done = run(cast.sam, of_accounts(cast.sam, "1,One,,,,,2,,\n"))

    assert counts(done) == ("checked", 1, 0, 0, 0)


def test_how_accounts_of_a_source_are_read_is_remembered_apart_from_its_leads(cast: Cast) -> None:
    header = "id,account,product\n"
    run(cast.sam, imports.sent(cast.sam, "1,Contoso,Kite\n", header))

    known = imports.sent(cast.sam, "1,Contoso,Kite\n", header, kind="accounts", mapping="external_id=id,name=account")
    run(cast.sam, known)
    again = imports.sent(cast.dana, "2,Contoso,Kite\n", header, kind="accounts", mapping="")

    assert again["mapping"] == "external_id=id,name=account"
    leads = imports.sent(cast.dana, "2,Contoso,Kite\n", header, mapping="")
    assert leads["mapping"] == imports.MAPPING
    listed = cast.dana.call("GET", "/imports?kind=accounts", expect=200)["items"]
    assert {one["kind"] for one in listed} == {"accounts"}


def test_an_export_can_be_imported_again_and_changes_nothing(cast: Cast) -> None:
    run(cast.sam, of_accounts(cast.sam, NORTHWIND + '2,"=Contoso, Ltd",contoso.example,,,,,,\n'))
    before = held(cast.sam)

    text = cast.sam.response("GET", "/accounts/export").text
    header, *rows = text.splitlines(keepends=True)
    assert "'=Contoso, Ltd" in text
    fields = ("external_id", "name", "web_domains", "vat", "city", "country", "relationship")
    mapping = ",".join(f"{name}={name}" for name in fields)
    done = run(cast.sam, of_accounts(cast.sam, "".join(rows), header, mapping=mapping))

    assert counts(done) == ("applied", 0, 0, 0, 2)
    assert held(cast.sam) == before


def test_the_partner_learns_nothing_of_an_import_of_accounts(cast: Cast) -> None:
    one = run(cast.sam, of_accounts(cast.sam, NORTHWIND))

    for player in (cast.gina, cast.ines):
        assert held(player) == {}
        hidden = player.response("GET", f"/imports/{one['id']}")
        never = player.response("GET", f"/imports/{one['id'][:-4]}0000")
        assert (hidden.status_code, hidden.json["detail"]) == (404, never.json["detail"])


def test_who_may_not_write_accounts_brings_none_in(cast: Cast) -> None:
    player = cast.ada
    assert not player.actor.has("accounts:write")
    form = {"connector": "crm", "kind": "accounts"}

    player.call("POST", "/imports", data=form, expect=403)


def test_a_job_that_starts_anew_goes_on_and_doubles_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partnercrm.integrations.actions.checking.PIECE", 2)
    rows = "".join(f"{number},Contoso {number},c{number}.example,,,,,,\n" for number in range(7))
    sent = of_accounts(cast.sam, rows)
    cast.sam.call("POST", f"/imports/{sent['id']}/start", json={}, expect=200)
    organization_id = str(cast.sam.actor.organization_id)

    with monkeypatch.context() as broken:
        broken.setattr("partnercrm.integrations.actions.applying.apply_import", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            jobs.run_import(organization_id, sent["id"])
    jobs.run_import(organization_id, sent["id"])
    jobs.run_import(organization_id, sent["id"])

    assert len(held(cast.sam)) == 7
    assert all(len(one["web_domains"]) == 1 for one in held(cast.sam).values())
