"""Mutual yes: nobody reads one that stands alone, two open once, and either takes it back for both."""

from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from flask import Flask

from partnercrm.accounts.yeses import MOST, may_say_another
from partnercrm.kernel import clock, jobs
from partnercrm.kernel.roles import plain
from tests.accounts.conftest import Run
from tests.cast import Cast
from tests.conftest import on_database
from tests.crowd import at_once
from tests.factories import mapping, yeses
from tests.servers import TestServer
from tests.surfer import Surfer


@pytest.fixture
def same(listed: Cast, run: Run) -> tuple[str, str]:
    """One company that both have, as an account of either side."""
    one = mapping.agreed(listed, "overlaps")
    run()
    ours, theirs = (
        next(item for item in mapping.common(player, one) if item["accounts"][0]["name"] == "Common 1")
        for player in (listed.sam, listed.gina)
    )
    return ours["accounts"][0]["id"], theirs["accounts"][0]["id"]


def plainly(answer: Any) -> Any:
    """Return an answer without what differs between any two yeses."""
    return answer | dict.fromkeys(("id", "account_id", "said_at", "expires_at"))


def test_both_read_who_the_other_is_once_both_said_yes_and_nobody_else_does(cast: Cast, same: tuple[str, str]) -> None:
    ours, theirs = same
    alone = yeses.said(cast.sam, ours, cast.partnership_id, reach="sam@acme.example")
    assert alone["opening_id"] is None
    assert yeses.openings(cast.gina) == yeses.openings(cast.sam) == []

    answered = yeses.said(cast.gina, theirs, cast.partnership_id, reach="gina@globex.example, mornings")

    (told,) = yeses.openings(cast.sam)
    (heard,) = yeses.openings(cast.gina)
    assert told["id"] == heard["id"] == answered["opening_id"]
    assert (told["account_id"], told["their_account"], told["their_reach"]) == (
        ours,
        "Common 1",
        "gina@globex.example, mornings",
    )
    assert (heard["account_id"], heard["their_reach"]) == (theirs, "sam@acme.example")
    members = cast.sam.call("GET", f"/partnerships/{cast.partnership_id}", expect=200)["members"]
    named = {member["id"]: member["name"] for member in members}
    assert (named[told["member_id"]], named[heard["member_id"]]) == ("Gina", "Sam")
    for player in (cast.dana, cast.hank, cast.nora, cast.ines):
        assert yeses.openings(player) == yeses.standing(player) == []
        hidden = player.response("GET", f"/openings/{told['id']}")
        missing = player.response("GET", f"/openings/{alone['id']}")
        assert hidden.status_code == missing.status_code == 404
        assert hidden.json | {"request_id": ""} == missing.json | {"request_id": ""}


def test_a_yes_to_what_the_partner_lacks_is_answered_like_any_other(cast: Cast, same: tuple[str, str]) -> None:
    alone = mapping.account(cast.sam, "Nobody else's")["id"]

    assert plainly(yeses.said(cast.sam, alone, cast.partnership_id)) == plainly(
        yeses.said(cast.sam, same[0], cast.partnership_id)
    )
    assert {one["account_id"] for one in yeses.standing(cast.sam)} == {alone, same[0]}


def test_a_yes_alone_ends_unseen_and_opens_nothing_afterwards(
    cast: Cast, same: tuple[str, str], test_server: TestServer, database: str
) -> None:
    yeses.said(cast.sam, same[0], cast.partnership_id)
    with clock.at(clock.now() + timedelta(days=30, minutes=1)):
        assert yeses.standing(cast.sam) == []
        late = yeses.said(cast.gina, same[1], cast.partnership_id)
        assert late["opening_id"] is None
        again = yeses.said(cast.sam, same[0], cast.partnership_id)
    assert again["opening_id"] is not None
    with psycopg.connect(test_server.admin(database)) as connection:
        assert connection.execute("SELECT count(*) FROM openings").fetchone() == (1,)


