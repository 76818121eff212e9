"""A seller's own leads: what they gave and took on, and nobody else's."""

from datetime import UTC, datetime, timedelta

from flask import Flask

from partnercrm.kernel import clock
from tests.cast import Cast, person
from tests.factories import leads
from tests.house.test_lists import statements
from tests.surfer import Surfer

PATH = "/leads/mine"


def test_it_shows_what_one_gave_and_took_on_and_for_whom_each_waits(app: Flask, cast: Cast) -> None:
    with clock.at(datetime.now(UTC) - timedelta(days=5)):
        leads.offer(cast.sam, cast.partnership_id, need="Late answer")
    taken = leads.offer(cast.gina, cast.partnership_id, need="To be qualified")
    leads.step(cast.sam, taken["id"], "accept")
    won = leads.offer_at(cast, "won")
    back = leads.offer(cast.sam, cast.partnership_id, need="Came back")
    leads.step(cast.gina, back["id"], "decline", reason="no_fit")
    asked = leads.offer(cast.gina, cast.partnership_id, need="Asked first")
    first = {"user_id": str(cast.sam.actor.user_id)}
    cast.dana.call("POST", f"/offers/{asked['id']}/assign", json=first, expect=200)
    sam = Surfer.signed_in(app, "sam@acme.example")

    page = sam.open(PATH).text
    assert "Asked first" in page
    assert f'href="/partnerships/{cast.partnership_id}/claim-check"' in page

    for told in (
        "Late answer",
        "to Globex",
        "passed",
        "5 days",
        "To be qualified",
        "from Globex",
        "Qualify, or say",
    ):
        assert told in page
    for told in (won["need"], "Nothing more", "Came back", "Offer it elsewhere, or keep it"):
        assert told in page
    filtered = sam.open(f"{PATH}?direction=received").text
    assert "To be qualified" in filtered
    assert "Late answer" not in filtered


def test_a_colleagues_and_the_other_sides_leads_are_not_on_it(app: Flask, cast: Cast) -> None:
    zoe = person(app, cast.sam.actor.organization_id, "Zoe", "zoe@acme.example", "seller", "partner_manager")
    member = {"user_id": str(zoe.actor.user_id), "role": "seller"}
    cast.dana.call("POST", f"/partnerships/{cast.partnership_id}/members", json=member, expect=201)
    leads.offer(cast.sam, cast.partnership_id, need="Sam's own")
    leads.offer(cast.gina, cast.partnership_id, need="Nobody's yet")

    for email in ("zoe@acme.example", "dana@acme.example", "hank@globex.example"):
        page = Surfer.signed_in(app, email).open(PATH).text
        assert "Sam&#39;s own" not in page
        assert "Nobody&#39;s yet" not in page
        assert "You have neither given nor taken on a lead yet" in page


def test_it_costs_as_many_statements_whatever_its_length(app: Flask, cast: Cast) -> None:
    sam = Surfer.signed_in(app, "sam@acme.example")
    costs = []
    for number in (1, 4):
        for _ in range(number):
            leads.offer(cast.sam, cast.partnership_id)
        sam.open(PATH)
        with statements() as sent:
            sam.open(PATH)
        costs.append(len(sent))

    assert costs[0] == costs[1]
