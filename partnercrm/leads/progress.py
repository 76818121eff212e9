"""How far an offered lead has come, as a row of stations: pure."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from partnercrm.leads.lifecycle import OfferStatus

WAY: Final = (
    OfferStatus.OFFERED,
    OfferStatus.ACCEPTED,
    OfferStatus.QUALIFIED,
    OfferStatus.CONVERTED,
    OfferStatus.WON,
)


class Station(NamedTuple):
    """One station: `done` behind the lead, `now`, `ahead`, or `ended` where the way stopped."""

    status: OfferStatus
    state: str


def stations(steps: Sequence[OfferStatus]) -> list[Station]:
    """Return the stations for the steps taken so far, in their order; `steps` begins with `offered`."""
    present = steps[-1]
    behind = [Station(status, "done") for status in steps[:-1]]
    if present not in WAY:
        return [*behind, Station(present, "ended")]
    ahead = [Station(status, "ahead") for status in WAY[WAY.index(present) + 1 :]]
    return [*behind, Station(present, "now"), *ahead]
