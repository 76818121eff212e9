"""Teams of both sides, what they write about a deal, and who is told of it."""

import re
from html import unescape

import pytest
from flask import Flask

from tests.cast import Cast, Player
from tests.factories import notices
from tests.factories.deals import ago, attached, change, move, opened, written
from tests.factories.notices import Errands
from tests.surfer import Surfer


def member_id(cast: Cast, player: Player) -> str:
    members = cast.dana.call("GET", f"/partnerships/{cast.partnership_id}", expect=200)["members"]
    return next(one["id"] for one in members if one["name"].lower() in player.email)


def test_each_side_names_its_own_team_and_both_read_one(cast: Cast) -> None:
    made = opened(cast, cast.sam)
    path = f"/deals/{made['id']}/team"
    sam, gina, dana = (member_id(cast, one) for one in (cast.sam, cast.gina, cast.dana))

    cast.sam.call("POST", path, json={"member_ids": [sam, dana]}, expect=200)
    named = cast.hank.call("POST", path, json={"member_ids": [gina]}, expect=200)

    assert {one["name"] for one in named["people"]} == {"Sam", "Dana", "Gina"}
    assert cast.sam.call("GET", path, expect=200) == named
    refused = cast.sam.call("POST", path, json={"member_ids": [gina]}, expect=422)
    assert refused["errors"][0]["field"] == "member_ids"
    left = cast.dana.call("POST", path, json={"member_ids": [sam]}, expect=200)["people"]
    assert {one["name"] for one in left} == {"Sam", "Gina"}
    assert cast.sam.call("GET", "/deals?mine=true", expect=200)["items"]
    assert [one["id"] for one in cast.gina.call("GET", "/deals?mine=true", expect=200)["items"]] == [made["id"]]
    for stranger in (cast.ines, cast.nora):
        stranger.call("GET", path, expect=404)
        stranger.call("GET", f"/deals/{made['id']}/entries", expect=404)


def test_who_writes_joins_who_works_on_it_is_mentioned_and_told_and_nobody_else(cast: Cast, errands: Errands) -> None:
    made = opened(cast, cast.sam)
    sam, hank = member_id(cast, cast.sam), member_id(cast, cast.hank)
    path = f"/deals/{made['id']}/entries"
    written(cast.sam, made)

    wrong = {"kind": "comment", "text": "Look.", "mentioned": [hank], "due_on": "2040-01-31"}
    refused = cast.gina.call("POST", path, json=wrong, expect=422)
    written(cast.gina, made, text="Can they see it on Monday?", mentioned=[sam])
    errands.run("notices.tell")

    assert {one["field"] for one in refused["errors"]} == {"mentioned", "due_on"}
    assert notices.told(cast.sam)[0] == "deal.commented"
    for other in (cast.dana, cast.gina, cast.hank):
        assert not {one for one in notices.told(other) if one == "deal.commented"}
    read = [one.call("GET", path, expect=200)["items"] for one in (cast.sam, cast.gina)]
    assert read[0] == read[1]
    assert [one["author"]["name"] for one in read[0]] == ["Gina", "Sam"]


def test_a_next_step_is_done_by_either_side_and_a_comment_never(cast: Cast) -> None:
    made = opened(cast, cast.sam)
    step = written(cast.sam, made, "next_step", due_on="2040-01-31")
    said = written(cast.sam, made)

    done = cast.gina.call("POST", f"/deal-entries/{step['id']}/finish", expect=200)

    assert cast.sam.call("POST", f"/deal-entries/{step['id']}/finish", expect=200) == done
    assert cast.gina.call("POST", f"/deal-entries/{said['id']}/finish", expect=409)["code"] == "not_a_next_step"
    cast.ines.call("POST", f"/deal-entries/{step['id']}/finish", expect=404)
    still = cast.sam.call("GET", f"/deals/{made['id']}/entries?kind=next_step&open=true", expect=200)["items"]
    assert still == []


def test_both_teams_work_on_one_page(app: Flask, cast: Cast) -> None:
    made = opened(cast, cast.sam)
    page = f"/deals/{made['id']}"
    sam, gina = Surfer.signed_in(app, "sam@acme.example"), Surfer.signed_in(app, "gina@globex.example")

    assert sam.send(f"{page}/team", {"member_ids": member_id(cast, cast.sam)}, shown_on=page).status_code == 303
    assert (
        sam.send(f"{page}/step", {"step": "Show it to them.", "due_on": "2020-01-01"}, shown_on=page).status_code == 303
    )
    comment = {"text": "They agreed to Monday.", "mentioned": member_id(cast, cast.sam)}
    assert gina.send(f"{page}/comment", comment, shown_on=page).status_code == 303
    assert gina.send(f"{page}/comment", {"text": ""}, shown_on=page).status_code == 422

    shown = sam.open(page).text
    for words in (
        "Show it to them.",
        "overdue",
        "They agreed to Monday.",
        "@Sam",
        "Gina",
        f'value="{member_id(cast, cast.sam)}" checked',
    ):
        assert words in shown
    [step] = cast.sam.call("GET", f"{page}/entries?kind=next_step", expect=200)["items"]
    assert gina.send(f"/deal-entries/{step['id']}/finish", {}, shown_on=page).status_code == 303
    after = gina.open(page).text
    assert f"/deal-entries/{step['id']}/finish" not in after
    assert after.count("Show it to them.") == 1
    assert gina.open(f"/deal-entries/{step['id']}").status_code == 200


def test_one_timeline_tells_all_that_happened_in_its_order_part_by_part(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = opened(cast, cast.sam)
    page = f"/deals/{made['id']}"
    written(cast.gina, made, text="They agreed to Monday.")
    moved = move(cast.sam, made, "qualified")
    met = {"kind": "need_confirmed", "happened_at": ago(30).isoformat()}
    cast.gina.call("POST", f"{page}/log", json=met, expect=201)
    attached(cast.sam, made, "Offer.txt")
    change(cast.gina, moved, close_on="2040-01-31")
    told = ("approved the registration", "They agreed", "moved it", "need, ", "Offer.txt</a></p>", "Jan 31, 2040")
    sam, gina = Surfer.signed_in(app, "sam@acme.example"), Surfer.signed_in(app, "gina@globex.example")

    def timeline(surfer: Surfer, path: str) -> str:
        return surfer.open(path).text.partition('id="timeline"')[2]

    whole = timeline(gina, page)
    places = [whole.index(words) for words in told]
    assert places == sorted(places, reverse=True)
    monkeypatch.setattr("partnercrm.deals.pages.selling._OF_ONE", 2)
    path, parts = page, []
    while path:
        part = timeline(sam, path)
        parts.append([words for words in reversed(told) if words in part])
        path = next((unescape(one) for one in re.findall(r'href="([^"]*before=[^"]*)"', part)), "")
    assert parts == [list(told[5:3:-1]), list(told[3:1:-1]), list(told[1::-1])]
    assert sam.open(f"{page}?before=soon").status_code == 422
    assert Surfer.signed_in(app, "ines@initech.example").open(f"{page}?before=2040-01-01T00:00:00Z").status_code == 404
