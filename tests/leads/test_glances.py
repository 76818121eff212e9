"""Exchanges at a glance: how each stands, and what to do next."""

from datetime import UTC, datetime, timedelta

from flask import Flask

from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions.drifting import read_months
from tests.cast import Cast, partnership
from tests.factories import leads, terms
from tests.house.test_lists import statements
from tests.leads.test_claiming import claimed
from tests.leads.test_contesting import settle
from tests.surfer import Surfer

NOW = datetime.now(UTC)
LAST_MONTH = (NOW.replace(day=1) - timedelta(days=1)).replace(day=15)


def test_whoever_oversees_reads_share_verdict_turn_and_what_their_side_does_next(app: Flask, cast: Cast) -> None:
    with clock.at(LAST_MONTH - timedelta(days=45)):
        terms.agree(cast, window_months=1, tolerance_points=5, trust_advance=20)
    for moment in (LAST_MONTH, NOW.replace(day=1, hour=0)):
        with clock.at(moment):
            for _ in range(8):
                leads.step(cast.gina, leads.offer(cast.sam, cast.partnership_id)["id"], "accept")
    with clock.at(NOW - timedelta(days=4)):
        late = leads.offer(cast.sam, cast.partnership_id)
    for player in (cast.dana, cast.hank):
        read_months(Actor.system(player.actor.organization_id))

    pages = [Surfer.signed_in(app, email).open("/").text for email in ("dana@acme.example", "hank@globex.example")]

    for page in pages:
        assert "<strong>100 %</strong>" in page
        assert "Next to give: Globex (7)" in page
        assert "More than chance moved the share." in page
        assert "the fact sheet is filled" in page
        assert "Your side may give" in page
    ours, theirs = pages
    assert "Answer 1 lead from Acme: the agreed time has passed" in theirs
    assert "Give Acme 7 leads: it is your turn" in theirs
    assert "Ask Globex for 1 answer that is late" in ours
    assert "it is your turn" not in ours
    assert late["need"] in theirs


def test_another_partnership_costs_no_further_statements(app: Flask, cast: Cast) -> None:
    dana = Surfer.signed_in(app, "dana@acme.example")
    costs = []
    for another in (False, True):
        if another:
            partnership(cast.dana, cast.ines)
        dana.open("/")
        with statements() as sent:
            assert "No lead counts for the share yet." in dana.open("/").text
        costs.append(len(sent))

    assert costs[0] == costs[1]


def test_a_row_of_the_report_leads_to_the_leads_behind_it(app: Flask, cast: Cast) -> None:
    leads.offer(cast.sam, cast.partnership_id, need="Rails", industry="Rail", country="DE")
    leads.offer(cast.gina, cast.partnership_id, need="Bread", industry="Food", country="AT")
    hank = Surfer.signed_in(app, "hank@globex.example")
    path = f"/partnerships/{cast.partnership_id}"

    report = hank.open(f"{path}/reciprocity?by=industry&measure=offered").text
    assert f"{path}/leads?measure=offered&amp;industry=Rail" in report
    for asked in ("industry=Rail", "country=DE", f"offered_in={NOW:%Y-%m}"):
        page = hank.open(f"{path}/leads?{asked}").text
        assert "Rails" in page
        assert ("Bread" in page) == asked.startswith("offered_in")
    assert hank.open(f"{path}/leads?offered_in=2020-01").text.count("No lead of this kind") == 1


def test_behind_a_figure_are_exactly_the_leads_it_counts(app: Flask, cast: Cast) -> None:
    began = NOW.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    with clock.at(began - timedelta(days=2)):
        earlier = leads.offer(cast.sam, cast.partnership_id, need="Earlier", country="DE")
    with clock.at(began):
        leads.step(cast.gina, earlier["id"], "accept")
    leads.step(cast.sam, leads.offer(cast.sam, cast.partnership_id, need="Taken back")["id"], "withdraw")
    leads.offer(cast.sam, cast.partnership_id, need="Waiting", country="DE")
    _, case_id = claimed(cast)
    settle(cast, case_id, "corrected")
    hank = Surfer.signed_in(app, "hank@globex.example")
    path, month, before = f"/partnerships/{cast.partnership_id}/leads", f"{NOW:%Y-%m}", f"{LAST_MONTH:%Y-%m}"

    def behind(asked: str) -> set[str]:
        text = hank.open(f"{path}?{asked}").text
        return {need for need in ("Earlier", "Taken back", "Waiting", "GTX Plus Basic") if f">{need}</a>" in text}

    assert behind(f"measure=offered&from_month={month}&to_month={month}") == {"Waiting", "GTX Plus Basic"}
    assert behind(f"measure=offered&from_month={before}&to_month={before}") == {"Earlier"}
    assert behind(f"measure=accepted&from_month={month}&to_month={month}&country=DE") == {"Earlier"}
    assert behind(f"measure=accepted&as_of={began - timedelta(days=1):%Y-%m-%d}") == set()
    assert behind("measure=qualified") == {"GTX Plus Basic"}
    report = hank.open(f"/partnerships/{cast.partnership_id}/reciprocity?by=month&measure=accepted").text
    assert f"measure=accepted&amp;from_month={month}&amp;to_month={month}" in report
