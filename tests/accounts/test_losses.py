"""Lost alone: an account's owner alone reads who was there; a company reads a past year of enough people."""

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask

from partnercrm.accounts.losses import is_over, total, year_of
from partnercrm.accounts.models.losses import AccountLoss
from partnercrm.identity.agreements import GROUP_MINIMUM
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id
from tests.accounts.conftest import Run
from tests.cast import Cast, person
from tests.factories import mapping
from tests.surfer import Surfer


@pytest.fixture
def common(cast: Cast, run: Run) -> str:
    """An account of Sam's that Globex has too."""
    for player in (cast.sam, cast.gina):
        mapping.account(player, "Common", owner_id=str(player.actor.user_id))
    one = mapping.agreed(cast, "overlaps")
    run()
    found: str = mapping.common(cast.sam, one)[0]["accounts"][0]["id"]
    return found


def test_its_owner_alone_learns_which_partner_was_there_and_since_when(cast: Cast, common: str) -> None:
    told = cast.sam.call("POST", f"/accounts/{common}/losses", json={"lost_on": "2026-01-31"}, expect=201)

    assert [one["partnership_id"] for one in told["partners"]] == [str(cast.partnership_id)]
    assert told["partners"][0]["told_at"] <= clock.now().isoformat()
    assert cast.sam.call("GET", f"/losses?account_id={common}", expect=200)["items"] == [told]
    for player in (cast.dana, cast.nora, cast.gina, cast.ines):
        assert player.call("GET", "/losses", expect=200)["items"] == []
    trail = cast.ada.response("GET", "/activities?limit=200").text
    assert told["id"] not in trail
    assert "loss" not in trail


def test_only_the_owner_says_it_once_and_not_of_days_to_come(cast: Cast, common: str) -> None:
    path, body = f"/accounts/{common}/losses", {"lost_on": "2026-01-31"}
    assert cast.dana.call("POST", path, json=body, expect=403)["code"] == "not_its_owner"
    assert cast.gina.call("POST", path, json=body, expect=404)["code"] == "not_found"
    cast.sam.call("POST", path, json=body, expect=201)
    assert cast.sam.call("POST", path, json=body, expect=409)["code"] == "lost_already"
    coming = (clock.now() + timedelta(days=2)).date().isoformat()
    refused = cast.sam.call("POST", path, json={"lost_on": coming}, expect=422)
    assert [error["field"] for error in refused["errors"]] == ["lost_on"]


def test_where_no_partner_is_told_to_have_it_none_is_named(cast: Cast) -> None:
    own = mapping.account(cast.sam, "Own", owner_id=str(cast.sam.actor.user_id))["id"]

    assert (
        cast.sam.call("POST", f"/accounts/{own}/losses", json={"lost_on": "2026-01-31"}, expect=201)["partners"] == []
    )


def test_a_total_is_told_of_a_year_that_is_over_and_of_enough_people() -> None:
    people = {uuid4(): number + 1 for number in range(GROUP_MINIMUM)}
    assert total(people) == sum(people.values())
    assert total(dict(list(people.items())[1:])) is None
    assert total(dict.fromkeys(people, 0)) is None
    begins, ends = year_of(2025)
    assert (is_over(2025, ends), is_over(2025, ends - timedelta(seconds=1)), ends.year) == (True, False, 2026)
    assert begins.isoformat() == "2025-01-01T00:00:00+00:00"


def test_the_company_reads_last_years_total_which_nobody_moves_any_more(app: Flask, cast: Cast, common: str) -> None:
    acme = cast.sam.actor.organization_id
    others = [person(app, acme, f"S{one}", f"s{one}@acme.example", "seller") for one in range(GROUP_MINIMUM - 1)]
    last = clock.now().year - 1
    for player in others:
        _lost(player.actor, last)
    _lost(cast.sam.actor, last, connector="crm", external_id="O1")
    path = "/losses/total"

    assert cast.dana.call("GET", path, query_string={"year": last}, expect=200) == {
        "year": last,
        "total": GROUP_MINIMUM,
    }
    assert cast.dana.call("GET", path, query_string={"year": last + 1}, expect=200)["total"] is None
    assert cast.gina.call("GET", path, query_string={"year": last}, expect=200)["total"] is None
    (mine,) = cast.sam.call("GET", "/losses", expect=200)["items"]
    assert cast.sam.call("POST", f"/losses/{mine['id']}/withdraw", expect=409)["code"] == "loss_is_counted"
    key = {"connector": "crm", "external_id": "A9", "owner_id": str(cast.sam.actor.user_id)}
    mapping.account(cast.sam, "Known to the CRM", **key)
    cast.sam.call("DELETE", "/accounts/by-key/crm/A9/losses/O1", expect=204)
    assert cast.sam.call("GET", "/losses", expect=200)["items"][0]["retracted_at"]
    assert cast.dana.call("GET", path, query_string={"year": last}, expect=200)["total"] == GROUP_MINIMUM
    assert f"Lost alone in {last}" in Surfer.signed_in(app, "dana@acme.example").open("/accounts/shared").text


def test_on_the_page_of_an_account_its_owner_notes_it_and_takes_it_back(app: Flask, cast: Cast, common: str) -> None:
    sam, path = Surfer.signed_in(app, "sam@acme.example"), f"/accounts/{common}"
    assert sam.send(f"{path}/losses", {"lost_on": "2026-01-31"}, shown_on=path).status_code == 303
    page = sam.open(path).text
    assert "Globex was there:" in page
    assert "Next time, ask Hank." in page
    assert "Lost without a partner" not in Surfer.signed_in(app, "dana@acme.example").open(path).text
    loss = cast.sam.call("GET", "/losses", expect=200)["items"][0]["id"]
    assert sam.send(f"/losses/{loss}/withdraw", {}, shown_on=path).status_code == 303
    assert cast.sam.call("GET", "/losses", expect=200)["items"] == []


def _lost(actor: Actor, year: int, **key: str) -> None:
    """Let somebody have told a loss in a past year."""
    with db.transaction(actor) as opened:
        opened.add(
            AccountLoss(
                id=new_id(),
                organization_id=actor.organization_id,
                account_id=None,
                user_id=actor.user_id,
                lost_on=year_of(year)[0].date(),
                was_common=True,
                recorded_at=year_of(year)[0],
                is_said=not key,
                **key,
            )
        )
