"""How far an offered lead has come."""

from hypothesis import given
from hypothesis import strategies as st

from partnercrm.leads.lifecycle import STEPS, OfferStatus
from partnercrm.leads.progress import WAY, Station, stations


def test_an_open_offer_has_the_whole_way_ahead() -> None:
    assert stations([OfferStatus.OFFERED]) == [
        Station(OfferStatus.OFFERED, "now"),
        *(Station(status, "ahead") for status in WAY[1:]),
    ]


def test_a_way_that_stopped_ends_there() -> None:
    assert stations([OfferStatus.OFFERED, OfferStatus.ACCEPTED, OfferStatus.DISQUALIFIED]) == [
        Station(OfferStatus.OFFERED, "done"),
        Station(OfferStatus.ACCEPTED, "done"),
        Station(OfferStatus.DISQUALIFIED, "ended"),
    ]


def test_a_won_lead_has_nothing_ahead() -> None:
    assert stations(WAY)[-1] == Station(OfferStatus.WON, "now")


@given(st.data())
def test_every_legal_way_has_one_present_station(data: st.DataObject) -> None:
    steps = [OfferStatus.OFFERED]
    while nexts := [step.after for step in STEPS if step.before is steps[-1]]:
        if not data.draw(st.booleans()):
            break
        steps.append(data.draw(st.sampled_from(nexts)))

    found = stations(steps)

    assert [station.status for station in found[: len(steps)]] == steps
    assert sum(station.state in {"now", "ended"} for station in found) == 1