def test_either_takes_it_back_for_both(cast: Cast, same: tuple[str, str]) -> None:
    yeses.said(cast.sam, same[0], cast.partnership_id)
    yeses.said(cast.gina, same[1], cast.partnership_id)
    (opened,) = yeses.openings(cast.gina)

    assert cast.sam.response("POST", f"/yeses/{opened['yes_id']}/take-back").status_code == 404
    cast.gina.call("POST", f"/yeses/{opened['yes_id']}/take-back", expect=204)

    assert yeses.openings(cast.sam) == yeses.openings(cast.gina) == []
    assert yeses.standing(cast.gina) == []
    assert [one["opening_id"] for one in yeses.standing(cast.sam)] == [None]


def test_two_yeses_at_once_open_exactly_once(
    cast: Cast, same: tuple[str, str], test_server: TestServer, database: str
) -> None:
    path = "/accounts/{}/yeses"
    body = {"partnership_id": str(cast.partnership_id)}
    for number in range(2):
        answers = at_once(
            [
                partial(cast.sam.response, "POST", path.format(same[0]), json=body),
                partial(cast.gina.response, "POST", path.format(same[1]), json=body),
            ]
        )
        assert [answer.status_code for answer in answers] == [201, 201]
        with psycopg.connect(test_server.admin(database)) as connection:
            assert connection.execute("SELECT count(*) FROM openings").fetchone() == (1,)
            made = "SELECT count(*) FROM shared_activities WHERE verb = 'opening.made'"
            assert connection.execute(made).fetchone() == (number + 1,)
        for player in (cast.sam, cast.gina):
            for one in yeses.standing(player):
                player.call("POST", f"/yeses/{one['id']}/take-back", expect=204)


def test_both_are_told_without_the_customers_name(
    app: Flask, cast: Cast, same: tuple[str, str], test_server: TestServer, database: str
) -> None:
    yeses.said(cast.sam, same[0], cast.partnership_id)
    yeses.said(cast.gina, same[1], cast.partnership_id)
    url = test_server.url("worker", database)
    with on_database(app, url):
        jobs.work(plain(url), wait=False)

    for player, partner in ((cast.sam, "Globex"), (cast.gina, "Acme")):
        told = player.call("GET", "/notices", expect=200)["items"]
        (notice,) = [one for one in told if one["kind"] == "opening.made"]
        assert partner in notice["sentence"]
        assert "Common" not in notice["sentence"] + notice["title"]
    for player in (cast.dana, cast.hank):
        told = player.call("GET", "/notices", expect=200)["items"]
        assert [one for one in told if one["kind"] == "opening.made"] == []


def test_what_was_said_before_an_epoch_told_opens_with_it(listed: Cast, run: Run) -> None:
    one = mapping.agreed(listed, "overlaps")
    for player in (listed.sam, listed.gina):
        accounts = player.call("GET", "/accounts", expect=200)["items"]
        (account_id,) = [each["id"] for each in accounts if each["name"] == "Common 2"]
        assert yeses.said(player, account_id, listed.partnership_id)["opening_id"] is None
    run()

    assert len(mapping.common(listed.sam, one)) == len(mapping.BOTH)
    assert [each["their_account"] for each in yeses.openings(listed.sam)] == ["Common 2"]


def test_what_is_only_counted_opens_nothing(listed: Cast, run: Run) -> None:
    mapping.agreed(listed, "counts")
    run()
    for player in (listed.sam, listed.gina):
        account_id = player.call("GET", "/accounts", expect=200)["items"][0]["id"]
        assert yeses.said(player, account_id, listed.partnership_id)["opening_id"] is None


def test_stopping_the_mapping_closes_what_it_opened(
    cast: Cast, same: tuple[str, str], test_server: TestServer, database: str
) -> None:
    yeses.said(cast.sam, same[0], cast.partnership_id)
    yeses.said(cast.gina, same[1], cast.partnership_id)
    mapping_id = cast.dana.call("GET", "/mappings", expect=200)["items"][0]["id"]
    cast.hank.call("POST", f"/mappings/{mapping_id}/stop", expect=200)
    assert yeses.openings(cast.sam) == yeses.openings(cast.gina) == []

    path = f"/partnerships/{cast.partnership_id}"
    tag = cast.dana.response("GET", path).headers["ETag"]
    cast.dana.call("POST", f"{path}/end", if_match=tag, expect=200)
    with psycopg.connect(test_server.admin(database)) as connection:
        assert connection.execute("SELECT count(*) FROM account_yeses").fetchone() == (0,)


