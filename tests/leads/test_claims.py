"""The claim check: from the record, to who asks alone, about themselves and what the report says anyway."""

from datetime import UTC, datetime, timedelta

from partnercrm.kernel import clock
from tests.cast import Cast
from tests.factories import leads
from tests.surfer import Surfer


def given_leads(cast: Cast) -> None:
    """Let Globex give four leads: Sam takes two and qualifies one, Dana qualifies one, one waits for Sam."""
    made = [leads.offer(cast.gina, cast.partnership_id)["id"] for _ in range(4)]
    for taker, one in ((cast.sam, made[0]), (cast.sam, made[1]), (cast.dana, made[2])):
        leads.step(taker, one, "accept")
    for taker, one in ((cast.sam, made[1]), (cast.dana, made[2])):
        leads.step(taker, one, "qualify")
    sam = {"user_id": str(cast.sam.actor.user_id)}
    cast.sam.call("POST", f"/offers/{made[3]}/assign", json=sam, expect=200)


def test_a_claim_is_checked_for_the_side_and_for_who_asks_and_shared_only_on_purpose(cast: Cast) -> None:
    path = f"/partnerships/{cast.partnership_id}/claim-check"
    nothing = cast.sam.call("GET", path, expect=200)
    assert (nothing["partner"], nothing["given"]["offered"], nothing["mine"]["qualified"]) == ("Globex", 0, 0)
    given_leads(cast)
    before = cast.ada.call("GET", "/activities?limit=200", expect=200)

    mine, hers = (player.call("GET", path, expect=200) for player in (cast.sam, cast.dana))

    side = {"offered": 4, "accepted": 3, "qualified": 2, "won": 0, "waiting": 1}
    report = cast.sam.call("GET", f"/partnerships/{cast.partnership_id}/reciprocity", expect=200)
    told = next(one for one in report["organizations"] if one["name"] == "Globex")["given"]
    assert {name: told[name] for name in ("offered", "accepted", "qualified", "won")} | {"waiting": 1} == side
    assert mine["given"] == hers["given"]
    assert mine["given"] | side == mine["given"]
    counts = ("asked_first", "accepted", "qualified", "won")
    assert [mine["mine"][name] for name in counts] == [1, 2, 1, 0]
    assert [hers["mine"][name] for name in counts] == [0, 1, 1, 0]
    assert mine["mine"]["median_seconds"] is not None
    assert cast.gina.call("GET", path, expect=200)["given"]["offered"] == 0
    cast.ines.call("GET", path, expect=404)
    assert cast.ada.call("GET", "/activities?limit=200", expect=200) == before

    sam = Surfer.signed_in(cast.app, cast.sam.email)
    assert "One lead from Globex that you took on was qualified." in sam.open(path).text
    assert "claim-check" in sam.open(f"/partnerships/{cast.partnership_id}/reciprocity").text
    assert sam.send(f"{path}/share", {}, shown_on=path).status_code == 422
    opened = sam.send(f"{path}/share", {"claim": "What keeps them?"}, shown_on=path).headers["Location"]
    entries = cast.gina.call("GET", f"{opened}/entries", expect=200)["items"]
    shown = next(one for one in entries if one["kind"] == "evidence")["facts"]
    assert {one["name"]: one["value"] for one in shown} == {
        "Given": "4",
        "Accepted": "3",
        "Qualified": "2",
        "Won": "0",
        "Waiting for an answer": "1",
    }


def test_of_an_even_number_the_middle_is_the_one_the_report_tells(cast: Cast) -> None:
    begun = datetime.now(UTC) - timedelta(days=3)
    for hours in (1, 3):
        with clock.at(begun):
            made = leads.offer(cast.gina, cast.partnership_id)["id"]
        with clock.at(begun + timedelta(hours=hours)):
            leads.step(cast.sam, made, "accept")

    found = cast.sam.call("GET", f"/partnerships/{cast.partnership_id}/claim-check", expect=200)

    assert (found["mine"]["median_seconds"], found["given"]["median_seconds"]) == (3600, 3600)
