"""The figures of the reciprocity report: responses, reasons, values and months, told alike to both sides."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from partnercrm.kernel import clock
from tests.cast import Cast, Player, partnership
from tests.factories import leads

TENTH = datetime(2026, 1, 10, 10, tzinfo=UTC)
FEBRUARY = datetime(2026, 2, 1, 9, tzinfo=UTC)
NONE_OPEN = {"expired": 0, "waiting": 0, "overdue": 0}


def offered_at(giver: Player, moment: datetime, cast: Cast) -> dict[str, Any]:
    with clock.at(moment):
        return leads.offer(giver, cast.partnership_id)


def told_at(player: Player, made: dict[str, Any], moment: datetime, verb: str, **body: Any) -> None:
    with clock.at(moment):
        leads.step(player, made["id"], verb, **body)


def win(player: Player, made: dict[str, Any], moment: datetime, amount: str, currency: str) -> None:
    for verb in ("accept", "qualify", "convert"):
        told_at(player, made, moment, verb)
    told_at(player, made, moment, "win", value={"amount": amount, "currency": currency})


@pytest.fixture
def told(cast: Cast) -> dict[str, Any]:
    """A report of a January in which Acme gave four leads and a February in which Globex gave three."""
    accepted, late, unfit, _open = (offered_at(cast.sam, TENTH, cast) for _ in range(4))
    told_at(cast.gina, accepted, TENTH + timedelta(hours=1), "accept")
    told_at(cast.gina, unfit, TENTH + timedelta(hours=2), "decline", reason="no_fit")
    told_at(cast.gina, late, TENTH + timedelta(hours=49), "decline", reason="no_capacity")
    for amount, currency in (("100.10", "EUR"), ("0.05", "EUR"), ("5000", "JPY")):
        win(cast.sam, offered_at(cast.gina, FEBRUARY, cast), FEBRUARY + timedelta(minutes=30), amount, currency)
    report: dict[str, Any] = cast.dana.call("GET", f"/partnerships/{cast.partnership_id}/reciprocity", expect=200)
    return report


def side(report: dict[str, Any], name: str) -> dict[str, Any]:
    [found] = [one for one in report["organizations"] if one["name"] == name]
    assert isinstance(found, dict)
    return found


def test_every_figure_of_a_side_is_counted_from_its_steps(told: dict[str, Any]) -> None:
    acme, globex = side(told, "Acme"), side(told, "Globex")

    counts = {name: count for name, count in acme["given"].items() if count}
    assert counts == {"offered": 4, "accepted": 1, "declined": 2}
    counts = {name: count for name, count in globex["given"].items() if count}
    assert counts == dict.fromkeys(("offered", "accepted", "qualified", "converted", "won"), 3)
    assert globex["responses"] == {
        "answered": 3,
        "in_time": 2,
        "median_seconds": 7200,
        **NONE_OPEN,
        "waiting": 1,
        "overdue": 1,
    }
    assert acme["responses"] == {"answered": 3, "in_time": 3, "median_seconds": 1800, **NONE_OPEN}
    assert acme["declined_for"] == [{"reason": "no_capacity", "count": 1}, {"reason": "no_fit", "count": 1}]
    assert (acme["won_values"], globex["declined_for"]) == ([], [])


def test_values_are_summed_exactly_and_by_currency(told: dict[str, Any]) -> None:
    globex = side(told, "Globex")
    assert globex["won_values"] == [
        {"amount": "100.15", "currency": "EUR"},
        {"amount": "5000", "currency": "JPY"},
    ]
    assert globex["won_in_bands"] == 0


def test_the_exchange_is_seen_from_the_first_organization_by_each_measure(told: dict[str, Any]) -> None:
    acme_first = told["organizations"][0]["name"] == "Acme"
    by_measure = {one.pop("measure"): one for one in told["exchanges"]}

    assert by_measure["offered"] == {
        "first": 4 if acme_first else 3,
        "second": 3 if acme_first else 4,
        "share_first_percent": "57.1" if acme_first else "42.9",
        "balance": "0.8571",
        "net": "0.1429" if acme_first else "-0.1429",
        "ratio": "1.3333" if acme_first else "0.7500",
    }
    won = by_measure["won"]
    assert (won["balance"], won["ratio"]) == ("0.0000", "0.0000" if acme_first else None)


def test_months_follow_what_happened_in_utc(told: dict[str, Any]) -> None:
    places = [one["name"] for one in told["organizations"]]
    by_month = {
        month["month"]: {name: month[place] for name, place in zip(places, ("first", "second"), strict=True)}
        for month in told["months"]
    }

    counts = ("offered", "accepted", "qualified", "credited", "won")
    nothing = dict.fromkeys(counts, 0) | {"restored": 0, "accepted_again": 0, "won_values": [], "won_in_bands": 0}
    won = [{"amount": "100.15", "currency": "EUR"}, {"amount": "5000", "currency": "JPY"}]
    assert by_month == {
        "2026-01": {"Acme": nothing | {"offered": 4, "accepted": 1}, "Globex": nothing},
        "2026-02": {"Acme": nothing, "Globex": nothing | dict.fromkeys(counts, 3) | {"won_values": won}},
    }


def test_where_values_are_told_in_bands_none_is_summed(cast: Cast) -> None:
    in_bands = partnership(cast.dana, cast.ines, value_disclosure="band")
    made = leads.offer(cast.dana, in_bands)
    win(cast.ines, made, datetime.now(UTC), "12345.67", "EUR")

    for player in (cast.dana, cast.ines):
        answer = player.response("GET", f"/partnerships/{in_bands}/reciprocity")
        acme = side(answer.json, "Acme")
        assert (acme["won_values"], acme["won_in_bands"]) == ([], 1)
        assert "12345" not in answer.text


def test_an_exchange_that_has_not_begun_has_no_figures(cast: Cast) -> None:
    report = cast.gina.call("GET", f"/partnerships/{cast.partnership_id}/reciprocity", expect=200)

    assert report["months"] == []
    for exchange in report["exchanges"]:
        assert [exchange[name] for name in ("share_first_percent", "balance", "net", "ratio")] == [None] * 4
    for one in report["organizations"]:
        assert one["responses"] == {"answered": 0, "in_time": 0, "median_seconds": None, **NONE_OPEN}


def test_only_members_of_a_living_partnership_read_its_report(cast: Cast) -> None:
    path = f"/partnerships/{cast.partnership_id}/reciprocity"
    for outsider in (cast.nora, cast.ines):
        outsider.call("GET", path, expect=403 if not outsider.actor.has("reports:read") else 404)
    cast.ada.call("GET", path, expect=403)
