"""Fourteen planned months: unbalanced, late on one side, and never out of order."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from statistics import median

from hypothesis import given, settings
from hypothesis import strategies as some

from partnercrm.demo.plan import ACME, GLOBEX, OFFER_DAYS, RESPONSE_HOURS, Passage, plan
from partnercrm.leads.lifecycle import DeclineReason, DisqualifyReason, LossReason

NOW = datetime(2026, 7, 1, 15, 20, tzinfo=UTC)
PASSAGES = plan(NOW).passages


def answer_hours(passage: Passage) -> float | None:
    answers = [step for step in passage.steps if step.verb in {"accept", "decline"}]
    return (answers[0].at - passage.steps[0].at) / timedelta(hours=1) if answers else None


def test_the_plan_is_the_same_for_the_same_moment() -> None:
    assert plan(NOW) == plan(NOW)


def test_globex_accepted_about_three_times_as_much_and_has_to_give_next() -> None:
    accepted = Counter(passage.giver for passage in PASSAGES if "accept" in {step.verb for step in passage.steps})

    assert 0.7 < accepted[ACME.name] / accepted.total() < 0.8


def test_globex_answers_late_and_acme_in_time() -> None:
    hours = {
        giver: [h for p in PASSAGES if p.giver == giver and (h := answer_hours(p)) is not None]
        for giver in (ACME.name, GLOBEX.name)
    }

    assert median(hours[ACME.name]) > RESPONSE_HOURS > median(hours[GLOBEX.name])


def test_both_sides_have_open_offers_now_and_late_ones_among_them() -> None:
    for giver in (ACME.name, GLOBEX.name):
        waiting = [p.steps[0].at for p in PASSAGES if p.giver == giver and len(p.steps) == 1]
        assert any(at < NOW - timedelta(hours=RESPONSE_HOURS) for at in waiting)
        assert any(at > NOW - timedelta(hours=RESPONSE_HOURS) for at in waiting)


def test_nothing_waits_longer_than_an_offer_lives() -> None:
    for passage in PASSAGES:
        if len(passage.steps) == 1:
            assert passage.steps[0].at > NOW - timedelta(days=OFFER_DAYS)


def test_no_company_s_need_is_offered_twice() -> None:
    needs = [(passage.lead["company_name"], passage.lead["need"]) for passage in PASSAGES]

    assert len(needs) == len(set(needs))


def test_reasons_are_those_the_lifecycle_knows() -> None:
    known = {"decline": DeclineReason, "disqualify": DisqualifyReason, "lose": LossReason}
    for passage in PASSAGES:
        for step in passage.steps:
            if step.verb in known:
                known[step.verb](step.given["reason"])


@settings(max_examples=25, deadline=None)
@given(some.integers(0, 16 * 365 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes)))
def test_whenever_it_is_told_every_step_follows_the_one_before_and_none_is_in_the_future(now: datetime) -> None:
    planned = plan(now)
    entered = {lead["external_id"]: at for leads in planned.leads.values() for at, lead in leads}
    for passage in planned.passages:
        moments = [entered[passage.lead["external_id"]], *(step.at for step in passage.steps)]
        assert moments == sorted(moments)
        assert moments[-1] < now
