"""The life of an offered lead."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.leads import lifecycle, schemas
from partnercrm.leads.errors import HappenedOutOfOrder, OfferAlreadyAnswered, OfferExpired, StepNotPossible
from partnercrm.leads.lifecycle import OfferStatus, Side

LEGAL = {
    ("offered", "receiver"): {"accepted", "declined"},
    ("offered", "giver"): {"withdrawn", "expired"},
    ("accepted", "receiver"): {"qualified", "disqualified", "returned"},
    ("qualified", "receiver"): {"converted"},
    ("converted", "receiver"): {"won", "lost"},
}
ANSWERS = {"accepted", "declined", "withdrawn", "expired"}
NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize("by", Side)
@pytest.mark.parametrize("after", OfferStatus)
@pytest.mark.parametrize("status", OfferStatus)
def test_every_step_is_legal_or_refused_with_what_stands_in_its_way(
    status: OfferStatus, after: OfferStatus, by: Side
) -> None:
    if after.value in LEGAL.get((status.value, by.value), set()):
        lifecycle.require_step(status, after, by)
        return
    answered = after.value in ANSWERS and status is not OfferStatus.OFFERED
    with pytest.raises(OfferAlreadyAnswered if answered else StepNotPossible) as refused:
        lifecycle.require_step(status, after, by)
    assert refused.value.facts["status"] == status.value


@pytest.mark.parametrize("by", Side)
@pytest.mark.parametrize("status", OfferStatus)
def test_a_person_is_offered_exactly_the_steps_they_may_take_and_never_expiry(status: OfferStatus, by: Side) -> None:
    expected = LEGAL.get((status.value, by.value), set()) - {"expired"}
    assert {step.value for step in lifecycle.next_steps(status, by)} == expected


def test_a_refused_step_names_the_possible_ones() -> None:
    with pytest.raises(StepNotPossible) as refused:
        lifecycle.require_step(OfferStatus.ACCEPTED, OfferStatus.WON, Side.RECEIVER)
    assert refused.value.facts == {"status": "accepted", "possible": ["qualified", "disqualified", "returned"]}


def test_every_status_is_under_way_or_final() -> None:
    final = {status for status in OfferStatus if not any(lifecycle.next_steps(status, by) for by in Side)}
    assert final == set(OfferStatus) - lifecycle.IN_PROGRESS
    assert final >= lifecycle.MAY_BE_OFFERED_AGAIN


def test_only_outcomes_may_be_back_dated() -> None:
    outcomes = {schemas.Happened, schemas.DisqualifyLead, schemas.WinLead, schemas.LoseLead}
    others = {schemas.OfferLead, schemas.OfferNewLead, schemas.DeclineOffer, schemas.ReturnLead, schemas.SnoozeLead}

    assert all("happened_at" in shape().fields for shape in outcomes)
    assert not any("happened_at" in shape().fields for shape in others)


@given(st.data())
def test_every_way_ends_and_answers_once(data: st.DataObject) -> None:
    taken = [OfferStatus.OFFERED]
    while nexts := [step for step in lifecycle.STEPS if step.before is taken[-1]]:
        taken.append(data.draw(st.sampled_from(nexts)).after)

    assert len(taken) == len(set(taken)) <= 5
    assert sum(status.value in ANSWERS for status in taken) == 1


moments = st.integers(-1000, 1000).map(lambda seconds: NOON + timedelta(seconds=seconds))


@given(happened=moments, before=moments, after=moments)
def test_a_moment_passes_exactly_between_the_two_it_must_lie_between(
    happened: datetime, before: datetime, after: datetime
) -> None:
    if before <= happened <= after:
        lifecycle.require_order(happened, not_before=before, not_after=after)
        return
    with pytest.raises(HappenedOutOfOrder) as refused:
        lifecycle.require_order(happened, not_before=before, not_after=after)
    assert [error.field for error in refused.value.errors] == ["happened_at"]


def test_the_moment_itself_of_the_step_before_and_of_now_pass() -> None:
    lifecycle.require_order(NOON, not_before=NOON, not_after=NOON)


@given(now=moments, expires=moments, status=st.sampled_from(OfferStatus))
def test_an_open_offer_is_answered_before_its_time_has_passed_or_not_at_all(
    now: datetime, expires: datetime, status: OfferStatus
) -> None:
    if status is not OfferStatus.OFFERED or now < expires:
        lifecycle.require_time(status, expires, now)
        return
    with pytest.raises(OfferExpired):
        lifecycle.require_time(status, expires, now)
