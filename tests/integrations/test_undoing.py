"""An undo gives back to whoever is there: a closed account gets nothing, its successor does."""

from collections.abc import Callable

import pytest
from flask import Flask

from partnercrm.integrations import jobs
from tests.cast import Cast, Player, person
from tests.factories import imports

HEADER = "id,account,product,keeper\n"
MAPPING = f"{imports.MAPPING},owner_email=keeper"


@pytest.fixture
def hired(app: Flask, cast: Cast) -> Callable[..., Player]:
    """Add somebody to Acme."""

    def add(name: str, *roles: str) -> Player:
        return person(app, cast.dana.actor.organization_id, name, f"{name.lower()}@acme.example", *roles or ["seller"])

    return add


def close(cast: Cast, leaver: Player, to: Player | None = None) -> None:
    given = {"successor_id": str(to.actor.user_id)} if to else {}
    cast.ada.call("POST", f"/users/{leaver.actor.user_id}/close", json=given, expect=200)


def entered(cast: Cast, keeper: Player, account: str = "Contoso") -> str:
    """Import one lead for this keeper; return the import's id."""
    one = imports.sent(cast.dana, f"1,{account},Kite,{keeper.email}\n", header=HEADER, mapping=MAPPING)
    assert imports.run(cast.dana, one)["state"] == "applied"
    return str(one["id"])


def undo(cast: Cast, import_id: str) -> dict[str, str]:
    cast.dana.call("POST", f"/imports/{import_id}/undo", expect=200)
    jobs.undo_import(str(cast.dana.actor.organization_id), import_id)
    assert cast.dana.call("GET", f"/imports/{import_id}", expect=200)["state"] == "undone"
    lead: dict[str, str] = imports.kept(cast.dana)["1"]
    return cast.dana.call("GET", f"/leads/{lead['id']}", expect=200)  # type: ignore[no-any-return]


def test_what_was_a_leavers_goes_to_who_follows_their_successors(cast: Cast, hired: Callable[..., Player]) -> None:
    zed, next_, last = hired("Zed"), hired("Yan"), hired("Xia")
    entered(cast, zed)
    second = entered(cast, cast.sam, "Contoso SE")
    close(cast, zed, to=next_)
    close(cast, next_, to=last)

    back = undo(cast, second)

    assert (back["company_name"], back["owner_id"]) == ("Contoso", str(last.actor.user_id))


def test_where_nobody_follows_a_leaver_who_has_the_lead_keeps_it(cast: Cast, hired: Callable[..., Player]) -> None:
    zed = hired("Zed")
    entered(cast, zed)
    second = entered(cast, cast.sam, "Contoso SE")
    close(cast, zed)

    back = undo(cast, second)

    assert (back["company_name"], back["owner_id"]) == ("Contoso", str(cast.sam.actor.user_id))


def test_who_could_not_hold_leads_does_not_get_them_back(cast: Cast, hired: Callable[..., Player]) -> None:
    zed, eve = hired("Zed"), hired("Eve", "executive")
    entered(cast, zed)
    second = entered(cast, cast.sam, "Contoso SE")
    close(cast, zed, to=eve)

    assert undo(cast, second)["owner_id"] == str(cast.sam.actor.user_id)


def test_two_who_followed_each_other_and_both_left_are_no_endless_line(
    cast: Cast, hired: Callable[..., Player]
) -> None:
    zed, yan = hired("Zed"), hired("Yan")
    entered(cast, zed)
    second = entered(cast, cast.sam, "Contoso SE")
    for leaver, to in ((zed, yan), (yan, zed)):
        given = {"successor_id": str(to.actor.user_id)}
        cast.ada.call("POST", f"/users/{leaver.actor.user_id}/hand-over", json=given, expect=200)
    close(cast, zed)
    close(cast, yan)

    assert undo(cast, second)["owner_id"] == str(cast.sam.actor.user_id)


def test_who_is_there_gets_theirs_back(cast: Cast, hired: Callable[..., Player]) -> None:
    zed = hired("Zed")
    entered(cast, zed)
    second = entered(cast, cast.sam, "Contoso SE")

    assert undo(cast, second)["owner_id"] == str(zed.actor.user_id)
