"""A list of deals is the same however many parts it is read in, and reads no more than it shows."""

from datetime import timedelta

import pytest

from partnercrm.deals.queries import selling
from partnercrm.kernel import clock
from tests.cast import Cast, partnership
from tests.factories.deals import go, move, opened, register

ORDERS = ("close_on", "-close_on", "happened_at", "-happened_at")
FILTERS = ("", "&open=true", "&open=false", "&stage=qualified", "&open=true&stage=closed_lost", "&direction=received")


def test_every_filter_and_order_tells_the_same_in_parts_and_whole(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = partnership(cast.dana, cast.ines)
    stages = ("prospect", "qualified", "closed_lost", "qualified", "committed")
    for number, stage in enumerate(stages):
        on = (clock.now() + timedelta(days=9 - number % 3)).date().isoformat()
        account = {"name": f"Company {number}"}
        who = cast.gina if number % 2 else cast.dana
        made = opened(cast, who, account=account, close_on=on)
        if stage != "prospect":
            move(who, made, stage)
        go(cast.ines, register(cast.dana, elsewhere, account=account, close_on=on), "approve")

    def told() -> dict[str, list[str]]:
        return {
            f"{order}{filters}": _pages(cast, f"/deals?limit=4&sort={order}{filters}")
            for order in ORDERS
            for filters in (*FILTERS, f"&partnership_id={elsewhere}")
        }

    in_parts = told()
    monkeypatch.setattr(selling, "_MOST_PLACES", 0)

    assert in_parts == told()
    assert len(in_parts["close_on"]) == 2 * len(stages)
    assert len(in_parts["close_on&stage=qualified"]) == 2
    assert in_parts["close_on&open=true&stage=closed_lost"] == []


def _pages(cast: Cast, path: str) -> list[str]:
    found, cursor = [], ""
    while True:
        told = cast.dana.call("GET", f"{path}{cursor}", expect=200)
        found += [one["id"] for one in told["items"]]
        if told["next"] is None:
            return found
        cursor = f"&cursor={told['next']}"