def test_who_left_opens_nothing_any_more(cast: Cast, same: tuple[str, str]) -> None:
    yeses.said(cast.gina, same[1], cast.partnership_id)
    members = cast.dana.call("GET", f"/partnerships/{cast.partnership_id}", expect=200)["members"]
    (gina,) = [member["id"] for member in members if member["name"] == "Gina"]
    cast.hank.call("POST", f"/partnerships/{cast.partnership_id}/members/{gina}/release", expect=200)

    assert yeses.said(cast.sam, same[0], cast.partnership_id)["opening_id"] is None


def test_nobody_says_yes_to_everything(cast: Cast, same: tuple[str, str]) -> None:
    assert [may_say_another(standing) for standing in (MOST - 1, MOST)] == [True, False]
    for account_id in mapping.accounts(cast.sam, [f"Guess {number}" for number in range(MOST)]):
        yeses.said(cast.sam, account_id, cast.partnership_id)

    refused = cast.sam.response("POST", f"/accounts/{same[0]}/yeses", json={"partnership_id": str(cast.partnership_id)})
    assert (refused.status_code, refused.json["code"]) == (409, "too_many_yeses")
    cast.sam.call("POST", f"/yeses/{yeses.standing(cast.sam)[0]['id']}/take-back", expect=204)
    again = cast.sam.response("POST", f"/accounts/{same[0]}/yeses", json={"partnership_id": str(cast.partnership_id)})
    assert again.json["code"] == "too_many_yeses"


def test_only_a_member_says_yes_and_only_of_an_own_account(cast: Cast, same: tuple[str, str]) -> None:
    body = {"partnership_id": str(cast.partnership_id)}
    assert cast.gina.response("POST", f"/accounts/{same[0]}/yeses", json=body).status_code == 404
    refused = cast.nora.call("POST", f"/accounts/{same[0]}/yeses", json=body, expect=422)
    assert [error["field"] for error in refused["errors"]] == ["partnership_id"]


def test_a_member_named_later_answers_as_well(cast: Cast, same: tuple[str, str]) -> None:
    yeses.said(cast.gina, same[1], cast.partnership_id)
    named = {"user_id": str(cast.nora.actor.user_id), "role": "seller"}
    cast.dana.call("POST", f"/partnerships/{cast.partnership_id}/members", json=named, expect=201)
    assert yeses.said(cast.nora, same[0], cast.partnership_id)["opening_id"] is not None


def test_the_page_of_an_account_asks_in_private_and_leads_to_whom_it_opened(
    app: Flask, cast: Cast, same: tuple[str, str]
) -> None:
    sam, path = Surfer.signed_in(app, "sam@acme.example"), f"/accounts/{same[0]}"
    page = sam.open(path).text
    assert 'value="sam@acme.example"' in page
    form = {"partnership_id": str(cast.partnership_id), "reach": "sam@acme.example"}
    assert sam.send(f"{path}/yeses", form, shown_on=path).status_code == 303
    assert "Without an answer it ends unseen" in sam.open(path).text
    assert "Would you talk" not in Surfer.signed_in(app, "nora@acme.example").open(path).text

    gina, path = Surfer.signed_in(app, "gina@globex.example"), f"/accounts/{same[1]}"
    opened = gina.send(f"{path}/yeses", {"partnership_id": str(cast.partnership_id)}, shown_on=path)
    page = gina.open(opened.location).text
    assert "Sam at Acme" in page
    assert "sam@acme.example" in page
    assert "They did not say how." in sam.open(opened.location).text
    assert "Common 1" in sam.open("/accounts/openings").text
    yes_id = yeses.standing(cast.sam)[0]["id"]
    assert sam.send(f"/yeses/{yes_id}/take-back", {}, shown_on=opened.location).status_code == 303
    assert "Yours, without an answer" in gina.open("/accounts/openings").text
