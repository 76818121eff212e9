"""Losses that a CRM tells: in their owner's name, once, and without a word of what the owner said or who was there."""

from typing import Any

import pytest
from flask import Flask

from partnercrm.accounts.models.losses import AccountLoss
from partnercrm.kernel import db
from tests.cast import Cast, Player, person
from tests.factories import mapping
from tests.surfer import Surfer

KEY = {"connector": "crm", "external_id": "A1"}
PATH = "/accounts/by-key/crm/A1/losses/O1"
DAY = {"lost_on": "2026-01-31"}


@pytest.fixture
def program(app: Flask, cast: Cast) -> Player:
    """Acme's CRM."""
    return person(app, cast.sam.actor.organization_id, "CRM", "crm@acme.example", "integration")


def test_a_crm_tells_it_and_its_owner_alone_reads_who_was_there(cast: Cast, program: Player, common: str) -> None:
    told = program.call("PUT", PATH, json=DAY, expect=200)

    assert told == {"account_id": common, "connector": "crm", "external_id": "O1"} | DAY
    (mine,) = _read(cast.sam)
    assert [there["partnership_id"] for there in mine["partners"]] == [str(cast.partnership_id)]
    for player in (program, cast.dana, cast.nora, cast.gina, cast.ines):
        assert _read(player) == []
    assert "loss" not in cast.ada.response("GET", "/activities?limit=200").text
    assert _counted(cast, common) == [True]


def test_it_is_safe_to_repeat_and_brings_the_day_up_to_date(cast: Cast, program: Player, common: str) -> None:
    first = program.response("PUT", PATH, json=DAY)
    assert program.response("PUT", PATH, json=DAY).data == first.data
    program.call("PUT", PATH, json={"lost_on": "2026-02-01"}, expect=200)

    assert [one["lost_on"] for one in _read(cast.sam)] == ["2026-02-01"]


def test_the_answer_is_the_same_whatever_the_owner_said_and_took_back(cast: Cast, program: Player, common: str) -> None:
    said = cast.sam.call("POST", f"/accounts/{common}/losses", json=DAY, expect=201)
    first = program.response("PUT", PATH, json=DAY)
    assert [one["id"] for one in _read(cast.sam)] == [said["id"]]
    other = program.response("PUT", PATH.replace("O1", "O2"), json=DAY)
    assert len(_read(cast.sam)) == 1

    cast.sam.call("POST", f"/losses/{said['id']}/withdraw", expect=204)
    again = program.response("PUT", PATH, json=DAY)

    assert _read(cast.sam) == []
    assert (first.status_code, first.data) == (again.status_code, again.data)
    assert other.json == first.json | {"external_id": "O2"}
    assert _counted(cast, common) == []
    cast.sam.call("POST", f"/accounts/{common}/losses", json=DAY, expect=201)


def test_a_day_the_owner_named_already_is_not_told_twice(cast: Cast, program: Player, common: str) -> None:
    program.call("PUT", PATH, json=DAY, expect=200)
    cast.sam.call("POST", f"/accounts/{common}/losses", json={"lost_on": "2026-02-01"}, expect=201)

    moved = program.call("PUT", PATH, json={"lost_on": "2026-02-01"}, expect=200)

    assert moved["lost_on"] == "2026-02-01"
    assert sorted(one["lost_on"] for one in _read(cast.sam)) == ["2026-01-31", "2026-02-01"]


def test_people_tell_it_of_their_own_accounts_alone(cast: Cast, common: str) -> None:
    for player in (cast.dana, cast.nora):
        assert player.call("PUT", PATH, json=DAY, expect=403)["code"] == "not_its_owner"
    for player in (cast.gina, cast.ines):
        assert player.call("PUT", PATH, json=DAY, expect=404)["code"] == "not_found"

    cast.sam.call("PUT", PATH, json=DAY, expect=200)

    assert [one["account_id"] for one in _read(cast.sam)] == [common]


def test_a_crm_takes_it_back_and_its_owner_reads_that(cast: Cast, program: Player, common: str) -> None:
    before = [player.call("GET", "/notices", expect=200) for player in (cast.gina, cast.hank)]
    program.call("PUT", PATH, json=DAY, expect=200)
    for _ in range(2):
        program.call("DELETE", PATH, expect=204)

    (mine,) = _read(cast.sam)
    assert (mine["lost_on"], mine["partners"], mine["retracted_at"] is None) == (DAY["lost_on"], [], False)
    for player in (program, cast.dana, cast.nora, cast.gina):
        assert _read(player) == []
    assert [player.call("GET", "/notices", expect=200) for player in (cast.gina, cast.hank)] == before
    page = Surfer.signed_in(cast.app, cast.sam.email).open(f"/accounts/{common}").text
    assert "your CRM took that back on" in page

    program.call("PUT", PATH, json=DAY, expect=200)
    assert sorted(one["retracted_at"] is None for one in _read(cast.sam)) == [False, True]
    cast.sam.call("DELETE", PATH, expect=204)
    assert [one["retracted_at"] is None for one in _read(cast.sam)] == [False, False]


