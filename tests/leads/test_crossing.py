"""Of a need that both gave each other the one offered first counts; a company is one by its domain or its name."""

import contextlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from partnercrm.kernel import clock, db
from partnercrm.leads.models import Offer
from tests.cast import Cast
from tests.factories import leads
from tests.factories.notices import Errands, told
from tests.leads.test_contesting import settle
from tests.leads.test_counting_once import NOW, ONE, amounts, counted, given, report
from tests.leads.test_marks import told as clusters
from tests.servers import TestServer
from tests.surfer import Surfer


def crossed(cast: Cast) -> tuple[dict[str, Any], dict[str, Any]]:
    """Let Acme offer a need, and Globex, which leaves it unanswered, the same; Acme accepts. Return both, in order."""
    with clock.at(NOW - timedelta(days=9)):
        ours = leads.offer(cast.sam, cast.partnership_id, **ONE)
    return ours, given(cast.gina, cast.sam, cast, NOW - timedelta(days=8))


def test_what_is_given_back_before_it_is_answered_makes_way_for_what_was_given_first(
    app: Flask, cast: Cast, test_server: TestServer, database: str
) -> None:
    ours, theirs = crossed(cast)
    errands = Errands(test_server, database)
    errands.take()
    before = report(cast)
    assert counted(cast) == (0, 1)

    assert leads.step(cast.gina, ours["id"], "accept")["status"] == "accepted"

    made_way = cast.sam.call("GET", f"/offers/{theirs['id']}", expect=200)
    assert (made_way["status"], made_way["reason"]) == ("disqualified", "duplicate")
    assert counted(cast) == (1, 0)
    assert amounts(cast) == ("1000.00", "0.00")
    assert report(cast, as_of=before["as_of"]) == before
    errands.run()
    assert (told(cast.sam).count("lead.made_way"), told(cast.gina).count("lead.made_way")) == (1, 0)
    page = Surfer.signed_in(app, "sam@acme.example").open(f"/offers/{theirs['id']}").text
    assert "this one ends as known twice" in page
    assert "disqualified it" not in page


def test_of_two_that_were_offered_at_one_moment_one_is_first_to_both_sides(cast: Cast) -> None:
    moment = NOW - timedelta(days=9)
    with clock.at(moment):
        ours = leads.offer(cast.sam, cast.partnership_id, **ONE)
    theirs = given(cast.gina, cast.sam, cast, moment)
    assert theirs["offered_at"] == ours["offered_at"]

    assert leads.step(cast.gina, ours["id"], "accept")["status"] == "accepted"
    assert counted(cast) == (1, 0)


def test_what_was_qualified_before_the_first_was_answered_stands(cast: Cast) -> None:
    ours, theirs = crossed(cast)
    leads.step(cast.sam, theirs["id"], "qualify")

    assert leads.step(cast.gina, ours["id"], "accept")["reason"] == "duplicate"
    assert counted(cast) == (0, 1)


def test_a_case_that_finds_two_crossed_needs_to_be_two_credits_both(cast: Cast) -> None:
    """The one's credit is not the other's loss, whichever is qualified later."""
    ours, theirs = crossed(cast)
    leads.step(cast.gina, ours["id"], "accept")
    cast.gina.call("POST", f"/offers/{theirs['id']}/contest", json={"claim": "Another plant."}, expect=200)
    [case] = cast.gina.call("GET", "/cases", expect=200)["items"]
    settle(cast, case["id"], "corrected")
    leads.step(cast.gina, ours["id"], "qualify")

    assert counted(cast) == (1, 1)
    named = {one["name"]: one for one in report(cast)["organizations"]}
    assert [named[name]["given"]["qualified"] for name in ("Acme", "Globex")] == [1, 1]
    assert [named[name]["credit"]["repeated"] for name in ("Acme", "Globex")] == [0, 0]


@pytest.mark.parametrize("reason", ["duplicate", "no_budget"])
def test_the_database_lets_a_giver_end_its_own_lead_as_a_duplicate_alone(reason: str, cast: Cast) -> None:
    taken = given(cast.sam, cast.gina, cast, NOW - timedelta(days=1))
    change = update(Offer).where(Offer.id == UUID(taken["id"])).values(status="disqualified", reason=reason)
    refused = contextlib.nullcontext() if reason == "duplicate" else pytest.raises(IntegrityError)

    with refused, db.transaction(cast.sam.actor):
        db.session().execute(change.values(version=Offer.version + 1))


def test_leads_of_one_company_with_and_without_its_domain_are_one_cluster(cast: Cast) -> None:
    for number, domain in enumerate(("contoso.example", None, "contoso.example")):
        named = {"company_domain": domain, "need": ("Anvils", "Bolts", "Casts")[number]}
        given(cast.sam, cast.gina, cast, NOW - timedelta(minutes=5 - number), **named)

    sizes = [cluster.size for of in clusters(cast.hank, cast).values() for cluster in of.get("accepted", {})]
    assert sizes == [3]
