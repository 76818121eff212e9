"""The demo's lists: a fair's exhibitors that are here already, found as duplicates; how their file is read is kept."""

from partnercrm.demo import listing, markets
from partnercrm.kernel import clock
from tests.cast import Cast, Player
from tests.factories import imports

HEADER = "Aussteller-Nr;Firma;Webseite;Ort;Land;Branche\n"


def synchronised(player: Player) -> list[dict[str, object]]:
    listed = [one for one in markets.lists()["acme"] if one["web_domains"] and one["city"]][:20]
    known = ("connector", "external_id", "name", "city", "country", "industry", "web_domains", "relationship")
    items = [{name: one[name] for name in known} for one in listed]
    player.call("POST", "/accounts/bulk", json={"accounts": items}, expect=200)
    return listed


def test_exhibitors_that_are_here_already_are_proposed_as_duplicates(cast: Cast) -> None:
    listed = synchronised(cast.dana)

    listing.keep(cast.dana.actor, listed, clock.now())

    pairs = cast.dana.call("GET", "/account-pairs", expect=200)["items"]
    assert len(pairs) == 6
    assert all(
        {"autumn-fair", "crm"} == {one["connector"] for one in (pair["first"], pair["second"])} for pair in pairs
    )
    [segment] = cast.dana.call("GET", "/populations", expect=200)["items"]
    assert segment["criteria"]["country"] == ["AT", "DE"]
    again = imports.sent(cast.dana, "", HEADER, kind="accounts", connector="autumn-fair", mapping="")
    assert "name=Firma" in again["mapping"]
