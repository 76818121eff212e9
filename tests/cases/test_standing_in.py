"""Whoever stands in for a colleague settles their cases; the other side reads the colleague, and no absence."""

from datetime import timedelta

from flask import Flask

from partnercrm.kernel import clock
from tests.cast import Cast, Player
from tests.factories import cases, leads
from tests.surfer import Surfer

CLAIM = {"claim": "They asked us for an offer on Monday."}


def stand_in(absent: Player, deputy: Player) -> str:
    """Let a colleague stand in from today on; return the entry's id."""
    today = clock.now().date()
    days = {"from_on": str(today), "to_on": str(today + timedelta(days=3))}
    named = absent.call("POST", "/deputies", json={"deputy_id": str(deputy.actor.user_id), **days}, expect=201)
    return str(named["id"])


def owners(player: Player, case_id: str) -> list[str]:
    return [owner["name"] for owner in player.call("GET", f"/cases/{case_id}", expect=200)["owners"]]


def test_a_deputy_contests_opens_speaks_proposes_agrees_and_closes(cast: Cast) -> None:
    offered = leads.offer_at(cast, "disqualified")
    stand_in(cast.sam, cast.nora)

    cast.nora.call("POST", f"/offers/{offered['id']}/contest", json=CLAIM, expect=200)
    opened = cases.case(cast.nora, cast)["id"]
    asked = cases.case(cast.gina, cast)["id"]
    cases.say(cast.nora, asked)
    cases.propose(cast.nora, asked)
    proposal = cases.propose(cast.gina, opened)["proposal_id"]
    cast.nora.call("POST", f"/cases/{opened}/agree", json={"proposal_id": proposal}, expect=200)
    cast.nora.call("POST", f"/cases/{opened}/close", expect=200)

    [contested] = [one["id"] for one in cast.gina.call("GET", "/cases?kind=lead_disqualified", expect=200)["items"]]
    for case_id, expected in ((contested, ["Sam"]), (asked, ["Gina", "Sam"])):
        assert sorted(owners(cast.gina, case_id)) == expected
        timeline = cast.gina.response("GET", f"/cases/{case_id}/entries").text
        for told in (cast.gina.response("GET", f"/cases/{case_id}").text, timeline):
            assert str(cast.nora.actor.user_id) not in told
            assert "Nora" not in told


def test_a_member_who_stands_in_for_the_owner_decides_and_no_other_member_does(cast: Cast) -> None:
    opened = cases.case(cast.sam, cast)["id"]
    proposal = {"outcome": "arranged", "reasons": "The calendar was wrong."}
    path = f"/cases/{opened}/propose"
    assert cast.dana.call("POST", path, json=proposal, expect=409)["code"] == "case_in_other_hands"

    entry = stand_in(cast.sam, cast.dana)

    cast.dana.call("POST", path, json=proposal, expect=200)
    cast.sam.call("POST", path, json=proposal, expect=200)
    assert owners(cast.sam, opened) == ["Sam"]
    cast.sam.call("POST", f"/deputies/{entry}/end", expect=200)
    cast.dana.call("POST", path, json=proposal, expect=409)


def test_a_deputy_hands_over_and_reads_nothing_once_the_absence_is_over(cast: Cast) -> None:
    opened = cases.case(cast.sam, cast)["id"]
    entry = stand_in(cast.sam, cast.nora)
    members = cast.dana.call("GET", f"/partnerships/{cast.partnership_id}", expect=200)["members"]
    [dana] = [member["id"] for member in members if member["name"] == "Dana"]

    cast.nora.call("POST", f"/cases/{opened}/hand-over", json={"member_id": dana}, expect=200)

    assert owners(cast.gina, opened) == ["Dana"]
    cast.nora.call("POST", f"/cases/{opened}/propose", json={"outcome": "stands", "reasons": "No."}, expect=409)
    cast.sam.call("POST", f"/deputies/{entry}/end", expect=200)
    cast.nora.call("POST", f"/cases/{opened}/statements", json={"text": "Late."}, expect=404)


def test_a_deputy_contests_and_answers_on_the_pages(app: Flask, cast: Cast) -> None:
    offered = leads.offer_at(cast, "disqualified")
    asked = cases.case(cast.gina, cast)["id"]
    opened = cases.case(cast.sam, cast)["id"]
    stand_in(cast.sam, cast.nora)
    nora = Surfer.signed_in(app, cast.nora.email)

    answers = [
        nora.send(f"/offers/{offered['id']}/contest", CLAIM, shown_on=f"/offers/{offered['id']}"),
        nora.send(f"/cases/{asked}/statements", {"text": "We look."}, shown_on=f"/cases/{asked}"),
        nora.send(f"/cases/{opened}/propose", {"outcome": "stands", "reasons": "So."}, shown_on=f"/cases/{opened}"),
    ]

    assert [answer.status_code for answer in answers] == [303, 303, 303]
    page = Surfer.signed_in(app, cast.gina.email).open(f"/cases/{asked}").text
    assert "Nora" not in page
    assert "Sam" in page