def test_taking_back_leaves_what_the_owner_said_and_tells_nothing_of_it(
    cast: Cast, program: Player, common: str
) -> None:
    said = cast.sam.call("POST", f"/accounts/{common}/losses", json=DAY, expect=201)
    program.call("PUT", PATH, json=DAY, expect=200)
    noted = program.response("DELETE", PATH)
    never = program.response("DELETE", PATH.replace("O1", "O9"))
    assert [(one["id"], one["retracted_at"]) for one in _read(cast.sam)] == [(said["id"], None)]
    program.call("PUT", PATH, json=DAY, expect=200)
    cast.sam.call("POST", f"/losses/{said['id']}/withdraw", expect=204)
    gone = program.response("DELETE", PATH)

    assert {(one.status_code, one.data) for one in (noted, never, gone)} == {(204, b"")}
    program.call("PUT", PATH, json=DAY, expect=200)
    assert _read(cast.sam) == []
    for player, status in ((cast.dana, 403), (cast.nora, 403), (cast.gina, 404), (cast.ines, 404)):
        assert player.response("DELETE", PATH).status_code == status


def test_a_former_owners_loss_is_taken_back_by_the_crm_and_not_by_the_new_owner(
    cast: Cast, program: Player, common: str
) -> None:
    mapping.account(cast.sam, "Other", owner_id=str(cast.sam.actor.user_id), connector="crm", external_id="A2")
    program.call("PUT", PATH, json=DAY, expect=200)
    assert program.call("DELETE", PATH.replace("A1", "A2"), expect=409)["code"] == "loss_of_another_account"
    _give(cast, common, cast.nora)

    cast.nora.call("DELETE", PATH, expect=204)
    assert [one["retracted_at"] for one in _read(cast.sam)] == [None]
    program.call("DELETE", PATH, expect=204)
    assert [one["retracted_at"] is None for one in _read(cast.sam)] == [False]


def test_a_new_owner_neither_moves_nor_reads_what_the_former_one_lost(cast: Cast, program: Player, common: str) -> None:
    program.call("PUT", PATH, json=DAY, expect=200)
    _give(cast, common, cast.nora)

    moved = cast.nora.response("PUT", PATH, json={"lost_on": "2026-02-01"})
    fresh = cast.nora.response("PUT", PATH.replace("O1", "O2"), json={"lost_on": "2026-02-01"})

    assert moved.json == fresh.json | {"external_id": "O1"}
    assert [one["lost_on"] for one in _read(cast.sam)] == ["2026-01-31"]
    program.call("PUT", PATH, json={"lost_on": "2026-02-03"}, expect=200)
    assert [one["lost_on"] for one in _read(cast.sam)] == ["2026-02-03"]
    assert [one["lost_on"] for one in _read(cast.nora)] == ["2026-02-01"]


def test_a_key_stays_with_its_account_also_when_that_is_merged(cast: Cast, program: Player, common: str) -> None:
    other = mapping.account(cast.sam, "Other", owner_id=str(cast.sam.actor.user_id), connector="crm", external_id="A2")[
        "id"
    ]
    program.call("PUT", PATH, json=DAY, expect=200)
    elsewhere = PATH.replace("A1", "A2")
    assert program.call("PUT", elsewhere, json=DAY, expect=409)["code"] == "loss_of_another_account"

    cast.sam.call("POST", f"/accounts/{other}/merge", json={"other_id": common}, expect=201)

    program.call("PUT", elsewhere, json={"lost_on": "2026-02-01"}, expect=200)
    assert [one["lost_on"] for one in _read(cast.sam)] == ["2026-02-01"]


def test_what_was_discarded_and_entered_again_keeps_its_loss(cast: Cast, program: Player, common: str) -> None:
    program.call("PUT", PATH, json=DAY, expect=200)
    read = cast.sam.response("GET", f"/accounts/{common}")
    cast.sam.call("DELETE", f"/accounts/{common}", if_match=read.headers["ETag"], expect=204)
    anew = mapping.account(cast.sam, "Common", owner_id=str(cast.sam.actor.user_id), **KEY)["id"]

    program.call("PUT", PATH, json=DAY, expect=200)

    assert [one["account_id"] for one in _read(cast.sam)] == [anew]


@pytest.mark.parametrize(
    ("path", "body", "refusal"),
    [
        (PATH, {"lost_on": "2999-01-01"}, (422, "invalid")),
        (PATH, {"lost_on": "yesterday"}, (422, "invalid")),
        (PATH, {}, (422, "invalid")),
        (PATH, DAY | {"user_id": "x"}, (422, "invalid")),
        (PATH.replace("A1", "A9"), DAY, (404, "not_found")),
        ("/accounts/by-key/crm/A3/losses/O1", DAY, (409, "nobodys_account")),
    ],
)
def test_what_cannot_be_told_is_refused(
    cast: Cast, program: Player, path: str, body: dict[str, Any], refusal: tuple[int, str]
) -> None:
    mapping.account(cast.sam, "Sam's", owner_id=str(cast.sam.actor.user_id), **KEY)
    mapping.account(cast.dana, "Nobody's", connector="crm", external_id="A3")

    status, code = refusal
    assert program.call("PUT", path, json=body, expect=status)["code"] == code
    assert _read(cast.sam) == []


def _read(player: Player) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = player.call("GET", "/losses", expect=200)["items"]
    return found


def _give(cast: Cast, account_id: str, player: Player) -> None:
    read = cast.sam.response("GET", f"/accounts/{account_id}")
    given = {"owner_id": str(player.actor.user_id)}
    cast.sam.call("PATCH", f"/accounts/{account_id}", json=given, if_match=read.headers["ETag"], expect=200)


def _counted(cast: Cast, account_id: str) -> list[bool]:
    """Return, of the losses of an account that count, whether a partner was there."""
    with db.transaction(cast.sam.actor, read_only=True):
        rows = db.session().query(AccountLoss).filter_by(account_id=account_id)
        return [one.was_common for one in rows]
