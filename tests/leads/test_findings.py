"""What the report says beyond its figures: intervals, verdicts at the end of agreed windows, the same to both sides."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from partnercrm.kernel import clock
from partnercrm.leads.queries.verdicts import agreed_since
from partnercrm.partnerships.measures import Measure
from tests.cast import Cast, Player
from tests.factories import leads, terms
from tests.surfer import Surfer

NOW = datetime.now(UTC)
THIS_MONTH = NOW.replace(day=1, hour=0, minute=0)
LAST_MONTH = (THIS_MONTH - timedelta(days=1)).replace(day=15)


def agreed(cast: Cast, **changed: Any) -> None:
    with clock.at(LAST_MONTH - timedelta(days=45)):
        terms.agree(cast, **changed)


def give(giver: Player, taker: Player, cast: Cast, number: int, moment: datetime, **fields: Any) -> None:
    with clock.at(moment):
        for place in range(number):
            made = leads.offer(giver, cast.partnership_id, need=f"Kite {place}", **fields)
            leads.step(taker, made["id"], "accept")


def report(player: Player, cast: Cast) -> dict[str, Any]:
    found: dict[str, Any] = player.call("GET", f"/partnerships/{cast.partnership_id}/reciprocity", expect=200)
    return found


def acme_first(told: dict[str, Any]) -> bool:
    return told["organizations"][0]["name"] == "Acme"


def test_a_window_that_ended_has_a_verdict_and_the_one_that_runs_has_figures(cast: Cast) -> None:
    agreed(cast, window_months=1)
    give(cast.sam, cast.gina, cast, 12, LAST_MONTH)
    give(cast.gina, cast.sam, cast, 1, THIS_MONTH)

    told = report(cast.hank, cast)
    ended, present = told["findings"]["ended"], told["findings"]["present"]
    acme = next(one["organization_id"] for one in told["organizations"] if one["name"] == "Acme")

    assert (ended["first_month"], ended["last_month"]) == (f"{LAST_MONTH:%Y-%m}",) * 2
    assert (ended["verdict"], ended["ahead"]) == ("ahead", acme)
    assert ended["first" if acme_first(told) else "second"] == 12
    assert ended["share_first_percent"] == ("100.0" if acme_first(told) else "0.0")
    assert present["first_month"] == present["last_month"] == f"{NOW:%Y-%m}"
    assert (present["verdict"], present["ahead"], present["first"] + present["second"]) == (None, None, 1)
    assert present["evidence"] == {"first": "1.00", "second": "1.00", "needed": "80.00"}


def test_both_sides_read_the_same_findings(cast: Cast) -> None:
    agreed(cast, window_months=1)
    give(cast.sam, cast.gina, cast, 3, LAST_MONTH, company_name="Northwind")
    give(cast.gina, cast.sam, cast, 2, LAST_MONTH)
    as_of = {"as_of": report(cast.dana, cast)["as_of"]}
    path = f"/partnerships/{cast.partnership_id}/reciprocity"

    ours, theirs = (player.response("GET", path, query_string=as_of) for player in (cast.dana, cast.hank))

    assert ours.data == theirs.data
    assert ours.json["findings"]["ended"]["verdict"] in {"within_tolerance_so_far", "too_few_to_tell"}


def test_leads_of_one_company_are_worth_less_than_leads_of_many(cast: Cast) -> None:
    give(cast.sam, cast.gina, cast, 4, NOW, company_name="Northwind")
    give(cast.gina, cast.sam, cast, 4, NOW)

    found = report(cast.hank, cast)["findings"]

    assert found["effective_leads"] == "3.2"
    low, high = (float(found["interval"][end]) for end in ("low_percent", "high_percent"))
    assert high - low > 50
    assert low + high == pytest.approx(100, abs=30)
    assert [chance["share_percent"] for chance in found["chances"]] == [70, 70]
    assert found["chances"][0]["found_percent"] == found["chances"][1]["found_percent"]


def test_the_aged_share_leans_to_whoever_gave_of_late(cast: Cast) -> None:
    agreed(cast)
    give(cast.sam, cast.gina, cast, 1, LAST_MONTH)
    give(cast.gina, cast.sam, cast, 1, THIS_MONTH)

    told = report(cast.hank, cast)
    acme = [1 / (1 + 2 ** (1 / half_life)) for half_life in (3, 6, 12)]

    shares = {one["half_life_months"]: one["share_first_percent"] for one in told["findings"]["aged"]}
    expected = [f"{100 * (share if acme_first(told) else 1 - share):.1f}" for share in acme]
    assert shares == dict(zip((3, 6, 12), expected, strict=True))


def test_without_a_lead_nothing_is_said(cast: Cast) -> None:
    found = report(cast.gina, cast)["findings"]

    assert (found["interval"], found["ended"], found["effective_leads"]) == (None, None, "0.0")
    assert found["present"]["last_month"] is None
    assert {one["share_first_percent"] for one in found["aged"]} == {None}


def test_completed_months_speak_before_the_window_ends_when_they_leave_no_doubt(app: Flask, cast: Cast) -> None:
    agreed(cast, window_months=36, tolerance_points=0)
    give(cast.sam, cast.gina, cast, 40, LAST_MONTH)
    told = report(cast.hank, cast)
    present = told["findings"]["present"]
    page = Surfer.signed_in(app, "hank@globex.example").open(f"/partnerships/{cast.partnership_id}/reciprocity").text

    assert present["verdict"] == "ahead"
    assert float(present["evidence"]["first" if acme_first(told) else "second"]) >= 80
    assert "Already clear from its completed months: Next to give: Globex." in page
    assert "With so many that count, the share is back within the agreed tolerance." in page


def test_the_page_tells_what_fewer_and_more_leads_can_find_as_the_docs_do(app: Flask, cast: Cast) -> None:
    agreed(cast, window_months=3, tolerance_points=10)
    give(cast.sam, cast.gina, cast, 1, LAST_MONTH)
    documented = (Path(__file__).parents[2] / "docs" / "power.md").read_text().split("tolerated 10 points")[1]
    row = next(line for line in documented.splitlines() if line.startswith("| 40 |"))

    page = Surfer.signed_in(app, "hank@globex.example").open(f"/partnerships/{cast.partnership_id}/reciprocity").text

    [shown] = [line for line in page.splitlines() if '<th scope="row" class="number">40</th>' in line]
    assert shown.count(f"found in {row.split('|')[4].strip()}") == 2


@pytest.mark.parametrize(
    ("given", "taken", "words"),
    [
        (12, 0, "Next to give: Globex. More than chance"),
        (0, 12, "Next to give: Acme. More than chance"),
        (2, 2, "Within tolerance so far"),
        (3, 1, "Too few leads to tell a cause from chance."),
    ],
)
def test_the_page_speaks_of_causes_and_whose_turn_it_is(
    app: Flask, cast: Cast, given: int, taken: int, words: str
) -> None:
    agreed(cast, window_months=1)
    give(cast.sam, cast.gina, cast, given, LAST_MONTH)
    give(cast.gina, cast.sam, cast, taken, LAST_MONTH)
    give(cast.sam, cast.gina, cast, 1, THIS_MONTH)

    page = Surfer.signed_in(app, "dana@acme.example").open(f"/partnerships/{cast.partnership_id}/reciprocity").text

    assert words in page
    assert "1 lead counts so far. The verdict is spoken at its end" in page
    assert "of 100 such windows" in page
    assert not any(word in page.lower() for word in ("owes", "winner", "loser", "guilt"))


def test_where_the_agreed_share_is_uneven_each_side_has_a_chance_of_its_own(app: Flask, cast: Cast) -> None:
    agreed(cast, share_given_percent=70, tolerance_points=10)
    give(cast.sam, cast.gina, cast, 2, NOW, company_name="Northwind")
    told = report(cast.dana, cast)
    page = Surfer.signed_in(app, "dana@acme.example").open(f"/partnerships/{cast.partnership_id}/reciprocity").text

    [first, second] = told["findings"]["chances"]
    assert {first["share_percent"], second["share_percent"]} == {90, 50}
    for name, share in (("Acme", 90), ("Globex", 50)):
        assert f"a true {share} % from {name} would be found in 0" in page
    assert "With 2 leads (which tell as much as 1 that came alone)" in page
    assert "A verdict is spoken once its completed months leave no doubt." in page


def test_a_band_nobody_can_leave_by_far_has_no_chance_to_tell(app: Flask, cast: Cast) -> None:
    agreed(cast, tolerance_points=49)
    give(cast.sam, cast.gina, cast, 1, NOW)
    page = Surfer.signed_in(app, "dana@acme.example").open(f"/partnerships/{cast.partnership_id}/reciprocity").text

    assert report(cast.dana, cast)["findings"]["chances"] == []
    assert "What can be found" not in page


@dataclass
class Agreed:
    """As much of agreed terms as a verdict rests on."""

    version: int
    month: int
    share_given_percent: int = 50
    tolerance_points: int = 10
    measure: Measure = Measure.ACCEPTED
    window_months: int | None = 12

    @property
    def effective_at(self) -> datetime:
        return datetime(2026, self.month, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("versions", "month"),
    [
        ([Agreed(1, 3)], 3),
        ([Agreed(1, 3), Agreed(2, 5)], 3),
        ([Agreed(1, 3), Agreed(2, 5, tolerance_points=5)], 5),
        ([Agreed(1, 3), Agreed(2, 5, share_given_percent=60), Agreed(3, 6, share_given_percent=60)], 5),
        ([Agreed(1, 3), Agreed(2, 5, measure=Measure.WON), Agreed(3, 6)], 6),
        ([Agreed(1, 3), Agreed(2, 5, window_months=None), Agreed(3, 4)], 3),
        ([Agreed(1, 3), Agreed(2, 9, window_months=6)], 3),
        ([Agreed(1, 9)], 9),
    ],
)
def test_windows_begin_when_what_a_verdict_rests_on_was_agreed(versions: list[Agreed], month: int) -> None:
    since = agreed_since(versions, datetime(2026, 8, 1, tzinfo=UTC))  # type: ignore[arg-type]

    assert since.month == month
