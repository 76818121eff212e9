"""A leaver's open cases pass to a successor before the account closes."""

from tests.cast import Cast, person
from tests.factories import cases


def test_a_leavers_open_cases_pass_to_the_successor_and_both_sides_see_it(cast: Cast) -> None:
    opened = cases.case(cast.sam, cast)
    cases.decided(cast)
    sam, dana = cast.sam.actor.user_id, cast.dana.actor.user_id

    refused = cast.ada.call("POST", f"/users/{sam}/close", json={}, expect=409)
    cast.ada.call("POST", f"/users/{sam}/close", json={"successor_id": str(dana)}, expect=200)

    assert "open cases" in refused["facts"]["holds"]
    owners = cast.gina.call("GET", f"/cases/{opened['id']}", expect=200)["owners"]
    assert [owner["name"] for owner in owners] == ["Dana"]


def test_who_may_not_take_part_in_cases_succeeds_nobody_in_them(cast: Cast) -> None:
    opened = cases.case(cast.sam, cast)
    crm = person(cast.app, cast.sam.actor.organization_id, "Acme CRM", "crm@acme.example", "integration")
    path, successor = f"/users/{cast.sam.actor.user_id}/close", {"successor_id": str(crm.actor.user_id)}

    refused = cast.ada.call("POST", path, json=successor, expect=422)

    assert [error["field"] for error in refused["errors"]] == ["successor_id"]
    assert "take part in cases" in refused["errors"][0]["message"]
    owners = cast.gina.call("GET", f"/cases/{opened['id']}", expect=200)["owners"]
    assert [owner["name"] for owner in owners] == ["Sam"]
