"""The lists of the demo's fairs: one is entered, the next is read by the mapping that was remembered."""

from partnercrm.demo import fair
from partnercrm.kernel import clock
from tests.cast import Cast


def test_the_second_list_is_read_as_the_first_was(cast: Cast) -> None:
    fair.bring_lists(cast.sam.actor, clock.now())

    waiting, entered = cast.sam.call("GET", "/imports", expect=200)["items"]

    assert (entered["state"], entered["entered"], entered["wrong"]) == ("applied", 4, 0)
    assert waiting["state"] == "ready"
    for name in ("mapping", "encoding", "delimiter", "decimal_mark", "date_form"):
        assert waiting[name] == entered[name], name
    rows = cast.sam.call("GET", f"/imports/{waiting['id']}/preview", expect=200)["rows"]
    assert [row["outcome"] for row in rows] == ["updated", "unchanged", "new", "wrong"]
    leads = {lead["external_id"]: lead for lead in cast.sam.call("GET", "/leads", expect=200)["items"]}
    assert (leads["F-101"]["company_name"], leads["F-102"]["need"]) == ("Jörvel Optik", "Kite Pro")
    assert leads["F-102"]["value"] == {"amount": "5150.50", "currency": "EUR"}
